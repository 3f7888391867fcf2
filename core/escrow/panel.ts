import { taggedHash } from '../identity/signing.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { compareBytes, concatBytes, equalBytes, sha256 } from '../platform/bytes.ts'
import type { Arbiter, Bytes32, Committee, EscrowState, EscrowTerms, Recused, SeedShare, TxHash } from '../settlement/objects.ts'
import type { RefusalCode } from '../settlement/refusals.ts'
import { verifyShare } from '../settlement/seed-share.ts'

/**
 * The panel of a dispute: drawn by a seed that nobody can know before the dispute is final and that everybody can recompute after
 * (settlement.md §5.5). The seed is the hash of the shares of f+1 designated witnesses, so at least one of them kept its share to
 * itself until then; whoever withholds one can only make the draw wait, and is seen doing it.
 */

/** Members for whom the lot decides nothing: with 20 % bad arbiters 5 of 7 are captured in 0.47 % of panels, 4 of 5 in 0.7 %. */
const panelSizes = [
  { size: 7, quorum: 5, fromMicro: 20_000_000n },
  { size: 5, quorum: 4, fromMicro: 0n },
  { size: 3, quorum: 2, fromMicro: 0n },
  { size: 1, quorum: 1, fromMicro: 0n },
] as const

/** What both sides write into their terms, each by itself. */
export type PanelRule = (parties: Parties, amountMicro: AmountMicro) => EscrowTerms['panel']

/** The largest panel that the roster fills and the amount is worth. */
export const panelFor = (committee: Committee, parties: Parties, amountMicro: AmountMicro): EscrowTerms['panel'] => {
  const available = eligibleArbiters(committee, parties, []).length
  const chosen = panelSizes.find(({ size, fromMicro }) => size <= available && amountMicro >= fromMicro) ?? smallestPanel
  return { size: chosen.size, quorum: chosen.quorum }
}
/** Without an arbiter the terms name one all the same: a dispute then ends by agreement or by its default. */
const smallestPanel = panelSizes[3]

export type Parties = Pick<EscrowTerms, 'client' | 'clientKey' | 'provider' | 'providerKey'>

/** Places in the roster of those who may judge: no party, nobody under a party's operator, nobody who was recused. */
export const eligibleArbiters = ({ arbiters }: Committee, parties: Parties, recused: Recused): readonly number[] => {
  const operators = new Set(arbiters.filter((arbiter) => isParty(arbiter, parties)).map(({ operator }) => operator))
  operators.delete('')
  return arbiters.flatMap((arbiter, place) =>
    isParty(arbiter, parties) || operators.has(arbiter.operator) || recused.includes(place) ? [] : [place],
  )
}

const isParty = ({ account, publicKey }: Arbiter, { client, clientKey, provider, providerKey }: Parties): boolean =>
  [client, provider].some((party) => equalBytes(party, account)) || [clientKey, providerKey].some((key) => equalBytes(key, publicKey))

type Judged = Pick<EscrowState, 'terms' | 'recused'>
/** How many more may be recused and the panel still be filled; below 0 where it cannot be. */
export const spareArbiters = ({ terms, recused }: Judged, committee: Committee): number =>
  eligibleArbiters(committee, terms, recused).length - terms.panel.size

/** Whether this dispute can ever be judged. */
export const canBeSeated = (state: Judged, committee: Committee): boolean => spareArbiters(state, committee) >= 0

/** The order in which a dispute asks for shares; its hash is not known before the dispute is signed. */
export const designatedOrder = ({ witnesses }: Committee, disputeHash: TxHash): readonly number[] =>
  witnesses
    .map(({ publicKey }, index) => ({ index, key: sha256(disputeHash, publicKey) }))
    .toSorted((a, b) => compareBytes(a.key, b.key))
    .map(({ index }) => index)

/** The shares of the first f+1; any others count only once these had their time. */
export const isDesignated = (committee: Committee, disputeHash: TxHash, shares: readonly SeedShare[]): boolean => {
  const order = designatedOrder(committee, disputeHash)
  return shares.every(({ witnessIndex }, at) => witnessIndex === order[at])
}

/** Shares of f+1 different witnesses in the designated order, each the right one. */
export const checkShares = (state: EscrowState, shares: readonly SeedShare[], committee: Committee): RefusalCode | null => {
  const { id, dispute, governance } = state
  if (dispute === null) return 'wrong-phase'
  const places = shares.map(({ witnessIndex }) => designatedOrder(committee, dispute.txHash).indexOf(witnessIndex))
  const inOrder = places.every((place, at) => place >= 0 && (at === 0 || place > (places[at - 1] ?? place)))
  if (shares.length !== committee.faults + 1 || !inOrder) return 'bad-share'
  const name = { federationId: governance.federationId, escrowId: id, disputeHash: dispute.txHash }
  const right = shares.every(({ witnessIndex, share }) => {
    const seedKey = committee.witnesses[witnessIndex]?.seedKey
    return seedKey !== undefined && verifyShare(name, seedKey, share)
  })
  return right ? null : 'bad-share'
}

/** Those that may seat the panel now: the designated, or once they had their time any f+1; null while there are none. */
export const sharesToSeat = (
  state: EscrowState,
  shares: readonly SeedShare[],
  committee: Committee,
  mayBeAny: boolean,
): readonly SeedShare[] | null => {
  if (state.dispute === null) return null
  const order = designatedOrder(committee, state.dispute.txHash)
  const first = shares.toSorted((a, b) => order.indexOf(a.witnessIndex) - order.indexOf(b.witnessIndex)).slice(0, committee.faults + 1)
  return first.length > committee.faults && (mayBeAny || isDesignated(committee, state.dispute.txHash, first)) ? first : null
}

export const seedOf = (federationId: Bytes32, shares: readonly SeedShare[]): Bytes32 =>
  taggedHash('RUV1/PANEL', federationId, concatBytes(...shares.map(({ share }) => share)))

/**
 * Every arbiter has as many tickets as its weight, H(seed ‖ key ‖ number); the smallest tickets win, each arbiter once. Only hashes
 * and whole numbers, so that every machine draws the same panel. Null when too few may judge.
 */
export const drawPanel = (seed: Bytes32, { terms, recused }: EscrowState, committee: Committee): readonly number[] | null => {
  const eligible = eligibleArbiters(committee, terms, recused)
  if (eligible.length < terms.panel.size) return null
  return eligible
    .map((place) => ({ place, ticket: bestTicket(seed, committee.arbiters[place]) }))
    .toSorted((a, b) => compareBytes(a.ticket, b.ticket))
    .slice(0, terms.panel.size)
    .map(({ place }) => place)
    .toSorted((a, b) => a - b)
}

const bestTicket = (seed: Bytes32, arbiter: Arbiter | undefined): Bytes32 =>
  Array.from({ length: arbiter?.weight ?? 0 }, (_, number) => sha256(seed, arbiter?.publicKey ?? seed, new Uint8Array([number]))).reduce(
    (best, ticket) => (compareBytes(ticket, best) < 0 ? ticket : best),
    lastTicket,
  )
const lastTicket = new Uint8Array(32).fill(0xff)
