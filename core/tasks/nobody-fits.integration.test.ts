import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, ended } from './testing/trade.ts'
import { createWorld, testClass, type World } from './testing/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld([{ priceMicro: 2_000n }, { priceMicro: 3_000n }])
})
afterAll(() => world.stop())

const quote = (maxPriceMicro: bigint | null, classKey = testClass) =>
  world.requester.client().orders.quote({ classKey, promptBytes: 14, maxOutputTokens: 200, maxPriceMicro, firstTokenMs: null })

test('a quote says what a task costs, at most, and who could serve it', async () => {
  expect(await quote(1_000_000n)).toMatchObject({
    ok: true,
    value: { offers: 2, fitting: 2, excluded: [], best: { expectedMicro: 2_200n, capMicro: 2_400n }, leastLimitMicro: null },
  })
})
test('a quote that nobody keeps says why, and which limit somebody would keep', async () => {
  expect(await quote(2_399n)).toMatchObject({
    ok: true,
    value: { fitting: 0, excluded: [{ filter: 'too-dear', offers: 2 }], best: null, leastLimitMicro: 2_400n },
  })
  expect(await quote(null, 'unheard-of')).toMatchObject({ ok: true, value: { offers: 0, reason: 'No offer of this class is known here.' } })
})
test('a task that nobody in the book can serve says so before anybody has answered, and again when it ends', async () => {
  const task = await ended(world, await ask(world, { maxPriceMicro: 100n }))
  const because = 'None of the 2 known offers fits: 2 cost more than your limit.'
  expect(task.steps.map(({ name, detail }) => [name, detail])).toEqual([
    ['requested', `For ${testClass}.`],
    ['requested', `${because} Asking whether somebody else can.`],
    ['failed', `No provider bid. ${because} The price limit is below my price for the whole task.`],
  ])
}, 60_000)
