import { assert } from '../platform/assert.ts'
import type { Database, SqlValue } from '../storage/database.ts'
import type { Migration } from '../storage/migrate.ts'
import { openDatabase } from '../storage/open.ts'
import type { Prng } from './prng.ts'

/** All rows of a database at one moment. */
export type DiskImage = ReadonlyMap<string, readonly (readonly SqlValue[])[]>

const tablesOf = (db: Database): readonly string[] =>
  db
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'
       AND NOT EXISTS (SELECT 1 FROM sqlite_schema AS v WHERE v.sql LIKE 'CREATE VIRTUAL%' AND sqlite_schema.name LIKE v.name || '_%')`,
    )
    .all()
    .map(({ name }) => name)

export const imageOf = (db: Database): DiskImage =>
  new Map(
    tablesOf(db).map((table) => [
      table,
      db
        .prepare<[], Readonly<Record<string, SqlValue>>>(`SELECT * FROM "${table}"`)
        .all()
        .map((row) => Object.values(row)),
    ]),
  )

export const restoreImage = (db: Database, image: DiskImage): void => {
  db.transaction(() => {
    db.prepare('PRAGMA defer_foreign_keys = ON').run()
    // To ask first is cheaper than to delete nothing, with its foreign keys and triggers.
    for (const table of image.keys())
      if (db.prepare(`SELECT 1 FROM "${table}" LIMIT 1`).get() !== undefined) db.prepare(`DELETE FROM "${table}"`).run()
    for (const [table, rows] of image)
      for (const row of rows) db.prepare(`INSERT INTO "${table}" VALUES (${row.map(() => '?').join(', ')})`).run(...row)
  })
}

/** What the computer of a database loses with its power: commits that were not synced, if the settings of the shipping code leave any so. */
export type Power = {
  /** A transaction begins; gives back what to call once it has committed. */
  readonly begin: () => () => void
  /** The computer starts again, and what had not got to its disk is gone. */
  readonly restart: () => void
}

export const createPower = (db: Database, prng: Prng): Power => {
  const mode = db.prepare<[], { synchronous: bigint }>('PRAGMA synchronous').get()?.synchronous
  if (mode === undefined || mode >= fullSync) return { begin: () => () => undefined, restart: () => undefined }
  let unsynced: DiskImage[] = []
  return {
    begin: () => {
      const before = imageOf(db)
      return () => {
        unsynced = [...unsynced, before].slice(-mostUnsynced)
      }
    },
    restart: () => {
      const lost = prng.between(0, unsynced.length)
      const image = unsynced.at(-lost)
      if (lost > 0 && image !== undefined) restoreImage(db, image)
      unsynced = []
    },
  }
}
/** SQLite syncs the log at every commit (sqlite.org/pragma.html#pragma_synchronous). */
const fullSync = 2n
const mostUnsynced = 4

/** Databases in memory that are emptied and used again: opening one and compiling its statements costs as much as a short run. */
export const createDiskPool = (migrations: readonly Migration[]) => {
  const free: Database[] = []
  let lent: Database[] = []
  let empty: DiskImage | null = null
  const open = (): Database => {
    const opened = openDatabase({ file: ':memory:', migrations })
    assert(opened.ok, 'a database in memory opens')
    empty ??= imageOf(opened.value)
    return opened.value
  }
  return {
    take: (): Database => {
      const db = free.pop() ?? open()
      if (empty !== null) restoreImage(db, empty)
      lent.push(db)
      return db
    },
    takeBack: (): void => {
      free.push(...lent)
      lent = []
    },
  }
}
export type DiskPool = ReturnType<typeof createDiskPool>
