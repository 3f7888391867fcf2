import type { Database, SqlValue } from '../storage/database.ts'
import { assert } from '../platform/assert.ts'
import type { AuctionMode } from '../orders/model.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { bidRows, type StoredBid } from './bid-store.ts'
import { mayFollow, type StepName, type Task, type TaskId, type TaskState, type TaskStep } from './model.ts'

/** What stands behind a placeholder of a prompt. */
export type HiddenRow = { readonly placeholder: string; readonly value: string }

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
  readonly first: Buffer | null
  readonly copy_number: bigint | null
  readonly agreement_ppm: bigint | null
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
const numberOrNull = (value: bigint | null): number | null => (value === null ? null : Number(value))
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
  copy:
    row.first === null ? null : { first: bytes(row.first), number: Number(row.copy_number), agreementPpm: numberOrNull(row.agreement_ppm) },
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
export type NewTask = Omit<Task, 'state' | 'problem' | 'revision'> & { readonly hidden: readonly HiddenRow[]; readonly hold: string | null }
export type TaskStore = ReturnType<typeof createTaskStore>

const task = `SELECT task.*, provider_key, until_ms, work_ms, first, task_copy.number AS copy_number, agreement_ppm FROM task
  LEFT JOIN task_provider ON task_provider.task = task.id LEFT JOIN task_standing ON task_standing.task = task.id
  LEFT JOIN task_copy ON task_copy.task = task.id`

/** What only some tasks have, each in a table of its own. */
const taskOptions = (db: Database) => {
  const insertProvider = db.prepare('INSERT INTO task_provider VALUES (?, ?)')
  const insertStanding = db.prepare('INSERT INTO task_standing VALUES (?, ?, ?)')
  const insertHidden = db.prepare('INSERT INTO task_placeholder VALUES (?, ?, ?)')
  const insertHold = db.prepare('INSERT INTO task_hold VALUES (?, ?) ON CONFLICT (task) DO UPDATE SET reason = excluded.reason')
  const deleteHold = db.prepare('DELETE FROM task_hold WHERE task = ?')
  const insertCopy = db.prepare('INSERT INTO task_copy VALUES (?, ?, ?, NULL)')
  const updateAgreement = db.prepare('UPDATE task_copy SET agreement_ppm = ? WHERE task = ?')
  const selectCopies = db.prepare<[Uint8Array], TaskRow>(`${task} WHERE first = ? ORDER BY task_copy.number`)
  const selectHold = db.prepare<[Uint8Array], { readonly reason: string }>('SELECT reason FROM task_hold WHERE task = ?')
  const selectHidden = db.prepare<[Uint8Array], HiddenRow>(
    'SELECT placeholder, value FROM task_placeholder WHERE task = ? ORDER BY placeholder',
  )
  return {
    add: ({ id, onlyProviderKey, standing, copy, hidden, hold }: NewTask): void => {
      if (copy !== null) insertCopy.run(id, copy.first, copy.number)
      if (onlyProviderKey !== null) insertProvider.run(id, onlyProviderKey)
      if (standing !== null) insertStanding.run(id, standing.untilMs, standing.workMs)
      if (hold !== null) insertHold.run(id, hold)
      for (const { placeholder, value } of hidden) insertHidden.run(id, placeholder, value)
    },
    /** What stands behind the placeholders of its prompt, which is the text that providers read. */
    hidden: (id: TaskId): readonly HiddenRow[] => selectHidden.all(id),
    /** Why its answer is not paid by itself, known when it is asked or when it is here; null: it is paid. */
    hold: (id: TaskId, reason: string | null): void => void (reason === null ? deleteHold.run(id) : insertHold.run(id, reason)),
    holdOf: (id: TaskId): string | null => selectHold.get(id)?.reason ?? null,
    copiesOf: (first: TaskId): readonly Task[] => selectCopies.all(first).map(taskOf),
    setAgreement: (id: TaskId, agreementPpm: number | null): void => void updateAgreement.run(agreementPpm, id),
  }
}

/** What has to outlive this data folder of a task whose money is locked. */
export type OpenTask = Omit<Task, 'onlyProviderKey' | 'standing' | 'copy' | 'problem' | 'revision'> & {
  readonly number: number
  readonly bidId: Bytes32
  readonly bid: Uint8Array
  readonly escrow: Bytes32
  readonly resultKey: Bytes32
  /** Why its answer is not paid by itself; null: it is. */
  readonly hold: string | null
} & Pick<Attempt, 'streamId' | 'sealed' | 'receipt' | 'answer'>

/** The requester's rows. Every write is one transaction and raises the revision. */
export const createTaskStore = (db: Database) => {
  const one = <P extends readonly SqlValue[], R>(sql: string) => db.prepare<P, R>(sql)
  const lastRevision = one<[], { revision: bigint }>('SELECT coalesce(max(revision), 0) AS revision FROM task')
  const insertTask = db.prepare(`INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting-for-bids', NULL, ?)`)
  const { add: addOptions, ...options } = taskOptions(db)
  const updateDeadline = db.prepare('UPDATE task SET deadline_ms = ? WHERE id = ?')
  const selectTask = one<[Uint8Array], TaskRow>(`${task} WHERE id = ?`)
  const selectPage = one<[number, number, Uint8Array, number], TaskRow>(
    `${task} WHERE coalesce(task_copy.number, 0) = 0 AND (asked_at_ms < ? OR (asked_at_ms = ? AND id > ?)) ORDER BY asked_at_ms DESC, id LIMIT ?`,
  )
  const countTasks = one<[], { count: bigint }>('SELECT count(*) - (SELECT count(*) FROM task_copy WHERE number > 0) AS count FROM task')
  const selectUnfinished = one<[], TaskRow>(
    `${task} WHERE state IN ('waiting-for-bids', 'locking', 'running', 'delivered') ORDER BY asked_at_ms`,
  )
  const updateState = db.prepare('UPDATE task SET state = ?, problem = ? WHERE id = ?')
  const touchTask = db.prepare('UPDATE task SET revision = ? WHERE id = ? OR id = (SELECT first FROM task_copy WHERE task = ?)')
  const insertStep = db.prepare('INSERT INTO task_step SELECT ?, coalesce(max(number), -1) + 1, ?, ?, ? FROM task_step WHERE task = ?')
  const selectSteps = one<[Uint8Array], { name: StepName; at_ms: bigint; detail: string }>(
    'SELECT name, at_ms, detail FROM task_step WHERE task = ? ORDER BY number LIMIT 100',
  )
  const { putBid, ...bids } = bidRows(db)
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
  /** A change of a copy is one of the question too. */
  const touch = (id: TaskId): void => void touchTask.run(++revision, id, id)
  const writing =
    <A extends readonly unknown[], R>(write: (...args: A) => R) =>
    (...args: A): R =>
      db.atomically(() => write(...args))
  /** What the owner sees of its way, or what its provider says again. */
  const noting =
    <A extends readonly unknown[], R>(write: (...args: A) => R) =>
    (...args: A): R =>
      db.lightly(() => write(...args))

  return {
    revision: () => revision,
    /** What belongs together is written together or not at all. */
    together: <T>(work: () => T): T => db.atomically(work),
    /** The same for what may be found as it was before, after a power cut. */
    noted: <T>(work: () => T): T => db.lightly(work),
    add: writing((added: NewTask) => {
      const { id, askedAtMs, prompt, salt, classKey, maxOutputTokens, maxPriceMicro, mode, deadlineMs } = added
      insertTask.run(id, askedAtMs, prompt, salt, classKey, maxOutputTokens, maxPriceMicro, mode, deadlineMs, ++revision)
      addOptions(added)
    }),
    ...options,
    get: (id: TaskId): Task | null => {
      const row = selectTask.get(id)
      return row === undefined ? null : taskOf(row)
    },
    ...recoveryRows(db, () => ++revision),
    /** Newest first, after the given place. */
    page: (beforeMs: number, afterId: TaskId, limit: number): readonly Task[] =>
      selectPage.all(beforeMs, beforeMs, afterId, limit).map(taskOf),
    count: () => Number(countTasks.get()?.count ?? 0n),
    unfinished: (): readonly Task[] => selectUnfinished.all().map(taskOf),
    setState: writing((id: TaskId, state: TaskState, problem: string | null) => {
      const row = selectTask.get(id)
      assert(row !== undefined && mayFollow(row.state, state), `a task goes from ${row?.state} to ${state}`)
      updateState.run(state, problem, id)
      touch(id)
    }),
    /** Another try of a task that stands. */
    setDeadline: writing((id: TaskId, deadlineMs: number) => {
      updateDeadline.run(deadlineMs, id)
      touch(id)
    }),
    addStep: noting((id: TaskId, step: TaskStep) => {
      insertStep.run(id, step.name, step.atMs, step.detail, id)
      touch(id)
    }),
    steps: (id: TaskId): readonly TaskStep[] =>
      selectSteps.all(id).map((row) => ({ name: row.name, atMs: Number(row.at_ms), detail: row.detail })),
    putBid: noting((id: TaskId, bid: StoredBid) => {
      putBid(id, bid)
      touch(id)
    }),
    ...bids,
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
    setStream: noting((attempt: Attempt, streamId: Uint8Array) => {
      updateStream.run(streamId, attempt.task, attempt.number)
      touch(attempt.task)
    }),
    setProgress: noting((attempt: Attempt, progress: AttemptProgress) => {
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

/** How open tasks leave this data folder for a sealed copy, and come into another one from it. */
const recoveryRows = (db: Database, nextRevision: () => number) => {
  const open = db.prepare<[number], TaskRow & AttemptRow & { readonly bid: Buffer; readonly reason: string | null }>(
    `SELECT task.*, task_attempt.*, task_bid.bid, task_hold.reason, NULL AS provider_key, NULL AS until_ms, NULL AS work_ms FROM task_attempt
     JOIN task ON task.id = task_attempt.task
     JOIN task_bid ON task_bid.task = task_attempt.task AND task_bid.bid_id = task_attempt.bid_id
     LEFT JOIN task_hold ON task_hold.task = task_attempt.task
     WHERE task.state IN ('locking', 'running', 'delivered') AND over = 0 AND escrow IS NOT NULL AND result_key IS NOT NULL
     ORDER BY asked_at_ms DESC LIMIT ?`,
  )
  const ended = db.prepare<[number], { id: Buffer; state: TaskState }>(
    `SELECT id, state FROM task WHERE state IN ('settled', 'failed', 'refunded', 'cancelled') ORDER BY revision DESC LIMIT ?`,
  )
  // A copy from a file gives it no more time to find a provider; a newer one that follows knows better.
  const insertTask = db.prepare(
    'INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET deadline_ms = max(deadline_ms, excluded.deadline_ms)',
  )
  const insertBid = db.prepare(`INSERT INTO task_bid VALUES (?, ?, ?, ?, 'won', NULL, 0) ON CONFLICT DO NOTHING`)
  const insertHold = db.prepare('INSERT INTO task_hold VALUES (?, ?) ON CONFLICT (task) DO NOTHING')
  const putAttempt = db.prepare(
    `INSERT INTO task_attempt VALUES (?, ?, ?, ?, ?, ?, ?, 0, NULL, 0, 0, ?, ?, 0)
     ON CONFLICT (task, number) DO UPDATE SET escrow = excluded.escrow, result_key = excluded.result_key,
       sealed = coalesce(sealed, excluded.sealed), stream_id = coalesce(excluded.stream_id, stream_id), receipt = coalesce(excluded.receipt, receipt)`,
  )
  const endEarlier = db.prepare('UPDATE task_attempt SET over = 1 WHERE task = ? AND number < ?')
  const setState = db.prepare(
    `UPDATE task SET state = ?, revision = ? WHERE id = ? AND state IN ('waiting-for-bids', 'locking', 'running', 'delivered')`,
  )
  const endTask = db.prepare(
    `UPDATE task SET state = ?, problem = ?, revision = ? WHERE id = ? AND state IN ('waiting-for-bids', 'locking', 'running', 'delivered')`,
  )
  const endAttempts = db.prepare('UPDATE task_attempt SET over = 1 WHERE task = ?')
  return {
    open: (limit: number): readonly OpenTask[] =>
      open.all(limit).map((row) => {
        const { onlyProviderKey: _key, standing: _standing, copy: _copy, problem: _problem, revision: _revision, ...kept } = taskOf(row)
        const { number, bidId, escrow, resultKey, streamId, sealed, receipt, answer } = attemptOf(row)
        assert(escrow !== null && resultKey !== null, 'an attempt that was sealed has its escrow and its key')
        // What the provider has does not have to be sent again.
        const unsent = streamId === null ? sealed : null
        const received = receipt === null ? '' : answer
        return {
          ...kept,
          hold: row.reason,
          number,
          bidId,
          bid: bytes(row.bid),
          escrow,
          resultKey,
          streamId,
          sealed: unsent,
          receipt,
          answer: received,
        }
      }),
    ended: (limit: number): readonly { readonly id: TaskId; readonly state: TaskState }[] =>
      ended.all(limit).map(({ id, state }) => ({ id: bytes(id), state })),
    /** From a sealed copy of this member's own; what is here and further stays as it is. */
    restore: (task: OpenTask): void =>
      db.atomically(() => {
        const { id, askedAtMs, prompt, salt, classKey, maxOutputTokens, maxPriceMicro, mode, deadlineMs, state, number, hold } = task
        const why = state === 'delivered' ? hold : null
        insertTask.run(id, askedAtMs, prompt, salt, classKey, maxOutputTokens, maxPriceMicro, mode, deadlineMs, state, why, nextRevision())
        if (hold !== null) insertHold.run(id, hold)
        insertBid.run(id, task.bidId, task.bid, askedAtMs)
        putAttempt.run(id, number, task.bidId, task.escrow, task.sealed, task.resultKey, task.streamId, task.answer, task.receipt)
        endEarlier.run(id, number)
        setState.run(state, nextRevision(), id)
      }),
    /** It came to its end from another copy of this data; running it here once more would pay twice. */
    endedElsewhere: (id: TaskId, state: TaskState): void =>
      db.atomically(() => {
        if (endTask.run(state, endedElsewhere, nextRevision(), id).changes > 0) endAttempts.run(id)
      }),
  }
}
const endedElsewhere = 'It came to its end in a newer copy of this data, which has its answer.'
