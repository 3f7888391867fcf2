import { assert } from '../platform/assert.ts'
import { diskFailure, FileTooLarge, type Disk } from '../platform/disk.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { createSerialQueue } from '../platform/serial-queue.ts'
import {
  createLock,
  openLock,
  type LastingProtector,
  type Lock,
  type LockFailure,
  type ProtectionHeader,
  type Protector,
} from './protection.ts'
import { copySecrets, decodeSecrets, encodeSecrets, wipeSecrets, type Secrets } from './secrets.ts'
import { damagedVault, maxVaultBytes, parseVault, renderVault, seal, unseal, type SealedVault } from './vault-file.ts'

export type VaultFailure = LockFailure | Failure<'no-vault' | 'vault-exists' | 'damaged' | 'newer-version' | 'disk'>
export type VaultDeps = { readonly file: string; readonly disk: Disk; readonly random: Random }

/** The secrets of one data folder, in memory and, unless for this session only, sealed on disk. */
export type Vault = {
  readonly protection: () => Protector['kind']
  /** The arrays belong to the vault and are wiped when it closes: make keys of them, do not keep them. */
  readonly secrets: () => Secrets
  /** On disk before it resolves; on a failure the secrets are as before. Calls take effect one after the other. */
  readonly update: (change: (secrets: Secrets) => Secrets) => Promise<Result<Secrets, VaultFailure>>
  /** Another passphrase or kind of protection, under a new key. A session's vault becomes a file, if there is none yet. */
  readonly protectWith: (protector: LastingProtector) => Promise<Result<null, VaultFailure>>
  readonly close: () => void
}

/** Makes a vault where none is; never replaces one. The session's vault never touches the disk. */
export const createVault = async (deps: VaultDeps, protector: Protector, secrets: Secrets): Promise<Result<Vault, VaultFailure>> => {
  const vault = vaultOf(deps, null, copySecrets(secrets))
  if (protector.kind === 'session') return ok(vault)
  const stored = await vault.protectWith(protector)
  return stored.ok ? ok(vault) : stored
}

export const openVault = async (deps: VaultDeps, protector: LastingProtector): Promise<Result<Vault, VaultFailure>> => {
  const read = await readVault(deps)
  if (!read.ok) return read
  const lock = await openLock(protector, read.value.header)
  if (!lock.ok) return lock
  const plaintext = unseal(lock.value, read.value)
  if (plaintext === null) {
    lock.value.key.fill(0)
    return protector.kind === 'os'
      ? damagedVault
      : fail('wrong-passphrase', 'That passphrase does not open the key file. Nothing was changed; try again.')
  }
  const decoded = decodeSecrets(plaintext)
  if (!decoded.ok) return damagedVault
  const secrets = copySecrets(decoded.value)
  plaintext.fill(0)
  return ok(vaultOf(deps, lock.value, secrets))
}

/** How the vault on disk is protected, so that the app knows whether to ask for a passphrase. */
export const readProtection = async (deps: Omit<VaultDeps, 'random'>): Promise<Result<ProtectionHeader['kind'], VaultFailure>> => {
  const read = await readVault(deps)
  return read.ok ? ok(read.value.header.kind) : read
}

const readVault = async ({ file, disk }: Omit<VaultDeps, 'random'>): Promise<Result<SealedVault, VaultFailure>> => {
  try {
    const bytes = await disk.read(file, maxVaultBytes)
    if (bytes === null) return fail('no-vault', 'There is no key file yet. Make a new identity, or restore one with its recovery phrase.')
    return parseVault(bytes)
  } catch (error) {
    return error instanceof FileTooLarge ? damagedVault : diskFailure('The key file', error)
  }
}

const vaultOf = (deps: VaultDeps, initialLock: Lock | null, initialSecrets: Secrets): Vault => {
  const queue = createSerialQueue()
  let lock = initialLock
  let secrets = initialSecrets
  let open = true

  const store = async (under: Lock, contents: Secrets): Promise<Result<null, VaultFailure>> => {
    const sealed = seal(under, deps.random.bytes(12), encodeSecrets(contents))
    try {
      await deps.disk.replace(deps.file, renderVault(sealed))
      return ok(null)
    } catch (error) {
      return diskFailure('The key file', error)
    }
  }
  const update = async (change: (secrets: Secrets) => Secrets): Promise<Result<Secrets, VaultFailure>> => {
    assert(open, 'the vault is closed')
    const next = copySecrets(change(secrets))
    const stored = lock === null ? ok(null) : await store(lock, next)
    if (!stored.ok) return stored
    secrets = next
    return ok(secrets)
  }
  const protectWith = async (protector: LastingProtector): Promise<Result<null, VaultFailure>> => {
    assert(open, 'the vault is closed')
    const vacant = lock === null ? await checkVacant(deps) : ok(null)
    if (!vacant.ok) return vacant
    const next = await createLock(protector, deps.random)
    if (!next.ok) return next
    const stored = await store(next.value, secrets)
    if (!stored.ok) return stored
    lock?.key.fill(0)
    lock = next.value
    return ok(null)
  }
  return {
    protection: () => lock?.header.kind ?? 'session',
    secrets: () => {
      assert(open, 'the vault is closed')
      return secrets
    },
    update: (change) => queue.run(() => update(change)),
    protectWith: (protector) => queue.run(() => protectWith(protector)),
    close: () => {
      open = false
      lock?.key.fill(0)
      wipeSecrets(secrets)
    },
  }
}

/** Anything at all under that name, readable or not, may be somebody's only key. */
const checkVacant = async (deps: VaultDeps): Promise<Result<null, VaultFailure>> => {
  const present = await readVault(deps)
  if (!present.ok && present.error.code === 'no-vault') return ok(null)
  if (!present.ok && present.error.code === 'disk') return present
  return fail('vault-exists', 'There is a key file already, and it is never replaced. Open it, or move vault.json away first.')
}
