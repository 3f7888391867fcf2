import { decodeKnown, encodeBytes, type Codec } from '../platform/codec.ts'
import type { Database } from '../storage/database.ts'
import type { RegisterId } from './bundle.ts'
import { createSweepRows } from './sweep-store.ts'
import {
  accountStateCodec,
  authorisedTxCodec,
  decreeCodec,
  encodeAuthorisedTx,
  encodeDecree,
  escrowStateCodec,
  txHash,
} from './encoding.ts'
import type {
  AccountId,
  AccountState,
  AuthorisedTx,
  Credit,
  CreditId,
  Decree,
  EscrowState,
  ObjectId,
  SignedProposal,
  TxHash,
  Vote,
  VoteKind,
} from './objects.ts'
import { handoverRows } from './handover-store.ts'
import { createDealingRows } from './dealing-store.ts'
import { memberRows } from './member-store.ts'

/** Which file this is and how often it was started; the vault remembers both, so that an older copy of the file is noticed. */
export type WitnessMemory = { readonly dbId: Uint8Array; readonly generation: number }

export type StoredCandidate = { readonly order: AuthorisedTx; readonly timely: boolean }
type VoteRow = {
  readonly view: bigint
  readonly kind: VoteKind
  readonly tx: Buffer
  readonly witness: bigint
  readonly signature: Buffer
}
type ProposalRow = Omit<VoteRow, 'kind'> & { readonly parent_plus_one: bigint }
type CreditRow = {
  readonly sequence: bigint
  readonly id: Buffer
  readonly account: Buffer
  readonly amount_micro: bigint
  readonly source: Buffer
  readonly position: bigint
  readonly object: Buffer
  readonly step: bigint
}
type InboxRow = { readonly sequence: bigint; readonly object: Buffer; readonly step: bigint }

export type WitnessStore = ReturnType<typeof createWitnessStore>

/**
 * The rows of witness-schema.ts. Votes are inserted and never replaced: the database itself refuses to contradict one.
 *
 * `+?` is `?`, hidden from the planner: SQLite compiles a statement with ORDER BY or LIMIT anew at every call in which a bare
 * parameter changes (sqlite.org/c3ref/prepare.html), which takes longer than to read the rows.
 */
export const createWitnessStore = (db: Database) => ({
  /** One BEGIN IMMEDIATE … COMMIT; nothing that was voted inside leaves before it returns. */
  transaction: db.transaction,
  ...memoryRows(db),
  ...factRows(db),
  ...registerRows(db),
  ...ownRows(db),
  ...createSweepRows(db),
  ...handoverRows(db),
  ...memberRows(db),
  ...createDealingRows(db),
})

const memoryRows = (db: Database) => {
  const select = db.prepare<[], { db_id: Buffer; generation: bigint }>('SELECT db_id, generation FROM identity')
  const insert = db.prepare('INSERT INTO identity VALUES (1, ?, 0)')
  const begin = db.prepare('UPDATE identity SET generation = ?')
  return {
    /** Null for a file that was never used. */
    memory: (): WitnessMemory | null => {
      const row = select.get()
      return row === undefined ? null : { dbId: bytes(row.db_id), generation: Number(row.generation) }
    },
    initialise: (dbId: Uint8Array): void => void insert.run(dbId),
    beginGeneration: (generation: number): void => void begin.run(generation),
  }
}

/** Certified facts: objects, decrees, credits, claims. */
const factRows = (db: Database) => {
  const object = db.prepare<[Uint8Array, string], { state: Buffer }>('SELECT state FROM object WHERE id = ? AND kind = ?')
  const saveObject = db.prepare('INSERT INTO object VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state')
  const decreeAt = db.prepare<[Uint8Array, number], { decree: Buffer }>('SELECT decree FROM decree WHERE object = ? AND step = ?')
  const decreeTx = db.prepare<[Uint8Array, number], { tx: Buffer }>('SELECT tx FROM decree WHERE object = ? AND step = ?')
  const decreesFrom = db.prepare<[Uint8Array, number, number], { decree: Buffer }>(
    'SELECT decree FROM decree WHERE object = +? AND step >= +? ORDER BY step LIMIT +?',
  )
  const insertDecree = db.prepare('INSERT INTO decree VALUES (?, ?, ?, ?)')
  const insertArrival = db.prepare('INSERT INTO arrival (object, step, at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const deleteDecree = db.prepare('DELETE FROM decree WHERE object = ? AND step = ?')
  const credit = db.prepare<[Uint8Array], CreditRow>('SELECT * FROM credit WHERE id = ?')
  const creditObject = db.prepare<[Uint8Array], { object: Buffer }>('SELECT object FROM credit WHERE id = ?')
  const insertCredit = db.prepare('INSERT INTO credit VALUES (NULL, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING')
  const inbox = db.prepare<[Uint8Array, number, number], InboxRow>(
    `SELECT sequence, object, step FROM credit
     WHERE account = +? AND sequence > +? AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.account = credit.account AND claim.credit = credit.id)
     ORDER BY sequence LIMIT +?`,
  )
  const claim = db.prepare<[Uint8Array, Uint8Array], { credit: Buffer }>('SELECT credit FROM claim WHERE account = ? AND credit = ?')
  const insertClaim = db.prepare('INSERT INTO claim VALUES (?, ?)')
  const stateOf = <T>(codec: Codec<T>, row: { readonly state: Buffer } | undefined): T | null =>
    row === undefined ? null : decodeKnown(codec, row.state)
  return {
    account: (id: AccountId): AccountState | null => stateOf(accountStateCodec, object.get(id, 'account')),
    saveAccount: (state: AccountState): void => void saveObject.run(state.id, 'account', encodeBytes(accountStateCodec, state)),
    escrow: (id: ObjectId): EscrowState | null => stateOf(escrowStateCodec, object.get(id, 'escrow')),
    saveEscrow: (state: EscrowState): void => void saveObject.run(state.id, 'escrow', encodeBytes(escrowStateCodec, state)),

    decree: (id: ObjectId, step: number): Decree | null => {
      const row = decreeAt.get(id, step)
      return row === undefined ? null : decodeKnown(decreeCodec, row.decree)
    },
    /** The hash of what was decided there; cheaper than the decree. */
    decidedAt: (id: ObjectId, step: number): TxHash | null => decreeTx.get(id, step)?.tx ?? null,
    decrees: (id: ObjectId, fromStep: number, limit: number): readonly Decree[] =>
      decreesFrom.all(id, fromStep, limit).map((row) => decodeKnown(decreeCodec, row.decree)),
    saveDecree: (decree: Decree, atMs: number | null = null): void => {
      const { objectId, step } = decree.tx
      insertDecree.run(objectId, step, txHash(decree.tx), encodeDecree(decree))
      insertArrival.run(objectId, step, atMs)
    },
    /** An escrow's step 0 is the decree of the account that opened it. */
    saveOpening: (escrow: ObjectId, decree: Decree): void => void insertDecree.run(escrow, 0, txHash(decree.tx), encodeDecree(decree)),
    /** Only for a copy whose authorisations turn out to be damaged. */
    dropDecree: (id: ObjectId, step: number): void => void deleteDecree.run(id, step),

    credit: (id: CreditId): Credit | null => {
      const row = credit.get(id)
      if (row === undefined) return null
      return {
        id: bytes(row.id),
        account: bytes(row.account),
        amountMicro: row.amount_micro,
        sourceHash: bytes(row.source),
        index: Number(row.position),
      }
    },
    payerOf: (id: CreditId): ObjectId | null => {
      const row = creditObject.get(id)
      return row === undefined ? null : bytes(row.object)
    },
    /** `object` and `step` say where its proof lies. */
    saveCredit: ({ id, account, amountMicro, sourceHash, index }: Credit, object: ObjectId, step: number): void =>
      void insertCredit.run(id, account, amountMicro, sourceHash, index, object, step),
    /** Where the proofs of an account's unclaimed credits lie, oldest first. */
    inbox: (account: AccountId, after: number, limit: number) =>
      inbox
        .all(account, after, limit)
        .map((row) => ({ sequence: Number(row.sequence), object: bytes(row.object), step: Number(row.step) })),
    /** The step whose decree proves this credit. */
    creditPlace: (id: CreditId): { readonly object: ObjectId; readonly step: number } | null => {
      const row = credit.get(id)
      return row === undefined ? null : { object: bytes(row.object), step: Number(row.step) }
    },
    isClaimed: (account: AccountId, creditId: CreditId): boolean => claim.get(account, creditId) !== undefined,
    saveClaim: (account: AccountId, creditId: CreditId): void => void insertClaim.run(account, creditId),
  }
}

/** What others showed of an undecided register. */
const registerRows = (db: Database) => {
  const position = db.prepare<[Uint8Array, number, number], { view: bigint; entered_at_ms: bigint | null }>(
    'SELECT view, entered_at_ms FROM register WHERE object = ? AND step = ? AND epoch = ?',
  )
  const savePosition = db.prepare(
    `INSERT INTO register VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (object, step, epoch) DO UPDATE SET view = excluded.view, entered_at_ms = excluded.entered_at_ms`,
  )
  const candidates = db.prepare<[Uint8Array, number, number], { timely: bigint; authorised_tx: Buffer }>(
    'SELECT timely, authorised_tx FROM candidate WHERE object = +? AND step = +? AND epoch = +? ORDER BY arrival',
  )
  const lastArrival = db.prepare<[Uint8Array, number, number], { arrival: bigint | null }>(
    'SELECT max(arrival) AS arrival FROM candidate WHERE object = ? AND step = ? AND epoch = ?',
  )
  const saveCandidate = db.prepare(
    'INSERT INTO candidate VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object, step, epoch, tx) DO UPDATE SET timely = excluded.timely',
  )
  const deleteCandidate = db.prepare('DELETE FROM candidate WHERE object = ? AND step = ? AND epoch = ? AND tx = ?')
  const votes = db.prepare<[Uint8Array, number, number], VoteRow>(
    'SELECT view, kind, tx, witness, signature FROM peer_vote WHERE object = ? AND step = ? AND epoch = ?',
  )
  const saveVote = db.prepare('INSERT INTO peer_vote VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const proposals = db.prepare<[Uint8Array, number, number], ProposalRow>(
    'SELECT view, tx, parent_plus_one, witness, signature FROM peer_proposal WHERE object = ? AND step = ? AND epoch = ?',
  )
  const saveProposal = db.prepare('INSERT INTO peer_proposal VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const forgetting = [
    ...['register', 'candidate', 'peer_proposal', 'open_register', 'carried', 'carried_by'].map((table) => `DELETE FROM ${table} WHERE`),
    `DELETE FROM peer_vote WHERE kind IN ('F', 'T') AND`,
  ].map((rows) => db.prepare<[Uint8Array, number]>(`${rows} object = ? AND step = ?`))
  const hasVotes = db.prepare<[Uint8Array, number], { one: bigint }>('SELECT 1 AS one FROM peer_vote WHERE object = ? AND step = ?')
  const keepStep = db.prepare('INSERT INTO kept_step VALUES (NULL, ?, ?, ?)')
  const oldestKept = db.prepare<[], { sequence: bigint; object: Buffer; step: bigint; decided_at_ms: bigint }>(
    'SELECT * FROM kept_step ORDER BY sequence LIMIT 2',
  )
  const dropKept = db.prepare('DELETE FROM kept_step WHERE sequence = ?')
  const dropVotes = db.prepare('DELETE FROM peer_vote WHERE object = ? AND step = ?')
  /** Two for each that comes, so that the oldest go as fast as they came and no decision pays for many. */
  const dropOldest = (nowMs: number): void => {
    for (const { sequence, object, step, decided_at_ms: decidedAtMs } of oldestKept.all())
      if (Number(decidedAtMs) < nowMs - testimonyMs) {
        dropVotes.run(object, step)
        dropKept.run(sequence)
      }
  }
  return {
    position: ({ objectId, step, governance }: RegisterId) => {
      const row = position.get(objectId, step, governance.epoch)
      const enteredAtMs = row?.entered_at_ms ?? null
      return { view: Number(row?.view ?? 0n), enteredAtMs: enteredAtMs === null ? null : Number(enteredAtMs) }
    },
    savePosition: ({ objectId, step, governance }: RegisterId, view: number, enteredAtMs: number | null): void =>
      void savePosition.run(objectId, step, governance.epoch, view, enteredAtMs),
    candidates: ({ objectId, step, governance }: RegisterId): readonly StoredCandidate[] =>
      candidates
        .all(objectId, step, governance.epoch)
        .map((row) => ({ timely: row.timely === 1n, order: decodeKnown(authorisedTxCodec, row.authorised_tx) })),
    saveCandidate: ({ objectId, step, governance }: RegisterId, { order, timely }: StoredCandidate): void => {
      const arrival = (lastArrival.get(objectId, step, governance.epoch)?.arrival ?? 0n) + 1n
      saveCandidate.run(objectId, step, governance.epoch, txHash(order.tx), arrival, timely ? 1 : 0, encodeAuthorisedTx(order))
    },
    dropCandidate: ({ objectId, step, governance }: RegisterId, order: AuthorisedTx): void =>
      void deleteCandidate.run(objectId, step, governance.epoch, txHash(order.tx)),
    peerVotes: (register: RegisterId): readonly Vote[] =>
      votes.all(register.objectId, register.step, register.governance.epoch).map((row) => voteOf(register, row)),
    savePeerVote: ({ statement, witnessIndex, signature }: Vote): void => {
      const { objectId, step, governance, view, kind, txHash: tx } = statement
      saveVote.run(objectId, step, governance.epoch, view, kind, tx, witnessIndex, signature)
    },
    peerProposals: (register: RegisterId): readonly SignedProposal[] =>
      proposals.all(register.objectId, register.step, register.governance.epoch).map((row) => proposalOf(register, row)),
    savePeerProposal: ({ proposal, witnessIndex, signature }: SignedProposal): void => {
      const { objectId, step, governance, view, txHash: tx, parentViewPlusOne } = proposal
      saveProposal.run(objectId, step, governance.epoch, view, tx, parentViewPlusOne, witnessIndex, signature)
    },
    /** A decided step needs none of it, in no epoch; the own votes stay, and for a while what others may be held to (testimony.ts). */
    forgetStep: (id: ObjectId, step: number, nowMs: number): void => {
      for (const statement of forgetting) statement.run(id, step)
      if (hasVotes.get(id, step) !== undefined) keepStep.run(id, step, nowMs)
      dropOldest(nowMs)
    },
  }
}

/** How long the votes of others that a decision rested on are kept (settlement.md §6.1): some 300 bytes a step, and its decree stays for good. */
export const testimonyMs = 45 * 24 * 3_600_000

/** What this witness signed. There is no statement here that changes or deletes a row. */
const ownRows = (db: Database) => {
  const insertVote = db.prepare('INSERT INTO own_vote VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const insertReceipt = db.prepare('INSERT INTO own_receipt VALUES (?, ?, ?, ?, ?)')
  const insertProposal = db.prepare('INSERT INTO own_proposal VALUES (?, ?, ?, ?, ?, ?, ?)')
  const votes = db.prepare<[number, Uint8Array, number, number], VoteRow>(
    'SELECT view, kind, tx, ? AS witness, signature FROM own_vote WHERE object = +? AND step = +? AND epoch = +? ORDER BY view, slot',
  )
  const receipts = db.prepare<[number, Uint8Array, number, number], VoteRow>(
    `SELECT 0 AS view, 'T' AS kind, tx, ? AS witness, signature FROM own_receipt WHERE object = ? AND step = ? AND epoch = ?`,
  )
  const proposals = db.prepare<[number, Uint8Array, number, number], ProposalRow>(
    'SELECT view, tx, parent_plus_one, ? AS witness, signature FROM own_proposal WHERE object = ? AND step = ? AND epoch = ?',
  )
  return {
    saveOwnVote: ({ statement, signature }: Vote): void => {
      const { objectId, step, governance, view, kind, txHash: tx } = statement
      if (kind === 'T') insertReceipt.run(objectId, step, governance.epoch, tx, signature)
      else insertVote.run(objectId, step, governance.epoch, view, kind === 'N' ? 'N' : 'X', kind, tx, signature)
    },
    saveOwnProposal: ({ proposal, signature }: SignedProposal): void => {
      const { objectId, step, governance, view, txHash: tx, parentViewPlusOne } = proposal
      insertProposal.run(objectId, step, governance.epoch, view, tx, parentViewPlusOne, signature)
    },
    ownVotes: (register: RegisterId, me: number): readonly Vote[] => {
      const key = [me, register.objectId, register.step, register.governance.epoch] as const
      return [...votes.all(...key), ...receipts.all(...key)].map((row) => voteOf(register, row))
    },
    ownProposals: (register: RegisterId, me: number): readonly SignedProposal[] =>
      proposals.all(me, register.objectId, register.step, register.governance.epoch).map((row) => proposalOf(register, row)),
  }
}

const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer)

const voteOf = ({ governance, objectId, step }: RegisterId, row: VoteRow): Vote => ({
  statement: { governance, objectId, step, view: Number(row.view), kind: row.kind, txHash: bytes(row.tx) },
  witnessIndex: Number(row.witness),
  signature: bytes(row.signature),
})

const proposalOf = ({ governance, objectId, step }: RegisterId, row: ProposalRow): SignedProposal => ({
  proposal: { governance, objectId, step, view: Number(row.view), txHash: bytes(row.tx), parentViewPlusOne: Number(row.parent_plus_one) },
  witnessIndex: Number(row.witness),
  signature: bytes(row.signature),
})
