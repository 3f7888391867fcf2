import { afterEach, expect, test } from 'vitest'
import { ask, outcomeOf } from '../tasks/testing/trade.ts'
import { createWorld, testClass, type World } from '../tasks/testing/world.ts'

let world: World
afterEach(async () => world.stop())

const valueOf = async <T>(
  asked: Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly message: string } }>,
) => {
  const answer = await asked
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value
}

test('before a trade the offers speak; after it the trade does, at every node alike', async () => {
  world = await createWorld()
  const nodes = [world.requester, ...world.providers]
  const { prices } = world.requester.client()
  const suggestOffer = () => valueOf(prices.suggestOffer({ classKey: testClass, attempt: 0 }))
  const depth = await valueOf(prices.depth({ classKey: testClass }))
  expect([depth.estimate, depth.asks.length > 0, depth.bids, depth.spreadMicro]).toEqual([null, true, [], null])
  expect((await suggestOffer()).suggestion).toMatchObject({ midMicro: depth.asks[0]?.priceMicro, reasons: ['from-offers'] })

  await outcomeOf(world, await ask(world))
  await world.pass(5_000)
  const classes = await Promise.all(nodes.map((node) => valueOf(node.client().prices.classes({}))))
  const [first] = classes
  expect(classes.map(({ rows }) => rows)).toEqual(nodes.map(() => first?.rows))
  expect(first?.rows[0]).toMatchObject({ classKey: testClass, trades: 1, estimate: { effectiveTradesMilli: 1_000, basis: 'own' } })
  expect((await suggestOffer()).suggestion?.reasons).toEqual(['from-trades', 'few-trades'])

  const { page } = await valueOf(prices.trades({ classKey: testClass, limit: 10, cursor: null }))
  const { rows } = await valueOf(prices.candles({ classKey: testClass, span: 'ten-minutes', untilMs: null, limit: 10 }))
  expect([page.total, page.nextCursor, rows.map(({ trades, volumeMicro }) => [trades, volumeMicro])]).toEqual([
    1,
    null,
    [[1, page.rows[0]?.paidMicro]],
  ])
  const request = await valueOf(prices.suggestRequest({ classKey: testClass, inputBytes: 3_000, maxOutputTokens: 1_000, attempt: 3 }))
  expect(request.suggestion?.reasons).toContain('gives-way')
})

test('a mark that is no page is refused, and a class nobody knows has no price', async () => {
  world = await createWorld([{}])
  const { prices } = world.requester.client()
  expect(await prices.trades({ classKey: testClass, limit: 10, cursor: 'nowhere' })).toMatchObject({
    ok: false,
    error: { code: 'invalid-input' },
  })
  expect(await valueOf(prices.suggestRequest({ classKey: 'unheard-of', inputBytes: 1, maxOutputTokens: 1, attempt: 0 }))).toEqual({
    suggestion: null,
  })
})
