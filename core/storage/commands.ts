import { sha256, utf8, equalBytes } from '../platform/bytes.ts'
import { decodeBytes, encodeBytes, type Codec } from '../platform/codec.ts'
import { fail, ok, type Err, type Failure, type Ok, type Result } from '../platform/result.ts'
import type { Database } from './database.ts'
import { StorageError } from './storage-error.ts'

/** A stored result is a few ids; whatever is larger belongs into a table of its own. */
const maxResultBytes = 65_536

export type CommandOptions<T> = {
  /** The client's, from the contract. */
  readonly requestId: string
  /** The call's name, such as `tasks.ask`. */
  readonly name: string
  /** The parsed input: JSON values and bigints. */
  readonly input: unknown
  readonly atMs: number
  readonly result: Codec<T>
}
export type ReusedFailure = Failure<'request-id-reused'>

/** Fields keep the order of their schema, so equal inputs give equal bytes. */
export const inputHashOf = (name: string, input: unknown): Uint8Array =>
  sha256(utf8(JSON.stringify([name, input], (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))))

class Refused<E> extends Error {
  readonly refusal: Err<E>
  constructor(refusal: Err<E>) {
    super('refused')
    this.refusal = refusal
  }
}

type StoredRow = { readonly name: string; readonly input_hash: Uint8Array; readonly result: Uint8Array }

const recall = <T>(row: StoredRow, inputHash: Uint8Array, { requestId, result }: CommandOptions<T>): Ok<T> | Err<ReusedFailure> => {
  if (!equalBytes(row.input_hash, inputHash))
    return fail('request-id-reused', `The request ${requestId} was used before for something else. Start again with a new one.`)
  const decoded = decodeBytes(result, row.result, maxResultBytes, row.name)
  if (!decoded.ok) throw new StorageError('damaged', 'SQLITE_CORRUPT')
  return decoded
}

/**
 * Does the work of a command in one transaction, together with the record that it was done: the same request id answers the same
 * again without doing it again. A refusal of the work changes nothing and is not kept, so that it may be tried again.
 */
export const runCommand = <T, E>(db: Database, options: CommandOptions<T>, work: () => Result<T, E>): Result<T, E | ReusedFailure> => {
  const inputHash = inputHashOf(options.name, options.input)
  const select = db.prepare<[string], StoredRow>('SELECT name, input_hash, result FROM command_result WHERE request_id = ?')
  const insert = db.prepare('INSERT INTO command_result VALUES (?, ?, ?, ?, ?)')
  try {
    return db.transaction(() => {
      const earlier = select.get(options.requestId)
      if (earlier !== undefined) return recall(earlier, inputHash, options)
      const answer = work()
      if (!answer.ok) throw new Refused(answer)
      insert.run(options.requestId, options.name, inputHash, encodeBytes(options.result, answer.value), options.atMs)
      return ok(answer.value)
    })
  } catch (thrown) {
    if (thrown instanceof Refused) return (thrown as Refused<E>).refusal
    throw thrown
  }
}

/** Forgets results so old that nobody retries any more; gives back how many. */
export const forgetCommands = (db: Database, beforeMs: number): number =>
  db.prepare<[number]>('DELETE FROM command_result WHERE at_ms < ?').run(beforeMs).changes

/** A command that was done, as it is remembered. */
export type DoneCommand = {
  readonly requestId: string
  readonly name: string
  readonly inputHash: Uint8Array
  readonly result: Uint8Array
  readonly atMs: number
}
type DoneRow = StoredRow & { readonly request_id: string; readonly at_ms: bigint }

/** So that a command stays done when this data folder is lost or an older copy of it takes its place. */
export const createCommandCopies = (db: Database) => {
  const select = db.prepare<[string, number], DoneRow>(
    `SELECT * FROM command_result WHERE name IN (SELECT value FROM json_each(?)) ORDER BY at_ms DESC, request_id LIMIT ?`,
  )
  const insert = db.prepare('INSERT INTO command_result VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  return {
    newest: (names: readonly string[], limit: number): readonly DoneCommand[] =>
      select.all(JSON.stringify(names), limit).map((row) => ({
        requestId: row.request_id,
        name: row.name,
        inputHash: new Uint8Array(row.input_hash),
        result: new Uint8Array(row.result),
        atMs: Number(row.at_ms),
      })),
    restore: (commands: readonly DoneCommand[]): void => {
      for (const { requestId, name, inputHash, result, atMs } of commands) insert.run(requestId, name, inputHash, result, atMs)
    },
  }
}
