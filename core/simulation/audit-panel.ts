import { sha256, toHex, utf8 } from '../platform/bytes.ts'
import type { Arbiter, Bytes32, Committee, EscrowTerms, Recused, SeedShare } from '../settlement/objects.ts'

/**
 * The draw of a panel as settlement.md §5.5 tells it, written once more without a line of the code it watches over: who may judge, whose
 * shares make the seed, and whose tickets win.
 */
export type Dispute = { readonly terms: EscrowTerms; readonly recused: Recused; readonly seed: Bytes32 }

/** The order in which a dispute asks the witnesses for their shares, drawn by its own hash. */
export const designatedOrder = ({ witnesses }: Committee, disputeHash: Bytes32): readonly number[] =>
  witnesses
    .map(({ publicKey }, witness) => ({ witness, lot: toHex(sha256(disputeHash, publicKey)) }))
    .toSorted((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ witness }) => witness)

export const seedOfShares = (federationId: Bytes32, shares: readonly SeedShare[]): Bytes32 =>
  sha256(utf8('RUV1/PANEL'), new Uint8Array(1), federationId, ...shares.map(({ share }) => share))

/** Places in the roster, ascending: those with the smallest tickets, of which each arbiter has as many as its weight. */
export const panelOf = ({ arbiters }: Committee, { terms, recused, seed }: Dispute): readonly number[] =>
  judgesOf(arbiters, terms, recused)
    .map((place) => ({ place, ticket: ticketOf(seed, arbiters[place]) }))
    .toSorted((a, b) => (a.ticket < b.ticket ? -1 : 1))
    .slice(0, terms.panel.size)
    .map(({ place }) => place)
    .toSorted((a, b) => a - b)

/** Nobody judges its own dispute or that of somebody under its operator, nor whoever was named as close to a party. */
export const judgesOf = (arbiters: readonly Arbiter[], terms: EscrowTerms, recused: Recused): readonly number[] => {
  const parties = new Set([terms.client, terms.provider, terms.clientKey, terms.providerKey].map(toHex))
  const isParty = ({ account, publicKey }: Arbiter): boolean => parties.has(toHex(account)) || parties.has(toHex(publicKey))
  const operators = arbiters.filter(isParty).map(({ operator }) => operator)
  return [...arbiters.entries()].flatMap(([place, arbiter]) => {
    const sharesOperator = arbiter.operator !== '' && operators.includes(arbiter.operator)
    return isParty(arbiter) || sharesOperator || recused.includes(place) ? [] : [place]
  })
}

const ticketOf = (seed: Bytes32, arbiter: Arbiter | undefined): string => {
  const key = arbiter?.publicKey ?? seed
  const tickets = Array.from({ length: arbiter?.weight ?? 0 }, (_, number) => toHex(sha256(seed, key, Uint8Array.of(number))))
  return tickets.toSorted()[0] ?? ''
}
