import { afterEach, expect, test } from 'vitest'
import { createFactStore } from '../facts/store.ts'
import { toHex } from '../platform/bytes.ts'
import { ask, ended, outcomeOf } from '../tasks/testing/trade.ts'
import { createWorld, type TestNode, type World } from '../tasks/testing/world.ts'

let world: World
afterEach(async () => world.stop())

const standingsAt = async (node: TestNode) => {
  const listed = await node.client().reputation.list({})
  if (!listed.ok) throw new Error(listed.error.message)
  return listed.value.rows.map((row) => ({ ...row, own: null }))
}

test('after a trade every node has the same standings, the loser of the auction too, and none before', async () => {
  world = await createWorld()
  const nodes = [world.requester, ...world.providers]
  expect(await Promise.all(nodes.map(standingsAt))).toEqual([[], [], []])
  const taskId = await ask(world)
  const { paid } = await outcomeOf(world, taskId)
  await world.pass(5_000)
  const [atClient = [], ...atProviders] = await Promise.all(nodes.map(standingsAt))
  expect(atProviders).toEqual([atClient, atClient])
  const winner = world.providers.find(({ name }) => name === paid[0])
  expect(atClient.map(({ accountId, role, trades, paid: times }) => ({ accountId, role, trades, times }))).toEqual(
    expect.arrayContaining([
      { accountId: toHex(winner?.market().accountId ?? new Uint8Array()), role: 'provider', trades: 1, times: 1 },
      { accountId: toHex(world.requester.market().accountId), role: 'client', trades: 1, times: 1 },
    ]),
  )
})

test('a standing explains itself: its parts, what it loses by, its history and its trades', async () => {
  world = await createWorld([{}])
  const [provider] = world.providers
  const accountId = toHex(provider?.market().accountId ?? new Uint8Array())
  const explain = async () => {
    const explained = await world.requester.client().reputation.explain({ accountId, role: 'provider' })
    if (!explained.ok) throw new Error(explained.error.message)
    return explained.value
  }
  const before = await explain()
  await outcomeOf(world, await ask(world))
  await world.pass(5_000)
  const after = await explain()
  expect([before.standing.trades, after.standing.trades, after.recent.map(({ outcome }) => outcome)]).toEqual([0, 1, ['paid']])
  expect(after.standing.lowPpm).toBeGreaterThan(before.standing.lowPpm)
  expect(after.history.at(-1)).toMatchObject({ lowPpm: after.standing.lowPpm, trades: 1 })
  expect(after.losses.evidencePpm).toBeLessThan(before.losses.evidencePpm)
})

test('a model that declines costs its provider nothing, because the client says so', async () => {
  world = await createWorld([{ backend: { behaviour: 'refuse' } }])
  const [provider] = world.providers
  const accountId = toHex(provider?.market().accountId ?? new Uint8Array())
  const explain = async () => {
    const explained = await world.requester.client().reputation.explain({ accountId, role: 'provider' })
    if (!explained.ok) throw new Error(explained.error.message)
    return explained.value
  }
  const before = await explain()
  await ended(world, await ask(world), ['failed', 'refunded'])
  await world.pass(10_000)
  const after = await explain()
  expect(after.recent.map(({ outcome, fault }) => [outcome, fault])).toEqual([['refunded', 'model-refusal']])
  expect(after.standing.lowPpm).toBe(before.standing.lowPpm)
})

const invited = async () => {
  world = await createWorld([{ idle: true }, { idle: true }])
  const [newcomer, other] = [world.providerAt(0), world.providerAt(1)]
  const invite = await world.settleDown(
    world.requester.client().invites.create({ requestId: 'request-to-invite-1', amountMicro: 1_000_000n }),
  )
  if (!invite.ok) throw new Error(invite.error.message)
  const { link } = invite.value
  const claimed = await world.settleDown(newcomer.client().invites.claim({ requestId: 'request-to-claim-1', link }))
  if (!claimed.ok) throw new Error(claimed.error.message)
  await world.pass(5_000)
  return {
    newcomer,
    introduction: { sponsor: toHex(world.requester.market().accountId), account: toHex(newcomer.market().accountId) },
    known: () => createFactStore(other.db()).introductions(),
    spend: () => {
      const to = toHex(world.requester.market().accountId)
      return newcomer.client().wallet.transfer({ requestId: 'request-to-spend-1', to, amountMicro: 1n, memo: '' })
    },
  }
}

test('an invite makes its newcomer known to everybody with the newcomer’s first step, and not before', async () => {
  const { introduction, known, spend } = await invited()
  expect(known()).toEqual([])
  await world.settleDown(spend())
  await world.pass(5_000)
  expect(known()).toEqual([introduction])
})

test('a newcomer whose computer fails right after its first step is made known when it starts again', async () => {
  const { newcomer, introduction, known, spend } = await invited()
  await world.settleDown(spend().then(() => newcomer.crash()))
  await world.pass(5_000)
  expect(known()).toEqual([])
  await newcomer.restart()
  await world.pass(5_000)
  expect(known()).toEqual([introduction])
})
