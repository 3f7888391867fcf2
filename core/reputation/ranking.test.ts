import { expect, test } from 'vitest'
import { sha256, utf8 } from '../platform/bytes.ts'
import { standingOf, type Context } from './model.ts'
import { rankOf } from './ranking.ts'

const context: Context = { trustOf: () => 0, clusterOf: (account) => account, reliabilityOf: () => 0, usualMicro: 1n, nowMs: 0 }
const newcomer = standingOf('provider', [], context)
const salt = sha256(utf8('salt'))
const account = sha256(utf8('account'))
const rank = (index: number, amountMicro = 1_000_000n, underWayMicro = 0n) =>
  rankOf(newcomer, { amountMicro, underWayMicro, requestHash: sha256(utf8(String(index))), account, salt })
const indexes = Array.from({ length: 2_000 }, (_, index) => index)

test('nine of ten small tasks rank by the lower bound, and one of ten draws from the interval', () => {
  const ranks = indexes.map((index) => rank(index) ?? -1)
  const drawn = ranks.filter((one) => one !== newcomer.lowPpm)
  expect(drawn.length).toBeGreaterThan(150)
  expect(drawn.length).toBeLessThan(250)
  expect(drawn.every((one) => one > newcomer.lowPpm && one <= newcomer.highPpm)).toBe(true)
  expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan((newcomer.highPpm - newcomer.lowPpm) * 0.9)
})

test('a large task has no lane, and the same request always ranks the same', () => {
  expect(new Set(indexes.map((index) => rank(index, 10_000_001n)))).toEqual(new Set([newcomer.lowPpm]))
  expect(indexes.map((index) => rank(index))).toEqual(indexes.map((index) => rank(index)))
})

test('nobody is ranked for more than may be under way with it, with what already is', () => {
  expect([rank(0, 25_000_000n), rank(0, 25_000_001n), rank(0, 5_000_000n, 20_000_001n)]).toEqual([newcomer.lowPpm, null, null])
})
