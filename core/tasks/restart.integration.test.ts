import { afterEach, describe, expect, test } from 'vitest'
import { fromHex } from '../platform/bytes.ts'
import { createJobStore } from './job-store.ts'
import { createTaskStore } from './store.ts'
import { answerOf, ask, atStep, ended, outcomeOf, paidTo, slow, stepsOf, taskOf } from './testing/trade.ts'
import { createWorld, type ProviderWish, type World, type WorldOptions } from './testing/world.ts'

let world: World
afterEach(async () => world.stop())
const begin = async (providers?: readonly ProviderWish[], options?: WorldOptions): Promise<void> => {
  world = await createWorld(providers, options)
}
const locksOf = (taskId: string): number => createTaskStore(world.requester.db()).attempts(fromHex(taskId)).length

describe('a requester that crashes', () => {
  /** Waits for the crash that was planned, gives the rest of the world time, and starts the requester again on its disk. */
  const crashAndRestart = async (afterMs: number): Promise<void> => {
    await world.until(() => world.requester.isDown(), 'the crash')
    await world.pass(afterMs)
    await world.requester.restart()
  }
  const crashAt = (step: string): void => atStep(world, step, () => world.requester.crash())

  test.each([
    ['waiting for bids', 'requested', 0],
    ['about to lock', 'bids', 0],
    ['with the money locked and the task sealed', 'locked', 0],
    ['with the task sent', 'sent', 0],
    ['in the middle of the answer', 'running', 0],
    ['in the middle of the answer, and stays away for ten seconds', 'running', 10_000],
    ['with the answer there and nothing paid', 'delivered', 0],
    ['with the answer there and nothing paid, and stays away until the provider registers its delivery', 'delivered', 32_000],
    ['once all is paid', 'settled', 0],
  ] as const)('%s ends the trade right and pays once', async (_name, step, afterMs) => {
    await begin([{ backend: slow }])
    if (step !== 'requested') crashAt(step)
    const taskId = await ask(world)
    if (step === 'requested') world.requester.crash()
    await crashAndRestart(afterMs)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    expect((await taskOf(world, taskId)).answer).toBe(await answerOf(world, 'provider-1', slow.words))
    expect(locksOf(taskId)).toBe(1)
  })

  test('with the order for the lock on its way locks once', async () => {
    await begin()
    const { requester, network } = world
    // The first word of the order to a witness; from then on its disk has the order, and nobody else.
    network.setFaults(({ from, protocol, kind }) => {
      if (from !== requester.name || protocol !== 'settlement' || kind !== 'request' || !isLocking()) return 'deliver'
      network.setFaults(null)
      requester.crash()
      return 'drop'
    })
    const isLocking = (): boolean => createTaskStore(requester.db()).get(fromHex(taskId))?.state === 'locking'
    const taskId = await ask(world)
    await crashAndRestart(0)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    expect(locksOf(taskId)).toBe(1)
  })

  test('with the money locked and nothing sealed seals and sends it', async () => {
    await begin()
    const store = createTaskStore(world.requester.db())
    const sealed: (Uint8Array | null | undefined)[] = []
    const stop = world.requester.client().escrow.changed(() => {
      stop()
      sealed.push(store.attempts(fromHex(taskId))[0]?.sealed)
      world.requester.crash()
    })
    const taskId = await ask(world)
    await crashAndRestart(0)
    expect(sealed).toEqual([null])
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    expect(locksOf(taskId)).toBe(1)
  })

  test('and stays away until the provider was paid by the clock still gets its answer', async () => {
    await begin([{ backend: slow }])
    crashAt('running')
    const taskId = await ask(world)
    await crashAndRestart(60_000)
    await world.until(async () => (await taskOf(world, taskId)).answer !== '')
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    expect((await taskOf(world, taskId)).answer).toBe(await answerOf(world, 'provider-1', slow.words))
  })

  test('and comes back long after its provider gave the money back asks the others', async () => {
    await begin([{ backend: slow }, {}])
    crashAt('running')
    const taskId = await ask(world)
    await world.until(() => world.requester.isDown(), 'the crash')
    await world.providerAt(0).client().provider.stop({ requestId: 'stop-the-provider-1' })
    await world.pass(5_000)
    await world.requester.restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
  })
})

describe('a computer crashes on which everybody runs, and the provider at work does not come back:', () => {
  const crashAll = async (others: readonly ProviderWish[]): Promise<string> => {
    await begin([{ backend: slow }, ...others])
    const everybody = [world.requester, ...world.providers]
    atStep(world, 'running', () => everybody.forEach((node) => node.crash()))
    const taskId = await ask(world, { deadlineMs: 600_000 })
    await world.until(() => world.requester.isDown(), 'the crash')
    await world.requester.restart()
    await world.until(async () => stepsOf(await taskOf(world, taskId)).includes('failed'), 'its provider is given up')
    return taskId
  }

  test('one that starts later than the question looks for another answers it', async () => {
    const taskId = await crashAll([{}])
    await world.pass(15_000)
    await world.providerAt(1).restart()
    await ended(world, taskId)
    await world.providerAt(0).restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
  })

  test('one that offers for the first time meanwhile answers it', async () => {
    const taskId = await crashAll([{ idle: true }])
    await world.pass(10_000)
    await world.providerAt(1).restart()
    await world.providerAt(1).serve()
    await ended(world, taskId)
    await world.providerAt(0).restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
  })

  test('without another that starts, the question ends long before its deadline', async () => {
    const taskId = await crashAll([{}])
    const failedAtMs = world.clock.nowMs()
    const { state, problem } = await ended(world, taskId)
    expect([state, problem]).toEqual(['failed', expect.stringMatching(/could not be reached/)])
    expect(world.clock.nowMs() - failedAtMs).toBeLessThan(60_000)
  })
})

describe('a provider that crashes', () => {
  test('together with one that had just begun to offer is replaced by that one when it is back', async () => {
    await begin([{ backend: { ...slow, tokenMs: 100 } }, { idle: true }])
    const taskId = await ask(world)
    await world.until(async () => stepsOf(await taskOf(world, taskId)).includes('running'), 'the answer begins')
    const book = async () => world.requester.client().orders.book({ classKey: null, limit: 9, offersCursor: null, requestsCursor: null })
    await world.settleDown(world.providerAt(1).serve())
    await world.until(async () => {
      const known = await book()
      return known.ok && known.value.offers.total === 2
    }, 'the new offer is known')
    world.providers.forEach((provider) => provider.crash())
    await world.until(async () => stepsOf(await taskOf(world, taskId)).includes('failed'), 'its provider is given up')
    await world.pass(10_000)
    await world.providerAt(1).restart()
    await world.providerAt(1).serve()
    await ended(world, taskId)
    await world.providerAt(0).restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
  })

  test('in the middle of a run gives the money back when it is there again', async () => {
    await begin([{ backend: slow }])
    atStep(world, 'running', () => world.providerAt(0).crash())
    const taskId = await ask(world, { deadlineMs: 600_000 })
    await ended(world, taskId, ['failed'])
    expect((await world.balanceOf(world.requester)).lockedMicro).toBeGreaterThan(0n)
    const atMs = world.clock.nowMs()
    await world.providerAt(0).restart()
    await ended(world, taskId, ['refunded'])
    // Long before the deadline: at the latest when the requester next looks for what has come in.
    expect(world.clock.nowMs() - atMs).toBeLessThan(61_000)
    expect(await world.gains()).toEqual([0n, 0n])
  })

  test('after its answer is complete is paid by the client that has it', async () => {
    await begin()
    atStep(world, 'delivered', () => world.providerAt(0).crash())
    const taskId = await ask(world)
    await ended(world, taskId)
    await world.providerAt(0).restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
  })

  test('with the answer on its disk streams the rest of it', async () => {
    await begin([{ backend: { words: 60 } }])
    const [{ requester, network }, provider] = [world, world.providerAt(0)]
    let frames = 0
    network.setFaults(({ from, kind }) => (from === provider.name && kind === 'stream' && ++frames > 2 ? 'drop' : 'deliver'))
    const taskId = await ask(world)
    await world.until(async () => (await provider.client().provider.status({})).ok && frames > 2, 'the stream breaks')
    await world.until(() => provider.db().prepare(`SELECT 1 FROM job WHERE state = 'done'`).get() !== undefined, 'the run ends')
    provider.crash()
    requester.crash()
    network.setFaults(null)
    await provider.restart()
    await requester.restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    expect((await taskOf(world, taskId)).answer).toBe(await answerOf(world, 'provider-1', 60))
  })

  test('and whose client never releases is paid by its own delivery', async () => {
    await begin()
    atStep(world, 'delivered', () => world.requester.crash())
    const taskId = await ask(world)
    await world.until(() => world.requester.isDown(), 'the crash')
    world.providerAt(0).crash()
    await world.providerAt(0).restart()
    // Thirty seconds for a release, the review, and the guard.
    await world.pass(120_000)
    expect((await world.gains())[1]).toBeGreaterThan(0n)
    await world.requester.restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
  })
})

test('a stream that breaks goes on where it stopped: no text is lost, none comes twice', async () => {
  await begin([{ backend: slow }])
  const provider = world.providerAt(0)
  let frames = 0
  world.network.setFaults(({ from, kind }) => (from === provider.name && kind === 'stream' && ++frames % 9 === 0 ? 'drop' : 'deliver'))
  const pieces: { readonly offset: number; readonly text: string }[] = []
  world.requester.client().tasks.output(({ offset, text }) => pieces.push({ offset, text }))
  const taskId = await ask(world)
  expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
  const task = await taskOf(world, taskId)
  expect(stepsOf(task).filter((name) => name === 'sent').length).toBeGreaterThan(2)
  expect(task.answer).toBe(await answerOf(world, 'provider-1', slow.words))
  const joined = pieces.reduce((text, piece) => (piece.offset === text.length ? text + piece.text : `${text} GAP`), '')
  expect(joined).toBe(task.answer)
})

describe('a power cut, which takes back what nobody waited for,', () => {
  test.each(['bids', 'locked', 'sent', 'received', 'running', 'delivered', 'settled'] as const)(
    'at the requester’s after "%s" ends the trade right and pays once',
    async (step) => {
      await begin([{ backend: slow }], { hasPowerCuts: true })
      atStep(world, step, () => world.requester.cutPower())
      const taskId = await ask(world)
      await world.until(() => world.requester.isDown(), 'the power cut')
      await world.requester.restart()
      expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
      expect((await taskOf(world, taskId)).answer).toBe(await answerOf(world, 'provider-1', slow.words))
      expect(locksOf(taskId)).toBe(1)
    },
  )

  test.each(['delivered', 'settled'] as const)('at the provider’s after "%s" leaves it paid, with its job settled', async (step) => {
    await begin([{ backend: slow }], { hasPowerCuts: true })
    const provider = world.providerAt(0)
    atStep(world, step, () => provider.cutPower())
    const taskId = await ask(world)
    await world.until(() => provider.isDown(), 'the power cut')
    await provider.restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    await world.until(() => createJobStore(provider.db()).unsettled().length === 0, 'its job is settled')
  })
})
