import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { maxGenesisFileCharacters, parseGenesisFile } from '../core/federation/genesis-file.ts'
import type { Federation } from '../core/federation/federation.ts'
import { newSecrets } from '../core/identity/secrets.ts'
import { createVault, openVault, type Vault } from '../core/identity/vault.ts'
import { openNode, type Node } from '../core/node/node.ts'
import { openPractice } from '../core/node/practice-host.ts'
import { fromUtf8 } from '../core/platform/bytes.ts'
import { systemClock } from '../core/platform/clock.ts'
import { systemDisk } from '../core/platform/disk.ts'
import { createLog, type Log } from '../core/platform/log.ts'
import { systemRandom } from '../core/platform/random.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import type { SpawnedNodes } from './nodes-process.ts'
import { sqliteBinding } from './sqlite-binding.ts'
import { version } from './version.ts'

export const standardLog = (): Log => createLog((line) => process.stderr.write(`${line}\n`), systemClock.nowMs)

/** A member of a practice federation whose other nodes run in a process that has been started already. */
export const openPracticeNode = (dataFolder: string, log: Log, nodes: SpawnedNodes): Promise<Result<Node, Failure>> =>
  openPractice({
    ...sqliteBinding(),
    dataFolder,
    version,
    log,
    startNodes: (configLine) => {
      nodes.configure(configLine)
      return nodes
    },
  })

/** A member of a lasting federation: keys in a vault under the passphrase, everything else in the data folder. */
export type MemberOptions = {
  readonly dataFolder: string
  readonly federationFile: string
  readonly listen: string
  readonly isWitness: boolean
  readonly log: Log
}

export const openMember = async (options: MemberOptions): Promise<Result<Node, Failure>> => {
  const { dataFolder, isWitness, log } = options
  const federation = await readFederation(options.federationFile)
  if (!federation.ok) return federation
  const vault = await openOwnVault(dataFolder)
  if (!vault.ok) return vault
  const secrets = vault.value.secrets()
  if (isWitness && secrets.witness === null)
    return fail(
      'not-a-witness',
      `The data folder ${dataFolder} holds no witness key. Make one with "keys --witness" before the federation is founded.`,
    )
  const node = await openNode({
    ...sqliteBinding(),
    dataFolder,
    version,
    log,
    federation: federation.value,
    secrets: isWitness ? secrets : { ...secrets, witness: null },
    keyProtection: 'passphrase',
    listen: [options.listen],
    attestsOrganisation: false,
    rememberWitness: (memory) =>
      vault.value.update((kept) => (kept.witness === null ? kept : { ...kept, witness: { ...kept.witness, memory } })),
  })
  vault.value.close()
  if (node.ok) node.value.market.resume().catch((error: unknown) => log.write('error', 'not resumed', { reason: String(error) }))
  return node
}

/** Clocks of honest members differ by seconds; a founding that lies further ahead was not signed in the future. */
const futureToleranceMs = 60_000

const readFederation = async (path: string): Promise<Result<Federation, Failure>> => {
  const text = await readText(path)
  if (text === null) return fail('no-federation-file', `The federation file ${path} cannot be read. Check its path and its permissions.`)
  const federation = parseGenesisFile(text)
  if (!federation.ok) return federation
  const { createdAtMs } = federation.value.genesis
  if (createdAtMs > systemClock.nowMs() + futureToleranceMs)
    return fail(
      'wrong-clock',
      `This computer's clock is wrong: it shows a time before ${new Date(createdAtMs).toISOString()}, when the federation was founded. Set it and start again.`,
    )
  return federation
}

const readText = async (path: string): Promise<string | null> => {
  try {
    const bytes = await systemDisk.read(path, maxGenesisFileCharacters)
    return bytes === null ? null : fromUtf8(bytes)
  } catch {
    return null
  }
}

/** The vault of a data folder, made at first use. */
export const openOwnVault = async (dataFolder: string): Promise<Result<Vault, Failure>> => {
  const passphrase = process.env['CLAUDE_MARKET_PASSPHRASE']
  if (passphrase === undefined || passphrase === '')
    return fail(
      'passphrase-needed',
      'Set CLAUDE_MARKET_PASSPHRASE to the passphrase of the key file; the first start makes the file with it.',
    )
  const folder = makeFolder(dataFolder)
  if (!folder.ok) return folder
  const deps = { file: join(dataFolder, 'vault.json'), disk: systemDisk, random: systemRandom }
  const protector = { kind: 'passphrase', passphrase } as const
  const opened = await openVault(deps, protector)
  return opened.ok || opened.error.code !== 'no-vault' ? opened : createVault(deps, protector, newSecrets(systemRandom))
}

const makeFolder = (path: string): Result<null, Failure> => {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return ok(null)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    return fail('cannot-use-folder', `The data folder ${path} cannot be used (${code}). Choose one you may write to.`)
  }
}
