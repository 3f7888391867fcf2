import type { AmountMicro } from '../platform/amount.ts'

/**
 * The things the witnesses decide about, as decoded values (settlement.md §2–§5). Every byte string below is 32 bytes unless it
 * says otherwise; every time is milliseconds since the Unix epoch; every amount is µRUV. The canonical encoding of each is in
 * encoding.ts; what a transaction may do is in account.ts and escrow/model.ts.
 */
export type Bytes32 = Uint8Array
export type ObjectId = Bytes32
export type AccountId = Bytes32
export type CreditId = Bytes32
export type TxHash = Bytes32
/** 64 bytes, Ed25519. */
export type Signature = Uint8Array

/** The committee that governs a step: federation id and epoch number. */
export type Governance = { readonly federationId: Bytes32; readonly epoch: number }

export type Witness = {
  readonly publicKey: Bytes32
  readonly peerId: string
  readonly addresses: readonly string[]
  /** 48 bytes: checks this witness's part of a panel's seed (seed-share.ts). */
  readonly seedKey: Uint8Array
}

/** A possible judge of disputes: a member of the federation, drawn by lot into a panel (settlement.md §5.5). */
export type Arbiter = {
  readonly name: string
  readonly publicKey: Bytes32
  /** A party never judges itself. */
  readonly account: AccountId
  /** Tickets in the draw, 1 to 4. */
  readonly weight: number
  /** Who runs it, as it says itself; empty when it says nothing. */
  readonly operator: string
}

/** An arbiter as it is written down; its key is the first key of its account. */
export type NamedArbiter = Omit<Arbiter, 'account'>

/**
 * n = 3f+1 witnesses of one epoch in their certificate order, quorum q = n − f; and the roster from which panels are drawn, fixed
 * before any escrow of the epoch exists.
 */
export type Committee = Governance & {
  readonly witnesses: readonly Witness[]
  readonly faults: number
  readonly arbiters: readonly Arbiter[]
}

export const quorumOf = (committee: Committee): number => committee.witnesses.length - committee.faults

/** How an answer is charged; all in µRUV. The escrow's amount is the hard cap. */
export type Pricing = {
  readonly perTaskMicro: AmountMicro
  readonly perThousandInputTokensMicro: AmountMicro
  readonly perThousandOutputTokensMicro: AmountMicro
  readonly minimumMicro: AmountMicro
}

export type EscrowTerms = {
  readonly client: AccountId
  /** The key that authorises the client's moves of this escrow. */
  readonly clientKey: Bytes32
  /** The account that is paid. */
  readonly provider: AccountId
  readonly providerKey: Bytes32
  readonly amountMicro: AmountMicro
  readonly classKey: string
  readonly pricing: Pricing
  /** SHA-256(salt(32) ‖ task plaintext). */
  readonly taskCommit: Bytes32
  /** Hash of the signed request this bid answers. */
  readonly requestHash: Bytes32
  /** First token promised within this many ms of the task's arrival. */
  readonly firstTokenMs: number
  /** Whole answer promised within this many ms of the task's arrival. */
  readonly totalMs: number
  /** What an answer that breaks either promise costs less, in parts per million of its price. */
  readonly lateReductionPpm: number
  readonly deliverByMs: number
  readonly reviewMs: number
  readonly ruleMs: number
  readonly panel: { readonly size: number; readonly quorum: number }
  readonly defaultOutcome: 'split-half'
  readonly acceptValidUntilMs: number
  /** 16 random bytes, so that two otherwise equal bids are two escrows. */
  readonly nonce: Uint8Array
}

export type AccountOperation =
  | {
      readonly kind: 'transfer'
      readonly to: AccountId
      readonly amountMicro: AmountMicro
      readonly memo: string
      /**
       * 16 bytes of the hash of the wish behind it, so that two devices that pay the same at once pay twice, and an older copy of the
       * wallet that is asked once more finds the payment in the chain.
       */
      readonly nonce?: Uint8Array
    }
  | { readonly kind: 'open-escrow'; readonly terms: EscrowTerms; readonly acceptSignature: Signature }
  | { readonly kind: 'register-device'; readonly deviceKey: Bytes32 }
  | { readonly kind: 'revoke-device'; readonly deviceKey: Bytes32 }
  | { readonly kind: 'rotate-key'; readonly newKey: Bytes32 }
  | { readonly kind: 'claim-only' }

export type AccountBody = {
  /** Credits taken in by this step, in ascending order; each at most once in an account's life. */
  readonly claims: readonly CreditId[]
  readonly operation: AccountOperation
  /** The free balance after this step; must equal the recomputed one. */
  readonly freeAfterMicro: AmountMicro
}

/** What the provider signs after streaming (tag RUV1/RECEIPT): the metered price p ≤ amount, with its grounds. */
export type UsageReceipt = {
  readonly escrowId: ObjectId
  readonly priceMicro: AmountMicro
  readonly inputTokens: number
  readonly outputTokens: number
  /** SHA-256 over the result's encrypted chunk stream, as tasks/stream defines it. */
  readonly transcriptHash: Bytes32
  readonly startedAtMs: number
  readonly firstTokenAtMs: number
  readonly finishedAtMs: number
}
export type SignedUsageReceipt = { readonly receipt: UsageReceipt; readonly providerSignature: Signature }

export type RulingOutcome = 'release' | 'refund' | 'half'

/** A witness's part of a panel's seed: 96 bytes, see seed-share.ts. */
export type SeedShare = { readonly witnessIndex: number; readonly share: Uint8Array }

/**
 * Places in the roster of arbiters who are close to a party, ascending: one invited the other, or more than a tenth of the arbiter's trade
 * is with the party. The witnesses know it from the certified chains; both sides name theirs before anybody can know the draw.
 */
export type Recused = readonly number[]

export type EscrowMove =
  | { readonly kind: 'release'; readonly receipt: SignedUsageReceipt | null }
  | { readonly kind: 'refund' }
  | { readonly kind: 'split'; readonly toProviderMicro: AmountMicro }
  | {
      readonly kind: 'deliver'
      readonly atMs: number
      readonly resultHash: Bytes32
      readonly priceMicro: AmountMicro
      readonly recused: Recused
    }
  | { readonly kind: 'expire-refund' }
  | { readonly kind: 'expire-release' }
  | { readonly kind: 'dispute'; readonly atMs: number; readonly reasonHash: Bytes32; readonly recused: Recused }
  | { readonly kind: 'seat-panel'; readonly shares: readonly SeedShare[] }
  | { readonly kind: 'rule'; readonly outcome: RulingOutcome }
  | { readonly kind: 'expire-default' }

type TxHeader = {
  readonly version: 1
  readonly objectId: ObjectId
  readonly step: number
  /** Hash of the decree at step − 1; 32 zero bytes for an account's step 0; the OPEN decree's hash for an escrow's step 1. */
  readonly previousHash: TxHash
  readonly governance: Governance
  readonly next: Governance
}
/** An account starts at step 0; its id is H(home federation, birth epoch, first public key). */
export type AccountTx = TxHeader & { readonly type: 'account'; readonly body: AccountBody }
/** An escrow's id is the hash of the account transaction that opened it; its own steps start at 1. */
export type EscrowTx = TxHeader & { readonly type: 'escrow'; readonly body: EscrowMove }
/** The committee of the next epoch. */
export type EpochBody = {
  readonly witnesses: readonly Witness[]
  readonly faults: number
  readonly arbiters: readonly NamedArbiter[]
  /** Objects may move to it from then on. */
  readonly startsAtMs: number
}
/** The federation's id is the hash of its genesis document; its step e begins epoch e. */
export type FederationTx = TxHeader & { readonly type: 'federation'; readonly body: EpochBody }
/** The value a register decides. */
export type Tx = AccountTx | EscrowTx | FederationTx

export type AuthorisationRole = 'owner' | 'client' | 'provider' | 'arbiter' | 'member'
/** Not part of the hash: a re-signed order is the same value. Signature over the tx hash under RUV1/AUTH. */
export type Authorisation = { readonly role: AuthorisationRole; readonly publicKey: Bytes32; readonly signature: Signature }
export type AuthorisedTx = { readonly tx: Tx; readonly authorisations: readonly Authorisation[] }

/** N notarize, S skip, F finalize, T timely receipt. */
export type VoteKind = 'N' | 'S' | 'F' | 'T'
/** What a witness signs (tag RUV1/VOTE). `txHash` is 32 zero bytes for S; `view` is 0 for T. */
export type Statement = {
  readonly governance: Governance
  readonly objectId: ObjectId
  readonly step: number
  readonly view: number
  readonly kind: VoteKind
  readonly txHash: TxHash
}
export type Vote = { readonly statement: Statement; readonly witnessIndex: number; readonly signature: Signature }
/** A leader's choice in views ≥ 1 (tag RUV1/PROP); `parentViewPlusOne` 0 = none. */
export type Proposal = Omit<Statement, 'kind'> & { readonly parentViewPlusOne: number }
export type SignedProposal = { readonly proposal: Proposal; readonly witnessIndex: number; readonly signature: Signature }

/** q signatures over one statement, sorted by witness index, distinct. */
export type Certificate = {
  readonly statement: Statement
  readonly signatures: readonly { readonly witnessIndex: number; readonly signature: Signature }[]
}
/** Final for ever and checkable by anyone offline. */
export type Decree = AuthorisedTx & { readonly certificate: Certificate }

/** A payment that a decree (or the genesis document) makes to an account; its id is H(source hash ‖ index). */
export type Credit = {
  readonly id: CreditId
  readonly account: AccountId
  readonly amountMicro: AmountMicro
  readonly sourceHash: TxHash
  readonly index: number
}

export type AccountState = {
  readonly id: AccountId
  /** −1 before the first decree. */
  readonly step: number
  readonly headHash: TxHash
  /** The committee that decides the next step. */
  readonly governance: Governance
  readonly ownerKey: Bytes32
  readonly deviceKeys: readonly Bytes32[]
  readonly freeMicro: AmountMicro
}

export type EscrowPhase = 'open' | 'delivered' | 'disputed' | 'panel' | 'settled'
export type EscrowState = {
  readonly id: ObjectId
  readonly phase: EscrowPhase
  /** Escrows keep the committee they were born with. */
  readonly governance: Governance
  readonly terms: EscrowTerms
  readonly step: number
  readonly headHash: TxHash
  /** Set by DELIVER: the provider-signed price p. */
  readonly deliveredPriceMicro: AmountMicro | null
  readonly reviewByMs: number | null
  readonly ruleByMs: number | null
  /** Named by DELIVER and DISPUTE. */
  readonly recused: Recused
  /** Set by DISPUTE: its own time, and its hash, from which the panel's seed grows. */
  readonly dispute: { readonly atMs: number; readonly txHash: TxHash } | null
  /** Set by SEAT_PANEL: places in the roster, ascending; the terms say how many of them make a ruling. */
  readonly panel: readonly number[] | null
  /** Set once settled; the two add up to the locked amount. */
  readonly payout: { readonly providerMicro: AmountMicro; readonly clientMicro: AmountMicro; readonly by: EscrowMove['kind'] } | null
}
