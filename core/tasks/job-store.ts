import type { AmountMicro } from '../platform/amount.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { Database, SqlValue } from '../storage/database.ts'
import type { BackendId } from './choice-store.ts'
import type { EarningsDay } from './earnings.ts'
import type { Chunk } from './chunk-stream.ts'

/** `settled`: the escrow is, whether the job was done or failed. */
export type JobState = 'running' | 'done' | 'failed' | 'settled'
export type Job = {
  readonly escrow: Bytes32
  readonly client: Bytes32
  readonly atMs: number
  readonly streamId: Uint8Array
  /** Hash of the sealed task: whoever shows the same again is the client that sent it. */
  readonly sealedHash: Bytes32
  readonly state: JobState
  /** Encoded; null until the answer is complete. */
  readonly receipt: Uint8Array | null
  /** What the receipt asks for; once settled, what was paid. */
  readonly priceMicro: AmountMicro | null
  /** While it runs, the most that it may use: so a day's cap holds before anything is used. */
  readonly outputTokens: number
  readonly inputTokens: number
  /** What the vendor bills for those tokens, which can be more than the receipt's; while it runs, at its worst. */
  readonly costMillicents: number
  readonly backend: string
  /** Whose caps it counts to. */
  readonly backendId: BackendId
}
export type JobUse = Pick<Job, 'inputTokens' | 'outputTokens' | 'costMillicents'>
type NewJobRow = Pick<Job, 'escrow' | 'client' | 'atMs' | 'streamId' | 'sealedHash' | 'backend' | 'backendId'> & JobUse
type JobRow = {
  readonly escrow: Buffer
  readonly client: Buffer
  readonly at_ms: bigint
  readonly stream_id: Buffer
  readonly sealed_hash: Buffer
  readonly state: JobState
  readonly receipt: Buffer | null
  readonly price_micro: bigint | null
  readonly output_tokens: bigint
  readonly backend: string
  readonly backend_id: bigint
  readonly input_tokens: bigint
  readonly cost_millicents: bigint
}
type ChunkRow = { readonly counter: bigint; readonly final: bigint; readonly ciphertext: Buffer }
type SumRow = { readonly tasks: bigint; readonly tokens: bigint; readonly earned: bigint; readonly cost: bigint }
type HistoryRow = { readonly settled: bigint; readonly failed: bigint }
export type JobStore = ReturnType<typeof createJobStore>

/** What a sealed copy brings back ran on a backend of another data folder. */
const unknownBackend = 0

const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer)
const jobOf = (row: JobRow): Job => ({
  escrow: bytes(row.escrow),
  client: bytes(row.client),
  atMs: Number(row.at_ms),
  streamId: bytes(row.stream_id),
  sealedHash: bytes(row.sealed_hash),
  state: row.state,
  receipt: row.receipt === null ? null : bytes(row.receipt),
  priceMicro: row.price_micro,
  outputTokens: Number(row.output_tokens),
  inputTokens: Number(row.input_tokens),
  costMillicents: Number(row.cost_millicents),
  backend: row.backend,
  backendId: Number(row.backend_id),
})

const chunkRows = (db: Database) => {
  const insert = db.prepare('INSERT INTO job_chunk VALUES (?, ?, ?, ?)')
  const select = db.prepare<[Uint8Array, number, number], ChunkRow>(
    'SELECT counter, final, ciphertext FROM job_chunk WHERE escrow = ? AND counter >= ? ORDER BY counter LIMIT ?',
  )
  return {
    /** On the disk with the receipt; a run that a power cut ends is lost in any case. */
    addChunk: (escrow: Bytes32, { counter, final, ciphertext }: Chunk): void =>
      db.lightly(() => void insert.run(escrow, counter, final ? 1 : 0, ciphertext)),
    chunks: (escrow: Bytes32, fromCounter: number, limit: number): readonly Chunk[] =>
      select.all(escrow, fromCounter, limit).map((row) => ({
        counter: Number(row.counter),
        final: row.final === 1n,
        ciphertext: bytes(row.ciphertext),
      })),
  }
}

/** The provider's rows: what it runs and, encrypted, what it has answered. */
export const createJobStore = (db: Database) => {
  const one = <P extends readonly SqlValue[], R>(sql: string) => db.prepare<P, R>(sql)
  const insertJob = db.prepare(
    `INSERT INTO job (escrow, client, at_ms, stream_id, sealed_hash, state, output_tokens, backend, input_tokens, cost_millicents, backend_id)
     VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)`,
  )
  const selectJob = one<[Uint8Array], JobRow>('SELECT * FROM job WHERE escrow = ?')
  const selectUnsettled = one<[], JobRow>(`SELECT * FROM job WHERE state <> 'settled' ORDER BY at_ms`)
  const finishJob = db.prepare(
    `UPDATE job SET state = 'done', receipt = ?, price_micro = ?, output_tokens = ?, input_tokens = ?, cost_millicents = ? WHERE escrow = ?`,
  )
  const failJob = db.prepare(`UPDATE job SET state = 'failed', output_tokens = ?, cost_millicents = ? WHERE escrow = ?`)
  const unsendJob = db.prepare('UPDATE job SET input_tokens = 0 WHERE escrow = ?')
  const settleJob = db.prepare(`UPDATE job SET state = 'settled', price_micro = ? WHERE escrow = ?`)
  const selectUnpaid = one<[number], JobRow>(`SELECT * FROM job WHERE state = 'done' ORDER BY at_ms DESC LIMIT ?`)
  const restoreJob = db.prepare(
    `INSERT INTO job (escrow, client, at_ms, stream_id, sealed_hash, state, receipt, price_micro, output_tokens, backend, input_tokens, cost_millicents, backend_id)
     VALUES (?, ?, ?, ?, ?, 'done', ?, ?, ?, ?, ?, ?, ${unknownBackend})
     ON CONFLICT (escrow) DO UPDATE SET state = 'done', receipt = excluded.receipt, price_micro = excluded.price_micro
     WHERE job.state = 'running'`,
  )
  const deleteChunks = db.prepare('DELETE FROM job_chunk WHERE escrow = ?')
  const forgetChunks = db.prepare(`DELETE FROM job_chunk WHERE escrow IN (SELECT escrow FROM job WHERE state = 'settled' AND at_ms < ?)`)
  const selectSums = one<[number, number | null], SumRow>(
    `SELECT count(*) AS tasks, coalesce(sum(output_tokens), 0) AS tokens,
       coalesce(sum(CASE state WHEN 'settled' THEN price_micro END), 0) AS earned, coalesce(sum(cost_millicents), 0) AS cost
     FROM job WHERE at_ms >= ? AND backend_id = coalesce(?, backend_id)`,
  )
  const selectHistory = one<[Uint8Array], HistoryRow>(
    `SELECT coalesce(sum(state = 'settled' AND price_micro > 0), 0) AS settled,
       coalesce(sum((state = 'failed' OR (state = 'settled' AND price_micro = 0)) AND input_tokens + output_tokens > 0), 0) AS failed
     FROM job WHERE client = ?`,
  )
  const selectDays = one<[number], { readonly day: string; readonly earned: bigint; readonly tasks: bigint }>(
    `SELECT date(at_ms / 1000, 'unixepoch') AS day, coalesce(sum(price_micro), 0) AS earned, count(*) AS tasks
     FROM job WHERE state = 'settled' AND at_ms >= ? GROUP BY day ORDER BY day`,
  )
  const selectBackends = one<
    [number],
    { readonly backend: string; readonly earned: bigint; readonly tasks: bigint; readonly cost: bigint }
  >(
    `SELECT backend, coalesce(sum(CASE state WHEN 'settled' THEN price_micro END), 0) AS earned, count(*) AS tasks,
       coalesce(sum(cost_millicents), 0) AS cost
     FROM job WHERE at_ms >= ? GROUP BY backend ORDER BY earned DESC`,
  )
  return {
    /** `outputTokens` is the task's cap: it counts in full until the run says what it used. */
    add: (job: NewJobRow): void =>
      void insertJob.run(
        job.escrow,
        job.client,
        job.atMs,
        job.streamId,
        job.sealedHash,
        job.outputTokens,
        job.backend,
        job.inputTokens,
        job.costMillicents,
        job.backendId,
      ),
    get: (escrow: Bytes32): Job | null => {
      const row = selectJob.get(escrow)
      return row === undefined ? null : jobOf(row)
    },
    unsettled: (): readonly Job[] => selectUnsettled.all().map(jobOf),
    finish: (escrow: Bytes32, receipt: Uint8Array, priceMicro: AmountMicro, used: JobUse): void =>
      void finishJob.run(receipt, priceMicro, used.outputTokens, used.inputTokens, used.costMillicents, escrow),
    fail: (escrow: Bytes32, outputTokens: number, costMillicents: number): void =>
      db.atomically(() => {
        failJob.run(outputTokens, costMillicents, escrow)
        deleteChunks.run(escrow)
      }),
    /** Nothing of it reached a backend: its provider did not let it run. */
    notSent: (escrow: Bytes32): void => void unsendJob.run(escrow),
    /** After a power cut its escrow says it again. */
    settle: (escrow: Bytes32, paidMicro: AmountMicro, isAnswerKept: boolean): void =>
      db.lightly(() => {
        settleJob.run(paidMicro, escrow)
        if (!isAnswerKept) deleteChunks.run(escrow)
      }),
    /** Answered, and not paid yet. */
    unpaid: (limit: number): readonly Job[] => selectUnpaid.all(limit).map(jobOf),
    /** From a sealed copy of this member's own: an answer that was complete, whatever this data folder knows of it. */
    restoreDone: (
      job: Omit<Job, 'state' | 'receipt' | 'priceMicro' | 'backendId'> & { readonly receipt: Uint8Array; readonly priceMicro: AmountMicro },
    ): void =>
      db.atomically(() => {
        restoreJob.run(
          job.escrow,
          job.client,
          job.atMs,
          job.streamId,
          job.sealedHash,
          job.receipt,
          job.priceMicro,
          job.outputTokens,
          job.backend,
          job.inputTokens,
          job.costMillicents,
        )
      }),
    /** Of settled jobs begun before then. */
    forgetAnswers: (beforeMs: number): void => void forgetChunks.run(beforeMs),
    ...chunkRows(db),
    /** Tasks begun since, of one backend or of all, whatever became of them; what they used and may still use; what they have brought in. */
    sumSince: (sinceMs: number, backendId: BackendId | null = null): JobSum => {
      const row = selectSums.get(sinceMs, backendId)
      return {
        tasks: Number(row?.tasks ?? 0n),
        outputTokens: Number(row?.tokens ?? 0n),
        costMillicents: Number(row?.cost ?? 0n),
        earnedMicro: row?.earned ?? 0n,
      }
    },
    /** By UTC day, oldest first; days without settled tasks are left out. */
    earningsByDay: (sinceMs: number): readonly EarningsDay[] =>
      selectDays.all(sinceMs).map(({ day, earned, tasks }) => ({ day, earnedMicro: earned, tasks: Number(tasks) })),
    earningsByBackend: (sinceMs: number) =>
      selectBackends.all(sinceMs).map(({ backend, earned, tasks, cost }) => ({
        backend,
        earnedMicro: earned,
        tasks: Number(tasks),
        costMillicents: Number(cost),
      })),
    /** What became of a client's tasks that ran here: paid for, or not. */
    historyWith: (client: Bytes32): { readonly settled: number; readonly failed: number } => {
      const row = selectHistory.get(client)
      return { settled: Number(row?.settled ?? 0n), failed: Number(row?.failed ?? 0n) }
    },
  }
}

export type JobSum = {
  readonly tasks: number
  readonly outputTokens: number
  readonly costMillicents: number
  readonly earnedMicro: AmountMicro
}
