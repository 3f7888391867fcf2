import { taggedHash } from '../identity/signing.ts'
import {
  amount,
  bytesOf,
  decodeBytes,
  encodeBytes,
  integer,
  listUpTo,
  literal,
  nullable,
  record,
  textUpTo,
  timeMs,
  variant,
  wordOf,
  type Codec,
} from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import type {
  AccountBody,
  AccountOperation,
  AccountState,
  AccountTx,
  Authorisation,
  AuthorisedTx,
  Certificate,
  Decree,
  EscrowMove,
  EscrowState,
  EscrowTerms,
  EscrowTx,
  FederationTx,
  Governance,
  Pricing,
  Proposal,
  SeedShare,
  SignedProposal,
  SignedUsageReceipt,
  Statement,
  Tx,
  TxHash,
  UsageReceipt,
  Vote,
} from './objects.ts'
import { shareBytes } from './seed-share.ts'
import { committeeBounds, epochBodyCodec } from './committee-codec.ts'

/** The canonical form of everything the witnesses decide about, and the hashes that name it (settlement.md §2). */

/** Drawn committees need up to 100 witnesses (settlement.md §1). */
export const maxWitnesses = 100
/** Federations do not outlive this many committees: one a day for 270 years. */
export const maxEpoch = 99_999
/** A thousand steps a second for eleven days. */
const maxStep = 1_000_000_000
/** Δ doubles with every view, so honest witnesses never see the fiftieth. */
const maxView = 4_096
/** One step takes in this many credits; the next step takes the rest. */
export const maxClaims = 64
export const maxMemoLength = 140
const maxClassKeyLength = 64
/** Two parties, the quorum of the largest panel, or that of the largest committee. */
const maxAuthorisations = 2 * Math.floor((committeeBounds.witnesses - 1) / 3) + 1
/** A panel of 9 leaves P(captured) at 0.3 % (settlement.md §5.5). */
const maxPanel = 9
/** As many as a genesis document names at most. */
const maxArbiters = committeeBounds.arbiters
/** f+1 of 100 witnesses. */
export const maxShares = Math.floor((maxWitnesses - 1) / 3) + 1
const maxDurationMs = 366 * 24 * 3_600_000
/** Tokens in one answer; the context of the largest models is below it. */
const maxTokens = 4_000_000

/** The largest begins an epoch of 40 witnesses and 64 arbiters: some 44 kB, as the genesis document has them. */
export const maxTxBytes = 49_152
const maxAnyDecreeBytes = 57_344
/** What members hand each other is never that: 64 credits taken in, or a panel's 34 shares, are some 4 kB. */
export const maxDecreeBytes = 24_576

export const hashCodec = bytesOf(32)
export const signatureCodec = bytesOf(64)
export const stepCodec = integer(0, maxStep)
const durationMs = integer(0, maxDurationMs)
const noFields = record<Record<never, never>>({})

export const governanceCodec = record<Governance>({ federationId: hashCodec, epoch: integer(0, maxEpoch) })

const pricingCodec = record<Pricing>({
  perTaskMicro: amount,
  perThousandInputTokensMicro: amount,
  perThousandOutputTokensMicro: amount,
  minimumMicro: amount,
})

export const termsCodec = record<EscrowTerms>({
  client: hashCodec,
  clientKey: hashCodec,
  provider: hashCodec,
  providerKey: hashCodec,
  amountMicro: amount,
  classKey: textUpTo(maxClassKeyLength),
  pricing: pricingCodec,
  taskCommit: hashCodec,
  requestHash: hashCodec,
  firstTokenMs: durationMs,
  totalMs: durationMs,
  lateReductionPpm: integer(0, 1_000_000),
  deliverByMs: timeMs,
  reviewMs: durationMs,
  ruleMs: durationMs,
  panel: record<EscrowTerms['panel']>({ size: integer(1, maxPanel), quorum: integer(1, maxPanel) }),
  defaultOutcome: wordOf(['split-half']),
  acceptValidUntilMs: timeMs,
  nonce: bytesOf(16),
})

type Transfer = Extract<AccountOperation, { readonly kind: 'transfer' }>
type MarkedTransfer = Omit<Transfer, 'kind' | 'nonce'> & { readonly kind: 'marked-transfer'; readonly nonce: Uint8Array }
type WireOperation = Exclude<AccountOperation, Transfer> | Omit<Transfer, 'nonce'> | MarkedTransfer
const transferFields = { to: hashCodec, amountMicro: amount, memo: textUpTo(maxMemoLength) }

const wireOperationCodec = variant<WireOperation>({
  transfer: record({ ...transferFields }),
  'open-escrow': record({ terms: termsCodec, acceptSignature: signatureCodec }),
  'register-device': record({ deviceKey: hashCodec }),
  'revoke-device': record({ deviceKey: hashCodec }),
  'rotate-key': record({ newKey: hashCodec }),
  'claim-only': noFields,
  'marked-transfer': record({ ...transferFields, nonce: bytesOf(16) }),
})
/** A transfer with a nonce has a form of its own, so that each has exactly one. */
const operationCodec: Codec<AccountOperation> = {
  encode: (operation) => {
    const nonce = operation.kind === 'transfer' ? operation.nonce : undefined
    return wireOperationCodec.encode(nonce === undefined ? operation : ({ ...operation, kind: 'marked-transfer', nonce } as MarkedTransfer))
  },
  decode: (value, at) => {
    const operation = wireOperationCodec.decode(value, at)
    return operation.kind === 'marked-transfer' ? { ...operation, kind: 'transfer' } : operation
  },
}

const accountBodyCodec = record<AccountBody>({
  claims: listUpTo(hashCodec, maxClaims),
  operation: operationCodec,
  freeAfterMicro: amount,
})

const receiptCodec = record<UsageReceipt>({
  escrowId: hashCodec,
  priceMicro: amount,
  inputTokens: integer(0, maxTokens),
  outputTokens: integer(0, maxTokens),
  transcriptHash: hashCodec,
  startedAtMs: timeMs,
  firstTokenAtMs: timeMs,
  finishedAtMs: timeMs,
})
export const signedReceiptCodec = record<SignedUsageReceipt>({ receipt: receiptCodec, providerSignature: signatureCodec })

const witnessIndex = integer(0, maxWitnesses - 1)
const arbiterIndex = integer(0, maxArbiters - 1)
const recusedCodec = listUpTo(arbiterIndex, maxArbiters)

const moveCodec = variant<EscrowMove>({
  release: record({ receipt: nullable(signedReceiptCodec) }),
  refund: noFields,
  split: record({ toProviderMicro: amount }),
  deliver: record({ atMs: timeMs, resultHash: hashCodec, priceMicro: amount, recused: recusedCodec }),
  'expire-refund': noFields,
  'expire-release': noFields,
  dispute: record({ atMs: timeMs, reasonHash: hashCodec, recused: recusedCodec }),
  'seat-panel': record({ shares: listUpTo(record<SeedShare>({ witnessIndex, share: bytesOf(shareBytes) }), maxShares) }),
  rule: record({ outcome: wordOf(['release', 'refund', 'half']) }),
  'expire-default': noFields,
})

const header = {
  version: literal(1),
  objectId: hashCodec,
  step: stepCodec,
  previousHash: hashCodec,
  governance: governanceCodec,
  next: governanceCodec,
} as const

type Kinded<T extends Tx> = Omit<T, 'type'> & { readonly kind: T['type'] }
const kindedTxCodec = variant<Kinded<AccountTx> | Kinded<EscrowTx> | Kinded<FederationTx>>({
  account: record<Omit<AccountTx, 'type'>>({ ...header, body: accountBodyCodec }),
  escrow: record<Omit<EscrowTx, 'type'>>({ ...header, body: moveCodec }),
  federation: record<Omit<FederationTx, 'type'>>({ ...header, body: epochBodyCodec }),
})
export const txCodec: Codec<Tx> = {
  encode: (tx) => kindedTxCodec.encode({ ...tx, kind: tx.type } as Kinded<AccountTx> | Kinded<EscrowTx> | Kinded<FederationTx>),
  decode: (value, at) => {
    const { kind, ...rest } = kindedTxCodec.decode(value, at)
    return { ...rest, type: kind } as Tx
  },
}

const authorisationCodec = record<Authorisation>({
  role: wordOf(['owner', 'client', 'provider', 'arbiter', 'member']),
  publicKey: hashCodec,
  signature: signatureCodec,
})
const authorisationsCodec = listUpTo(authorisationCodec, maxAuthorisations)
export const authorisedTxCodec = record<AuthorisedTx>({ tx: txCodec, authorisations: authorisationsCodec })

const registerFields = { governance: governanceCodec, objectId: hashCodec, step: stepCodec, view: integer(0, maxView) } as const

export const statementCodec = record<Statement>({ ...registerFields, kind: wordOf(['N', 'S', 'F', 'T']), txHash: hashCodec })
export const voteCodec = record<Vote>({ statement: statementCodec, witnessIndex, signature: signatureCodec })
const proposalCodec = record<Proposal>({ ...registerFields, txHash: hashCodec, parentViewPlusOne: integer(0, maxView) })
export const signedProposalCodec = record<SignedProposal>({ proposal: proposalCodec, witnessIndex, signature: signatureCodec })

export const certificateCodec = record<Certificate>({
  statement: statementCodec,
  signatures: listUpTo(record({ witnessIndex, signature: signatureCodec }), maxWitnesses),
})
export const decreeCodec = record<Decree>({ tx: txCodec, authorisations: authorisationsCodec, certificate: certificateCodec })

/** An account certifies this many devices at most. */
export const maxDevices = 16
export const accountStateCodec = record<AccountState>({
  id: hashCodec,
  step: integer(-1, maxStep),
  headHash: hashCodec,
  governance: governanceCodec,
  ownerKey: hashCodec,
  deviceKeys: listUpTo(hashCodec, maxDevices),
  freeMicro: amount,
})
export const escrowStateCodec = record<EscrowState>({
  id: hashCodec,
  phase: wordOf(['open', 'delivered', 'disputed', 'panel', 'settled']),
  governance: governanceCodec,
  terms: termsCodec,
  step: stepCodec,
  headHash: hashCodec,
  deliveredPriceMicro: nullable(amount),
  reviewByMs: nullable(timeMs),
  ruleByMs: nullable(timeMs),
  recused: recusedCodec,
  dispute: nullable(record({ atMs: timeMs, txHash: hashCodec })),
  panel: nullable(listUpTo(arbiterIndex, maxPanel)),
  payout: nullable(
    record({
      providerMicro: amount,
      clientMicro: amount,
      by: wordOf([
        'release',
        'refund',
        'split',
        'deliver',
        'expire-refund',
        'expire-release',
        'dispute',
        'seat-panel',
        'rule',
        'expire-default',
      ]),
    }),
  ),
})

type Malformed = Failure<'malformed'>
export const encodeTx = (tx: Tx): Uint8Array => encodeBytes(txCodec, tx)
export const decodeTx = (bytes: Uint8Array): Result<Tx, Malformed> => decodeBytes(txCodec, bytes, maxTxBytes, 'transaction')
export const encodeAuthorisedTx = (tx: AuthorisedTx): Uint8Array => encodeBytes(authorisedTxCodec, tx)
export const decodeAuthorisedTx = (bytes: Uint8Array): Result<AuthorisedTx, Malformed> =>
  decodeBytes(authorisedTxCodec, bytes, maxAnyDecreeBytes, 'order')
export const encodeTerms = (terms: EscrowTerms): Uint8Array => encodeBytes(termsCodec, terms)
export const encodeReceipt = (receipt: UsageReceipt): Uint8Array => encodeBytes(receiptCodec, receipt)
export const encodeStatement = (statement: Statement): Uint8Array => encodeBytes(statementCodec, statement)
export const encodeProposal = (proposal: Proposal): Uint8Array => encodeBytes(proposalCodec, proposal)
export const encodeDecree = (decree: Decree): Uint8Array => encodeBytes(decreeCodec, decree)
export const decodeDecree = (bytes: Uint8Array): Result<Decree, Malformed> => decodeBytes(decreeCodec, bytes, maxAnyDecreeBytes, 'decree')

/** What a register decides is named by this hash; authorisations are outside it, so a re-signed order is the same value. */
export const txHash = (tx: Tx): TxHash => {
  const known = knownHashes.get(tx)
  if (known !== undefined) return known
  const hash = taggedHash('RUV1/TX', tx.governance.federationId, encodeTx(tx))
  knownHashes.set(tx, hash)
  return hash
}
/** Values never change once made, so each is encoded and hashed once in its life. */
const knownHashes = new WeakMap<Tx, TxHash>()
