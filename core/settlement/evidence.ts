import { compareBytes, equalBytes, sha256, toHex } from '../platform/bytes.ts'
import { encodeCbor } from '../platform/cbor.ts'
import { decodeBytes, encodeBytes, record, variant, type Codec } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { accountIdOf } from './account-id.ts'
import { verifyCertificate, verifyVote } from './certificate.ts'
import { authorisedTxCodec, certificateCodec, signedProposalCodec, txHash, voteCodec } from './encoding.ts'
import { committeeNamed, type Epochs } from './epochs.ts'
import type {
  AccountId,
  AuthorisedTx,
  Bytes32,
  Certificate,
  Committee,
  Decree,
  Governance,
  ObjectId,
  SignedProposal,
  Statement,
  Vote,
} from './objects.ts'
import { equalGovernance } from './rules.ts'
import { verifyAuthorisation, verifyProposal } from './signatures.ts'

/**
 * Two signed statements that contradict each other (settlement.md §6.1). Each piece proves itself: whoever has the committees' keys
 * can check it, whoever found it. What an honest signer never does is guilt; an owner that signed two orders for one step may have
 * restored an old backup, and is only no longer believed before its orders are final.
 */
export type Evidence =
  /** By one witness: two notarizations, two finalizations, or a skip and a finalization in one view. */
  | { readonly kind: 'votes'; readonly first: Vote; readonly second: Vote }
  /** By one leader, for one view. */
  | { readonly kind: 'proposals'; readonly first: SignedProposal; readonly second: SignedProposal }
  /** By one arbiter, of one dispute; each order carries that arbiter's signature alone. */
  | { readonly kind: 'rulings'; readonly first: AuthorisedTx; readonly second: AuthorisedTx }
  /** By one owner, for one step, each found valid by a witness. */
  | { readonly kind: 'orders'; readonly first: VotedOrder; readonly second: VotedOrder }
  | Finals
/**
 * By more than f witnesses together: two values final at one step, by one committee or by two; or one final and another notarized in
 * the same view. The federation cannot be believed any more.
 */
export type Finals = { readonly kind: 'finals'; readonly first: Certificate; readonly second: Certificate }
type VotedOrder = { readonly order: AuthorisedTx; readonly vote: Vote }

export type Offence =
  | 'two-notarizations'
  | 'two-finalizations'
  | 'skip-and-finalization'
  | 'two-proposals'
  | 'two-rulings'
  | 'two-orders'
  | 'two-finals'

/** What a piece of evidence proves. */
export type Conviction = {
  readonly offence: Offence
  readonly governance: Governance
  readonly objectId: ObjectId
  readonly step: number
  /** 0 where views play no part. */
  readonly view: number
  /** The key that signed both; null for a committee as a whole. */
  readonly culprit: Bytes32 | null
  /** The account whose owner signed twice; null for everything else. */
  readonly account: AccountId | null
}

/** What finds evidence hands it here; must not throw. */
export type EvidenceSink = (evidence: Evidence) => void

/** A gossip message; two orders with 64 claims each and their votes have some 6 kB. */
export const maxEvidenceBytes = 16_000

const votedOrder: Codec<VotedOrder> = record({ order: authorisedTxCodec, vote: voteCodec })
const evidenceCodec: Codec<Evidence> = variant<Evidence>({
  votes: record({ first: voteCodec, second: voteCodec }),
  proposals: record({ first: signedProposalCodec, second: signedProposalCodec }),
  rulings: record({ first: authorisedTxCodec, second: authorisedTxCodec }),
  orders: record({ first: votedOrder, second: votedOrder }),
  finals: record({ first: certificateCodec, second: certificateCodec }),
})

/** The two halves in the order of their bytes, so that whoever found them has the same piece. */
export const encodeEvidence = (evidence: Evidence): Uint8Array => {
  const [there, back] = [encodeBytes(evidenceCodec, evidence), encodeBytes(evidenceCodec, turned(evidence))]
  return compareBytes(there, back) <= 0 ? there : back
}
const turned = (evidence: Evidence): Evidence => ({ ...evidence, first: evidence.second, second: evidence.first }) as Evidence

export const decodeEvidence = (bytes: Uint8Array): Result<Evidence, Failure<'malformed'>> => {
  const decoded = decodeBytes(evidenceCodec, bytes, maxEvidenceBytes, 'evidence')
  return !decoded.ok || equalBytes(encodeEvidence(decoded.value), bytes)
    ? decoded
    : fail('malformed', 'Refused: the halves of this evidence are in the wrong order. The one with the lower bytes comes first.')
}

/** Two pieces that prove the same offence of the same key at the same place are one fact. */
export const offenceId = ({ offence, governance, objectId, step, view, culprit }: Conviction): Bytes32 =>
  sha256(encodeCbor([offence, governance.federationId, governance.epoch, objectId, step, view, culprit]))

export type EvidenceFailure = Failure<'no-contradiction' | 'bad-signature' | 'unknown-epoch' | 'unknown-signer'>
type Verdict = Result<Conviction, EvidenceFailure>

/** Pure: what the piece proves to anybody who knows these committees, or why it proves nothing. */
export const verifyEvidence = (evidence: Evidence, epochs: Epochs): Verdict => {
  switch (evidence.kind) {
    case 'votes':
      return verifyVotes(evidence.first, evidence.second, epochs)
    case 'proposals':
      return verifyProposals(evidence.first, evidence.second, epochs)
    case 'rulings':
      return verifyRulings(evidence.first, evidence.second, epochs)
    case 'orders':
      return verifyOrders(evidence.first, evidence.second, epochs)
    case 'finals':
      return verifyFinals(evidence.first, evidence.second, epochs)
  }
}

const noContradiction = fail('no-contradiction', 'These two do not contradict each other.')
const badSignature = fail('bad-signature', 'One of the two is not signed by whom it accuses.')
const unknownEpoch = fail('unknown-epoch', 'It is about a committee that this node does not know.')
const unknownSigner = fail('unknown-signer', 'The key that signed is none of the committee’s or of the account’s.')

type Place = { readonly governance: Governance; readonly objectId: ObjectId; readonly step: number }
const sameStep = (a: Place, b: Place): boolean => a.step === b.step && equalBytes(a.objectId, b.objectId)
const samePlace = (a: Place, b: Place): boolean => sameStep(a, b) && equalGovernance(a.governance, b.governance)
const placeOf = ({ governance, objectId, step }: Place): Place => ({ governance, objectId, step })

const verifyVotes = (first: Vote, second: Vote, epochs: Epochs): Verdict => {
  const offence = contradictionOf(first, second)
  if (offence === null) return noContradiction
  const committee = committeeNamed(epochs, first.statement.governance)
  if (committee === null) return unknownEpoch
  if (!verifyVote(first, committee) || !verifyVote(second, committee)) return badSignature
  const { statement, witnessIndex } = first
  return ok({ offence, ...placeOf(statement), view: statement.view, culprit: keyAt(committee, witnessIndex), account: null })
}

/** Rules R1 and R2: what one witness never signs both. */
const contradictionOf = (first: Vote, second: Vote): Offence | null => {
  const [a, b] = [first.statement, second.statement]
  if (first.witnessIndex !== second.witnessIndex || a.view !== b.view || !samePlace(a, b)) return null
  const kinds = [a.kind, b.kind].toSorted().join('')
  if (kinds === 'FS') return 'skip-and-finalization'
  if (equalBytes(a.txHash, b.txHash)) return null
  if (kinds === 'NN') return 'two-notarizations'
  return kinds === 'FF' ? 'two-finalizations' : null
}

const verifyProposals = (first: SignedProposal, second: SignedProposal, epochs: Epochs): Verdict => {
  if (!areTwoProposals(first, second)) return noContradiction
  const { proposal, witnessIndex } = first
  const committee = committeeNamed(epochs, proposal.governance)
  if (committee === null) return unknownEpoch
  const culprit = keyAt(committee, witnessIndex)
  if (culprit === null) return unknownSigner
  if (!verifyProposal(first, culprit) || !verifyProposal(second, culprit)) return badSignature
  return ok({ offence: 'two-proposals', ...placeOf(proposal), view: proposal.view, culprit, account: null })
}

const areTwoProposals = (first: SignedProposal, second: SignedProposal): boolean => {
  const [a, b] = [first.proposal, second.proposal]
  const sameView = first.witnessIndex === second.witnessIndex && a.view === b.view && samePlace(a, b)
  return sameView && !(equalBytes(a.txHash, b.txHash) && a.parentViewPlusOne === b.parentViewPlusOne)
}

const verifyRulings = (first: AuthorisedTx, second: AuthorisedTx, epochs: Epochs): Verdict => {
  const [a, b] = [first.authorisations[0], second.authorisations[0]]
  if (a === undefined || b === undefined || !areTwoRulings(first, second) || !equalBytes(a.publicKey, b.publicKey)) return noContradiction
  const committee = committeeNamed(epochs, first.tx.governance)
  if (committee === null) return unknownEpoch
  if (!committee.arbiters.some(({ publicKey }) => equalBytes(publicKey, a.publicKey))) return unknownSigner
  if (!verifyAuthorisation(first.tx, a) || !verifyAuthorisation(second.tx, b)) return badSignature
  return ok({ offence: 'two-rulings', ...placeOf(first.tx), view: 0, culprit: a.publicKey, account: null })
}

const areTwoRulings = (first: AuthorisedTx, second: AuthorisedTx): boolean =>
  [first, second].every(({ tx, authorisations: [only, ...others] }) => {
    return tx.type === 'escrow' && tx.body.kind === 'rule' && only?.role === 'arbiter' && others.length === 0
  }) &&
  samePlace(first.tx, second.tx) &&
  !equalBytes(txHash(first.tx), txHash(second.tx))

const verifyOrders = (first: VotedOrder, second: VotedOrder, epochs: Epochs): Verdict => {
  const [a, b] = [first.order.authorisations[0], second.order.authorisations[0]]
  if (a === undefined || b === undefined || !areTwoOrders(first.order, second.order)) return noContradiction
  const { tx } = first.order
  const committee = committeeNamed(epochs, tx.governance)
  if (committee === null) return unknownEpoch
  // Keys that the account took on later stand in its chain, which is not at hand here.
  if (!isFirstKeyOf(tx.objectId, a.publicKey, tx.governance)) return unknownSigner
  const isVoted = [first, second].every(({ order, vote }) => isNotarized(order, vote) && verifyVote(vote, committee))
  if (!isVoted || !verifyAuthorisation(first.order.tx, a) || !verifyAuthorisation(second.order.tx, b)) return badSignature
  return ok({ offence: 'two-orders', ...placeOf(tx), view: 0, culprit: a.publicKey, account: tx.objectId })
}

const areTwoOrders = (first: AuthorisedTx, second: AuthorisedTx): boolean => {
  const [[a], [b]] = [first.authorisations, second.authorisations]
  const sameSigner = a?.role === 'owner' && b?.role === 'owner' && equalBytes(a.publicKey, b.publicKey)
  const bothAccounts = first.tx.type === 'account' && second.tx.type === 'account'
  return sameSigner && bothAccounts && samePlace(first.tx, second.tx) && !equalBytes(txHash(first.tx), txHash(second.tx))
}

const isNotarized = ({ tx }: AuthorisedTx, { statement }: Vote): boolean =>
  statement.kind === 'N' && samePlace(statement, tx) && equalBytes(statement.txHash, txHash(tx))

/** An account is born in the epoch it lives in, or in one before. */
const isFirstKeyOf = (account: AccountId, key: Bytes32, { federationId, epoch }: Governance): boolean =>
  Array.from({ length: epoch + 1 }, (_, birth) => birth).some((birth) =>
    equalBytes(accountIdOf({ federationId, epoch: birth }, key), account),
  )

/** One step may have been certified by two committees: each certificate is judged by its own. */
const verifyFinals = (first: Certificate, second: Certificate, epochs: Epochs): Verdict => {
  const [a, b] = [first.statement, second.statement]
  if (!areTwoFinals(a, b)) return noContradiction
  const committees = [committeeNamed(epochs, a.governance), committeeNamed(epochs, b.governance)] as const
  if (committees[0] === null || committees[1] === null) return unknownEpoch
  if (!verifyCertificate(first, committees[0]) || !verifyCertificate(second, committees[1])) return badSignature
  const { governance, objectId, step, view } = (a.governance.epoch - b.governance.epoch || a.view - b.view) > 0 ? a : b
  return ok({ offence: 'two-finals', governance, objectId, step, view, culprit: null, account: null })
}

/** Who finalizes holds a notarization of the same view, so another one beside a final value is as bad as two of those. */
const areTwoFinals = (a: Statement, b: Statement): boolean => {
  const kinds = [a.kind, b.kind].toSorted().join('')
  const contradict = kinds === 'FF' ? sameStep(a, b) : kinds === 'FN' && a.view === b.view && samePlace(a, b)
  return contradict && !equalBytes(a.txHash, b.txHash)
}

const keyAt = ({ witnesses }: Committee, index: number): Bytes32 | null => witnesses[index]?.publicKey ?? null

// ── finding it ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a newcomer among verified votes contradicts. */
export const contradictions = (vote: Vote, known: readonly Vote[]): readonly Evidence[] =>
  known.flatMap((other) => (contradictionOf(other, vote) === null ? [] : [{ kind: 'votes', first: other, second: vote }]))

export const contradictingProposals = (proposals: readonly SignedProposal[]): readonly Evidence[] =>
  pairsOf(proposals).flatMap(([first, second]) => (areTwoProposals(first, second) ? [{ kind: 'proposals', first, second }] : []))

/** Among signed orders of one register and the verified votes for them. */
export const contradictingOrders = (orders: readonly AuthorisedTx[], votes: readonly Vote[]): readonly Evidence[] =>
  pairsOf(orders).flatMap(([first, second]) => [...ownersTwice(first, second, votes), ...arbitersTwice(first, second)])

const ownersTwice = (first: AuthorisedTx, second: AuthorisedTx, votes: readonly Vote[]): readonly Evidence[] => {
  const [signer] = first.authorisations
  if (signer === undefined || !areTwoOrders(first, second)) return []
  if (!isFirstKeyOf(first.tx.objectId, signer.publicKey, first.tx.governance)) return []
  const [a, b] = [first, second].map((order) => ({ order, vote: votes.find((vote) => isNotarized(order, vote)) }))
  return a?.vote !== undefined && b?.vote !== undefined
    ? [{ kind: 'orders', first: { order: a.order, vote: a.vote }, second: { order: b.order, vote: b.vote } }]
    : []
}

const arbitersTwice = (first: AuthorisedTx, second: AuthorisedTx): readonly Evidence[] =>
  first.authorisations.flatMap((one) => {
    const other = second.authorisations.find(({ publicKey }) => equalBytes(publicKey, one.publicKey))
    if (other === undefined) return []
    const [mine, theirs] = [
      { tx: first.tx, authorisations: [one] },
      { tx: second.tx, authorisations: [other] },
    ]
    return areTwoRulings(mine, theirs) ? [{ kind: 'rulings' as const, first: mine, second: theirs }] : []
  })

const pairsOf = <T>(items: readonly T[]): readonly (readonly [T, T])[] =>
  items.flatMap((first, at) => items.slice(at + 1).map((second) => [first, second] as const))

/** Among verified decrees of any objects. */
export const contradictingFinals = (decrees: readonly Decree[]): readonly Evidence[] => {
  const seen = new Map<string, Decree>()
  return decrees.flatMap((decree) => {
    const place = `${toHex(decree.tx.objectId)}/${decree.tx.step}`
    const other = seen.get(place)
    if (other === undefined) seen.set(place, decree)
    return other === undefined || equalBytes(txHash(other.tx), txHash(decree.tx))
      ? []
      : [{ kind: 'finals' as const, first: other.certificate, second: decree.certificate }]
  })
}
