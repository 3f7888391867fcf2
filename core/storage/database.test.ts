import { beforeEach, expect, test } from 'vitest'
import type { Database } from './database.ts'
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
