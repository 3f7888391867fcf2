import { join } from 'node:path'
import type { VaultDeps } from '../identity/vault.ts'
import { systemDisk } from '../platform/disk.ts'
import { systemRandom } from '../platform/random.ts'

/** The key file of a data folder. */
export const vaultDeps = (dataFolder: string): VaultDeps => ({
  file: join(dataFolder, 'vault.json'),
  disk: systemDisk,
  random: systemRandom,
})
