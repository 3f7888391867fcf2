import type SqliteDatabase from 'better-sqlite3'
import { assert } from '../platform/assert.ts'
import { guarded as guardedStorage } from './storage-error.ts'

export type SqlValue = string | number | bigint | Uint8Array | null
export type RunResult = { readonly changes: number; readonly lastInsertRowid: bigint }

/** Rows come with every INTEGER as a bigint, so that amounts are never rounded, and every BLOB as a Buffer. */
export type Statement<P extends readonly SqlValue[], R> = {
  readonly run: (...parameters: P) => RunResult
  readonly get: (...parameters: P) => R | undefined
  readonly all: (...parameters: P) => readonly R[]
}

/**
 * The one writing connection of a database file. Whatever SQLite throws comes out as a StorageError.
 * SQL is written in `store.ts` files and in migrations only.
 */
export type Database = {
  /** The statement of this text; compiled once. Types: its parameters in order, and a row. */
  readonly prepare: <P extends readonly SqlValue[] = readonly SqlValue[], R = Readonly<Record<string, unknown>>>(
    sql: string,
  ) => Statement<P, R>
  /** One BEGIN IMMEDIATE … COMMIT around synchronous work; rolled back when it throws. Refused inside another one. */
  readonly transaction: <T>(work: () => T) => T
  /** Part of the transaction under way, or else one of its own. A failed part takes the whole transaction with it, even if its error is caught. */
  readonly atomically: <T>(work: () => T) => T
  /**
   * The same for what a power cut may take back: a transaction of its own is not waited for until the disk has it. The end of the process
   * loses nothing, and the next transaction that is waited for brings all before it to the disk. For what is only shown, what others tell
   * again, and what is followed by the write that matters before anything is said to anybody.
   */
  readonly lightly: <T>(work: () => T) => T
  readonly inTransaction: () => boolean
  /** Writes a compact copy, which must not exist yet, from one moment's state. */
  readonly backup: (toFile: string) => void
  /** SQLite's full check of the file and of all foreign keys: what it found wrong, at most ten lines. */
  readonly checkIntegrity: () => readonly string[]
  readonly close: () => void
}

type Guard = <T>(work: () => T) => T

const createTransactions = (
  raw: SqliteDatabase.Database,
  guarded: Guard,
): Pick<Database, 'transaction' | 'atomically' | 'lightly' | 'inTransaction'> => {
  const isSynced = raw.pragma('synchronous', { simple: true }) === fullySynced
  const [begin, commit, rollback] = [raw.prepare('BEGIN IMMEDIATE'), raw.prepare('COMMIT'), raw.prepare('ROLLBACK')]
  let hasFailedPart = false

  const transaction = <T>(work: () => T): T => {
    assert(!raw.inTransaction, 'a transaction inside a transaction')
    hasFailedPart = false
    guarded(() => begin.run())
    try {
      const value = work()
      assert(!(value instanceof Promise), 'a transaction must not wait for anything')
      assert(!hasFailedPart, 'a part of this transaction failed, so all of it must')
      guarded(() => commit.run())
      return value
    } catch (thrown) {
      // After a full disk SQLite has rolled back by itself.
      if (raw.inTransaction) guarded(() => rollback.run())
      throw thrown
    }
  }
  const part = <T>(work: () => T): T => {
    try {
      return work()
    } catch (thrown) {
      hasFailedPart = true
      throw thrown
    }
  }
  const atomically = <T>(work: () => T): T => (raw.inTransaction ? part(work) : transaction(work))
  const lightly = <T>(work: () => T): T => {
    if (raw.inTransaction || !isSynced) return atomically(work)
    raw.pragma('synchronous = NORMAL')
    try {
      return transaction(work)
    } finally {
      raw.pragma('synchronous = FULL')
    }
  }
  return { transaction, atomically, lightly, inTransaction: () => raw.inTransaction }
}
/** What SQLite calls FULL: with a write-ahead log, every commit waits for the disk; with NORMAL none does (sqlite.org/pragma.html#pragma_synchronous). */
const fullySynced = 2n

const createStatements = (raw: SqliteDatabase.Database, guarded: Guard): Database['prepare'] => {
  const compiled = new Map<string, SqliteDatabase.Statement<SqlValue[]>>()
  const compile = (sql: string) => {
    const statement = guarded(() => raw.prepare<SqlValue[]>(sql))
    compiled.set(sql, statement)
    return statement
  }
  return <P extends readonly SqlValue[], R>(sql: string): Statement<P, R> => {
    const statement = compiled.get(sql) ?? compile(sql)
    return {
      run: (...parameters) =>
        guarded(() => {
          const { changes, lastInsertRowid } = statement.run(...parameters)
          return { changes, lastInsertRowid: BigInt(lastInsertRowid) }
        }),
      get: (...parameters) => guarded(() => statement.get(...parameters) as R | undefined),
      all: (...parameters) => guarded(() => statement.all(...parameters) as readonly R[]),
    }
  }
}

/** `raw` has been opened with the settings of open.ts. `onDiskFull` is told of every use that fails for want of space. */
export const createDatabase = (raw: SqliteDatabase.Database, onDiskFull: () => void = () => undefined): Database => {
  const guarded: Guard = (work) => guardedStorage(work, ({ code }) => code === 'disk-full' && onDiskFull())
  return {
    ...createTransactions(raw, guarded),
    prepare: createStatements(raw, guarded),
    backup: (toFile) =>
      guardedStorage(
        () => void raw.prepare<[string]>('VACUUM INTO ?').run(toFile),
        () => undefined,
      ),
    checkIntegrity: () =>
      guarded(() => {
        const found = raw.pragma('integrity_check(10)') as readonly { readonly integrity_check: string }[]
        const orphans = raw.pragma('foreign_key_check') as readonly { readonly table: string }[]
        const lines = [...found.map((row) => row.integrity_check), ...orphans.map(({ table }) => `a row of ${table} refers to nothing`)]
        return lines.filter((line) => line !== 'ok').slice(0, 10)
      }),
    close: () => void raw.close(),
  }
}
