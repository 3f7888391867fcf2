import { afterEach, expect, test } from 'vitest'
import { toHex } from '../platform/bytes.ts'
import { nextRequestId, opinionsOf } from '../tasks/testing/provider-mode.ts'
import { ask, ended, outcomeOf, paidTo, taskOf } from '../tasks/testing/trade.ts'
import { createWorld, testClass, type World } from '../tasks/testing/world.ts'

let world: World
afterEach(() => world.stop())

const accountOf = (provider: number): string => toHex(world.providerAt(provider).market().accountId)
const say = (provider: number, word: 'again' | 'never' | null) =>
  world.requester.client().opinions.say({ requestId: nextRequestId(), accountId: accountOf(provider), role: 'provider', word })
const reputations = async () => {
  const list = await world.requester.client().reputation.list({})
  return list.ok ? list.value.rows : []
}

test('a provider never wanted again loses with the best bid, is left out of the quote and cannot be taken, until that is taken back', async () => {
  world = await createWorld()
  await say(0, 'never')
  const task = await ask(world)
  expect(await outcomeOf(world, task)).toEqual(paidTo('provider-2'))
  const { bids } = await taskOf(world, task)
  expect(new Map(bids.map(({ provider, outcome }) => [provider, outcome]))).toEqual(
    new Map([
      [accountOf(0), 'unacceptable'],
      [accountOf(1), 'won'],
    ]),
  )

  const { orders, tasks } = world.requester.client()
  const wish = { classKey: testClass, promptBytes: 14, maxOutputTokens: 200, maxPriceMicro: null, firstTokenMs: null }
  expect(await orders.quote(wish)).toMatchObject({ ok: true, value: { fitting: 1, excluded: [{ filter: 'unwanted', offers: 1 }] } })
  const book = await orders.book({ classKey: null, limit: 50, offersCursor: null, requestsCursor: null })
  const offerId = book.ok ? (book.value.offers.rows.find(({ provider }) => provider === accountOf(0))?.id ?? '') : ''
  const take = { offerId, prompt: 'Say something.', maxOutputTokens: 200, maxPriceMicro: 1_000_000n, deadlineMs: 60_000 }
  expect(await tasks.take({ requestId: nextRequestId(), ...take })).toMatchObject({ ok: false, error: { code: 'offer-does-not-fit' } })

  // Nothing of it is anybody else's: it counts in no reputation, and the provider was answered like any other loser.
  expect((await reputations()).filter(({ accountId }) => accountId === accountOf(0))).toEqual([])
  await say(0, null)
  expect(await opinionsOf(world.requester)).toEqual([])
  expect(await outcomeOf(world, await ask(world))).toMatchObject({ state: 'settled', problem: null })
  const [free] = (await taskOf(world, await ask(world))).bids
  expect(free?.outcome).not.toBe('unacceptable')
})

test('a task that nobody else could serve says that its only provider is one that is never wanted again, also after a restart', async () => {
  world = await createWorld([{}])
  await say(0, 'never')
  await world.requester.restart()
  await world.until(async () => (await opinionsOf(world.requester)).length === 1)
  const { state, problem, priceMicro } = await ended(world, await ask(world))
  expect({ state, problem, priceMicro }).toEqual({
    state: 'failed',
    problem: 'No provider bid. None of the 1 known offers fits: 1 is of a provider that you never want again.',
    priceMicro: null,
  })
})

test('who is wanted again wins where others cost the same', async () => {
  const sameMicro = { priceMicro: 1_000n }
  world = await createWorld([sameMicro, sameMicro, sameMicro])
  await say(2, 'again')
  for (let round = 0; round < 4; round++) {
    const { bids } = await ended(world, await ask(world))
    expect(bids.flatMap(({ provider, outcome, preferred }) => (outcome === 'won' ? [[provider, preferred]] : []))).toEqual([
      [accountOf(2), true],
    ])
  }
})
