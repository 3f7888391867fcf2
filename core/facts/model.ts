import { maxSupplyMicro, type AmountMicro } from '../platform/amount.ts'
import { taggedHash, verifySignature, type Signer } from '../identity/signing.ts'
import { concatBytes, equalBytes, toHex } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { priceOf } from '../orders/metering.ts'
import { accountIdOf, birthOf, creditIdOf } from '../settlement/account-id.ts'
import { decreeProblem } from '../settlement/certificate.ts'
import { txHash } from '../settlement/encoding.ts'
import type {
  AccountId,
  AccountTx,
  Bytes32,
  CreditId,
  Decree,
  EscrowMove,
  EscrowState,
  Pricing,
  Signature,
  SignedUsageReceipt,
} from '../settlement/objects.ts'
import type { RefusalCode } from '../settlement/refusals.ts'
import { replayEscrow, type VerifyContext } from '../settlement/verify.ts'

/**
 * What price and reputation rest on: facts that carry their own proof. A node that hears of one checks it from the certificates up before it
 * counts, so whoever holds the same facts finds the same numbers.
 */
export type Outcome =
  | 'paid'
  /** Delivered and paid at the end of the review: the client did nothing. */
  | 'expired-paid'
  | 'split'
  | 'refunded'
  /** Not delivered by the deadline. */
  | 'expired'
  | 'ruled-paid'
  | 'ruled-refunded'
  | 'ruled-half'
  /** The panel did not rule in time. */
  | 'defaulted'
export type Speed = {
  readonly promisedFirstMs: number
  readonly firstMs: number
  readonly promisedTotalMs: number
  readonly totalMs: number
}

/** A settled escrow. Accounts and ids are lower-case hex. */
export type SettlementFact = {
  readonly kind: 'settlement'
  /** The escrow. */
  readonly id: string
  readonly atMs: number
  readonly client: string
  readonly provider: string
  readonly classKey: string
  readonly lockedMicro: AmountMicro
  readonly paidMicro: AmountMicro
  /** What the standard task costs under the agreed pricing. */
  readonly priceMicro: AmountMicro
  readonly outcome: Outcome
  /** From the receipt that both signed; null when there is none. */
  readonly speed: Speed | null
  /** The decree that settled it. */
  readonly headHash: string
}

/** A member was brought in with starter credit, through an invite. Its id is that of the credit that the sponsor gave. */
export type IntroductionFact = { readonly kind: 'introduction'; readonly id: string; readonly sponsor: string; readonly account: string }

/**
 * What a client says for a provider whose answer did not come: that it was not the provider's fault. Only the client can say so, because
 * only it is hurt by letting a provider off; nobody can say anything against anybody.
 */
export const faults = ['client', 'network', 'model-refusal'] as const
export type Fault = (typeof faults)[number]
/** Counts for the escrow only if `client` is its client. */
export type NoteFact = {
  readonly kind: 'note'
  readonly id: string
  readonly escrow: string
  readonly client: string
  readonly fault: Fault
}

/** What a node looks up of its facts. */
export type Side = 'client' | 'provider'
/** With whose fault the client said it was. */
export type JudgedSettlement = SettlementFact & { readonly fault: Fault | null }
export type PairCount = { readonly client: string; readonly provider: string; readonly well: number; readonly ended: number }
export type ClassSummary = { readonly classKey: string; readonly trades: number; readonly lastAtMs: number }
export type Party = { readonly account: string; readonly lastAtMs: number }
export type FactPosition = { readonly atMs: number; readonly id: string }
/** Of the trades of one span of time. */
export type PriceSpan = {
  readonly span: number
  readonly openMicro: AmountMicro
  readonly highMicro: AmountMicro
  readonly lowMicro: AmountMicro
  readonly closeMicro: AmountMicro
  readonly volumeMicro: AmountMicro
  readonly trades: number
}

export type Fact = SettlementFact | IntroductionFact | NoteFact

/** What proves a fact: the whole chain of an escrow, an invite's two transfers and the newcomer's first step, or the client's signature. */
export type Proof =
  | { readonly kind: 'settlement'; readonly decrees: readonly Decree[] }
  | { readonly kind: 'introduction'; readonly decrees: readonly Decree[] }
  | { readonly kind: 'note'; readonly signed: SignedNote }
export type SignedNote = {
  readonly escrowId: Bytes32
  readonly fault: Fault
  /** The first key of the client's account. */
  readonly clientKey: Bytes32
  readonly signature: Signature
}

/** `unknown-epoch`: certified by a committee that this node has not learnt of yet. */
export type FactFailure = Failure<'not-settled' | 'not-certified' | 'no-introduction' | 'unknown-epoch'>

/** What prices of different shapes are compared by; the order book sorts by the same (orders/cheapest.ts). */
export const standardUsage = { inputTokens: 1_000, outputTokens: 1_000 } as const
export const standardPriceOf = (pricing: Pricing): AmountMicro => priceOf(pricing, standardUsage, maxSupplyMicro)

/** The fact, or why this proves none. */
export const factOf = (proof: Proof, context: VerifyContext): Result<Fact, FactFailure> => {
  if (proof.kind === 'settlement') return settlementOf(proof.decrees, context)
  return proof.kind === 'introduction' ? introductionOf(proof.decrees, context) : noteOf(proof.signed, context.rules.epochs.federationId)
}

const noteOf = ({ escrowId, fault, clientKey, signature }: SignedNote, federationId: Bytes32): Result<NoteFact, FactFailure> => {
  const bytes = noteBytes({ escrowId, fault })
  if (!verifySignature('RUV1/NOTE', federationId, bytes, signature, clientKey))
    return fail('not-certified', 'The note is not signed by the key it names.')
  const client = accountIdOf(birthOf(federationId), clientKey)
  const id = taggedHash('RUV1/NOTE', federationId, concatBytes(client, bytes))
  return ok({ kind: 'note', id: toHex(id), escrow: toHex(escrowId), client: toHex(client), fault })
}
/** What the client signs (tag RUV1/NOTE). */
const noteBytes = ({ escrowId, fault }: Pick<SignedNote, 'escrowId' | 'fault'>): Uint8Array =>
  concatBytes(escrowId, new Uint8Array([faults.indexOf(fault)]))

export const signNote = (escrowId: Bytes32, fault: Fault, client: Signer, federationId: Bytes32): SignedNote => ({
  escrowId,
  fault,
  clientKey: client.publicKey,
  signature: client.sign('RUV1/NOTE', federationId, noteBytes({ escrowId, fault })),
})

const settlementOf = (decrees: readonly Decree[], context: VerifyContext): Result<SettlementFact, FactFailure> => {
  const replayed = replayEscrow(decrees, context)
  if (!replayed.ok) return notCertified(replayed.error.code)
  const state = replayed.value
  const last = decrees.at(-1)?.tx
  if (state.payout === null || last?.type !== 'escrow') return fail('not-settled', 'This escrow is not settled yet.')
  const receipt = last.body.kind === 'release' ? last.body.receipt : null
  const { terms } = state
  return ok({
    kind: 'settlement',
    id: toHex(state.id),
    atMs: timeOf(state, receipt?.receipt.finishedAtMs ?? deliveredAtMs(decrees), context.rules.limits.maxWorkMs),
    client: toHex(terms.client),
    provider: toHex(terms.provider),
    classKey: terms.classKey,
    lockedMicro: terms.amountMicro,
    paidMicro: state.payout.providerMicro,
    priceMicro: standardPriceOf(terms.pricing),
    outcome: outcomeOf(last.body),
    speed: receipt === null ? null : speedOf(state, receipt),
    headHash: toHex(state.headHash),
  })
}

const notCertified = (code: RefusalCode): Result<never, FactFailure> =>
  code === 'unknown-epoch'
    ? fail('unknown-epoch', 'A committee that this node does not know yet has certified this.')
    : fail('not-certified', `The witnesses have not certified this (${code}).`)

const outcomeOf = (move: EscrowMove): Outcome => {
  switch (move.kind) {
    case 'release':
      return 'paid'
    case 'expire-release':
      return 'expired-paid'
    case 'split':
      return 'split'
    case 'refund':
      return 'refunded'
    case 'rule':
      return move.outcome === 'release' ? 'ruled-paid' : move.outcome === 'refund' ? 'ruled-refunded' : 'ruled-half'
    case 'expire-default':
      return 'defaulted'
    default:
      return 'expired'
  }
}

const deliveredAtMs = (decrees: readonly Decree[]): number | null =>
  decrees.reduce<number | null>((found, { tx }) => (tx.type === 'escrow' && tx.body.kind === 'deliver' ? tx.body.atMs : found), null)

/**
 * When it ended, as the signed words say, within what the witnesses allowed: the money was locked at most `maxWorkMs` before the
 * deadline of the work, and nothing is delivered after it. Without such words, when it began; or its deadline, when that is what ended it.
 */
const timeOf = ({ terms, payout }: EscrowState, saidMs: number | null, maxWorkMs: number): number => {
  const otherwiseMs = payout?.by === 'expire-refund' ? terms.deliverByMs : terms.acceptValidUntilMs
  return Math.min(terms.deliverByMs, Math.max(terms.deliverByMs - maxWorkMs, saidMs ?? otherwiseMs))
}

const speedOf = ({ terms }: EscrowState, { receipt }: SignedUsageReceipt): Speed => ({
  promisedFirstMs: terms.firstTokenMs,
  firstMs: Math.max(0, receipt.firstTokenAtMs - receipt.startedAtMs),
  promisedTotalMs: terms.totalMs,
  totalMs: Math.max(0, receipt.finishedAtMs - receipt.startedAtMs),
})

/**
 * The sponsor's transfer to a fresh key, this key's account passing on all that it was born with, and the newcomer's first step, which takes
 * it in. Without that step anybody could make itself the sponsor of any account, by sending something to it.
 */
const introductionOf = (decrees: readonly Decree[], context: VerifyContext): Result<IntroductionFact, FactFailure> => {
  const [given, taken, birth, ...others] = decrees
  const [from, to] = [transferOf(given), transferOf(taken)]
  if (from === null || to === null || birth?.tx.type !== 'account' || others.length > 0) return noIntroduction
  const isInvite =
    from.memo === '' && to.memo === '' && to.tx.body.claims.length === 1 && isBornWith(to.tx, from) && isBornWith(birth.tx, to)
  if (!isInvite || equalBytes(from.tx.objectId, to.to)) return noIntroduction
  const problem = decrees.map((decree) => decreeProblem(decree, context.rules.epochs)).find((found) => found !== null)
  if (problem !== undefined) return notCertified(problem)
  return ok({ kind: 'introduction', id: toHex(creditOf(from)), sponsor: toHex(from.tx.objectId), account: toHex(to.to) })
}
const noIntroduction = fail('no-introduction', 'These are not the three steps of an invite.')

type Transfer = { readonly tx: AccountTx; readonly to: AccountId; readonly memo: string }
const transferOf = (decree: Decree | undefined): Transfer | null => {
  const tx = decree?.tx
  const operation = tx?.type === 'account' ? tx.body.operation : null
  return tx?.type === 'account' && operation?.kind === 'transfer' ? { tx, to: operation.to, memo: operation.memo } : null
}
const creditOf = ({ tx }: Transfer): CreditId => creditIdOf(txHash(tx), 0)

/** Whether this is the first step of the account that was paid, and takes the payment in. */
const isBornWith = (birth: AccountTx, paid: Transfer): boolean =>
  birth.step === 0 && equalBytes(birth.objectId, paid.to) && birth.body.claims.some((claimed) => equalBytes(claimed, creditOf(paid)))
