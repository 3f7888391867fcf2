import type SqliteDatabase from 'better-sqlite3'
import { assert } from '../platform/assert.ts'

/** One change of the schema, never edited once released: what it got wrong, the next one mends. */
export type Migration = {
  /** 1, 2, 3 … in the order of the list; kept in the file as `user_version`. */
  readonly version: number
  readonly name: string
  readonly sql: string
}

export const latestVersion = (migrations: readonly Migration[]): number => migrations.length

export const schemaVersion = (raw: SqliteDatabase.Database): number => Number(raw.pragma('user_version', { simple: true }))

/** Applies what is missing, each in a transaction of its own; throws what SQLite throws, and then the earlier ones stay. */
export const migrate = (raw: SqliteDatabase.Database, migrations: readonly Migration[]): void => {
  assert(
    migrations.every(({ version }, index) => version === index + 1),
    'migrations are numbered 1, 2, 3 … in their order',
  )
  for (const { version, sql, name } of migrations.slice(schemaVersion(raw))) {
    raw
      .transaction(() => {
        raw.exec(sql)
        raw.pragma(`user_version = ${version}`)
        const orphans = raw.pragma('foreign_key_check') as readonly unknown[]
        assert(orphans.length === 0, `migration ${version} (${name}) leaves rows that refer to nothing`)
      })
      .immediate()
  }
}
