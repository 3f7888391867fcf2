import type { Usage } from './metering.ts'
import type { Brief, Entry } from './price-index.ts'
import type { Side } from './side.ts'

/**
 * Price-time priority for a task of any size. A book can be sorted by one price only, that of a reference task of 1,000 tokens in
 * and 1,000 out; what a given task costs depends on how an offer divides its price between task, input and output. So the
 * offers are walked in the order of their reference prices until no later one can be cheaper: the shapes of price that occur in
 * the class say by how much a task may cost less than the reference.
 */
export type Prices = Brief & {
  readonly perTask: number
  readonly perInput: number
  readonly perOutput: number
  readonly minimum: number
}

/** µRUV as a number: exact below 2⁵³, which is all the RUV there can be; only ranks, never charges. */
export const costOf = ({ perTask, perInput, perOutput, minimum }: Omit<Prices, 'rank'>, { inputTokens, outputTokens }: Usage): number =>
  Math.max(minimum, perTask + Math.ceil((perInput * inputTokens + perOutput * outputTokens) / 1_000))

export const referencePrice = (prices: Omit<Prices, 'rank'>): number => costOf(prices, { inputTokens: 1_000, outputTokens: 1_000 })

/** Shares of the reference price are rounded down to this fraction, so that a class has few shapes and a bound that is near. */
const shareParts = 32
const base = 4 * shareParts
const free = -1

/** The shape of a price: which parts of its reference price are for the task, its input and its output, and whether the minimum is more. */
export const kindOfPrices = ({ rank, perTask, perInput, perOutput, minimum }: Prices): number => {
  if (rank === 0) return free
  const partsOf = (share: number): number => Math.min(base - 1, Math.floor((share * shareParts) / rank))
  return ((partsOf(perTask) * base + partsOf(perInput)) * base + partsOf(perOutput)) * 2 + (minimum >= rank ? 1 : 0)
}

/** The least that a task can cost for each µRUV of the reference price, among offers of these shapes. */
const leastRatio = (kinds: Iterable<number>, { inputTokens, outputTokens }: Usage): number => {
  let least = Number.POSITIVE_INFINITY
  for (const kind of kinds) {
    if (kind === free) continue
    const parts = Math.floor(kind / 2)
    const metered = Math.floor(parts / base ** 2) * 1_000 + (Math.floor(parts / base) % base) * inputTokens + (parts % base) * outputTokens
    least = Math.min(least, Math.max(kind % 2, metered / (1_000 * shareParts)))
  }
  return least
}

export type Priced<B extends Prices> = { readonly entry: Entry<B>; readonly cost: number }

/** The best offer of each member, cheapest first and older before younger, as many as asked for. */
export const cheapest = <T, B extends Prices>(
  side: Side<T, B>,
  classKey: string,
  size: Usage,
  limit: number,
  accepts: (entry: Entry<B>) => boolean,
): readonly Priced<B>[] => {
  const least = leastRatio(side.kinds(classKey), size)
  const found: Priced<B>[] = []
  let dear: Entry<B> | null = null
  side.walk(classKey, (entry) => {
    const worst = found.length < limit ? Number.POSITIVE_INFINITY : (found.at(-1)?.cost ?? 0)
    if (entry.brief.rank * least > worst) return 'stop'
    const cost = costOf(entry.brief, size)
    if (cost > worst) {
      // Jumping costs more than looking at the next one, so only a second one of the same price is worth a jump.
      const isSecond = dear !== null && dear.brief.rank === entry.brief.rank
      dear = entry
      return isSecond ? 'skip' : 'next'
    }
    if (accepts(entry)) place(found, { entry, cost }, limit)
    return 'next'
  })
  return found
}

const place = <B extends Prices>(found: Priced<B>[], priced: Priced<B>, limit: number): void => {
  const rival = found.findIndex(({ entry }) => entry.member === priced.entry.member)
  if (rival >= 0) {
    const other = found[rival]
    if (other !== undefined && compare(other, priced) <= 0) return
    found.splice(rival, 1)
  }
  const at = found.findIndex((other) => compare(other, priced) > 0)
  found.splice(at < 0 ? found.length : at, 0, priced)
  if (found.length > limit) found.pop()
}

const compare = <B extends Prices>(a: Priced<B>, b: Priced<B>): number =>
  a.cost - b.cost || a.entry.createdAtMs - b.entry.createdAtMs || (a.entry.shortId < b.entry.shortId ? -1 : 1)
