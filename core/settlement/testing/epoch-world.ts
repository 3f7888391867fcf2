import { peerIdOfSeed } from '../../identity/peer-id.ts'
import { createMemoryNetwork } from '../../network/memory.ts'
import type { Network } from '../../network/port.ts'
import { equalBytes } from '../../platform/bytes.ts'
import { createManualClock } from '../../platform/clock.ts'
import { silentLog } from '../../platform/log.ts'
import { createSeededRandom } from '../../platform/random.ts'
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts'
import { genesisCredits } from '../account.ts'
import { createDriver } from '../driver.ts'
import { createEpochBook, type EpochBook } from '../epoch-book.ts'
import { committeeFrom, epochTx, foundedState } from '../federation-chain.ts'
import { quorumOf, type AuthorisedTx, type Decree, type EpochBody, type Witness as Seat } from '../objects.ts'
import type { SettlementRules } from '../rules.ts'
import { seedKeyOf, type SeedKey } from '../seed-share.ts'
import { authorise } from '../signatures.ts'
import { createTakeover } from '../takeover.ts'
import { createWitnessClient } from '../witness-client.ts'
import { witnessMigrations } from '../witness-schema.ts'
import { createWitnessStore } from '../witness-store.ts'
import { createWitness, resumeMemory, type Witness } from '../witness.ts'
import { birth, decided, federationId, hash, passTime, rules, signerOf, type Member } from './world.ts'

/** A federation whose committee changes: every witness and every driver knows of the epochs what it has learnt by itself. */
export type EpochWorld = ReturnType<typeof createEpochWorld>

const seats = new Map<string, Seat>()
const seedKeyFor = (name: string): SeedKey => seedKeyOf(hash(name), signerOf(name).publicKey)
/** Making a seed key takes some 10 ms. */
export const seatOf = (name: string): Seat => {
  const known = seats.get(name)
  if (known !== undefined) return known
  const { publicKey } = signerOf(name)
  const seat = { publicKey, peerId: peerIdOfSeed(hash(`node ${name}`)), addresses: [], seedKey: seedKeyFor(name).publicKey }
  seats.set(name, seat)
  return seat
}

type Running = {
  readonly name: string
  readonly witness: Witness
  readonly epochs: EpochBook
  readonly network: Network
  lie: ((question: Uint8Array) => Uint8Array | null) | null
}

export const createEpochWorld = (names: readonly string[], holders: readonly (readonly [Member, bigint])[]) => {
  const clock = createManualClock()
  const network = createMemoryNetwork({ clock })
  const genesis = genesisCredits(
    birth,
    holders.map(([{ signer }, amountMicro]) => ({ firstKey: signer.publicKey, amountMicro })),
  )
  const { limits } = rules
  const first = committeeFrom(birth, { witnesses: names.map(seatOf), faults: (names.length - 1) / 3, arbiters: [] })
  const bookOf = (): EpochBook => createEpochBook(foundedState(first, 0), limits)
  const rulesWith = (epochs: EpochBook): SettlementRules => ({ federationId, limits, epochs })
  const running = new Map<string, Running>()

  /** A witness by its name; whether any committee knows it is another matter. */
  const start = (name: string): Running => {
    const store = createWitnessStore(openMemoryDatabase(witnessMigrations))
    resumeMemory(store, null, createSeededRandom(name))
    const epochs = bookOf()
    const witness = createWitness({
      store,
      signer: signerOf(name),
      seedKey: seedKeyFor(name),
      rules: rulesWith(epochs),
      genesisCredits: genesis,
      clock,
      log: silentLog,
      isRetired: false,
    })
    const node = network.addNode(seatOf(name).peerId)
    const started: Running = { name, witness, epochs, network: node, lie: null }
    node.serve('settlement', async (question) => started.lie?.(question) ?? witness.exchange(question, clock.nowMs()))
    running.set(name, started)
    return started
  }
  for (const name of names) start(name)

  const of = (name: string): Running => {
    const one = running.get(name)
    if (one === undefined) throw new Error(`there is no witness ${name}`)
    return one
  }

  const driverOf = (peerId: string) => {
    const epochs = bookOf()
    const blamed: string[] = []
    const node = { ...network.addNode(peerId), reportMisbehaviour: (_: string, reason: string) => void blamed.push(reason) }
    return { epochs, rules: rulesWith(epochs), driver: createDriver({ network: node, epochs, clock, log: silentLog }), blamed }
  }
  const operator = driverOf('operator')

  /** The order that begins the next epoch, endorsed by the first q of the committee that `endorsedBy` does not leave out. */
  const proposal = (members: readonly string[], changes: Partial<EpochBody> = {}, endorsedBy?: readonly string[]): AuthorisedTx => {
    const head = operator.epochs.head()
    const body = {
      witnesses: members.map(seatOf),
      faults: (members.length - 1) / 3,
      arbiters: [],
      startsAtMs: clock.nowMs() + limits.epochNoticeMs + 1_000,
    }
    const tx = epochTx(head, { ...body, ...changes })
    const known = head.committee.witnesses.map(
      ({ publicKey }) => [...running.keys()].find((name) => equalBytes(signerOf(name).publicKey, publicKey)) ?? '',
    )
    const endorsers = endorsedBy ?? known.slice(0, quorumOf(head.committee))
    return { tx, authorisations: endorsers.map((name) => authorise(tx, 'member', signerOf(name))) }
  }

  /** Every witness that runs tries once to take over what it still needs. */
  const takeOver = async (): Promise<void> => {
    for (const { witness, epochs, network: node } of running.values()) {
      const client = createWitnessClient(node, { witness, nowMs: clock.nowMs })
      const takeover = createTakeover({ witness, client, rules: rulesWith(epochs), clock, log: silentLog })
      await passTime(clock, takeover.round())
      takeover.stop()
    }
  }

  /** One attempt of one witness to take over from one former witness alone. */
  const takeOverFrom = async (name: string, former: string): Promise<void> => {
    const { witness, epochs, network: node } = of(name)
    const client = createWitnessClient(node, { witness, nowMs: clock.nowMs })
    const only = (peerId: string): boolean => peerId === seatOf(former).peerId
    const ask: typeof client.ask = (asked, request, signal) =>
      only(asked.peerId) ? client.ask(asked, request, signal) : Promise.resolve(null)
    const takeover = createTakeover({ witness, client: { ...client, ask }, rules: rulesWith(epochs), clock, log: silentLog })
    await passTime(clock, takeover.round())
    takeover.stop()
  }

  return {
    clock,
    genesis,
    network,
    limits,
    of,
    start,
    driverOf,
    operator,
    proposal,
    takeOver,
    takeOverFrom,
    verifying: { rules: operator.rules, genesisCredits: genesis },
    /** Decides that these witnesses follow, and lets time pass until they have begun. */
    change: async (members: readonly string[], changes: Partial<EpochBody> = {}): Promise<Decree> => {
      const order = proposal(members, changes)
      const decree = decided(await passTime(clock, operator.driver.decide(order, [], { timeoutMs: 30_000 })))
      operator.epochs.take(decree)
      if (order.tx.type === 'federation') clock.advance(order.tx.body.startsAtMs - clock.nowMs())
      return decree
    },
    /** The time after which the former witnesses close. */
    passNotice: (): void => clock.advance(limits.epochNoticeMs),
  }
}
