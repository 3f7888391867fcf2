import type { TaskDetail } from '../../store/types.ts'

type Bid = TaskDetail['bids'][number]
type Compared = Pick<Bid, 'provider' | 'round' | 'outcome' | 'capMicro' | 'expectedMicro' | 'preferred' | 'ranked'> & {
  readonly promise: Pick<Bid['promise'], 'firstTokenMs'>
}
export type Strength = 'cheapest' | 'standing' | 'fastest'
export type WhyWon = { readonly winner: string } & (
  | { readonly kind: 'only' | 'equal' | 'next' | 'preferred' }
  | { readonly kind: 'best'; readonly count: number; /** In what it was ahead of every other. */ readonly strengths: readonly Strength[] }
)

/** Why the bid that won last did, among those of its auction, told from what the auction went by; null without a winner, or where that is not known. */
export const whyWon = (bids: readonly Compared[]): WhyWon | null => {
  const won = bids.findLast(({ outcome }) => outcome === 'won')
  if (won === undefined) return null
  const winner = won.provider
  const others = bids.filter((bid) => bid !== won && bid.round === won.round && bid.outcome !== 'unacceptable')
  if (others.length === 0) return { winner, kind: 'only' }
  const { ranked } = won
  const ranks = others.flatMap((other) => (other.ranked === null ? [] : [other.ranked]))
  if (ranked === null || ranks.length < others.length) return null
  const notBehind = others.filter((other) => (other.ranked?.scorePpm ?? 0) >= ranked.scorePpm)
  if (won.preferred && notBehind.length > 0 && notBehind.every((other) => costsTheSame(won, other))) return { winner, kind: 'preferred' }
  if (ranks.some(({ scorePpm }) => scorePpm > ranked.scorePpm)) return { winner, kind: 'next' }
  if (notBehind.length > 0) return { winner, kind: 'equal' }
  const isAhead = {
    cheapest: others.every(({ expectedMicro }) => won.expectedMicro < expectedMicro),
    standing: ranks.every(({ standingPpm }) => ranked.standingPpm > standingPpm),
    fastest: others.every(({ promise }) => won.promise.firstTokenMs < promise.firstTokenMs),
  }
  return {
    winner,
    kind: 'best',
    count: others.length + 1,
    strengths: (['cheapest', 'standing', 'fastest'] as const).filter((strength) => isAhead[strength]),
  }
}

const costsTheSame = (one: Compared, other: Compared): boolean =>
  one.expectedMicro === other.expectedMicro && one.capMicro === other.capMicro

/** Whose bids came and were not taken, because their owner never wants them again; each once. */
export const unwantedIn = (bids: readonly Pick<Bid, 'provider' | 'outcome'>[]): readonly string[] => [
  ...new Set(bids.flatMap(({ provider, outcome }) => (outcome === 'unacceptable' ? [provider] : []))),
]

/** Who was tried in earlier auctions and brought no answer, each once. */
export const failedBefore = (bids: readonly Pick<Bid, 'provider' | 'round' | 'outcome'>[]): readonly string[] => {
  const last = bids.findLast(({ outcome }) => outcome === 'won')?.round ?? 0
  return [...new Set(bids.flatMap(({ provider, round, outcome }) => (outcome === 'vanished' && round < last ? [provider] : [])))]
}
