import type { AmountMicro } from '../platform/amount.ts'
import type { AccountId, Committee, EscrowState, Recused } from '../settlement/objects.ts'
import { eligibleArbiters, spareArbiters } from './panel.ts'

/** Why an arbiter should not judge a party: one brought the other in, or much of what it trades it trades with it (settlement.md §5.5). */
export type Closeness = 'invited' | 'frequent'
/** For a dispute over `lockMicro`. */
export type ClosenessOf = (arbiter: AccountId, party: AccountId, lockMicro: AmountMicro) => Closeness | null

/** What an account was paid and has paid through escrows, and how much of that by and to one other. */
type Dealings = { readonly allMicro: AmountMicro; readonly otherMicro: AmountMicro }

/**
 * More than a tenth of all that the arbiter trades is with the party, and no less than the lock: so whoever would choose its judges by
 * trading with the others pays each of them as much as the dispute is about.
 */
export const isFrequent = ({ allMicro, otherMicro }: Dealings, lockMicro: AmountMicro): boolean =>
  otherMicro >= lockMicro && otherMicro * 10n > allMicro

/**
 * Whom a side names with its delivery or its dispute, in the order in which that is tried: everybody that is close to either party as far as
 * it knows, then only those whom an invite shows to be, then only those whom their trade does, then nobody. A witness that knows of fewer
 * trades refuses a name, and so does one for what only looks like an invite; a delivery must not be late for that. Nobody is named without
 * whom the panel could not be filled: it would leave the dispute to its default.
 */
export const recusalsOf = (state: EscrowState, committee: Committee, closenessOf: ClosenessOf): readonly Recused[] => {
  const { client, provider, amountMicro } = state.terms
  const eligible = eligibleArbiters(committee, state.terms, state.recused)
  const closenessAt = (place: number): Closeness | null => {
    const account = committee.arbiters[place]?.account
    return account === undefined ? null : (closenessOf(account, client, amountMicro) ?? closenessOf(account, provider, amountMicro))
  }
  const [invited, frequent] = (['invited', 'frequent'] as const).map((kind) => eligible.filter((place) => closenessAt(place) === kind))
  const spare = Math.max(0, spareArbiters(state, committee))
  const named = (places: readonly number[]): Recused => places.slice(0, spare).toSorted((a, b) => a - b)
  const tries = [named([...(invited ?? []), ...(frequent ?? [])]), named(invited ?? []), named(frequent ?? []), []]
  return [...new Map(tries.map((one) => [one.join(), one])).values()]
}
