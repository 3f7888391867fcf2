import { createSecretGuard } from '../compliance/secret-guard.ts'
import { guardNetwork } from '../compliance/guard-network.ts'
import type { SealedCopy } from '../copies/model.ts'
import { openEpochBook } from '../federation/epoch-store.ts'
import { creditsOfFederation, settlementRulesOf, type Federation } from '../federation/federation.ts'
import { agentOf } from '../federation/versions.ts'
import { hostedSeats } from '../federation/hosted-witnesses.ts'
import { createCredentialStore } from '../identity/credentials.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import { accountKeysOf, type Secrets } from '../identity/secrets.ts'
import { createSigner, type Signer } from '../identity/signing.ts'
import type { Vault } from '../identity/vault.ts'
import { createMarket, type KeyProtection, type Market, type WitnessHere } from '../market.ts'
import { createLibp2pNetwork } from '../network/libp2p.ts'
import type { PeerAddress } from '../network/port.ts'
import { equalBytes, toHex, utf8 } from '../platform/bytes.ts'
import { systemClock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { OwnerSignals } from '../platform/owner-signals.ts'
import { systemRandom } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { EpochBook } from '../settlement/epoch-book.ts'
import { seedKeyOf } from '../settlement/seed-share.ts'
import { witnessMigrations } from '../settlement/witness-schema.ts'
import { createWitnessStore, type WitnessMemory } from '../settlement/witness-store.ts'
import { createWitness, resumeMemory } from '../settlement/witness.ts'
import { takeDataFolder, type DataFolder } from '../storage/data-folder.ts'
import { marketMigrations } from '../storage/migrations/index.ts'
import { openDatabase, openOrBegin, type OpenOptions } from '../storage/open.ts'
import { failedStorage } from '../storage/storage-error.ts'

/** A node of this computer: the real clock, disk and network around one market. */
export type NodeOptions = {
  readonly dataFolder: string
  /** That folder, where whoever opens the node has taken it already, and releases it. */
  readonly taken?: DataFolder
  readonly federation: Federation
  /** Belongs to whoever opened it, who closes it after the node. */
  readonly vault: Vault
  readonly keyProtection: KeyProtection
  /** From the file that the account was restored with. */
  readonly backup?: SealedCopy | null
  /** Whether it begins anew when a database is damaged, as a node may that nobody sits at; a witness then votes no more with this key. */
  readonly beginsAnew?: boolean
  /** Whether it votes with the vault's witness key. */
  readonly isWitness: boolean
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  /** Where witnesses listen that the genesis document gives no address of: a practice federation's, which take free ports. */
  readonly witnessAddresses?: readonly PeerAddress[]
  readonly version: string
  readonly attestsOrganisation: boolean
  /** Stores in the vault which vote database this witness has, before it votes; a session's witness has nowhere to store it. */
  readonly rememberWitness?: (memory: WitnessMemory) => Promise<Result<unknown, Failure>>
  readonly log: Log
  /** Told whenever something could not be written because the disk is full. */
  readonly onDiskFull?: () => void
  /** What this computer tells about its owner; a node that nobody sits at has none. */
  readonly ownerSignals?: OwnerSignals
  /** Path of SQLite's native file, for runtimes that need another one than the package's. */
  readonly nativeBinding?: string
}

export type Node = {
  readonly market: Market
  readonly stop: () => Promise<void>
}

/** Opens everything or nothing: a failure closes what was opened before it. */
export const openNode = async (options: NodeOptions): Promise<Result<Node, Failure>> => {
  const closing: (() => void | Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const step of closing.toReversed()) await step()
  }
  const opened = await openParts(options, (step) => void closing.push(step)).catch(failedStorage)
  if (!opened.ok) {
    await close()
    return opened
  }
  return ok({ market: opened.value, stop: close })
}

type OnClose = (step: () => void | Promise<void>) => void

const openParts = async (options: NodeOptions, onClose: OnClose): Promise<Result<Market, Failure>> => {
  const { federation, vault, log } = options
  const secrets = vault.secrets()
  const folder = takeFolder(options, onClose)
  if (!folder.ok) return folder
  const db = open(options, { file: folder.value.file('market.db'), migrations: marketMigrations })
  if (!db.ok) return db
  onClose(db.value.close)
  const epochs = openEpochBook(db.value, federation)
  const witness = await openWitness(options, epochs, folder.value, onClose)
  if (!witness.ok) return witness

  const { committee } = epochs.newest()
  const network = await createLibp2pNetwork({
    privateKeySeed: secrets.nodeSeed,
    listen: options.listen,
    scope: toHex(federation.id),
    agent: agentOf(options.version),
    directPeers: committee.witnesses
      .filter(({ publicKey }) => !isOwnWitnessKey(secrets, publicKey))
      .map((witness) => options.witnessAddresses?.find(({ peerId }) => peerId === witness.peerId) ?? witness),
    clock: systemClock,
    log: log.child('network'),
  })
  if (!network.ok) return network
  onClose(network.value.stop)

  const credentials = createCredentialStore(vault)
  const guard = createSecretGuard([
    secrets.accountEntropy,
    secrets.nodeSeed,
    ...(secrets.witness === null ? [] : [secrets.witness.seed]),
    ...secrets.credentials.map(({ secret }) => utf8(secret)),
  ])
  const keys = accountKeysOf(secrets)
  const market = createMarket(
    {
      clock: systemClock,
      random: systemRandom,
      log,
      db: db.value,
      epochs,
      guard,
      witness: witness.value,
      witnessSigners: witnessSignersOf(options, secrets),
      network: guardNetwork(network.value, guard, log.child('guard')),
      signer: createSigner(keys.own),
      firstKey: keys.firstKey,
      deviceName: secrets.linkedTo?.name ?? null,
      sealCopiesTo: secrets.linkedTo?.copyKey ?? null,
      backup: options.backup ?? null,
      credentials,
      ...(options.ownerSignals === undefined ? {} : { ownerSignals: options.ownerSignals }),
    },
    { version: options.version, federation, keyProtection: options.keyProtection, attestsOrganisation: options.attestsOrganisation },
  )
  if (market.ok) onClose(market.value.stop)
  return market
}

const takeFolder = (options: NodeOptions, onClose: OnClose): Result<DataFolder, Failure> => {
  if (options.taken !== undefined) return ok(options.taken)
  const folder = takeDataFolder({ path: options.dataFolder, ...bindingOf(options) })
  if (folder.ok) onClose(folder.value.release)
  return folder
}

const open = (options: NodeOptions, database: Pick<OpenOptions, 'file' | 'migrations'>) => {
  const all = { ...database, ...storageOf(options) }
  if (options.beginsAnew !== true) return openDatabase(all)
  return openOrBegin(all, (keptAs) => options.log.write('error', 'damaged database set aside', { keptAs }))
}

/** Without its keys a node's data is worth nothing, and a session's keys do not survive a power cut either. */
const storageOf = (options: NodeOptions) => ({
  ...bindingOf(options),
  ...(options.onDiskFull === undefined ? {} : { onDiskFull: options.onDiskFull }),
  survivesPowerCut: options.keyProtection !== 'session',
})
const bindingOf = ({ nativeBinding }: NodeOptions) => (nativeBinding === undefined ? {} : { nativeBinding })
/** Of all epochs: who has left still serves the escrows of its time. */
const seatsEver = (epochs: EpochBook) =>
  Array.from({ length: epochs.newest().committee.epoch + 1 }, (_, epoch) => epochs.get(epoch)?.committee.witnesses ?? []).flat()
/** A committee a day for 27 years. */
const maxEpochs = 10_000
const isOwnWitnessKey = ({ witness }: Secrets, publicKey: Uint8Array): boolean =>
  witness !== null && equalBytes(keyFromSeed(witness.seed).publicKey, publicKey)

/** No file is ever started so often, so every file looks older than this to `resumeMemory`. */
const retiredGeneration = 0xffff_ffff

/** A witness keeps its votes in a file of their own, which is never restored from a backup. */
const openWitness = async (
  options: NodeOptions,
  epochs: EpochBook,
  folder: DataFolder,
  onClose: OnClose,
): Promise<Result<WitnessHere | null, Failure>> => {
  const { federation, vault } = options
  const secrets = vault.secrets()
  if (!options.isWitness || secrets.witness === null) return ok(null)
  const signer = createSigner(keyFromSeed(secrets.witness.seed))
  const seedKey = seedKeyOf(secrets.witness.seed, signer.publicKey)
  const seats = seatsEver(epochs).filter(({ publicKey }) => equalBytes(publicKey, signer.publicKey))
  if (seats.some((seat) => !equalBytes(seat.seedKey, seedKey.publicKey))) return foreignSeedKey
  // A committee that is still to be decided may name it; until then nobody asks it for a vote, and it would give none.
  if (seats.length === 0)
    options.log.write('warn', 'witness without a seat', { reason: 'no committee of the federation names its key yet' })
  const db = open(options, { file: folder.file('witness.db'), migrations: witnessMigrations })
  if (!db.ok) return db
  onClose(db.value.close)
  const store = createWitnessStore(db.value)
  const memory = resumeMemory(store, secrets.witness.memory, systemRandom)
  if (memory.ok) {
    const remembered = await options.rememberWitness?.(memory.value)
    if (remembered?.ok === false) return remembered
  } else options.log.write('error', 'witness retired', { reason: memory.error.message })
  // What either file knows of the epochs, the other one knows too.
  for (const decree of store.decrees(federation.id, 1, maxEpochs)) epochs.take(decree)
  const witness = createWitness({
    store,
    signer,
    seedKey,
    clock: systemClock,
    isRetired: !memory.ok,
    onForgotten: () => {
      if (memory.ok) void options.rememberWitness?.({ ...memory.value, generation: retiredGeneration })
    },
    rules: settlementRulesOf(federation, epochs),
    genesisCredits: creditsOfFederation(federation),
    log: options.log.child('witness'),
  })
  witness.inform(epochs.chain())
  epochs.onTaken(({ tx }) => {
    const seats = tx.type === 'federation' ? tx.body.witnesses.filter(({ publicKey }) => equalBytes(publicKey, signer.publicKey)) : []
    if (seats.every((seat) => equalBytes(seat.seedKey, seedKey.publicKey))) return
    options.log.write('error', 'witness halted', { reason: foreignSeedKey.error.message })
    witness.halt()
  })
  return ok({ ...witness, isRevoked: store.isRevoked })
}

const foreignSeedKey = fail(
  'foreign-seed-key',
  'The federation names a seed key for this witness that is not its own, so whoever has it could foresee panels. Do not join it.',
)

/** Those of its own, when it is a witness, and of the witnesses that it hosts. */
const witnessSignersOf = ({ isWitness, federation }: NodeOptions, { witness, nodeSeed }: Secrets): readonly Signer[] => {
  const own = isWitness && witness !== null ? [witness.seed] : []
  const hosted = hostedSeats(federation, nodeSeed).map(({ secrets }) => secrets.witness.seed)
  return [...own, ...hosted].map((seed) => createSigner(keyFromSeed(seed)))
}
