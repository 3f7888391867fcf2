import { formatRuv, maxSupplyMicro } from '../platform/amount.ts'
import { committeeProblem, firstProblem, isTitle, keyProblem } from '../settlement/committee-rules.ts'
import type { Genesis } from './genesis.ts'

/** What holds between the fields of a genesis document; each check gives the sentence that names the field at fault, or null. */
const checks: readonly ((genesis: Genesis) => string | null)[] = [
  ({ name }) => (isTitle(name) ? null : 'name must be one line of text and not empty.'),
  ({ kind, organisation }) => {
    if (kind !== 'organisation') return organisation === null ? null : `organisation must be null in a federation of kind ${kind}.`
    if (organisation === null) return 'organisation.customer must name the Anthropic customer in a federation of kind organisation.'
    return isTitle(organisation.customer) ? null : 'organisation.customer must be one line of text and not empty.'
  },
  ({ founderKey }) => keyProblem([founderKey], () => 'founderKey'),
  committeeProblem,
  ({ kind, faults }) =>
    faults >= 1 || kind === 'practice' ? null : 'faults must be at least 1: only a practice federation may trust a single witness.',
  ({ witnesses, kind }) =>
    firstProblem(witnesses, ({ addresses }, index) =>
      addresses.length === 0 && kind !== 'practice' ? `witnesses[${index}].addresses must hold at least one address.` : null,
    ),
  ({ supply }) => (supply.length > 0 ? null : 'supply must name at least one holder.'),
  ({ supply }) =>
    keyProblem(
      supply.map(({ firstKey }) => firstKey),
      (index) => `supply[${index}].firstKey`,
    ),
  ({ supply }) =>
    firstProblem(supply, ({ amountMicro }, index) => (amountMicro > 0n ? null : `supply[${index}].amountMicro must be more than 0.`)),
  ({ supply }) =>
    supply.reduce((sum, { amountMicro }) => sum + amountMicro, 0n) <= maxSupplyMicro
      ? null
      : `supply must add up to at most ${maxSupplyMicro} µRUV (${formatRuv(maxSupplyMicro)} RUV).`,
  ({ limits }) => (limits.minReviewMs <= limits.maxReviewMs ? null : 'limits.minReviewMs must not be above limits.maxReviewMs.'),
  ({ limits }) => (limits.minRuleMs <= limits.maxRuleMs ? null : 'limits.minRuleMs must not be above limits.maxRuleMs.'),
  ({ limits }) =>
    limits.seatAnyAfterMs < limits.minRuleMs ? null : 'limits.seatAnyAfterMs must be below limits.minRuleMs, or no panel has time to rule.',
  ({ kind, limits }) =>
    kind !== 'community' || limits.giftPerDayMicro !== null
      ? null
      : 'limits.giftPerDayMicro must be set in a federation of kind community.',
]

/** Null for a document that all of the rules hold for. */
export const genesisProblem = (genesis: Genesis): string | null => firstProblem(checks, (check) => check(genesis))
