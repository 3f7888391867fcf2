import type { Fate, Hop } from '../../network/memory.ts'
import { accountOf, federationId, limits } from '../../orders/testing/fixtures.ts'
import { createWorld, type World } from '../../orders/testing/world.ts'
import { toHex } from '../../platform/bytes.ts'
import type { ManualClock } from '../../platform/clock.ts'
import { createPrng, type Prng } from '../prng.ts'
import { createBooksAudit } from './books.ts'
import { classKey, createClient, type Client } from './client.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createMember, type Member } from './member.ts'
import { createNotary } from './notary.ts'
import { createProvider, type Provider } from './provider.ts'
import { roundMs } from './rounds.ts'

/**
 * Members whose nodes come and go trade for as long as is wanted, with the orders, gossip, auctions, facts and prices that ship, on a
 * network that is slow, loses things and once falls into two halves. What must hold: whatever waits ends; what a node shows is soon what the
 * makers it can reach have open; and all nodes find one price, which is that at which supply meets demand.
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
  readonly estimates: readonly bigint[]
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
/** After the last trade: what is under way ends, everybody is back, and everybody has compared with everybody's neighbours. */
const quietMs = roundMs
const latestOffsetMs = 8 * 60_000
const settlingHours = 24
/** From the estimate to the equilibrium once the market has found it, in percent. */
const mostOff = 10

export const runWeek = async ({ seed, hours, members: count, fault, progress }: WeekOptions): Promise<WeekReport> => {
  const prng = createPrng(seed)
  const world = createWorld()
  const { clock, hub } = world
  const endMs = clock.nowMs() + hours * roundMs
  const trading = (): boolean => clock.nowMs() < endMs
  const ledger = createLedger()
  const names = Array.from({ length: count }, (_, index) => `member-${index}`)
  const members = settle({ names, world, ledger, prng, trading })
  hub.setFaults(faultsOf(names, prng.fork('network'), fault))
  for (const member of members) live({ member, members, prng: prng.fork(member.name), hours, trading, clock })
  splitOnce({ hub, names, clock, hours })

  const books = createBooksAudit(ledger, patienceMs)
  const audit = (): void => {
    ledger.checkOverdue(clock.nowMs())
    books.check(members, clock.nowMs())
    clock.after(checkEveryMs, audit)
  }
  const offByHour: number[] = []
  const hourly = (): void => {
    const off = offOf(median(estimatesOf(members)))
    offByHour.push(off)
    if (offByHour.length > settlingHours && off > mostOff)
      ledger.violate(`after ${offByHour.length} h the price is off by ${off.toFixed(0)} %`)
    progress?.(offByHour.length)
    clock.after(roundMs, hourly)
  }
  clock.after(checkEveryMs, audit)
  clock.after(roundMs - 1, hourly)
  await runUntil(clock, endMs + quietMs)

  const estimates = estimatesOf(members)
  checkTheEnd(ledger, estimates, count, books.disagreeing())
  for (const member of members) member.leave('orderly')
  const { violations, counts } = ledger
  return { violations, counts, longestDisagreementMs: books.longestMs(), comparedBooks: books.compared(), offByHour, estimates }
}

const runUntil = async (clock: ManualClock, untilMs: number): Promise<void> => {
  for (let dueMs = clock.nextDueMs(); dueMs !== null && dueMs <= untilMs; dueMs = clock.nextDueMs()) {
    clock.advance(dueMs - clock.nowMs())
    await everythingHappened()
  }
}
/** Lets everything happen that waits for no time. */
const everythingHappened = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

const checkTheEnd = (ledger: Ledger, estimates: readonly bigint[], members: number, disagreeing: number): void => {
  if (estimates.length < members) ledger.violate(`in the end ${members - estimates.length} nodes know no price`)
  const different = new Set(estimates).size
  if (different > 1) ledger.violate(`in the end the nodes find ${different} prices`)
  if (disagreeing > 0) ledger.violate(`in the end ${disagreeing} orders are not known alike`)
}

type Settling = {
  readonly names: readonly string[]
  readonly world: World
  readonly ledger: Ledger
  readonly prng: Prng
  readonly trading: () => boolean
}
/** Clients and providers in turn, along straight lines of values and costs. */
const settle = ({ names, world, ledger, prng, trading }: Settling): readonly Member[] => {
  const notary = createNotary(federationId, limits)
  const clients = new Map<string, { readonly name: string; readonly client: Client }>()
  const providers = new Map<string, Provider>()
  return names.map((name, index) => {
    const own = prng.fork(`trader ${index}`)
    const member = createMember({ name, world, notary, ledger })
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
      providers.set(name, createProvider({ ...shared, costMicro: between(0.5, 1.5), workMs, clientOf }))
    }
    return member
  })
}

const estimatesOf = (members: readonly Member[]): readonly bigint[] =>
  members.flatMap((member) => member.session()?.prices.priceOf(classKey).estimate?.priceMicro ?? [])
const median = (values: readonly bigint[]): bigint =>
  values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))[Math.floor(values.length / 2)] ?? firstGuessMicro
const offOf = (micro: bigint): number => Math.abs(100 * (Number(micro) / Number(equilibriumMicro) - 1))

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

type Life = {
  readonly member: Member
  readonly members: readonly Member[]
  readonly prng: Prng
  readonly hours: number
  readonly trading: () => boolean
  readonly clock: ManualClock
}
/** One in ten comes only after a seventh of the time; sessions last some ten hours, and three in ten end in a crash. */
const live = ({ member, members, prng, hours, trading, clock }: Life): void => {
  const about = (ms: number): number => Math.round(ms * (0.2 + 1.6 * prng.share()))
  const hour = Math.round((hours * roundMs) / 168)
  const come = (): void => {
    const others = members.filter((other) => other !== member && other.session() !== null)
    member.come(others.length === 0 ? null : prng.pick(others).name)
    clock.after(about(Math.max(roundMs, 10 * hour)), () => {
      if (!trading()) return
      member.leave(prng.chance(0.3) ? 'crash' : 'orderly')
      clock.after(about(Math.max(roundMs / 4, 1.5 * hour)), come)
    })
  }
  clock.after(prng.chance(0.1) ? 24 * hour : prng.between(0, 5_000), come)
}

type Split = { readonly hub: World['hub']; readonly names: readonly string[]; readonly hours: number } & Pick<Life, 'clock'>
/** In the middle of the time, for a little more than an hour in a week. */
const splitOnce = ({ hub, names, clock, hours }: Split): void => {
  const half = (rest: number) => names.filter((_, index) => Math.floor(index / 2) % 2 === rest)
  clock.after(Math.round((hours * roundMs) / 2), () => {
    hub.partition([half(0), half(1)])
    clock.after(Math.round(Math.max(roundMs / 3, (hours * roundMs) / 130)), hub.heal)
  })
}
