import SqliteDatabase from 'better-sqlite3'
import { beforeEach, expect, test } from 'vitest'
import { createDatabase, type Database } from './database.ts'
import { explainStorageError, StorageError } from './storage-error.ts'
import { openMemoryDatabase } from './testing/memory-database.ts'

let db: Database
beforeEach(() => {
  db = openMemoryDatabase([{ version: 1, name: 'amounts', sql: 'CREATE TABLE amount (micro INTEGER NOT NULL CHECK (micro >= 0)) STRICT' }])
})
const insert = (micro: number) => db.prepare<[number]>('INSERT INTO amount VALUES (?)').run(micro)
const all = () =>
  db
    .prepare<[], { readonly micro: bigint }>('SELECT micro FROM amount ORDER BY micro')
    .all()
    .map(({ micro }) => micro)

test('a transaction that throws leaves nothing and passes the error on', () => {
  const work = () =>
    db.transaction(() => {
      insert(1)
      throw new RangeError('mine')
    })
  expect(work).toThrow(new RangeError('mine'))
  expect([all(), db.inTransaction()]).toEqual([[], false])
})

test('a transaction inside a transaction is refused, and so is one that waits', () => {
  expect(() => db.transaction(() => db.transaction(() => insert(1)))).toThrow('a transaction inside a transaction')
  expect(() => db.transaction(async () => insert(1))).toThrow('must not wait')
  expect(all()).toEqual([])
})

test('parts join the transaction under way, or are one by themselves', () => {
  db.atomically(() => insert(1))
  db.transaction(() => {
    db.atomically(() => insert(2))
    expect(db.inTransaction()).toBe(true)
  })
  expect(all()).toEqual([1n, 2n])
})

const synced = (raw: SqliteDatabase.Database) => raw.pragma('synchronous', { simple: true }) === 2n
const openRaw = (synchronous: 'FULL' | 'OFF') => {
  const raw = new SqliteDatabase(':memory:')
  raw.defaultSafeIntegers(true)
  raw.pragma(`synchronous = ${synchronous}`)
  return raw
}

test('a light transaction does not wait for the disk; the next one does, also after one that threw', () => {
  const raw = openRaw('FULL')
  const light = createDatabase(raw)
  const seen = [light.lightly(() => synced(raw)), light.transaction(() => synced(raw))]
  const fail = (): never => {
    throw new RangeError('mine')
  }
  expect(() => light.lightly(fail)).toThrow(new RangeError('mine'))
  expect([...seen, light.transaction(() => synced(raw))]).toEqual([false, true, true])
})

test('a light part of a transaction is waited for like the rest of it, and fails it like any part', () => {
  const raw = openRaw('FULL')
  const light = createDatabase(raw)
  expect(light.transaction(() => light.lightly(() => synced(raw)))).toBe(true)
  const work = () =>
    db.transaction(() => {
      try {
        db.lightly(() => insert(-1))
      } catch {
        insert(2)
      }
    })
  expect(work).toThrow('all of it must')
})

test('a file that never waits for the disk does not begin to', () => {
  const raw = openRaw('OFF')
  createDatabase(raw).lightly(() => undefined)
  expect(raw.pragma('synchronous', { simple: true })).toBe(0n)
})

test('a failed part takes the whole transaction with it even when its error is caught', () => {
  const work = () =>
    db.transaction(() => {
      insert(1)
      try {
        db.atomically(() => insert(-1))
      } catch {
        insert(2)
      }
    })
  expect(work).toThrow('all of it must')
  expect(all()).toEqual([])
  db.transaction(() => insert(3))
  expect(all()).toEqual([3n])
})

test('a broken rule of the schema is a StorageError that names it', () => {
  expect(() => insert(-1)).toThrow(
    expect.objectContaining({ name: 'StorageError', code: 'constraint', sqliteCode: 'SQLITE_CONSTRAINT_CHECK' }),
  )
})

test('only an error that people can do something about is explained to them', () => {
  expect(explainStorageError(new StorageError('disk-full', 'SQLITE_FULL'))).toBe(
    'The disk is full, so nothing was saved. Free some space and try again.',
  )
  expect(explainStorageError(new StorageError('constraint', 'SQLITE_CONSTRAINT_CHECK'))).toBeNull()
  expect(explainStorageError(new Error('disk-full'))).toBeNull()
})

test('wrong SQL is refused when it is prepared', () => {
  expect(() => db.prepare('SELECT nothing FROM nowhere')).toThrow(StorageError)
})
