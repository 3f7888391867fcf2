import { beforeEach, expect, test } from 'vitest'
import { integer, record } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { forgetCommands, runCommand, type CommandOptions, type ReusedFailure } from './commands.ts'
import type { Database } from './database.ts'
import { openMemoryDatabase } from './testing/memory-database.ts'

type Outcome = { readonly total: number }
const result = record<Outcome>({ total: integer(0, 1_000) })
const requestId = 'request-000000001'

let db: Database
beforeEach(() => {
  db = openMemoryDatabase()
})
const payments = () => db.prepare<[], { readonly paid: bigint }>('SELECT count(*) AS paid FROM meta').get()?.paid
const pay = (options: Partial<CommandOptions<Outcome>> = {}, refuse = false): Result<Outcome, Failure<'refused'> | ReusedFailure> =>
  runCommand(db, { requestId, name: 'wallet.pay', input: { amountMicro: 5n }, atMs: 1_000, result, ...options }, () => {
    db.prepare<[string, string]>('INSERT INTO meta VALUES (?, ?)').run(`payment ${payments()}`, 'paid')
    return refuse ? fail('refused', 'Not now.') : ok({ total: Number(payments()) })
  })

test('a repeated request answers the same and pays once', () => {
  expect([pay(), pay(), payments()]).toEqual([ok({ total: 1 }), ok({ total: 1 }), 1n])
})

test('another request pays again', () => {
  pay()
  expect([pay({ requestId: 'request-000000002' }), payments()]).toEqual([ok({ total: 2 }), 2n])
})

test.each([
  ['another input', { input: { amountMicro: 6n } }],
  ['text in place of an amount', { input: { amountMicro: '5' } }],
  ['another command', { name: 'wallet.give' }],
])('a request id used again with %s is refused and pays nothing', (_what, change) => {
  pay()
  expect(pay(change)).toMatchObject({ ok: false, error: { code: 'request-id-reused' } })
  expect(payments()).toBe(1n)
})

test('a refused command changes nothing and may be tried again', () => {
  expect([pay({}, true), payments()]).toEqual([fail('refused', 'Not now.'), 0n])
  expect([pay(), payments()]).toEqual([ok({ total: 1 }), 1n])
})

test('a result that cannot be stored undoes the command', () => {
  const work = () =>
    runCommand(db, { requestId: 'too-short', name: 'wallet.pay', input: {}, atMs: 1_000, result }, () => {
      db.prepare('INSERT INTO meta VALUES (?, ?)').run('payment', 'paid')
      return ok({ total: 1 })
    })
  expect(work).toThrow('breaks one of its rules')
  expect(payments()).toBe(0n)
})

test('old results are forgotten, newer ones kept', () => {
  pay()
  pay({ requestId: 'request-000000002', atMs: 2_000 })
  expect([forgetCommands(db, 2_000), pay({ requestId: 'request-000000002' })]).toEqual([1, ok({ total: 2 })])
})
