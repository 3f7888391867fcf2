import { afterEach, expect, test } from 'vitest'
import { localBackend, nextRequestId, switchOn } from './testing/provider-mode.ts'
import { ask, atStep, ended, slow } from './testing/trade.ts'
import { createWorld, type TestNode, type World } from './testing/world.ts'

let world: World
afterEach(async () => world.stop())
const mineOf = async (node: TestNode) => {
  const mine = await node.client().orders.mine({})
  if (!mine.ok) throw new Error(mine.error.message)
  return mine.value
}
const command = () => ({ requestId: nextRequestId() })

test('my offers show what is taken of them, rest with provider mode as they were, and are withdrawn one by one', async () => {
  world = await createWorld([{ idle: true, backend: slow }])
  const node = world.providerAt(0)
  expect(await mineOf(node)).toMatchObject({ taken: null, restsBecause: null, offers: [], requests: [] })
  await switchOn(world, node, localBackend, { approveEachTask: false })
  const before = (await mineOf(node)).taken
  let during: Awaited<ReturnType<typeof mineOf>> | null = null
  atStep(world, 'running', () => void mineOf(node).then((mine) => (during = mine)))
  await ended(world, await ask(world))
  expect(before).toMatchObject({ running: 0, promised: 0 })
  expect(during).toMatchObject({ taken: { running: 1, slots: before?.slots, leftToday: (before?.leftToday ?? 0) - 1 } })

  const [open] = (await mineOf(node)).offers
  await node.client().provider.pause({ ...command(), forMs: null })
  const resting = await mineOf(node)
  expect(resting).toMatchObject({ restsBecause: 'Paused.', offers: [{ ...open, offerId: null, state: 'resting', validUntilMs: null }] })
  await node.client().provider.resume(command())
  const [again] = (await mineOf(node)).offers
  expect(again).toMatchObject({ state: 'open', pricing: open?.pricing })
  expect(await node.client().orders.withdrawOffer({ ...command(), offerId: again?.offerId ?? '' })).toMatchObject({ ok: true })
  expect((await mineOf(node)).offers).toEqual([])
})

test('a request of mine stands there with its task and its bids until it is decided or cancelled', async () => {
  world = await createWorld()
  const { requester } = world
  world.network.setFaults(({ protocol }) => (protocol === 'market' ? { delayMs: 2_000 } : 'deliver'))
  const taskId = await ask(world)
  expect((await mineOf(requester)).requests).toMatchObject([{ taskId, bids: 0, toOne: false, maxPriceMicro: 1_000_000n }])
  expect(await requester.client().tasks.cancel({ ...command(), taskId })).toMatchObject({ ok: true })
  await world.pass(100)
  expect((await mineOf(requester)).requests).toEqual([])
  world.network.setFaults(null)
  const other = await ask(world)
  await ended(world, other)
  expect((await mineOf(requester)).requests).toEqual([])
})
