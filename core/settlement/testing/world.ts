import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyFromSeed } from '../../identity/ed25519.ts'
import { createSigner, type Signer } from '../../identity/signing.ts'
import { createMemoryNetwork, type MemoryNetwork } from '../../network/memory.ts'
import { compareBytes, sha256, toHex, utf8 } from '../../platform/bytes.ts'
import { createManualClock, type ManualClock } from '../../platform/clock.ts'
import { silentLog } from '../../platform/log.ts'
import { createSeededRandom } from '../../platform/random.ts'
import { openDatabase } from '../../storage/open.ts'
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts'
import { accountIdOf } from '../account-id.ts'
import { applyCertifiedAccountTx, genesisCredits, initialAccount } from '../account.ts'
import type { Driver } from '../driver-port.ts'
import { createDriver } from '../driver.ts'
import { firstEpoch } from '../epochs.ts'
import type {
  AccountOperation,
  AccountState,
  AccountTx,
  Arbiter,
  AuthorisationRole,
  AuthorisedTx,
  Committee,
  Credit,
  Decree,
  EscrowMove,
  EscrowState,
  EscrowTerms,
  Governance,
} from '../objects.ts'
import type { SettlementRules } from '../rules.ts'
import { seedKeyOf, type SeedKey } from '../seed-share.ts'
import { authorise, signTerms } from '../signatures.ts'
import { witnessMigrations } from '../witness-schema.ts'
import { createWitnessStore, type WitnessMemory, type WitnessStore } from '../witness-store.ts'
import { createWitness, resumeMemory, type Witness } from '../witness.ts'

/** A small federation in one process for tests: witnesses with real database files on a memory network, and bare members. */

export const hash = (text: string): Uint8Array => sha256(utf8(text))
export const signerOf = (name: string): Signer => createSigner(keyFromSeed(hash(name)))

export const federationId = hash('federation')
export const birth: Governance = { federationId, epoch: 0 }
const limits = {
  maxClockSkewMs: 500,
  minReviewMs: 10_000,
  maxReviewMs: 600_000,
  maxWorkMs: 3_600_000,
  minRuleMs: 10_000,
  maxRuleMs: 600_000,
  seatAnyAfterMs: 5_000,
  giftPerDayMicro: null,
  epochNoticeMs: 10_000,
}
export const rulesOf = (committee: Committee): SettlementRules => ({ federationId, limits, epochs: firstEpoch(committee) })

/** Making one takes some 10 ms. */
const seedKeys = new Map<number, SeedKey>()
export const seedKeyOfWitness = (index: number): SeedKey => {
  const known = seedKeys.get(index) ?? seedKeyOf(hash(`witness ${index}`), signerOf(`witness ${index}`).publicKey)
  seedKeys.set(index, known)
  return known
}

export const arbiterOf = (name: string, changes: Partial<Arbiter> = {}): Arbiter => {
  const { publicKey } = signerOf(name)
  return { name, publicKey, account: accountIdOf(birth, publicKey), weight: 1, operator: '', ...changes }
}
export const arbiterNames = ['ada', 'bea', 'cid'] as const

export const committeeOf = (size: number, arbiters: readonly Arbiter[] = arbiterNames.map((name) => arbiterOf(name))): Committee => ({
  ...birth,
  faults: Math.floor((size - 1) / 3),
  witnesses: Array.from({ length: size }, (_, index) => ({
    publicKey: signerOf(`witness ${index}`).publicKey,
    peerId: `witness-${index}`,
    addresses: [],
    seedKey: seedKeyOfWitness(index).publicKey,
  })),
  arbiters,
})
export const rules = rulesOf(committeeOf(4))

export type Member = ReturnType<typeof createMember>

/** A member that knows its own chain and nothing else. */
export const createMember = (name: string) => {
  const signer = signerOf(name)
  let state: AccountState = initialAccount(birth, signer.publicKey)
  const claimed = new Set<string>()
  const order = (
    operation: AccountOperation,
    claims: readonly Credit[] = [],
    next: Governance = state.governance,
  ): AuthorisedTx & { readonly tx: AccountTx } => {
    const spent =
      operation.kind === 'transfer' ? operation.amountMicro : operation.kind === 'open-escrow' ? operation.terms.amountMicro : 0n
    const sorted = claims.toSorted((a, b) => compareBytes(a.id, b.id))
    const body = {
      claims: sorted.map(({ id }) => id),
      operation,
      freeAfterMicro: sorted.reduce((sum, { amountMicro }) => sum + amountMicro, state.freeMicro) - spent,
    }
    const header = {
      version: 1,
      objectId: state.id,
      step: state.step + 1,
      previousHash: state.headHash,
      governance: state.governance,
      next,
    } as const
    return signed({ ...header, type: 'account', body }, signer)
  }
  return {
    name,
    signer,
    id: state.id,
    state: (): AccountState => state,
    hasClaimed: ({ id }: Credit): boolean => claimed.has(toHex(id)),
    order,
    transfer: (to: Uint8Array, amountMicro: bigint, claims: readonly Credit[] = [], memo = '') =>
      order({ kind: 'transfer', to, amountMicro, memo }, claims),
    /** Takes in its own next decree. */
    follow: (decree: Decree): void => {
      const { tx, authorisations } = decree
      if (tx.type !== 'account') return
      const applied = applyCertifiedAccountTx(state, { tx, authorisations })
      if (!applied.ok) throw new Error(applied.error.message)
      state = applied.value.state
      for (const id of tx.body.claims) claimed.add(toHex(id))
    },
  }
}

export const signed = (tx: AccountTx, signer: Signer): AuthorisedTx & { readonly tx: AccountTx } => ({
  tx,
  authorisations: [authorise(tx, 'owner', signer)],
})

export const termsBetween = (client: Member, provider: Member, nowMs: number, changes: Partial<EscrowTerms> = {}): EscrowTerms => ({
  client: client.id,
  clientKey: client.signer.publicKey,
  provider: provider.id,
  providerKey: provider.signer.publicKey,
  amountMicro: 5_000_000n,
  classKey: 'practice/small',
  pricing: { perTaskMicro: 0n, perThousandInputTokensMicro: 1_000n, perThousandOutputTokensMicro: 2_000n, minimumMicro: 0n },
  taskCommit: hash('task'),
  requestHash: hash('request'),
  firstTokenMs: 1_000,
  totalMs: 30_000,
  lateReductionPpm: 200_000,
  deliverByMs: nowMs + 60_000,
  reviewMs: 60_000,
  ruleMs: 60_000,
  panel: { size: 3, quorum: 2 },
  defaultOutcome: 'split-half',
  acceptValidUntilMs: nowMs + 30_000,
  nonce: new Uint8Array(16),
  ...changes,
})

export const openingOf = (client: Member, provider: Member, terms: EscrowTerms, claims: readonly Credit[] = []) =>
  client.order({ kind: 'open-escrow', terms, acceptSignature: signTerms(federationId, terms, provider.signer) }, claims)

export const moveOf = (state: EscrowState, body: EscrowMove, signers: readonly (readonly [AuthorisationRole, Signer])[]): AuthorisedTx => {
  const header = { version: 1, objectId: state.id, step: state.step + 1, previousHash: state.headHash } as const
  const tx = { ...header, governance: state.governance, next: state.governance, type: 'escrow', body } as const
  return { tx, authorisations: signers.map(([role, signer]) => authorise(tx, role, signer)) }
}

export type WorldWitness = {
  readonly file: string
  witness: Witness
  store: WitnessStore
  memory: WitnessMemory | null
  /** Replaces its answers, for witnesses that lie; null leaves the true one. */
  lie: ((question: Uint8Array) => Uint8Array | null) | null
  /** Closes the database and starts again on the same file, as after a crash. */
  readonly restart: () => void
}

export type World = {
  readonly clock: ManualClock
  readonly committee: Committee
  readonly rules: SettlementRules
  readonly genesis: readonly Credit[]
  readonly network: MemoryNetwork
  readonly witnesses: readonly WorldWitness[]
  readonly driverOf: (peerId: string) => Driver
  readonly close: () => void
}

/** `holders` own the supply; credit i of `genesis` is holder i's. */
export const createWorld = (holders: readonly (readonly [Member, bigint])[], size = 4): World => {
  const folder = mkdtempSync(join(tmpdir(), 'witnesses-'))
  const clock = createManualClock()
  const committee = committeeOf(size)
  const worldRules = rulesOf(committee)
  const genesis = genesisCredits(
    birth,
    holders.map(([{ signer }, amountMicro]) => ({ firstKey: signer.publicKey, amountMicro })),
  )
  const network = createMemoryNetwork({ clock })
  const closers: (() => void)[] = []

  const startWitness = (index: number): WorldWitness => {
    const file = join(folder, `witness-${index}.db`)
    const open = (remembered: WitnessMemory | null) => {
      const opened = openDatabase({ file, migrations: witnessMigrations })
      if (!opened.ok) throw new Error(opened.error.message)
      const store = createWitnessStore(opened.value)
      const memory = resumeMemory(store, remembered, createSeededRandom(`db ${index}`))
      const signer = signerOf(`witness ${index}`)
      const seedKey = seedKeyOfWitness(index)
      const deps = {
        store,
        signer,
        seedKey,
        rules: worldRules,
        genesisCredits: genesis,
        clock,
        log: silentLog,
        isRetired: !memory.ok,
      }
      return { database: opened.value, store, memory: memory.ok ? memory.value : null, witness: createWitness(deps) }
    }
    let current = open(null)
    closers.push(() => current.database.close())
    const started: WorldWitness = {
      file,
      witness: current.witness,
      store: current.store,
      memory: current.memory,
      lie: null,
      restart: () => {
        current.database.close()
        current = open(started.memory)
        Object.assign(started, { witness: current.witness, store: current.store, memory: current.memory })
      },
    }
    return started
  }

  const witnesses = committee.witnesses.map((_, index) => startWitness(index))
  const nodes = committee.witnesses.map(({ peerId }) => network.addNode(peerId))
  // A relay instead of `witness.serve`, so that a restarted or lying witness answers under the same node.
  nodes.forEach((node, index) => {
    node.serve('settlement', async (question) => {
      const one = witnesses[index]
      return one?.lie?.(question) ?? one?.witness.exchange(question, clock.nowMs()) ?? question
    })
  })
  return {
    clock,
    committee,
    rules: worldRules,
    genesis,
    network,
    witnesses,
    driverOf: (peerId) => createDriver({ network: network.addNode(peerId), epochs: worldRules.epochs, clock, log: silentLog }),
    close: () => {
      for (const close of closers) close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A witness of this world that has seen nothing. */
export const freshWitness = ({ committee, genesis, clock }: World, index: number): Witness =>
  createWitness({
    store: createWitnessStore(openMemoryDatabase(witnessMigrations)),
    signer: signerOf(`witness ${index}`),
    seedKey: seedKeyOfWitness(index),
    rules: rulesOf(committee),
    genesisCredits: genesis,
    clock,
    log: silentLog,
    isRetired: false,
  })

/** Lets time pass until the promise settles. */
export const passTime = async <T>(clock: ManualClock, work: Promise<T>, stepMs = 20): Promise<T> => {
  let isSettled = false
  const settled = work.finally(() => {
    isSettled = true
  })
  while (!isSettled) {
    await new Promise((resolve) => setImmediate(resolve))
    if (!isSettled) clock.advance(stepMs)
  }
  return settled
}

export const decided = <T, E extends { readonly message: string }>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E },
): T => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
