import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from './database.ts'
import type { Migration } from './migrate.ts'
import { openDatabase, openOrBegin, type OpenOptions } from './open.ts'
import { StorageError } from './storage-error.ts'
import { startChild } from './testing/child-process.ts'

const migrations: readonly Migration[] = [
  { version: 1, name: 'rows', sql: 'CREATE TABLE row (id INTEGER PRIMARY KEY, filler BLOB) STRICT' },
  { version: 2, name: 'amounts', sql: 'CREATE TABLE amount (micro INTEGER NOT NULL CHECK (micro >= 0)) STRICT' },
]

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'market-storage-'))
  file = join(folder, 'market.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (options: Partial<OpenOptions> = {}): Database => {
  const opened = openDatabase({ file, migrations, ...options })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}
const codeOf = (options: Partial<OpenOptions> = {}): string => {
  const opened = openDatabase({ file, migrations, ...options })
  if (opened.ok) opened.value.close()
  return opened.ok ? 'ok' : opened.error.code
}
const countRows = (db: Database): unknown => db.prepare('SELECT count(*) AS rows FROM row').get()
const refusalOf = (work: () => unknown): string => {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof StorageError) return thrown.code
    throw thrown
  }
  return 'ok'
}

test('a new file opens with the settings that keep every commit', () => {
  open().close()
  const db = open()
  const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'fullfsync', 'user_version'].map((name) =>
    db.prepare(`PRAGMA ${name}`).get(),
  )
  expect(settings).toEqual([{ journal_mode: 'wal' }, { synchronous: 2n }, { foreign_keys: 1n }, { fullfsync: 1n }, { user_version: 2n }])
  db.close()
})

test('integers come back exact beyond what a float holds', () => {
  const db = open()
  db.prepare<[bigint]>('INSERT INTO amount VALUES (?)').run(2n ** 62n + 1n)
  expect(db.prepare('SELECT micro FROM amount').get()).toEqual({ micro: 2n ** 62n + 1n })
  db.close()
})

test('a database of a newer program is refused and stays as it was', () => {
  open().close()
  const before = readFileSync(file)
  expect(codeOf({ migrations: migrations.slice(0, 1) })).toBe('database-newer')
  expect(readFileSync(file)).toEqual(before)
})

test('a database of another program is refused and stays as it was', () => {
  const other = new SqliteDatabase(file)
  other.exec('CREATE TABLE theirs (x)')
  other.close()
  const before = readFileSync(file)
  expect(codeOf()).toBe('database-foreign')
  expect(readFileSync(file)).toEqual(before)
})

test('a file that is no database, and one with damaged pages, are refused and stay as they were', () => {
  writeFileSync(file, 'These are not the bytes of a database.'.repeat(200))
  expect(codeOf()).toBe('database-damaged')
  rmSync(file)
  const db = open()
  for (let id = 0; id < 100; id += 1) db.prepare<[number, Uint8Array]>('INSERT INTO row VALUES (?, ?)').run(id, new Uint8Array(3_000))
  db.close()
  const bytes = readFileSync(file)
  bytes.fill(0xff, 4_096, 12_288)
  writeFileSync(file, bytes)
  expect(codeOf()).toBe('database-damaged')
  expect(readFileSync(file)).toEqual(bytes)
})

test('where one may begin anew, a damaged file is kept, in place of an older one, and others are refused as ever', () => {
  const begin = () => {
    const asides: string[] = []
    const opened = openOrBegin({ file, migrations }, (keptAs) => asides.push(keptAs))
    if (opened.ok) opened.value.close()
    return [opened.ok ? 'opened' : opened.error.code, ...asides]
  }
  const keptAs = `${file}.damaged`
  writeFileSync(keptAs, 'an older one')
  writeFileSync(file, 'no database at all')
  expect([begin(), begin()]).toEqual([['opened', keptAs], ['opened']])
  expect(readFileSync(keptAs, 'utf8')).toBe('no database at all')
  open({ migrations: [...migrations, { version: 3, name: 'more', sql: 'CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT' }] }).close()
  expect(begin()).toEqual(['database-newer'])
})

test('a folder that is not there is refused with a sentence', () => {
  const missing = join(folder, 'nowhere', 'market.db')
  expect(openDatabase({ file: missing, migrations })).toEqual({
    ok: false,
    error: {
      code: 'cannot-open',
      message: `The database ${missing} cannot be opened. Check that the folder exists and that you may write to it.`,
    },
  })
})

test('a file that another program holds is refused as locked', () => {
  const other = new SqliteDatabase(file)
  other.exec('BEGIN EXCLUSIVE')
  expect(codeOf({ busyTimeoutMs: 0 })).toBe('database-locked')
  other.close()
  expect(codeOf()).toBe('ok')
})

test('a full disk undoes the transaction, is told, and the database goes on working', () => {
  let told = 0
  const db = open({ maxPages: 20, onDiskFull: () => (told += 1) })
  const insert = db.prepare<[number, Uint8Array]>('INSERT INTO row VALUES (?, ?)')
  insert.run(0, new Uint8Array(10))
  const fill = () =>
    db.transaction(() => {
      insert.run(1, new Uint8Array(10))
      insert.run(2, new Uint8Array(200_000))
    })
  expect(refusalOf(fill)).toBe('disk-full')
  expect([countRows(db), told]).toEqual([{ rows: 1n }, 1])
  db.transaction(() => insert.run(1, new Uint8Array(10)))
  expect(countRows(db)).toEqual({ rows: 2n })
  db.close()
})

test('a disk too full for the schema is refused and leaves a file that opens later', () => {
  expect(codeOf({ maxPages: 1 })).toBe('disk-full')
  expect(codeOf()).toBe('ok')
})

test('a process killed in the middle of a transaction leaves nothing of it', async () => {
  const writer = await startChild(new URL('./testing/crashing-writer.ts', import.meta.url), file)
  expect(writer.firstLine).toBe('halfway')
  expect(existsSync(`${file}-wal`)).toBe(true)
  await writer.kill()
  const db = open({ migrations: migrations.slice(0, 1) })
  expect(countRows(db)).toEqual({ rows: 1n })
  expect(db.checkIntegrity()).toEqual([])
  db.close()
})

test('a backup is a whole database of the same content and never overwrites', () => {
  const db = open()
  db.prepare('INSERT INTO amount VALUES (7)').run()
  const copy = join(folder, 'copy.db')
  db.backup(copy)
  expect(refusalOf(() => db.backup(copy))).not.toBe('ok')
  db.close()
  const restored = open({ file: copy })
  expect([restored.checkIntegrity(), restored.prepare('SELECT micro FROM amount').all()]).toEqual([[], [{ micro: 7n }]])
  restored.close()
})
