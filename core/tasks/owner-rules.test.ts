import { expect, test } from 'vitest'
import { unbilled } from '../compliance/caps.ts'
import { noOwnerSignals, type OwnerSignals } from '../platform/owner-signals.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { holdByOwner, noOwnerRules, shareOfOthers, type OwnerRules } from './owner-rules.ts'
import { createOwnerStore } from './owner-store.ts'

const signals = (idleMs: number, isOnBattery = false, isMetered = false): OwnerSignals => ({
  idleMs: () => idleMs,
  isOnBattery: () => isOnBattery,
  isMetered: () => isMetered,
})
const rules = (wish: Partial<OwnerRules>): OwnerRules => ({ ...noOwnerRules, ...wish })

test.each<[string | null, Partial<OwnerRules>, OwnerSignals]>([
  [null, {}, signals(0, true, true)],
  [null, {}, noOwnerSignals],
  ['idle', { idleMinutes: 5 }, signals(299_999)],
  [null, { idleMinutes: 5 }, signals(300_000)],
  ['battery', { onBattery: 'hold' }, signals(0, true)],
  [null, { onBattery: 'hold' }, signals(0, false)],
  ['metered', { onMetered: 'hold' }, signals(0, false, true)],
  [null, { onMetered: 'hold' }, signals(0, true, false)],
  ['idle', { idleMinutes: 1 }, noOwnerSignals],
  ['battery', { onBattery: 'hold' }, noOwnerSignals],
  ['metered', { onMetered: 'hold' }, noOwnerSignals],
])('the owner’s rules hold back with "%s" for %o', (rule, wish, told) => {
  expect(holdByOwner(rules(wish), told)?.rule ?? null).toBe(rule)
})

test.each(['{"reservePercent":50}', '{}', '[]'])(
  'rules that lie damaged on the disk, such as "%s", hold everything until they are set again',
  (text) => {
    const db = openMemoryDatabase()
    createOwnerStore(db).setRules(rules({ idleMinutes: 5 }))
    db.prepare<[string]>('UPDATE owner_rules SET rules = ?').run(text)
    const owner = createOwnerStore(db)
    expect(holdByOwner(owner.rules(), signals(300_000))?.rule).toBe('rules')
    owner.setRules(rules({}))
    expect([owner, createOwnerStore(db)].map((store) => holdByOwner(store.rules(), signals(0)))).toEqual([null, null])
  },
)

test('a reserve is kept of what a day and a month allow, and never rounds in favour of others', () => {
  const caps = {
    ...unbilled,
    concurrent: 2,
    tasksPerDay: 3,
    outputTokensPerTask: 100,
    outputTokensPerDay: 1_001,
    moneyPerDayCents: 99,
    moneyPerMonthCents: 1_000,
  }
  expect(shareOfOthers(caps, { reservePercent: 50 })).toEqual({
    ...caps,
    tasksPerDay: 1,
    outputTokensPerDay: 500,
    moneyPerDayCents: 49,
    moneyPerMonthCents: 500,
  })
  expect(shareOfOthers(caps, { reservePercent: 0 })).toEqual(caps)
})
