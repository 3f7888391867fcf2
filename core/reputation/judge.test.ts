import { expect, test } from 'vitest'
import { ppm } from '../platform/fixed-point.ts'
import { judge, type FactSource } from './judge.ts'
import type { Context, Settlement } from './model.ts'

const context: Context = { trustOf: () => ppm, clusterOf: (account) => account, reliabilityOf: () => ppm, usualMicro: 1n, nowMs: 0 }
const fact = (provider: string, index: number, outcome: Settlement['outcome']): Settlement => ({
  id: `${provider} ${index}`,
  atMs: 0,
  client: `client ${index}`,
  provider,
  lockedMicro: 1n,
  paidMicro: outcome === 'paid' ? 1n : 0n,
  outcome,
  speed: null,
  fault: null,
})
const facts = [
  ...Array.from({ length: 10 }, (_, index) => fact('sponsor', index, 'paid')),
  ...Array.from({ length: 10 }, (_, index) => fact('other', index, 'paid')),
  ...Array.from({ length: 10 }, (_, index) => fact('cheat', index, 'expired')),
]
const source: FactSource = {
  settlementsOf: (role, account) => facts.filter((one) => one[role] === account),
  broughtInBy: (sponsor) => (sponsor === 'sponsor' ? ['cheat'] : []),
}

test('a sponsor loses by what those it brought in do wrong, as a provider and not as a client', () => {
  const of = (account: string) => judge('provider', account, source, context).lowPpm
  expect(of('sponsor')).toBeLessThan(of('other'))
  expect(of('sponsor')).toBeGreaterThan(of('cheat'))
  expect(judge('client', 'sponsor', source, context)).toEqual(judge('client', 'nobody', source, context))
})
