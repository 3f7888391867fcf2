import type { Fate, Hop } from '../../network/memory.ts'
import { accountOf, federationId, limits, signerOf } from '../../orders/testing/fixtures.ts'
import { createWorld, type World } from '../../orders/testing/world.ts'
import { microPerRuv } from '../../platform/amount.ts'
import { toHex } from '../../platform/bytes.ts'
import type { ManualClock } from '../../platform/clock.ts'
import { createPrng, type Prng } from '../prng.ts'
import { createBooksAudit } from './books.ts'
import { longestAbsenceMs, startChurn } from './churn.ts'
import { classKey, createClient, type Client } from './client.ts'
import { checkTheEnd, endingOf, median, type Ending } from './ending.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createMember, type Member } from './member.ts'
import { createNotary, type Notary } from './notary.ts'
import { createProvider, type Provider } from './provider.ts'
import { roundMs } from './rounds.ts'

/**
 * Members whose nodes come and go trade for as long as is wanted, with the orders, gossip, auctions, facts, standings and prices that ship,
 * on a network that is slow, loses things and now and then falls into two halves. People want to trade by day; their nodes run, come and go by
 * day and by night. What must hold: whatever waits ends, and no money is made or lost; what a node shows is soon what the makers it can reach
 * have open; all nodes judge everybody alike and find one price, which is that at which supply meets demand.
 */
export type WeekOptions = {
  readonly seed: number
  readonly hours: number
  readonly members: number
  /** Plants a fault that the audit has to find. */
  readonly fault?: 'books-never-compared' | 'facts-never-exchanged'
  /** Called after every hour of the simulation. */
  readonly progress?: (hour: number) => void
}
export type WeekReport = {
  readonly violations: readonly string[]
  readonly counts: ReadonlyMap<string, number>
  /** How long a node and a maker disagreed about an order at most. */
  readonly longestDisagreementMs: number
  readonly comparedBooks: number
  /** By how much the median estimate of the nodes is off the equilibrium, at the end of every hour, in percent. */
  readonly offByHour: readonly number[]
  /** The estimate in the end against the closings of the last day, in percent. */
  readonly offClosings: number
  readonly ending: Ending
}

/** Values from 1.5 down to 0.5 RUV and costs from 0.5 up to 1.5 cross here. */
export const equilibriumMicro = 1_000_000n
/** Before anybody has traded, everybody believes this. */
const firstGuessMicro = 1_400_000n
const lossShare = 0.01
/** Everybody has one neighbour for sure and chooses two, so about six: as many as gossipsub keeps. */
const chosenNeighbours = 2
const checkEveryMs = 60_000
/** Nodes compare their books with one peer every five minutes at the latest: gossip and four comparisons have not helped by then. */
const patienceMs = 20 * 60_000
/** After everybody is back: what is under way ends, and everybody has compared with everybody's neighbours. */
const quietMs = roundMs
const latestOffsetMs = 8 * 60_000
const settlingHours = 24
/** From the estimate to the equilibrium once the market has found it, in percent. */
const mostOff = 10
/** Runs begin and end at noon, and people work around it. */
const workingMs = 9 * roundMs
const dayMs = 24 * roundMs
const newcomerShare = 0.1
const failureShare = 0.03
const endowmentMicro = 500n * microPerRuv
/** What a newcomer is given with its invite. */
const starterMicro = 100n * microPerRuv

export const runWeek = async ({ seed, hours, members: count, fault, progress }: WeekOptions): Promise<WeekReport> => {
  const prng = createPrng(seed)
  const world = createWorld()
  const { clock, hub } = world
  const startMs = clock.nowMs()
  const endMs = startMs + hours * roundMs
  const isOver = (): boolean => clock.nowMs() >= endMs
  const isWorkingTime = (): boolean => (clock.nowMs() - startMs + workingMs / 2) % dayMs < workingMs
  const ledger = createLedger()
  const notary = createNotary(federationId, limits)
  const names = Array.from({ length: count }, (_, index) => `member-${index}`)
  const newcomers = new Set(prng.fork('newcomers').some(names.slice(1), newcomerShare))
  const members = settle({ names, newcomers, world, ledger, notary, prng, trading: () => !isOver() && isWorkingTime() })
  const supplyMicro = notary.heldMicro()
  hub.setFaults(faultsOf(names, prng.fork('network'), fault))
  startChurn({ members, newcomers: new Set(members.filter(({ name }) => newcomers.has(name))), hub, clock, prng, ledger, hours, isOver })

  const books = createBooksAudit(ledger, patienceMs)
  const audit = (): void => {
    ledger.checkOverdue(clock.nowMs())
    books.check(members, clock.nowMs())
    clock.after(checkEveryMs, audit)
  }
  const offByHour: number[] = []
  const hourly = (): void => {
    const off = offOf(median(estimatesOf(members)) ?? firstGuessMicro)
    offByHour.push(off)
    if (offByHour.length > settlingHours && off > mostOff)
      ledger.violate(`after ${offByHour.length} h the price is off by ${off.toFixed(0)} %`)
    progress?.(offByHour.length)
    clock.after(roundMs, hourly)
  }
  clock.after(checkEveryMs, audit)
  clock.after(roundMs - 1, hourly)
  await runUntil(clock, endMs + longestAbsenceMs(hours) + quietMs)

  const ending = await agreedEnding(clock, () => endingOf(members, notary, supplyMicro))
  const offClosings = offOf(median(ending.estimates) ?? firstGuessMicro, ending.closingMicro ?? undefined)
  if (hours > settlingHours && offClosings > mostOff) ledger.violate(`in the end the price is ${offClosings.toFixed(0)} % off the closings`)
  checkTheEnd(ending, count - (ledger.counts.get('left for good') ?? 0), ledger)
  for (const member of members) if (member.session() !== null) member.leave('orderly')
  const { violations, counts } = ledger
  return { violations, counts, longestDisagreementMs: books.longestMs(), comparedBooks: books.compared(), offByHour, offClosings, ending }
}

const runUntil = async (clock: ManualClock, untilMs: number): Promise<void> => {
  for (let dueMs = clock.nextDueMs(); dueMs !== null && dueMs <= untilMs; dueMs = clock.nextDueMs()) {
    clock.advance(dueMs - clock.nowMs())
    await everythingHappened()
  }
  clock.advance(untilMs - clock.nowMs())
}
/** Offers are announced anew every half hour, and some of that is lost, so there need not be one book at every moment. */
const agreedEnding = async (clock: ManualClock, look: () => Ending): Promise<Ending> => {
  const lastMs = clock.nowMs() + patienceMs
  let ending = look()
  while (ending.books > 1 && clock.nowMs() < lastMs) {
    await runUntil(clock, clock.nowMs() + checkEveryMs)
    ending = look()
  }
  return ending
}
/** Lets everything happen that waits for no time. */
const everythingHappened = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

type Settling = {
  readonly names: readonly string[]
  readonly newcomers: ReadonlySet<string>
  readonly world: World
  readonly ledger: Ledger
  readonly notary: Notary
  readonly prng: Prng
  readonly trading: () => boolean
}
/** Clients and providers in turn, along straight lines of values and costs. */
const settle = ({ names, newcomers, world, ledger, notary, prng, trading }: Settling): readonly Member[] => {
  const holders = names.filter((name) => !newcomers.has(name))
  for (const name of holders) notary.endow(accountOf(name), endowmentMicro)
  const genesis = holders.map((name) => toHex(accountOf(name)))
  const clients = new Map<string, { readonly name: string; readonly client: Client }>()
  const providers = new Map<string, Provider>()
  return names.map((name, index) => {
    const own = prng.fork(`trader ${index}`)
    const sponsor = own.pick(holders)
    const introduce = () => notary.introduce({ accountId: accountOf(sponsor), signer: signerOf(sponsor) }, accountOf(name), starterMicro)
    const member = createMember({ name, world, notary, ledger, genesis, introduce: newcomers.has(name) ? introduce : null })
    const shared = {
      member,
      guessMicro: firstGuessMicro,
      notary,
      ledger,
      clock: world.clock,
      trading,
      offsetMs: () => own.between(0, latestOffsetMs),
    }
    const place = Math.floor(index / 2) / (Math.ceil(names.length / 2) - 1)
    const between = (from: number, to: number): bigint =>
      BigInt(Math.round(Number(equilibriumMicro) * (from + (to - from) * place) * (0.98 + 0.04 * own.share())))
    if (index % 2 === 0) {
      const client = createClient({ ...shared, valueMicro: between(1.5, 0.5), providerOf: (other) => providers.get(other) ?? null })
      clients.set(toHex(accountOf(name)), { name, client })
    } else {
      const clientOf = (account: Uint8Array) => clients.get(toHex(account)) ?? null
      const workMs = (): number => own.between(10_000, 40_000)
      const fails = (): boolean => own.chance(failureShare)
      providers.set(name, createProvider({ ...shared, costMicro: between(0.5, 1.5), workMs, fails, clientOf }))
    }
    return member
  })
}

const estimatesOf = (members: readonly Member[]): readonly bigint[] =>
  members.flatMap((member) => member.session()?.prices.priceOf(classKey).estimate?.priceMicro ?? [])
const offOf = (micro: bigint, fromMicro = equilibriumMicro): number => Math.abs(100 * (Number(micro) / Number(fromMicro) - 1))

/** Gossip goes to neighbours alone; everything takes a while, and some of it is lost. */
const faultsOf = (names: readonly string[], prng: Prng, fault: WeekOptions['fault']): ((hop: Hop) => Fate) => {
  const mesh = new Set<string>()
  for (const [index, name] of names.entries()) {
    const others = [names[(index + 1) % names.length] ?? name, ...prng.shuffled(names).slice(0, chosenNeighbours)]
    for (const other of others) {
      mesh.add(`${name} ${other}`)
      mesh.add(`${other} ${name}`)
    }
  }
  return ({ from, to, kind, protocol }) => {
    if (kind === 'gossip' && !mesh.has(`${from} ${to}`)) return 'drop'
    if (fault === 'books-never-compared' && protocol === 'sync') return 'drop'
    if (fault === 'facts-never-exchanged' && protocol === 'facts') return 'drop'
    return prng.chance(lossShare) ? 'drop' : { delayMs: prng.between(5, 60) }
  }
}
