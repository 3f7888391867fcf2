import { maxSupplyMicro, type AmountMicro } from '../platform/amount.ts'
import type { Pricing } from '../settlement/objects.ts'
import { priceOf, tokensOfBytes, type Usage } from './metering.ts'
import type { TaskRequest } from './model.ts'

/** What both sides of an auction work out alike from the request and the pricing alone, so that neither has to be believed. */
export type TaskSize = Pick<TaskRequest, 'inputBucketBytes' | 'maxOutputTokens'>

/** A typical answer uses half of its output cap; only ranks bids, never charges. */
const expectedOutputShare = 2
/** An escrow of nothing cannot be opened, so even a free task locks the smallest amount there is. */
const leastLockMicro = 1n

/** The most this task can cost: every allowed token used. No provider may ask for a larger lock. */
export const worstCaseMicro = (pricing: Pricing, { inputBucketBytes, maxOutputTokens }: TaskSize): AmountMicro => {
  const price = priceOf(pricing, { inputTokens: tokensOfBytes(inputBucketBytes), outputTokens: maxOutputTokens }, maxSupplyMicro)
  return price > leastLockMicro ? price : leastLockMicro
}

export const expectedUsage = ({ inputBucketBytes, maxOutputTokens }: TaskSize): Usage => ({
  inputTokens: tokensOfBytes(inputBucketBytes),
  outputTokens: Math.ceil(maxOutputTokens / expectedOutputShare),
})

export const expectedCostMicro = (pricing: Pricing, size: TaskSize, capMicro: AmountMicro): AmountMicro =>
  priceOf(pricing, expectedUsage(size), capMicro)
