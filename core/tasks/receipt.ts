import { priceOf, tokensOfBytes } from '../orders/metering.ts'
import { equalBytes } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32, EscrowTerms, ObjectId, SignedUsageReceipt, UsageReceipt } from '../settlement/objects.ts'
import { verifyReceipt } from '../settlement/signatures.ts'
import { priceOnTime } from '../sla/model.ts'

/** What the client saw itself: it checks the bill that the provider signed against this before it pays. */
export type Delivery = {
  readonly federationId: Bytes32
  readonly escrowId: ObjectId
  readonly terms: EscrowTerms
  readonly maxOutputTokens: number
  /** Of the finished chunk stream. */
  readonly transcriptHash: Bytes32
  readonly taskBytes: number
  readonly resultBytes: number
}

export type ReceiptFailure = Failure<
  'bad-signature' | 'wrong-escrow' | 'transcript-mismatch' | 'times-out-of-order' | 'implausible-usage' | 'price-too-high'
>

/** Ok means: release pays exactly what was agreed for what came. A lower price than metered is the provider's gift. */
export const checkReceipt = (signed: SignedUsageReceipt, delivery: Delivery): Result<void, ReceiptFailure> => {
  const { receipt } = signed
  const { terms, federationId } = delivery
  if (!verifyReceipt(federationId, signed, terms.providerKey))
    return fail('bad-signature', 'The receipt is not signed by the provider of this escrow.')
  if (!equalBytes(receipt.escrowId, delivery.escrowId)) return fail('wrong-escrow', 'The receipt belongs to another escrow.')
  if (!equalBytes(receipt.transcriptHash, delivery.transcriptHash))
    return fail('transcript-mismatch', 'The receipt is for another answer than the one that arrived.')
  if (receipt.startedAtMs > receipt.firstTokenAtMs || receipt.firstTokenAtMs > receipt.finishedAtMs)
    return fail('times-out-of-order', 'The times on the receipt contradict each other.')
  if (!isPlausible(receipt, delivery)) return fail('implausible-usage', 'The receipt counts more tokens than the texts can have.')
  if (receipt.priceMicro > priceOnTime(priceOf(terms.pricing, receipt, terms.amountMicro), terms, receipt))
    return fail('price-too-high', 'The receipt asks for more than the agreed price of its usage at its times.')
  return ok(undefined)
}

/** What a chat template and its markers add to a prompt, and an end marker to an answer. */
const templateTokens = 64
const endTokens = 8

/** Every tokeniser in use falls back to single bytes at worst, so a text never has more tokens than bytes. */
const isPlausible = (receipt: UsageReceipt, { taskBytes, resultBytes, maxOutputTokens }: Delivery): boolean =>
  resultBytes > 0 &&
  receipt.inputTokens <= taskBytes + templateTokens &&
  receipt.outputTokens <= Math.min(maxOutputTokens, resultBytes + endTokens)

/**
 * What a bill may count before its owner has to look at it: twice what texts of such a length usually have, which is one token for each
 * 1.5 bytes. Words of any language, code and markup stay below that; what a template adds comes on top.
 */
const usualFactor = 2
const mostUsual = (bytes: number, addedTokens: number): number => usualFactor * tokensOfBytes(bytes) + addedTokens

/** Why this bill, though it is in order, is not paid by itself: its count is unusual for the texts, and costs more than a usual one. */
export const doubtOf = (
  receipt: UsageReceipt,
  { terms, taskBytes, resultBytes }: Pick<Delivery, 'terms' | 'taskBytes' | 'resultBytes'>,
): string | null => {
  const usual = {
    inputTokens: Math.min(receipt.inputTokens, mostUsual(taskBytes, templateTokens)),
    outputTokens: Math.min(receipt.outputTokens, mostUsual(resultBytes, endTokens)),
  }
  if (receipt.priceMicro <= priceOnTime(priceOf(terms.pricing, usual, terms.amountMicro), terms, receipt)) return null
  const counted = `${receipt.inputTokens} tokens for your ${taskBytes} bytes and ${receipt.outputTokens} for an answer of ${resultBytes}`
  return `The bill counts ${counted}: more than twice what is usual. It is not paid by itself; release or dispute it on its escrow.`
}
