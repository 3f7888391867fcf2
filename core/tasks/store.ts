import type { Database, SqlValue } from '../storage/database.ts'
import { assert } from '../platform/assert.ts'
import type { AuctionMode } from '../orders/model.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { mayFollow, type BidOutcome, type StepName, type Task, type TaskId, type TaskState, type TaskStep } from './model.ts'

/** What stands behind a placeholder of a prompt. */
export type HiddenRow = { readonly placeholder: string; readonly value: string }
export type StoredBid = { readonly bidId: Bytes32; readonly bid: Uint8Array; readonly atMs: number; readonly outcome: BidOutcome }

/** One try to have a task run: a bid, then the escrow that pays for it, then its answer. */
export type Attempt = {
  readonly task: TaskId
  readonly number: number
  readonly bidId: Bytes32
  readonly escrow: Bytes32 | null
  readonly sealed: Uint8Array | null
  readonly resultKey: Bytes32 | null
  readonly streamId: Uint8Array | null
  readonly nextCounter: number
  readonly transcriptHash: Bytes32 | null
  readonly resultBytes: number
  readonly finished: boolean
  readonly answer: string
  readonly receipt: Uint8Array | null
  /** Nothing more will come of it. */
  readonly over: boolean
}

type TaskRow = {
  readonly id: Buffer
  readonly asked_at_ms: bigint
  readonly prompt: string
  readonly salt: Buffer
  readonly class_key: string
  readonly max_output_tokens: bigint
  readonly max_price_micro: bigint
  readonly mode: AuctionMode
  readonly provider_key: Buffer | null
  readonly until_ms: bigint | null
  readonly work_ms: bigint | null
  readonly deadline_ms: bigint
  readonly state: TaskState
  readonly problem: string | null
  readonly revision: bigint
}
type AttemptRow = {
  readonly task: Buffer
  readonly number: bigint
  readonly bid_id: Buffer
  readonly escrow: Buffer | null
  readonly sealed: Buffer | null
  readonly result_key: Buffer | null
  readonly stream_id: Buffer | null
  readonly next_counter: bigint
  readonly transcript_hash: Buffer | null
  readonly result_bytes: bigint
  readonly finished: bigint
  readonly answer: string
  readonly receipt: Buffer | null
  readonly over: bigint
}

const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer)
const bytesOrNull = (buffer: Buffer | null): Uint8Array | null => (buffer === null ? null : new Uint8Array(buffer))

const taskOf = (row: TaskRow): Task => ({
  id: bytes(row.id),
  askedAtMs: Number(row.asked_at_ms),
  prompt: row.prompt,
  salt: bytes(row.salt),
  classKey: row.class_key,
  maxOutputTokens: Number(row.max_output_tokens),
  maxPriceMicro: row.max_price_micro,
  mode: row.mode,
  onlyProviderKey: bytesOrNull(row.provider_key),
  deadlineMs: Number(row.deadline_ms),
  standing: row.until_ms === null ? null : { untilMs: Number(row.until_ms), workMs: Number(row.work_ms) },
  state: row.state,
  problem: row.problem,
  revision: Number(row.revision),
})
const attemptOf = (row: AttemptRow): Attempt => ({
  task: bytes(row.task),
  number: Number(row.number),
  bidId: bytes(row.bid_id),
  escrow: bytesOrNull(row.escrow),
  sealed: bytesOrNull(row.sealed),
  resultKey: bytesOrNull(row.result_key),
  streamId: bytesOrNull(row.stream_id),
  nextCounter: Number(row.next_counter),
  transcriptHash: bytesOrNull(row.transcript_hash),
  resultBytes: Number(row.result_bytes),
  finished: row.finished === 1n,
  answer: row.answer,
  receipt: bytesOrNull(row.receipt),
  over: row.over === 1n,
})

export type AttemptProgress = Pick<Attempt, 'nextCounter' | 'transcriptHash' | 'resultBytes' | 'finished' | 'answer'>
export type NewTask = Omit<Task, 'state' | 'problem' | 'revision'> & { readonly hidden: readonly HiddenRow[] }
export type TaskStore = ReturnType<typeof createTaskStore>

const task = `SELECT task.*, provider_key, until_ms, work_ms FROM task
  LEFT JOIN task_provider ON task_provider.task = task.id LEFT JOIN task_standing ON task_standing.task = task.id`

/** What only some tasks have, each in a table of its own. */
const taskOptions = (db: Database) => {
  const insertProvider = db.prepare('INSERT INTO task_provider VALUES (?, ?)')
  const insertStanding = db.prepare('INSERT INTO task_standing VALUES (?, ?, ?)')
  const insertHidden = db.prepare('INSERT INTO task_placeholder VALUES (?, ?, ?)')
  const insertHold = db.prepare('INSERT INTO task_hold VALUES (?, ?) ON CONFLICT DO NOTHING')
  const selectHold = db.prepare<[Uint8Array], { readonly reason: string }>('SELECT reason FROM task_hold WHERE task = ?')
  const selectHidden = db.prepare<[Uint8Array], HiddenRow>(
    'SELECT placeholder, value FROM task_placeholder WHERE task = ? ORDER BY placeholder',
  )
  return {
    add: ({ id, onlyProviderKey, standing, hidden }: NewTask): void => {
      if (onlyProviderKey !== null) insertProvider.run(id, onlyProviderKey)
      if (standing !== null) insertStanding.run(id, standing.untilMs, standing.workMs)
      for (const { placeholder, value } of hidden) insertHidden.run(id, placeholder, value)
    },
    hidden: (id: TaskId): readonly HiddenRow[] => selectHidden.all(id),
    hold: (id: TaskId, reason: string): void => void insertHold.run(id, reason),
    isHeld: (id: TaskId): boolean => selectHold.get(id) !== undefined,
  }
}

/** The requester's rows. Every write is one transaction and raises the revision. */
export const createTaskStore = (db: Database) => {
  const one = <P extends readonly SqlValue[], R>(sql: string) => db.prepare<P, R>(sql)
  const lastRevision = one<[], { revision: bigint }>('SELECT coalesce(max(revision), 0) AS revision FROM task')
  const insertTask = db.prepare(`INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting-for-bids', NULL, ?)`)
  const options = taskOptions(db)
  const updateDeadline = db.prepare('UPDATE task SET deadline_ms = ? WHERE id = ?')
  const selectTask = one<[Uint8Array], TaskRow>(`${task} WHERE id = ?`)
  const selectPage = one<[number, number, Uint8Array, number], TaskRow>(
    `${task} WHERE asked_at_ms < ? OR (asked_at_ms = ? AND id > ?) ORDER BY asked_at_ms DESC, id LIMIT ?`,
  )
  const countTasks = one<[], { count: bigint }>('SELECT count(*) AS count FROM task')
  const selectUnfinished = one<[], TaskRow>(
    `${task} WHERE state IN ('waiting-for-bids', 'locking', 'running', 'delivered') ORDER BY asked_at_ms`,
  )
  const updateState = db.prepare('UPDATE task SET state = ?, problem = ?, revision = ? WHERE id = ?')
  const touchTask = db.prepare('UPDATE task SET revision = ? WHERE id = ?')
  const insertStep = db.prepare('INSERT INTO task_step SELECT ?, coalesce(max(number), -1) + 1, ?, ?, ? FROM task_step WHERE task = ?')
  const selectSteps = one<[Uint8Array], { name: StepName; at_ms: bigint; detail: string }>(
    'SELECT name, at_ms, detail FROM task_step WHERE task = ? ORDER BY number LIMIT 100',
  )
  const upsertBid = db.prepare(
    'INSERT INTO task_bid VALUES (?, ?, ?, ?, ?) ON CONFLICT (task, bid_id) DO UPDATE SET outcome = excluded.outcome',
  )
  const selectBids = one<[Uint8Array], { bid_id: Buffer; bid: Buffer; at_ms: bigint; outcome: BidOutcome }>(
    'SELECT bid_id, bid, at_ms, outcome FROM task_bid WHERE task = ? ORDER BY at_ms, bid_id LIMIT 100',
  )
  const selectBid = one<[Uint8Array, Uint8Array], { bid: Buffer }>('SELECT bid FROM task_bid WHERE task = ? AND bid_id = ?')
  const insertAttempt = db.prepare(
    `INSERT INTO task_attempt SELECT ?, coalesce(max(number), -1) + 1, ?, NULL, NULL, NULL, NULL, 0, NULL, 0, 0, '', NULL, 0
     FROM task_attempt WHERE task = ?`,
  )
  const selectAttempts = one<[Uint8Array], AttemptRow>('SELECT * FROM task_attempt WHERE task = ? ORDER BY number')
  const selectByEscrow = one<[Uint8Array], AttemptRow>('SELECT * FROM task_attempt WHERE escrow = ?')
  const updateSealed = db.prepare('UPDATE task_attempt SET escrow = ?, sealed = ?, result_key = ? WHERE task = ? AND number = ?')
  const updateEscrow = db.prepare('UPDATE task_attempt SET escrow = ? WHERE task = ? AND number = ?')
  const updateStream = db.prepare('UPDATE task_attempt SET stream_id = ? WHERE task = ? AND number = ?')
  const updateProgress = db.prepare(
    'UPDATE task_attempt SET next_counter = ?, transcript_hash = ?, result_bytes = ?, finished = ?, answer = ? WHERE task = ? AND number = ?',
  )
  const updateReceipt = db.prepare('UPDATE task_attempt SET receipt = ? WHERE task = ? AND number = ?')
  const endAttempt = db.prepare('UPDATE task_attempt SET over = 1 WHERE task = ? AND number = ?')

  let revision = Number(lastRevision.get()?.revision ?? 0n)
  const touch = (id: TaskId): void => void touchTask.run(++revision, id)
  const writing =
    <A extends readonly unknown[], R>(write: (...args: A) => R) =>
    (...args: A): R =>
      db.atomically(() => write(...args))

  return {
    revision: () => revision,
    /** What belongs together is written together or not at all. */
    together: <T>(work: () => T): T => db.atomically(work),
    add: writing((added: NewTask) => {
      const { id, askedAtMs, prompt, salt, classKey, maxOutputTokens, maxPriceMicro, mode, deadlineMs } = added
      insertTask.run(id, askedAtMs, prompt, salt, classKey, maxOutputTokens, maxPriceMicro, mode, deadlineMs, ++revision)
      options.add(added)
    }),
    /** What stands behind the placeholders of its prompt, which is the text that providers read. */
    hidden: options.hidden,
    /** Its answer is not paid by itself. */
    hold: options.hold,
    isHeld: options.isHeld,
    get: (id: TaskId): Task | null => {
      const row = selectTask.get(id)
      return row === undefined ? null : taskOf(row)
    },
    /** Newest first, after the given place. */
    page: (beforeMs: number, afterId: TaskId, limit: number): readonly Task[] =>
      selectPage.all(beforeMs, beforeMs, afterId, limit).map(taskOf),
    count: () => Number(countTasks.get()?.count ?? 0n),
    unfinished: (): readonly Task[] => selectUnfinished.all().map(taskOf),
    setState: writing((id: TaskId, state: TaskState, problem: string | null) => {
      const row = selectTask.get(id)
      assert(row !== undefined && mayFollow(row.state, state), `a task goes from ${row?.state} to ${state}`)
      updateState.run(state, problem, ++revision, id)
    }),
    /** Another try of a task that stands. */
    setDeadline: writing((id: TaskId, deadlineMs: number) => {
      updateDeadline.run(deadlineMs, id)
      touch(id)
    }),
    addStep: writing((id: TaskId, step: TaskStep) => {
      insertStep.run(id, step.name, step.atMs, step.detail, id)
      touch(id)
    }),
    steps: (id: TaskId): readonly TaskStep[] =>
      selectSteps.all(id).map((row) => ({ name: row.name, atMs: Number(row.at_ms), detail: row.detail })),
    putBid: writing((id: TaskId, bid: StoredBid) => {
      upsertBid.run(id, bid.bidId, bid.bid, bid.atMs, bid.outcome)
      touch(id)
    }),
    bids: (id: TaskId): readonly StoredBid[] =>
      selectBids.all(id).map((row) => ({ bidId: bytes(row.bid_id), bid: bytes(row.bid), atMs: Number(row.at_ms), outcome: row.outcome })),
    /** The encoded bid. */
    bid: (id: TaskId, bidId: Bytes32): Uint8Array | null => {
      const row = selectBid.get(id, bidId)
      return row === undefined ? null : bytes(row.bid)
    },
    addAttempt: writing((id: TaskId, bidId: Bytes32): Attempt => {
      insertAttempt.run(id, bidId, id)
      touch(id)
      const last = selectAttempts.all(id).at(-1)
      assert(last !== undefined, 'an attempt that was written is there')
      return attemptOf(last)
    }),
    attempts: (id: TaskId): readonly Attempt[] => selectAttempts.all(id).map(attemptOf),
    attemptOfEscrow: (escrow: Bytes32): Attempt | null => {
      const row = selectByEscrow.get(escrow)
      return row === undefined ? null : attemptOf(row)
    },
    setEscrow: writing((attempt: Attempt, escrow: Bytes32) => {
      updateEscrow.run(escrow, attempt.task, attempt.number)
      touch(attempt.task)
    }),
    setSealed: writing((attempt: Attempt, escrow: Bytes32, sealed: Uint8Array, resultKey: Bytes32) => {
      updateSealed.run(escrow, sealed, resultKey, attempt.task, attempt.number)
      touch(attempt.task)
    }),
    setStream: writing((attempt: Attempt, streamId: Uint8Array) => {
      updateStream.run(streamId, attempt.task, attempt.number)
      touch(attempt.task)
    }),
    setProgress: writing((attempt: Attempt, progress: AttemptProgress) => {
      const { nextCounter, transcriptHash, resultBytes, finished, answer } = progress
      updateProgress.run(nextCounter, transcriptHash, resultBytes, finished ? 1 : 0, answer, attempt.task, attempt.number)
      touch(attempt.task)
    }),
    setReceipt: writing((attempt: Attempt, receipt: Uint8Array) => {
      updateReceipt.run(receipt, attempt.task, attempt.number)
      touch(attempt.task)
    }),
    endAttempt: writing((attempt: Attempt) => {
      endAttempt.run(attempt.task, attempt.number)
      touch(attempt.task)
    }),
  }
}
