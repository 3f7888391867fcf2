import { afterEach, expect, test } from 'vitest'
import { priceOf } from '../orders/metering.ts'
import { maxSupplyMicro } from '../platform/amount.ts'
import { ask, outcomeOf, taskOf } from '../tasks/testing/trade.ts'
import { createWorld, type World } from '../tasks/testing/world.ts'

let world: World
afterEach(async () => world.stop())

test('a provider that starts later than it promised is paid a fifth less, and after five times its own node rests its offers and says why', async () => {
  world = await createWorld([{ backend: { firstTokenMs: 400 }, promisedMs: 100 }])
  const [provider] = world.providers
  const holdNow = async () => {
    const status = await provider?.client().provider.status({})
    return status?.ok === true ? status.value.hold : null
  }
  const offered = await world.requester.client().orders.book({ classKey: null, limit: 1, offersCursor: null, requestsCursor: null })
  const pricing = offered.ok ? offered.value.offers.rows[0]?.pricing : undefined
  for (let trade = 0; trade < 5; trade++) {
    expect(await holdNow()).toBe(null)
    const taskId = await ask(world)
    expect((await outcomeOf(world, taskId)).state).toBe('settled')
    const { receipt } = await taskOf(world, taskId)
    if (receipt === null || pricing === undefined) throw new Error('no receipt')
    expect(receipt.priceMicro).toBe((priceOf(pricing, receipt, maxSupplyMicro) * 8n) / 10n)
    await world.pass(2_000)
  }
  await world.pass(20_000)
  expect(await holdNow()).toMatchObject({ rule: 'maintenance', reason: expect.stringContaining('5 of your last 5 tasks') as unknown })
})
