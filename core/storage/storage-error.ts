import SqliteDatabase from 'better-sqlite3'
import { fail, type Err, type Failure } from '../platform/result.ts'

export type StorageErrorCode = 'disk-full' | 'io-failed' | 'damaged' | 'busy' | 'read-only' | 'constraint' | 'misuse'

const sentences: Readonly<Record<StorageErrorCode, string>> = {
  'disk-full': 'The disk is full, so nothing was saved. Free some space and try again.',
  'io-failed': 'The disk could not be read or written, so nothing was saved. Check the disk and try again.',
  damaged:
    'The database is damaged, so nothing was saved. Quit the program and start it again; if it is damaged still, put back a copy of it or move it to another place.',
  busy: 'Another program is using the database, so nothing was saved. Close it and try again.',
  'read-only': 'The database may only be read, so nothing was saved. Check the permissions of the data folder.',
  constraint: 'The database refused a row that breaks one of its rules.',
  misuse: 'The database was used in a way it does not allow.',
}

/** What SQLite throws, with a code of ours and a sentence for people. The transaction it happened in is rolled back. */
export class StorageError extends Error {
  override name = 'StorageError'
  readonly code: StorageErrorCode
  /** Such as SQLITE_CONSTRAINT_UNIQUE. */
  readonly sqliteCode: string
  constructor(code: StorageErrorCode, sqliteCode: string, cause?: unknown) {
    super(sentences[code], { cause })
    this.code = code
    this.sqliteCode = sqliteCode
  }
}

/** SQLite's extended result codes start with the primary one (sqlite.org/rescode.html). */
const byPrefix: readonly (readonly [string, StorageErrorCode])[] = [
  ['SQLITE_FULL', 'disk-full'],
  // The index of the write-ahead log could not grow.
  ['SQLITE_IOERR_SHMSIZE', 'disk-full'],
  ['SQLITE_IOERR', 'io-failed'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_CONSTRAINT', 'constraint'],
]

export const asStorageError = (thrown: unknown): StorageError | null => {
  if (thrown instanceof StorageError) return thrown
  if (!(thrown instanceof SqliteDatabase.SqliteError)) return null
  const code = byPrefix.find(([prefix]) => thrown.code.startsWith(prefix))?.[1] ?? 'misuse'
  return new StorageError(code, thrown.code, thrown)
}

/** Runs a use of SQLite; what SQLite throws comes out as a StorageError, everything else as it is. */
export const guarded = <T>(work: () => T, onError: (error: StorageError) => void): T => {
  try {
    return work()
  } catch (thrown) {
    const error = asStorageError(thrown)
    if (error !== null) onError(error)
    throw error ?? thrown
  }
}

/** A storage error as a failure, where nothing further can be done with what was to be opened; anything else is thrown on. */
export const failedStorage = (thrown: unknown): Err<Failure<StorageErrorCode>> => {
  const error = asStorageError(thrown)
  if (error === null) throw thrown
  return fail(error.code, error.message)
}

const peoplesCodes: readonly StorageErrorCode[] = ['disk-full', 'io-failed', 'damaged', 'busy', 'read-only']
/** For the dispatcher: the sentence of a storage error that people can do something about, else null. */
export const explainStorageError = (thrown: unknown): string | null =>
  thrown instanceof StorageError && peoplesCodes.includes(thrown.code) ? thrown.message : null
