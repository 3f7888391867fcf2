import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import type { SettlementFact } from './model.ts'
import { createFactStore, dayMs } from './store.ts'

let made = 0
const account = (index: number): string => index.toString(16).padStart(64, '0')
const fact = (changes: Partial<SettlementFact> = {}): SettlementFact => {
  made++
  return {
    kind: 'settlement',
    id: account(1_000_000 + made),
    atMs: 1_750_000_000_000,
    client: account(1),
    provider: account(2),
    classKey: 'a',
    lockedMicro: 1_000n,
    paidMicro: 500n,
    priceMicro: 700n,
    outcome: 'paid',
    speed: null,
    headHash: account(3),
    ...changes,
  }
}
const storeWith = (facts: readonly SettlementFact[]) => {
  const store = createFactStore(openMemoryDatabase())
  for (const one of facts) store.insert(one, new Uint8Array([1]))
  return store
}
const fromMs = 1_750_000_000_000
const anyFacts = fc.array(
  fc
    .record({
      atMs: fc.integer({ min: fromMs, max: fromMs + 3 * dayMs }),
      paidMicro: fc.bigInt({ min: 0n, max: 1_000n }),
      priceMicro: fc.bigInt({ min: 0n, max: 5_000n }),
      classKey: fc.constantFrom('a', 'b'),
      outcome: fc.constantFrom('paid' as const, 'expired-paid' as const, 'refunded' as const, 'ruled-paid' as const),
    })
    .map(fact),
  { maxLength: 40 },
)
const isPriced = ({ outcome, paidMicro, priceMicro, classKey }: SettlementFact): boolean =>
  classKey === 'a' && (outcome === 'paid' || outcome === 'expired-paid') && paidMicro > 0n && priceMicro > 0n

test('whatever the span, the candles of a time add up to what was paid in it, and hold every price between low and high', () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom(600_000, 3_600_000, dayMs), (facts, spanMs) => {
      const candles = storeWith(facts).spans('a', spanMs, fromMs, fromMs + 4 * dayMs)
      const priced = facts.filter(isPriced)
      expect(candles.reduce((sum, { volumeMicro }) => sum + volumeMicro, 0n)).toBe(
        priced.reduce((sum, { paidMicro }) => sum + paidMicro, 0n),
      )
      expect(candles.reduce((sum, { trades }) => sum + trades, 0)).toBe(priced.length)
      for (const { span, openMicro, closeMicro, highMicro, lowMicro } of candles) {
        const inside = priced
          .filter(({ atMs }) => Math.floor(atMs / spanMs) === span)
          .toSorted((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
        const pricesInside = inside.map(({ priceMicro }) => priceMicro)
        expect([openMicro, closeMicro]).toEqual([pricesInside[0], pricesInside.at(-1)])
        expect(pricesInside.every((price) => price >= lowMicro && price <= highMicro)).toBe(true)
      }
    }),
    { numRuns: 30 },
  )
})

test('pages of a class hold every priced trade once, newest first', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const store = storeWith(facts)
      const seen: string[] = []
      for (let page = store.pageOfClass('a', null, 7); page.length > 0; page = store.pageOfClass('a', page.at(-1) ?? null, 7))
        seen.push(...page.map(({ id }) => id))
      const all = facts.filter(isPriced).toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? -1 : 1))
      expect([seen, store.countOfClass('a')]).toEqual([all.map(({ id }) => id), all.length])
    }),
    { numRuns: 30 },
  )
})

test('a fact in the database cannot be changed', () => {
  const db = openMemoryDatabase()
  createFactStore(db).insert(fact(), new Uint8Array([1]))
  for (const table of ['fact SET day = 1', 'settlement_fact SET paid_micro = 1'])
    expect(() => db.prepare(`UPDATE ${table}`).run()).toThrow('The database refused a row')
})
