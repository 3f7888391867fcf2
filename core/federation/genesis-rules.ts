import { isAdmissiblePublicKey } from '../identity/ed25519.ts'
import { isPeerId } from '../identity/peer-id.ts'
import { isSeedKey } from '../settlement/seed-share.ts'
import { formatRuv, maxSupplyMicro } from '../platform/amount.ts'
import { toHex } from '../platform/bytes.ts'
import type { Bytes32 } from '../settlement/objects.ts'
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
  ({ witnesses, faults }) =>
    witnesses.length === 3 * faults + 1
      ? null
      : `witnesses must be 3 × faults + 1, which is ${3 * faults + 1} for faults = ${faults}, but there are ${witnesses.length}.`,
  ({ kind, faults }) =>
    faults >= 1 || kind === 'practice' ? null : 'faults must be at least 1: only a practice federation may trust a single witness.',
  ({ witnesses }) =>
    keyProblem(
      witnesses.map(({ publicKey }) => publicKey),
      (index) => `witnesses[${index}].publicKey`,
    ),
  ({ witnesses }) =>
    firstProblem(witnesses, ({ peerId }, index) =>
      isPeerId(peerId) ? null : `witnesses[${index}].peerId must be the libp2p id of an Ed25519 key.`,
    ),
  ({ witnesses }) =>
    duplicate(
      witnesses.map(({ peerId }) => peerId),
      (index) => `witnesses[${index}].peerId`,
    ),
  ({ witnesses }) =>
    firstProblem(witnesses, ({ seedKey }, index) =>
      isSeedKey(seedKey) ? null : `witnesses[${index}].seedKey is not a usable BLS12-381 key.`,
    ),
  ({ witnesses }) =>
    duplicate(
      witnesses.map(({ seedKey }) => toHex(seedKey)),
      (index) => `witnesses[${index}].seedKey`,
    ),
  ({ witnesses, kind }) =>
    firstProblem(witnesses, ({ addresses }, index) => {
      if (addresses.length === 0 && kind !== 'practice') return `witnesses[${index}].addresses must hold at least one address.`
      const wrong = addresses.findIndex((address) => !isAddress(address))
      return wrong < 0 ? null : `witnesses[${index}].addresses[${wrong}] must be a multiaddr such as /dns4/example.org/tcp/4001.`
    }),
  ({ arbiters }) =>
    firstProblem(arbiters, ({ name }, index) => (isTitle(name) ? null : `arbiters[${index}].name must be one line of text and not empty.`)),
  ({ arbiters }) =>
    keyProblem(
      arbiters.map(({ publicKey }) => publicKey),
      (index) => `arbiters[${index}].publicKey`,
    ),
  ({ arbiters }) =>
    firstProblem(arbiters, ({ operator }, index) =>
      operator === '' || isTitle(operator) ? null : `arbiters[${index}].operator must be one line of text, or empty.`,
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

const firstProblem = <T>(items: readonly T[], problemOf: (item: T, index: number) => string | null): string | null => {
  for (const [index, item] of items.entries()) {
    const problem = problemOf(item, index)
    if (problem !== null) return problem
  }
  return null
}

const duplicate = (items: readonly string[], fieldOf: (index: number) => string): string | null =>
  firstProblem(items, (item, index) =>
    items.indexOf(item) === index ? null : `${fieldOf(index)} is the same as ${fieldOf(items.indexOf(item))}; each must differ.`,
  )

const keyProblem = (keys: readonly Bytes32[], fieldOf: (index: number) => string): string | null =>
  firstProblem(keys, (key, index) => (isAdmissiblePublicKey(key) ? null : `${fieldOf(index)} is not a usable Ed25519 public key.`)) ??
  duplicate(keys.map(toHex), fieldOf)

const isTitle = (text: string): boolean => text.trim() === text && text !== '' && !/[\t\n]/.test(text)
const isAddress = (text: string): boolean => /^(?:\/[A-Za-z0-9._:%-]+){2,}$/.test(text)
