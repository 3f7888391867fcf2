import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../facts/model.ts'
import { ppm } from '../platform/fixed-point.ts'
import { boundsOf, dayMs, lossesOf, standingOf, type Context, type Settlement } from './model.ts'

const nowMs = 1_750_000_000_000
let made = 0
const fact = (changes: Partial<Settlement> = {}): Settlement => {
  made++
  return {
    id: made.toString(16).padStart(8, '0'),
    atMs: nowMs,
    client: `client ${made}`,
    provider: 'provider',
    lockedMicro: 2_000_000n,
    paidMicro: 1_000_000n,
    outcome: 'paid',
    speed: null,
    fault: null,
    ...changes,
  }
}
const many = (count: number, changes: Partial<Settlement> = {}): readonly Settlement[] => Array.from({ length: count }, () => fact(changes))
const unpaid = (outcome: Outcome, changes: Partial<Settlement> = {}): Settlement => fact({ outcome, paidMicro: 0n, ...changes })
const context: Context = {
  trustOf: (account) => (account.startsWith('stranger') ? 0 : ppm),
  clusterOf: (account) => account,
  reliabilityOf: () => ppm,
  usualMicro: 1_000_000n,
  nowMs,
}
const provider = (facts: readonly Settlement[], changes: Partial<Context> = {}) => standingOf('provider', facts, { ...context, ...changes })
const low = (facts: readonly Settlement[], changes: Partial<Context> = {}): number => provider(facts, changes).lowPpm

const anyFact: fc.Arbitrary<Settlement> = fc
  .record({
    atMs: fc.integer({ min: nowMs - 200 * dayMs, max: nowMs + dayMs }),
    client: fc.constantFrom('a', 'b', 'c', 'd', 'stranger e'),
    paidMicro: fc.bigInt({ min: 0n, max: 3_000_000n }),
    outcome: fc.constantFrom<Outcome>('paid', 'expired-paid', 'split', 'refunded', 'expired', 'ruled-paid', 'ruled-refunded', 'ruled-half'),
    speed: fc.option(
      fc.record({
        promisedFirstMs: fc.integer({ min: 1, max: 2_000 }),
        firstMs: fc.integer({ min: 0, max: 4_000 }),
        promisedTotalMs: fc.integer({ min: 1, max: 20_000 }),
        totalMs: fc.integer({ min: 0, max: 40_000 }),
      }),
    ),
    fault: fc.constantFrom(null, 'client' as const, 'network' as const),
  })
  .map((changes) => fact(changes))
const anyFacts = fc.array(anyFact, { maxLength: 40 })

describe('the interval', () => {
  test('is the published one of Wilson for clean trades (settlement.md §10)', () => {
    const found = [0, 1, 3, 10, 30].map((trades) => boundsOf((1 + trades) * ppm, ppm).lowPpm)
    expect(found).toEqual([164_478, 321_513, 513_896, 758_528, 901_245])
  })

  test('holds the likely value, and narrows as trades are added', () => {
    const intervals = [0, 3, 30, 300, 3_000].map((trades) => boundsOf((1 + trades) * ppm, (1 + Math.floor(trades / 10)) * ppm))
    expect(intervals.every(({ lowPpm, midPpm, highPpm }) => lowPpm < midPpm && midPpm < highPpm)).toBe(true)
    const widths = intervals.map(({ lowPpm, highPpm }) => highPpm - lowPpm)
    expect(widths).toEqual(widths.toSorted((a, b) => b - a))
  })
})

describe('a standing', () => {
  test('is the same whatever the order in which the facts arrived', () => {
    const shuffled = anyFacts.chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts], { minLength: facts.length })))
    fc.assert(
      fc.property(shuffled, fc.constantFrom('provider', 'client'), ([facts, other], role) => {
        expect(standingOf(role, other, context)).toEqual(standingOf(role, facts, context))
      }),
    )
  })

  test('is ordered, and inside its range, whatever happened', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom('provider', 'client'), (facts, role) => {
        const { lowPpm, midPpm, highPpm, exposureMicro } = standingOf(role, facts, context)
        expect(0 <= lowPpm && lowPpm <= midPpm && midPpm <= highPpm && highPpm <= ppm && exposureMicro >= 25_000_000n).toBe(true)
      }),
    )
  })

  test('of a newcomer does not rise by an answer that was refunded', () => {
    expect(low([unpaid('refunded')])).toBeLessThan(low([]))
  })

  test('never rises by a trade that failed, and never falls by one that went well', () => {
    const rounding = 50
    fc.assert(
      fc.property(anyFacts, fc.constantFrom('a', 'b', 'new'), (facts, client) => {
        const before = low(facts)
        const newest = { atMs: nowMs + 2 * dayMs, client }
        expect(low([...facts, fact(newest)])).toBeGreaterThanOrEqual(before - rounding)
        for (const outcome of ['expired', 'ruled-refunded'] as const)
          expect(low([...facts, unpaid(outcome, newest)])).toBeLessThanOrEqual(before + rounding)
      }),
    )
  })

  test('is not moved by trades with accounts that nobody trusts, however many', () => {
    expect(provider(many(1_000, { client: 'stranger' }))).toEqual({ ...provider([]), trades: 1_000 })
    expect(low([...many(5), ...Array.from({ length: 50 }, () => unpaid('expired', { client: 'stranger' }))])).toBe(low(many(5)))
  })

  test('grows with different partners, hardly with the same one, and the same sponsor’s count as one', () => {
    const [different, same] = [low(many(20)), low(many(20, { client: 'friend' }))]
    expect([different > 800_000, same < 650_000]).toEqual([true, true])
    expect(low(many(20), { clusterOf: () => 'sponsor' })).toBe(same)
  })

  test('forgets by half in sixty days and wholly in half a year', () => {
    const at = (days: number) => provider(many(10, { atMs: nowMs - days * dayMs })).evidenceMilli
    expect([at(0), at(60), at(120), at(181)]).toEqual([10_000, 5_000, 2_500, 0])
  })

  test('weighs a small trade little, and one above the usual no more than a usual one', () => {
    const of = (paidMicro: bigint) => provider([fact({ paidMicro })]).evidenceMilli
    expect([of(1_000n), of(100_000n), of(1_000_000n), of(50_000_000n)]).toEqual([1, 137, 1_000, 1_000])
  })

  test('does not let a good past drown the last failure of a regular client', () => {
    const past = many(100, { client: 'regular', atMs: nowMs - dayMs })
    expect(low([...past, unpaid('expired', { client: 'regular' })])).toBeLessThan(low(past) - 100_000)
  })

  test('takes a failure for the client’s, the network’s or the model’s when the client says so', () => {
    for (const fault of ['client', 'network', 'model-refusal'] as const)
      expect(low([...many(5), unpaid('refunded', { fault })])).toBe(low(many(5)))
    expect(low([...many(5), unpaid('refunded')])).toBeLessThan(low(many(5)))
  })

  test('hears little from a client with whom nobody can trade, but a panel always', () => {
    const bad = (outcome: Outcome, reliabilityPpm: number) => low([...many(10), unpaid(outcome)], { reliabilityOf: () => reliabilityPpm })
    expect(bad('expired', 50_000)).toBeGreaterThan(bad('expired', ppm))
    expect(bad('ruled-refunded', 50_000)).toBe(bad('ruled-refunded', ppm))
  })

  test('of a client suffers from disputes it lost and reviews it slept through, not from its providers’ failures', () => {
    const client = (facts: readonly Settlement[]): number => standingOf('client', facts, context).lowPpm
    const own = many(10).map((one, index) => ({ ...one, provider: `p${index}` }))
    expect(client([...own, unpaid('expired'), unpaid('refunded')])).toBe(client(own))
    expect(client([...own, fact({ outcome: 'ruled-paid' })])).toBeLessThan(client([...own, fact({ outcome: 'expired-paid' })]))
    expect(client([...own, fact({ outcome: 'expired-paid' })])).toBeLessThan(client([...own, fact()]))
  })

  test('of a provider that is late falls, the more the later', () => {
    const at = (totalMs: number): number =>
      low(many(10, { speed: { promisedFirstMs: 500, firstMs: 400, promisedTotalMs: 10_000, totalMs } }))
    expect([at(10_000) === low(many(10)), at(15_000) < at(10_000), at(40_000) < at(15_000)]).toEqual([true, true, true])
  })

  test('of a sponsor answers for a fifth of what those it brought in did wrong', () => {
    const standing = (inheritedPpm: number) => standingOf('provider', many(10), context, inheritedPpm).lowPpm
    expect(standing(5 * ppm)).toBe(low([...many(10)]) - (low(many(10)) - standing(5 * ppm)))
    expect(standing(5 * ppm)).toBeLessThan(standing(0))
  })

  test('lets nobody have more under way than the ladder allows: 25 RUV first, then three times what went well', () => {
    const of = (facts: readonly Settlement[]) => provider(facts).exposureMicro
    expect(of([])).toBe(25_000_000n)
    expect(of(many(500, { client: 'stranger', paidMicro: 90_000_000n }))).toBe(25_000_000n)
    expect(of(many(50, { paidMicro: 20_000_000n }))).toBe(60_000_000n)
  })

  test('says what each part costs', () => {
    const late = many(10, { speed: { promisedFirstMs: 500, firstMs: 2_000, promisedTotalMs: 10_000, totalMs: 10_000 } })
    const losses = lossesOf(provider([...late, unpaid('ruled-refunded')]))
    expect(Object.values(losses).every((loss) => loss > 0)).toBe(true)
    expect(lossesOf(provider(many(900)))).toMatchObject({ latencyPpm: 0 })
  })

  test('is this on every machine', () => {
    const facts = Array.from({ length: 25 }, (_, index) =>
      fact({
        id: String(index).padStart(4, '0'),
        client: `client ${index % 7}`,
        atMs: nowMs - index * 3 * dayMs,
        paidMicro: BigInt(100_000 * (1 + (index % 13))),
        outcome: (['paid', 'paid', 'paid', 'refunded', 'split'] as const)[index % 5] ?? 'paid',
        speed: { promisedFirstMs: 500, firstMs: 400 + 20 * index, promisedTotalMs: 9_000, totalMs: 8_000 },
      }),
    )
    expect(provider(facts)).toMatchInlineSnapshot(`
      {
        "evidenceMilli": 6176,
        "exposureMicro": 25000000n,
        "highPpm": 764381,
        "lowPpm": 492046,
        "midPpm": 664481,
        "parts": {
          "availability": {
            "highPpm": 949085,
            "lowPpm": 577622,
            "midPpm": 834684,
          },
          "disputesLost": {
            "highPpm": 213126,
            "lowPpm": 0,
            "midPpm": 0,
          },
          "latencyPpm": 441941,
          "success": {
            "highPpm": 837501,
            "lowPpm": 449680,
            "midPpm": 672364,
          },
        },
        "trades": 25,
      }
    `)
  })
})
