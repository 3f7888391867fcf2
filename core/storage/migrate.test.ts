import SqliteDatabase from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { migrate, schemaVersion, type Migration } from './migrate.ts'
import { marketMigrations } from './migrations/index.ts'

const first: Migration = { version: 1, name: 'parents', sql: 'CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT' }
const second: Migration = {
  version: 2,
  name: 'children',
  sql: 'CREATE TABLE child (parent INTEGER NOT NULL REFERENCES parent (id)) STRICT; INSERT INTO parent VALUES (1)',
}
const tablesOf = (raw: SqliteDatabase.Database) =>
  raw.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all()
/** The schema's statements in a fixed order, as the committed snapshot has them. */
const schemaOf = (raw: SqliteDatabase.Database): string => {
  const statements = raw
    .prepare<[], string>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name')
    .pluck()
    .all()
  return statements.map((sql) => `${sql.replaceAll(/\n {4}/g, '\n')};\n`).join('\n')
}

test('migrations are applied in order, once each', () => {
  const raw = new SqliteDatabase(':memory:')
  migrate(raw, [first])
  expect([tablesOf(raw), schemaVersion(raw)]).toEqual([['parent'], 1])
  migrate(raw, [first, second])
  migrate(raw, [first, second])
  expect([tablesOf(raw), schemaVersion(raw)]).toEqual([['child', 'parent'], 2])
})

test('a migration that fails leaves the version before it', () => {
  const raw = new SqliteDatabase(':memory:')
  expect(() => migrate(raw, [first, { ...second, sql: 'CREATE TABLE child (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1)' }])).toThrow(
    'nowhere',
  )
  expect([tablesOf(raw), schemaVersion(raw)]).toEqual([['parent'], 1])
})

test('a migration that would leave rows without what they refer to is refused', () => {
  const raw = new SqliteDatabase(':memory:')
  raw.pragma('foreign_keys = OFF')
  expect(() => migrate(raw, [first, { ...second, sql: `${second.sql}; INSERT INTO child VALUES (99)` }])).toThrow('refer to nothing')
  expect(schemaVersion(raw)).toBe(1)
})

test('a list with a hole or out of order is refused before anything is applied', () => {
  const raw = new SqliteDatabase(':memory:')
  expect(() => migrate(raw, [first, { ...second, version: 3 }])).toThrow('numbered')
  expect(() => migrate(raw, [second, first])).toThrow('numbered')
  expect(schemaVersion(raw)).toBe(0)
})

describe.each(marketMigrations)('migration $version ($name)', ({ version }) => {
  test('applies onto the one before it and makes STRICT tables only', () => {
    const raw = new SqliteDatabase(':memory:')
    migrate(raw, marketMigrations.slice(0, version - 1))
    const before = schemaOf(raw)
    migrate(raw, marketMigrations.slice(0, version))
    expect(schemaOf(raw)).not.toBe(before)
    const lax = raw
      .prepare(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND strict = 0`)
      .pluck()
      .all()
    expect([lax, raw.pragma('integrity_check', { simple: true }), schemaVersion(raw)]).toEqual([[], 'ok', version])
  })
})

test('the schema after all migrations is the committed one', async () => {
  const raw = new SqliteDatabase(':memory:')
  migrate(raw, marketMigrations)
  await expect(schemaOf(raw)).toMatchFileSnapshot('./migrations/schema.sql')
})
