import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Federation } from '../core/federation/federation.ts'
import { checkFoundingTime } from '../core/federation/founding-time.ts'
import { maxGenesisFileCharacters, parseGenesisFile } from '../core/federation/genesis-file.ts'
import { createHome, type Home } from '../core/home/home.ts'
import { createIncoming } from '../core/home/incoming.ts'
import { loadSettings } from '../core/home/settings.ts'
import { holdingOf, keysLost, readFederation, writeFederation } from '../core/home/member-files.ts'
import { newSecrets } from '../core/identity/secrets.ts'
import { createVault, openVault, type Vault } from '../core/identity/vault.ts'
import type { StartNodes } from '../core/node/nodes-process.ts'
import { vaultDeps } from '../core/node/vault-deps.ts'
import { equalBytes, fromUtf8 } from '../core/platform/bytes.ts'
import { systemClock } from '../core/platform/clock.ts'
import { systemDisk } from '../core/platform/disk.ts'
import { createLog, type Log } from '../core/platform/log.ts'
import { systemRandom } from '../core/platform/random.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { sqliteBinding } from './sqlite-binding.ts'
import { version } from './version.ts'

export const standardLog = (): Log => createLog((line) => process.stderr.write(`${line}\n`), systemClock.nowMs)

/** Where a headless market keeps its keys and what it is to do; the passphrase comes from the environment alone. */
export type HeadlessOptions = {
  readonly dataFolder: string
  readonly listen: string
  readonly isWitness: boolean
  readonly log: Log
  readonly startNodes: StartNodes
}

const ownPassphrase = (): string | null => {
  const passphrase = process.env['CLAUDE_MARKET_PASSPHRASE']
  return passphrase === undefined || passphrase === '' ? null : passphrase
}

export const createHeadlessHome = async (options: HeadlessOptions): Promise<Home> => {
  const { dataFolder, listen, isWitness, log, startNodes } = options
  return createHome({
    ...sqliteBinding(),
    dataFolder,
    version,
    log,
    startNodes,
    member: { listen, isWitness },
    passphrase: ownPassphrase(),
    osProtector: () => Promise.resolve(null),
    surface: 'browser',
    logFile: null,
    showFolder: null,
    savePdf: null,
    incoming: createIncoming(systemDisk),
    settings: await loadSettings(join(dataFolder, 'settings.json'), log),
  })
}

/** Makes the data folder that of a member of this federation, unless it is already; refuses one of another federation. */
export const prepareMember = async (dataFolder: string, federationFile: string): Promise<Result<null, Failure>> => {
  const federation = await readFederationFile(federationFile)
  if (!federation.ok) return federation
  const passphrase = neededPassphrase()
  if (!passphrase.ok) return passphrase
  const folder = makeFolder(dataFolder)
  if (!folder.ok) return folder
  const holding = holdingOf(dataFolder)
  if (holding === 'practice')
    return fail('other-federation', `The data folder ${dataFolder} holds a practice federation. Choose another one.`)
  if (holding === 'keys-lost') return keysLost(dataFolder)
  if (holding === 'member') return checkSame(dataFolder, federation.value)
  const written = await writeFederation(dataFolder, federation.value)
  if (!written.ok || holding === 'keys-alone') return written
  const vault = await createVault(vaultDeps(dataFolder), { kind: 'passphrase', passphrase: passphrase.value }, newSecrets(systemRandom))
  if (!vault.ok) return vault
  vault.value.close()
  return ok(null)
}

const checkSame = async (dataFolder: string, federation: Federation): Promise<Result<null, Failure>> => {
  const kept = await readFederation(dataFolder)
  if (!kept.ok) return kept
  if (equalBytes(kept.value.id, federation.id)) return ok(null)
  return fail(
    'other-federation',
    `The data folder ${dataFolder} belongs to the federation "${kept.value.genesis.name}". Choose another folder for this one.`,
  )
}

const neededPassphrase = (): Result<string, Failure> => {
  const passphrase = ownPassphrase()
  return passphrase === null
    ? fail('passphrase-needed', 'Set CLAUDE_MARKET_PASSPHRASE to the passphrase of the key file; the first start makes the file with it.')
    : ok(passphrase)
}

const readFederationFile = async (path: string): Promise<Result<Federation, Failure>> => {
  const text = await readText(path)
  if (text === null) return fail('no-federation-file', `The federation file ${path} cannot be read. Check its path and its permissions.`)
  const federation = parseGenesisFile(text)
  return federation.ok ? checkFoundingTime(federation.value, systemClock.nowMs()) : federation
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
  const passphrase = neededPassphrase()
  if (!passphrase.ok) return passphrase
  const folder = makeFolder(dataFolder)
  if (!folder.ok) return folder
  const protector = { kind: 'passphrase', passphrase: passphrase.value } as const
  const opened = await openVault(vaultDeps(dataFolder), protector)
  return opened.ok || opened.error.code !== 'no-vault' ? opened : createVault(vaultDeps(dataFolder), protector, newSecrets(systemRandom))
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
