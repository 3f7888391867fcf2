import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capWeights, createEstimator, estimatePrice, priceHorizonMs, slotMs, type Trade } from './model.ts'

const nowMs = 1_750_000_200_000
let made = 0
const trade = (changes: Partial<Trade> = {}): Trade => {
  made++
  const id = made.toString(16).padStart(8, '0')
  return { id, atMs: nowMs - 2 * slotMs, priceMicro: 1_000n, weight: 1_000n, client: `c${id}`, provider: `p${id}`, ...changes }
}
const many = (count: number, changes: Partial<Trade> = {}): readonly Trade[] => Array.from({ length: count }, () => trade(changes))
const priceOf = (trades: readonly Trade[]): bigint | null => estimatePrice(trades, nowMs)?.priceMicro ?? null

const anyTrade = fc
  .record({
    atMs: fc.integer({ min: nowMs - 20 * slotMs, max: nowMs }),
    priceMicro: fc.bigInt({ min: 1n, max: 5_000n }),
    weight: fc.bigInt({ min: 0n, max: 10_000n }),
    client: fc.constantFrom('a', 'b', 'c', 'd'),
    provider: fc.constantFrom('p', 'q', 'r'),
  })
  .map((changes) => trade(changes))

describe('the estimate', () => {
  test('is the same whatever the order in which the trades arrived', () => {
    const shuffled = fc
      .array(anyTrade, { minLength: 1, maxLength: 40 })
      .chain((trades) => fc.tuple(fc.constant(trades), fc.shuffledSubarray(trades, { minLength: trades.length })))
    fc.assert(
      fc.property(shuffled, ([trades, other]) => {
        expect(estimatePrice(other, nowMs)).toEqual(estimatePrice(trades, nowMs))
      }),
    )
  })

  test('is the same for one who has asked before, whatever has come, gone or changed its weight since', () => {
    const asked = fc.record({
      keeps: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
      laterMs: fc.integer({ max: 3 * slotMs, min: 0 }),
    })
    fc.assert(
      fc.property(fc.array(anyTrade, { maxLength: 30 }), fc.array(asked, { maxLength: 6 }), (trades, times) => {
        const estimate = createEstimator()
        let atMs = nowMs - 10 * slotMs
        for (const { keeps, laterMs } of times) {
          atMs += laterMs
          const known = trades.filter((_, index) => keeps[index])
          const heavier = known.map((one, index) => (index === 0 ? { ...one, weight: one.weight + 1n } : one))
          for (const [now, ms] of [
            [known, atMs],
            [known, atMs + slotMs],
            [heavier, atMs + slotMs],
          ] as const)
            expect(estimate(now, ms)).toEqual(estimatePrice(now, ms))
        }
      }),
    )
  })

  test('is nothing where nothing was traded, or nothing that weighs', () => {
    expect([priceOf([]), priceOf([trade({ weight: 0n })]), priceOf([trade({ atMs: nowMs - priceHorizonMs })])]).toEqual([null, null, null])
  })

  test('is the median of the first slot, and the middle of two when it falls between them', () => {
    expect(priceOf([900n, 1_000n, 5_000n].map((priceMicro) => trade({ priceMicro })))).toBe(1_000n)
    expect(priceOf([900n, 1_000n].map((priceMicro) => trade({ priceMicro })))).toBe(950n)
  })

  test('of a slot under way waits for its end, unless there is no other', () => {
    const running = many(20, { atMs: nowMs, priceMicro: 2_000n })
    expect(priceOf(running)).toBe(2_000n)
    expect(priceOf([...many(20), ...running])).toBe(1_000n)
  })

  test('stays inside what is traded while trades close on both sides of it', () => {
    const before = many(20, { atMs: nowMs - 3 * slotMs })
    const after = [990n, 995n, 1_005n, 1_010n].map((priceMicro) => trade({ priceMicro }))
    expect(priceOf([...before, ...after])).toBe(1_000n)
  })

  test('runs to the edge of trades that all close on one side, and a little ahead of it', () => {
    const before = many(20, { atMs: nowMs - 3 * slotMs })
    const upwards = [1_100n, 1_200n, 1_300n, 1_400n].flatMap((priceMicro) => many(5, { priceMicro }))
    expect(priceOf([...before, ...upwards])).toBe(1_411n)
    const downwards = [900n, 800n, 700n, 600n].flatMap((priceMicro) => many(5, { priceMicro }))
    expect(priceOf([...before, ...downwards])).toBe(595n)
  })

  test('stands still where everybody trades at one price, even after it was far off', () => {
    const before = many(20, { atMs: nowMs - 9 * slotMs, priceMicro: 3_000n })
    const later = [8, 7, 6, 5, 4].flatMap((slots) => many(15, { atMs: nowMs - slots * slotMs }))
    expect([5, 4, 3].map((slots) => estimatePrice([...before, ...later], nowMs - slots * slotMs)?.priceMicro)).toEqual([
      1_000n,
      1_000n,
      1_000n,
    ])
  })

  test('does not run after a single trade, or after two accounts that trade among themselves', () => {
    const wash = many(30, { priceMicro: 3_000n, client: 'x', provider: 'y' })
    expect(priceOf([...many(20, { atMs: nowMs - 3 * slotMs }), ...wash])).toBeLessThan(1_020n)
    expect(priceOf([...many(20, { atMs: nowMs - 3 * slotMs }), trade({ priceMicro: 3_000n })])).toBeLessThan(1_020n)
  })

  test('forgets: after eight rounds what was before does not matter', () => {
    const before = many(50, { atMs: nowMs - 30 * slotMs, priceMicro: 9_000n })
    const since = Array.from({ length: 10 }, (_, slot) => many(15, { atMs: nowMs - (slot + 2) * slotMs })).flat()
    const first = trade({ atMs: nowMs - 30 * slotMs, priceMicro: 1_000n })
    expect(priceOf([...before, ...since])).toBe(priceOf([first, ...since]))
  })

  test('says how many equal trades it is worth and where the middle half lies', () => {
    const found = estimatePrice(
      [900n, 1_000n, 1_100n, 1_200n].flatMap((priceMicro) => many(25, { priceMicro })),
      nowMs,
    )
    expect(found).toMatchObject({ effectiveTradesMilli: 100_000, lowMicro: 950n, priceMicro: 1_050n, highMicro: 1_150n, imbalancePpm: 0 })
  })
})

describe('caps', () => {
  const shareOf = (trades: readonly Trade[], has: (trade: Trade) => boolean): number => {
    const capped = capWeights(trades.map((one) => ({ trade: one, weight: one.weight * 1_000_000n })))
    const sum = (of: typeof capped) => of.reduce((total, { weight }) => total + weight, 0n)
    return Number((sum(capped.filter(({ trade: one }) => has(one))) * 10_000n) / sum(capped)) / 10_000
  }

  test('a pair has at most 5 % of the weight, in either role, however much it trades with itself', () => {
    const wash = [...many(500, { client: 'x', provider: 'y' }), ...many(500, { client: 'y', provider: 'x' })]
    expect(shareOf([...many(40), ...wash], ({ client }) => client === 'x' || client === 'y')).toBeLessThanOrEqual(0.05)
  })

  test('an account has at most 10 % of the weight, however many it trades with', () => {
    expect(shareOf([...many(60), ...many(300, { provider: 'x' })], ({ provider }) => provider === 'x')).toBeLessThanOrEqual(0.1)
  })

  test('dust in a thin market stays dust', () => {
    const thin = [...many(4, { weight: 1_000_000n }), trade({ client: 'dust', weight: 1n })]
    expect(shareOf(thin, ({ client }) => client === 'dust')).toBeLessThan(0.001)
  })

  test('three pairs that trade more than everybody else together, at three times the price, move the estimate by less than 2 %', () => {
    const honest = Array.from({ length: 120 }, (_, index) =>
      trade({ atMs: nowMs - (3 + (index % 8)) * slotMs, priceMicro: 990n + BigInt(index % 21) }),
    )
    const wash = [0, 1, 2].flatMap((pair) =>
      Array.from({ length: 48 }, (_, index) =>
        trade({
          atMs: nowMs - (3 + (index % 8)) * slotMs,
          priceMicro: 3_000n,
          weight: 3_000n,
          client: `wash${pair}`,
          provider: `ring${pair}`,
        }),
      ),
    )
    const moved = Number(priceOf([...honest, ...wash]) ?? 0n) / Number(priceOf(honest) ?? 1n)
    expect(Math.abs(moved - 1)).toBeLessThan(0.02)
  })
})
