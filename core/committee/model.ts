import { verifySignature, type Signer } from '../identity/signing.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import { bytesOf, decodeBytes, encodeBytes, listUpTo, record } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { committeeBounds } from '../settlement/committee-codec.ts'
import { authorisedTxCodec, signatureCodec, txHash } from '../settlement/encoding.ts'
import { epochTx, proposalProblem, seatOf, type EpochContext, type FederationState } from '../settlement/federation-chain.ts'
import {
  quorumOf,
  type Authorisation,
  type AuthorisedTx,
  type Bytes32,
  type EpochBody,
  type FederationTx,
  type NamedArbiter,
  type Signature,
  type Witness,
} from '../settlement/objects.ts'
import type { RefusalCode } from '../settlement/refusals.ts'
import { authorise, verifyAuthorisation } from '../settlement/signatures.ts'

/**
 * A change of the committee on its way to being one: the order that begins the next epoch, with as many endorsements as have come in
 * (settlement.md §7). The founder and the witnesses may propose; q of the witnesses endorse; then anybody may have it decided.
 */
export type Proposal = {
  readonly tx: FederationTx
  /** In the committee's order, each once. */
  readonly endorsements: readonly Authorisation[]
  readonly proposer: { readonly publicKey: Bytes32; readonly signature: Signature }
}

/** Open at a time. One of the proposer's own makes room for its next. */
export const maxProposals = 8
/** The largest committee's order and 27 endorsements of 100 bytes. */
const maxProposalBytes = 53_248

const codec = record<{ readonly order: AuthorisedTx; readonly proposer: Proposal['proposer'] }>({
  order: authorisedTxCodec,
  proposer: record({ publicKey: bytesOf(32), signature: signatureCodec }),
})
export const proposalCodec = {
  encode: ({ tx, endorsements, proposer }: Proposal) => codec.encode({ order: { tx, authorisations: endorsements }, proposer }),
  decode: (...at: Parameters<typeof codec.decode>): Proposal => {
    const { order, proposer } = codec.decode(...at)
    // Whatever else it may be is refused with the other rules of a proposal.
    return { tx: order.tx as FederationTx, endorsements: order.authorisations, proposer }
  },
}
export const proposalsCodec = listUpTo<Proposal>(proposalCodec, maxProposals)
export const encodeProposalRow = (proposal: Proposal): Uint8Array => encodeBytes(proposalCodec, proposal)
export const decodeProposalRow = (bytes: Uint8Array): Result<Proposal, Failure<'malformed'>> =>
  decodeBytes(proposalCodec, bytes, maxProposalBytes, 'proposal')

export const proposalId = ({ tx }: Proposal): string => toHex(txHash(tx))

/** What it may be held against. */
export type ProposalContext = EpochContext & { readonly founderKey: Bytes32 }

export const mayPropose = ({ committee }: FederationState, founderKey: Bytes32, publicKey: Bytes32): boolean =>
  equalBytes(founderKey, publicKey) || seatOf(committee, publicKey) >= 0

/** Null for a proposal that can still be decided as the next epoch. */
export const problemOf = (proposal: Proposal, head: FederationState, context: ProposalContext): RefusalCode | null => {
  const { tx, endorsements, proposer } = proposal
  if (tx.type !== 'federation') return 'wrong-object'
  const places = endorsements.map(({ publicKey }) => seatOf(head.committee, publicKey))
  const signed =
    mayPropose(head, context.founderKey, proposer.publicKey) &&
    verifySignature('RUV1/CHANGE', head.id, txHash(tx), proposer.signature, proposer.publicKey) &&
    places.every((place, at) => place > (places[at - 1] ?? -1)) &&
    endorsements.every((one) => one.role === 'member' && verifyAuthorisation(tx, one))
  return proposalProblem(head, tx, context) ?? (signed ? null : 'not-authorised')
}

export const propose = (head: FederationState, body: EpochBody, signer: Signer): Proposal => {
  const tx = epochTx(head, body)
  return { tx, endorsements: [], proposer: { publicKey: signer.publicKey, signature: signer.sign('RUV1/CHANGE', head.id, txHash(tx)) } }
}

/** With this witness's endorsement, if it has a seat and has not endorsed. */
export const endorse = (proposal: Proposal, head: FederationState, signer: Signer): Proposal =>
  seatOf(head.committee, signer.publicKey) < 0 ? proposal : merged(proposal, [authorise(proposal.tx, 'member', signer)], head)

/** The same proposal with more endorsements; they have been verified. */
export const merged = (proposal: Proposal, more: readonly Authorisation[], { committee }: FederationState): Proposal => {
  const known = proposal.endorsements
  const fresh = more.filter(({ publicKey }) => !known.some((one) => equalBytes(one.publicKey, publicKey)))
  const place = ({ publicKey }: Authorisation): number => seatOf(committee, publicKey)
  return fresh.length === 0 ? proposal : { ...proposal, endorsements: [...known, ...fresh].toSorted((a, b) => place(a) - place(b)) }
}

/** What the witnesses decide about: exactly q endorsements; null while there are fewer. */
export const orderOf = ({ tx, endorsements }: Proposal, { committee }: FederationState): AuthorisedTx | null => {
  const quorum = quorumOf(committee)
  return endorsements.length < quorum ? null : { tx, authorisations: endorsements.slice(0, quorum) }
}

export type CommitteeChange =
  | { readonly kind: 'add'; readonly witness: Witness }
  | { readonly kind: 'remove'; readonly publicKey: Bytes32 }
  | { readonly kind: 'replace'; readonly publicKey: Bytes32; readonly witness: Witness }
  | { readonly kind: 'add-arbiter'; readonly arbiter: NamedArbiter }
  | { readonly kind: 'remove-arbiter'; readonly publicKey: Bytes32 }

/** The witnesses after these changes: who replaces somebody takes the place, who is new comes last. */
export const changedWitnesses = (
  witnesses: readonly Witness[],
  changes: readonly CommitteeChange[],
): Result<readonly Witness[], Failure<'unknown-witness'>> => {
  let after = witnesses
  for (const change of changes) {
    if (change.kind === 'add-arbiter' || change.kind === 'remove-arbiter') continue
    if (change.kind === 'add') {
      after = [...after, change.witness]
      continue
    }
    const place = after.findIndex(({ publicKey }) => equalBytes(publicKey, change.publicKey))
    if (place < 0) return fail('unknown-witness', `There is no witness with the key ${toHex(change.publicKey)} in the committee.`)
    after = change.kind === 'remove' ? after.toSpliced(place, 1) : after.with(place, change.witness)
  }
  return ok(after)
}

/** The roster after these changes; who is new comes last. */
export const changedArbiters = (
  arbiters: readonly NamedArbiter[],
  changes: readonly CommitteeChange[],
): Result<readonly NamedArbiter[], Failure<'unknown-arbiter' | 'refused'>> => {
  let after = arbiters
  for (const change of changes) {
    if (change.kind !== 'add-arbiter' && change.kind !== 'remove-arbiter') continue
    const key = change.kind === 'add-arbiter' ? change.arbiter.publicKey : change.publicKey
    const place = after.findIndex(({ publicKey }) => equalBytes(publicKey, key))
    if (change.kind === 'remove-arbiter' && place < 0) return fail('unknown-arbiter', `No arbiter has the key ${toHex(key)}.`)
    if (change.kind === 'add-arbiter' && place >= 0) return fail('refused', `The key ${toHex(key)} is an arbiter's already.`)
    after = change.kind === 'remove-arbiter' ? after.toSpliced(place, 1) : [...after, change.arbiter]
  }
  const most = committeeBounds.arbiters
  return after.length <= most ? ok(after) : fail('refused', `A federation names ${most} arbiters at most; these are ${after.length}.`)
}

type Keyed = { readonly publicKey: Bytes32 }
/** Those that are not among the others, by their keys. */
export const missingIn = <T extends Keyed>(members: readonly T[], others: readonly Keyed[]): readonly T[] =>
  members.filter(({ publicKey }) => !others.some((other) => equalBytes(other.publicKey, publicKey)))
