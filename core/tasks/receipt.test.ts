import { expect, test } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import type { EscrowTerms, SignedUsageReceipt, UsageReceipt } from '../settlement/objects.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { checkReceipt, doubtOf, type Delivery } from './receipt.ts'

const filled = (byte: number, length = 32) => new Uint8Array(length).fill(byte)
const provider = createSigner(keyFromSeed(filled(1)))
const stranger = createSigner(keyFromSeed(filled(2)))
const federationId = filled(3)

const terms: EscrowTerms = {
  client: filled(4),
  clientKey: filled(5),
  provider: filled(6),
  providerKey: provider.publicKey,
  amountMicro: 10_000n,
  classKey: 'practice',
  pricing: { perTaskMicro: 100n, perThousandInputTokensMicro: 1_000n, perThousandOutputTokensMicro: 5_000n, minimumMicro: 0n },
  taskCommit: filled(7),
  requestHash: filled(8),
  firstTokenMs: 1_000,
  totalMs: 2_000,
  lateReductionPpm: 200_000,
  deliverByMs: 2_000_000_000_000,
  reviewMs: 60_000,
  ruleMs: 60_000,
  panel: { size: 7, quorum: 5 },
  defaultOutcome: 'split-half',
  acceptValidUntilMs: 2_000_000_000_000,
  nonce: filled(9, 16),
}
const delivery: Delivery = {
  federationId,
  escrowId: filled(10),
  terms,
  maxOutputTokens: 300,
  transcriptHash: filled(11),
  taskBytes: 400,
  resultBytes: 800,
}
/** 100 + 100·1 + 200·5 µRUV. */
const receipt: UsageReceipt = {
  escrowId: delivery.escrowId,
  priceMicro: 1_200n,
  inputTokens: 100,
  outputTokens: 200,
  transcriptHash: delivery.transcriptHash,
  startedAtMs: 1_000,
  firstTokenAtMs: 2_000,
  finishedAtMs: 3_000,
}
const codeOf = (signed: SignedUsageReceipt, change: Partial<Delivery> = {}) => {
  const checked = checkReceipt(signed, { ...delivery, ...change })
  return checked.ok ? 'ok' : checked.error.code
}
const signed = (change: Partial<UsageReceipt> = {}) => signReceipt(federationId, { ...receipt, ...change }, provider)

test('a right receipt is accepted, and so is one that asks for less', () => {
  expect([codeOf(signed()), codeOf(signed({ priceMicro: 0n }))]).toEqual(['ok', 'ok'])
})

test('a late answer is paid with the agreed part off', () => {
  expect(codeOf(signed({ firstTokenAtMs: 2_001, priceMicro: 960n }))).toBe('ok')
})

test('a receipt with any field changed after signing is refused', () => {
  const changes: readonly Partial<UsageReceipt>[] = [
    { escrowId: filled(0) },
    { priceMicro: 1_199n },
    { inputTokens: 99 },
    { outputTokens: 199 },
    { transcriptHash: filled(0) },
    { startedAtMs: 999 },
    { firstTokenAtMs: 2_001 },
    { finishedAtMs: 3_001 },
  ]
  for (const change of changes)
    expect(codeOf({ receipt: { ...receipt, ...change }, providerSignature: signed().providerSignature })).toBe('bad-signature')
  expect(codeOf(signReceipt(federationId, receipt, stranger))).toBe('bad-signature')
  expect(codeOf(signReceipt(filled(0), receipt, provider))).toBe('bad-signature')
})

test.each<[string, Partial<UsageReceipt>]>([
  ['wrong-escrow', { escrowId: filled(0) }],
  ['transcript-mismatch', { transcriptHash: filled(0) }],
  ['times-out-of-order', { firstTokenAtMs: 3_001 }],
  ['times-out-of-order', { startedAtMs: 2_001 }],
  ['price-too-high', { priceMicro: 1_201n }],
  ['price-too-high', { firstTokenAtMs: 2_001, priceMicro: 961n }],
  ['price-too-high', { finishedAtMs: 3_001, priceMicro: 961n }],
  ['implausible-usage', { outputTokens: 301, priceMicro: 1_700n }],
  ['implausible-usage', { inputTokens: 465, priceMicro: 1_500n }],
])('a provider that signs what is not so is refused: %s', (code, change) => {
  expect(codeOf(signed(change))).toBe(code)
})

test('tokens are held against the texts: not more of them than bytes, and none for nothing', () => {
  expect(codeOf(signed(), { resultBytes: 192 })).toBe('ok')
  expect(codeOf(signed(), { resultBytes: 191 })).toBe('implausible-usage')
  expect(codeOf(signed({ outputTokens: 0, priceMicro: 0n }), { resultBytes: 0 })).toBe('implausible-usage')
})

test('no usage makes a price above the locked amount', () => {
  const change = { terms: { ...terms, amountMicro: 1_000n } }
  expect([codeOf(signed({ priceMicro: 1_000n }), change), codeOf(signed({ priceMicro: 1_001n }), change)]).toEqual(['ok', 'price-too-high'])
})

test('a bill that counts more than twice the usual tokens of its texts is doubtful as far as that costs more', () => {
  // 400 bytes in and 800 out usually have 134 and 267 tokens; twice that and what a template adds are not doubted.
  const doubts = (usage: Partial<UsageReceipt>, change: Partial<EscrowTerms> = {}) =>
    doubtOf({ ...receipt, ...usage }, { ...delivery, terms: { ...terms, ...change } }) !== null
  expect(doubts({})).toBe(false)
  expect(doubts({ inputTokens: 332, outputTokens: 542, priceMicro: 3_142n })).toBe(false)
  expect(doubts({ outputTokens: 543, priceMicro: 2_915n })).toBe(true)
  expect(doubts({ inputTokens: 333, outputTokens: 0, priceMicro: 433n })).toBe(true)
  expect(doubts({ outputTokens: 790, priceMicro: 2_900n })).toBe(false)
  const perTask = { pricing: { ...terms.pricing, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 0n } }
  expect(doubts({ outputTokens: 790, priceMicro: 100n }, perTask)).toBe(false)
})
