import fc from 'fast-check'
import { maxSupplyMicro } from '../../platform/amount.ts'
import type {
  AccountOperation,
  AuthorisedTx,
  Certificate,
  Decree,
  EscrowMove,
  EscrowTerms,
  Governance,
  SignedProposal,
  SignedUsageReceipt,
  Statement,
  Tx,
  Vote,
} from '../objects.ts'

/** Well-formed values of every shape, valid or not. */
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const anyHash = bytesOf(32)
const anySignature = bytesOf(64)
const anyAmount = fc.bigInt({ min: 0n, max: maxSupplyMicro })
const anyTime = fc.integer({ min: 0, max: 9_999_999_999_999 })
const anyDuration = fc.integer({ min: 0, max: 100_000_000 })
const anyStep = fc.integer({ min: 0, max: 1_000_000_000 })
const anyText = (maxLength: number) => fc.string({ maxLength, unit: 'grapheme-ascii' })
export const anyGovernance: fc.Arbitrary<Governance> = fc.record({ federationId: anyHash, epoch: fc.integer({ min: 0, max: 99_999 }) })

export const anyTerms: fc.Arbitrary<EscrowTerms> = fc.record({
  client: anyHash,
  clientKey: anyHash,
  provider: anyHash,
  providerKey: anyHash,
  amountMicro: anyAmount,
  classKey: anyText(64),
  pricing: fc.record({
    perTaskMicro: anyAmount,
    perThousandInputTokensMicro: anyAmount,
    perThousandOutputTokensMicro: anyAmount,
    minimumMicro: anyAmount,
  }),
  taskCommit: anyHash,
  requestHash: anyHash,
  firstTokenMs: anyDuration,
  totalMs: anyDuration,
  lateReductionPpm: fc.integer({ min: 0, max: 1_000_000 }),
  deliverByMs: anyTime,
  reviewMs: anyDuration,
  ruleMs: anyDuration,
  panel: fc.record({ size: fc.integer({ min: 1, max: 9 }), quorum: fc.integer({ min: 1, max: 9 }) }),
  defaultOutcome: fc.constant('split-half' as const),
  acceptValidUntilMs: anyTime,
  nonce: bytesOf(16),
})

const anyOperation: fc.Arbitrary<AccountOperation> = fc.oneof(
  fc.record({ kind: fc.constant('transfer' as const), to: anyHash, amountMicro: anyAmount, memo: anyText(140) }),
  fc.record({
    kind: fc.constant('transfer' as const),
    to: anyHash,
    amountMicro: anyAmount,
    memo: anyText(140),
    nonce: bytesOf(16),
  }),
  fc.record({ kind: fc.constant('open-escrow' as const), terms: anyTerms, acceptSignature: anySignature }),
  fc.record({ kind: fc.constant('register-device' as const), deviceKey: anyHash }),
  fc.record({ kind: fc.constant('revoke-device' as const), deviceKey: anyHash }),
  fc.record({ kind: fc.constant('rotate-key' as const), newKey: anyHash }),
  fc.record({ kind: fc.constant('claim-only' as const) }),
)

const anyTokens = fc.integer({ min: 0, max: 4_000_000 })
const anyReceipt: fc.Arbitrary<SignedUsageReceipt> = fc.record({
  receipt: fc.record({
    escrowId: anyHash,
    priceMicro: anyAmount,
    inputTokens: anyTokens,
    outputTokens: anyTokens,
    transcriptHash: anyHash,
    startedAtMs: anyTime,
    firstTokenAtMs: anyTime,
    finishedAtMs: anyTime,
  }),
  providerSignature: anySignature,
})

const anyRecused = fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 5 })
const anyMove: fc.Arbitrary<EscrowMove> = fc.oneof(
  fc.record({ kind: fc.constant('release' as const), receipt: fc.option(anyReceipt) }),
  fc.record({ kind: fc.constantFrom('refund' as const, 'expire-refund' as const, 'expire-release' as const, 'expire-default' as const) }),
  fc.record({ kind: fc.constant('split' as const), toProviderMicro: anyAmount }),
  fc.record({ kind: fc.constant('deliver' as const), atMs: anyTime, resultHash: anyHash, priceMicro: anyAmount, recused: anyRecused }),
  fc.record({ kind: fc.constant('dispute' as const), atMs: anyTime, reasonHash: anyHash, recused: anyRecused }),
  fc.record({
    kind: fc.constant('seat-panel' as const),
    shares: fc.array(fc.record({ witnessIndex: fc.integer({ min: 0, max: 99 }), share: bytesOf(96) }), { maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('rule' as const), outcome: fc.constantFrom('release' as const, 'refund' as const, 'half' as const) }),
)

const header = {
  version: fc.constant(1 as const),
  objectId: anyHash,
  step: anyStep,
  previousHash: anyHash,
  governance: anyGovernance,
  next: anyGovernance,
}
export const anyTx: fc.Arbitrary<Tx> = fc.oneof(
  fc.record({
    ...header,
    type: fc.constant('account' as const),
    body: fc.record({ claims: fc.array(anyHash, { maxLength: 4 }), operation: anyOperation, freeAfterMicro: anyAmount }),
  }),
  fc.record({ ...header, type: fc.constant('escrow' as const), body: anyMove }),
)

const anyAuthorisation = fc.record({
  role: fc.constantFrom('owner' as const, 'client' as const, 'provider' as const, 'arbiter' as const),
  publicKey: anyHash,
  signature: anySignature,
})
export const anyOrder: fc.Arbitrary<AuthorisedTx> = fc.record({ tx: anyTx, authorisations: fc.array(anyAuthorisation, { maxLength: 3 }) })

const anyView = fc.integer({ min: 0, max: 4_096 })
const anyWitness = fc.integer({ min: 0, max: 99 })
export const anyStatement: fc.Arbitrary<Statement> = fc.record({
  governance: anyGovernance,
  objectId: anyHash,
  step: anyStep,
  view: anyView,
  kind: fc.constantFrom('N' as const, 'S' as const, 'F' as const, 'T' as const),
  txHash: anyHash,
})
export const anyVote: fc.Arbitrary<Vote> = fc.record({ statement: anyStatement, witnessIndex: anyWitness, signature: anySignature })
export const anyProposal: fc.Arbitrary<SignedProposal> = fc.record({
  proposal: fc.record({
    governance: anyGovernance,
    objectId: anyHash,
    step: anyStep,
    view: anyView,
    txHash: anyHash,
    parentViewPlusOne: anyView,
  }),
  witnessIndex: anyWitness,
  signature: anySignature,
})
export const anyCertificate: fc.Arbitrary<Certificate> = fc.record({
  statement: anyStatement,
  signatures: fc.array(fc.record({ witnessIndex: anyWitness, signature: anySignature }), { maxLength: 5 }),
})
export const anyDecree: fc.Arbitrary<Decree> = fc.tuple(anyOrder, anyCertificate).map(([order, certificate]) => ({ ...order, certificate }))
