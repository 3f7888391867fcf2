import { existsSync, renameSync } from 'node:fs'
import SqliteDatabase from 'better-sqlite3'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { createDatabase, type Database } from './database.ts'
import { latestVersion, migrate, schemaVersion, type Migration } from './migrate.ts'
import { ensurePrivateFile } from './private-file.ts'
import { asStorageError, type StorageErrorCode } from './storage-error.ts'

export type OpenOptions = {
  /** A path, or `:memory:`. The folder must exist. */
  readonly file: string
  readonly migrations: readonly Migration[]
  /** Path of SQLite's native file, for runtimes that need another one than the package's. */
  readonly nativeBinding?: string
  /** Stops the file from growing beyond so many pages, as a full disk would; for tests. */
  readonly maxPages?: number
  /** False for data that is worth nothing after the computer has stopped: it survives the process, not a power cut. */
  readonly survivesPowerCut?: boolean
  /** Told of every use that fails because the disk is full. */
  readonly onDiskFull?: () => void
  /** How long to wait for another process that holds the file, as a checkpoint or a backup does for a moment. */
  readonly busyTimeoutMs?: number
}
export type OpenCode = 'database-newer' | 'database-damaged' | 'database-locked' | 'database-foreign' | 'disk-full' | 'cannot-open'
export type OpenFailure = Failure<OpenCode>

/** "RUV1" in ASCII: tells our files from other programs' (sqlite.org/pragma.html#pragma_application_id). */
const applicationId = 0x52555631
const defaultBusyTimeoutMs = 3_000

const refusals: Readonly<Record<OpenCode, string>> = {
  'database-newer': 'was written by a newer version of this program. Update the program; nothing was changed.',
  'database-damaged':
    'is damaged; nothing was changed. Put back a copy of it, or move it to another place and start again: what the witnesses know comes back by itself.',
  'database-locked': 'is in use by another program. Close it and start again.',
  'database-foreign': 'is a database of another program. Choose another data folder; nothing was changed.',
  'disk-full': 'could not be prepared because the disk is full. Free some space and start again.',
  'cannot-open': 'cannot be opened. Check that the folder exists and that you may write to it.',
}
const refuse = (code: OpenCode, file: string) => fail(code, `The database ${file} ${refusals[code]}`)

const codes: Readonly<Record<StorageErrorCode, OpenCode>> = {
  'disk-full': 'disk-full',
  damaged: 'database-damaged',
  busy: 'database-locked',
  'io-failed': 'cannot-open',
  'read-only': 'cannot-open',
  constraint: 'database-damaged',
  misuse: 'cannot-open',
}

/**
 * WAL with synchronous=FULL keeps every commit but the light ones (database.ts) through a power cut, which safety needs: a witness
 * that forgets its vote votes twice (settlement.md §3.6). macOS syncs to the platter only with fullfsync.
 */
const configure = (raw: SqliteDatabase.Database, { maxPages, survivesPowerCut = true }: OpenOptions): void => {
  raw.defaultSafeIntegers(true)
  raw.pragma(`synchronous = ${survivesPowerCut ? 'FULL' : 'OFF'}`)
  raw.pragma('journal_mode = WAL')
  raw.pragma('fullfsync = ON')
  raw.pragma('checkpoint_fullfsync = ON')
  raw.pragma('foreign_keys = ON')
  raw.pragma('trusted_schema = OFF')
  if (maxPages !== undefined) raw.pragma(`max_page_count = ${maxPages}`)
}

const ownerOf = (raw: SqliteDatabase.Database): number => Number(raw.pragma('application_id', { simple: true }))

/** What must be known before anything is written. */
const inspect = (raw: SqliteDatabase.Database, migrations: readonly Migration[]): OpenCode | null => {
  const owner = ownerOf(raw)
  const isEmpty = raw.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  if (owner !== applicationId && !(isEmpty && owner === 0)) return 'database-foreign'
  if (schemaVersion(raw) > latestVersion(migrations)) return 'database-newer'
  return raw.pragma('quick_check(1)', { simple: true }) === 'ok' ? null : 'database-damaged'
}

const prepare = (raw: SqliteDatabase.Database, options: OpenOptions): Result<Database, OpenFailure> => {
  const { file, migrations } = options
  const objection = inspect(raw, migrations)
  if (objection !== null) return refuse(objection, file)
  configure(raw, options)
  if (ownerOf(raw) !== applicationId) raw.pragma(`application_id = ${applicationId}`)
  migrate(raw, migrations)
  return ok(createDatabase(raw, options.onDiskFull))
}

/**
 * The same for a file that somebody can do without: a damaged one is kept under another name, in place of an older one, and a new one
 * begins. `onSetAside` is told that name.
 */
export const openOrBegin = (options: OpenOptions, onSetAside: (keptAs: string) => void): Result<Database, OpenFailure> => {
  const opened = openDatabase(options)
  if (opened.ok || opened.error.code !== 'database-damaged') return opened
  const keptAs = `${options.file}.damaged`
  try {
    // What SQLite left of its log may hold what was committed last.
    for (const part of ['-wal', '-shm', ''])
      if (existsSync(`${options.file}${part}`)) renameSync(`${options.file}${part}`, `${keptAs}${part}`)
  } catch {
    return opened
  }
  onSetAside(keptAs)
  return openDatabase(options)
}

/** Opens or makes a database, checks it, and brings its schema up to date. A file that is refused stays as it was. */
export const openDatabase = (options: OpenOptions): Result<Database, OpenFailure> => {
  let raw: SqliteDatabase.Database | null = null
  let opened: Result<Database, OpenFailure>
  try {
    if (options.file !== ':memory:') ensurePrivateFile(options.file)
    const binding = options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding }
    raw = new SqliteDatabase(options.file, { timeout: options.busyTimeoutMs ?? defaultBusyTimeoutMs, ...binding })
    opened = prepare(raw, options)
  } catch (thrown) {
    const error = asStorageError(thrown)
    // better-sqlite3 reports a missing folder as a TypeError.
    if (error === null && !(thrown instanceof TypeError)) throw thrown
    opened = refuse(error === null ? 'cannot-open' : codes[error.code], options.file)
  }
  if (!opened.ok) raw?.close()
  return opened
}
