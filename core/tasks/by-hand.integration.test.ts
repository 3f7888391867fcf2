import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, ended, taskOf } from './testing/trade.ts'
import { createWorld, type World } from './testing/world.ts'

let world: World
afterEach(async () => world.stop())
const escrowOf = async (taskId: string) => {
  const { escrowId } = await taskOf(world, taskId)
  const escrow = await world.requester.client().escrow.get({ escrowId: escrowId ?? '' })
  if (!escrow.ok) throw new Error(escrow.error.message)
  return escrow.value
}
const isLocked = async (): Promise<boolean> => (await world.balanceOf(world.requester)).lockedMicro > 0n

describe('an answer that its owner wants to see before it is paid', () => {
  let taskId = ''
  let priceMicro = 0n
  beforeEach(async () => {
    world = await createWorld([{}])
    taskId = await ask(world, { byHand: true })
    const { receipt } = await ended(world, taskId, ['delivered'])
    priceMicro = receipt?.priceMicro ?? 0n
  })

  test('is not paid by itself, also after a restart; its owner’s release pays the price on its receipt', async () => {
    await world.requester.restart()
    await world.pass(2_000)
    const { state, hold } = await taskOf(world, taskId)
    expect([state, hold, await isLocked()]).toEqual(['delivered', 'owner', true])
    const release = world.requester.client().escrow.release({ requestId: 'the-owner-has-looked', escrowId: (await escrowOf(taskId)).id })
    expect(await world.settleDown(release)).toMatchObject({ ok: true })
    await world.rest()
    expect([(await taskOf(world, taskId)).state, await world.gains()]).toEqual(['settled', [-priceMicro, priceMicro]])
  })

  test('waits for its owner where it came back from a sealed copy, too', async () => {
    // Longer than it takes until the copy has left.
    await world.pass(6_000)
    await world.requester.restartOn(null)
    await world.pass(2_000)
    const { state, hold } = await taskOf(world, taskId)
    expect([state, hold, await isLocked()]).toEqual(['delivered', 'owner', true])
  })

  test('is the provider’s when the review ends and its owner has done nothing', async () => {
    await world.rest()
    expect([(await taskOf(world, taskId)).state, (await escrowOf(taskId)).settledBy, await world.gains()]).toEqual([
      'settled',
      'expire-release',
      [-priceMicro, priceMicro],
    ])
  })

  test('goes on record at once, so that it can be disputed at once', async () => {
    await world.pass(1_000)
    const { phase, exits } = await escrowOf(taskId)
    expect([phase, exits.some(({ move, fromMs }) => move === 'dispute' && fromMs === null)]).toEqual(['delivered', true])
  })

  test('can be disputed; arbiters who never rule leave half of the price to each', async () => {
    await world.until(async () => (await escrowOf(taskId)).phase === 'delivered', 'the delivery is on record')
    const { id } = await escrowOf(taskId)
    const wish = { escrowId: id, statement: 'That is no answer.', showTask: true, showAnswer: true }
    const disputed = world.requester.client().escrow.dispute({ requestId: 'that-is-no-answer', ...wish })
    expect(await world.settleDown(disputed)).toMatchObject({ ok: true })
    await world.until(async () => (await escrowOf(taskId)).phase === 'panel', 'a panel is drawn')
    await world.rest()
    const halfMicro = priceMicro / 2n
    expect([(await taskOf(world, taskId)).state, (await escrowOf(taskId)).settledBy, await world.gains()]).toEqual([
      'settled',
      'expire-default',
      [-halfMicro, halfMicro],
    ])
  })
})

test('copies that agree wait for their owner, too, who sees how far they do', async () => {
  world = await createWorld([{ backend: { seed: 'alike' } }, { backend: { seed: 'alike' } }])
  const taskId = await ask(world, { byHand: true, copies: 2 })
  await world.until(
    async () => (await taskOf(world, taskId)).copies.every(({ agreementPpm }) => agreementPpm !== null),
    'both are compared',
  )
  await world.pass(2_000)
  const { copies, hold } = await taskOf(world, taskId)
  expect([hold, copies.map(({ state, agreementPpm }) => [state, agreementPpm])]).toEqual([
    'owner',
    [
      ['delivered', 1_000_000],
      ['delivered', 1_000_000],
    ],
  ])
})
