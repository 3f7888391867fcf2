import { afterEach, describe, expect, test } from 'vitest'
import { fromHex, sha256, toHex, utf8 } from '../platform/bytes.ts'
import { createTaskStore } from './store.ts'
import { answerOf, ask, askOf, atStep, ended, outcomeOf, paidTo, slow, stepsOf, taskOf } from './testing/trade.ts'
import { createWorld, type ProviderWish, type World } from './testing/world.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { decodeProviderFrame, encodeProviderFrame, type ProviderFrame } from './wire.ts'

let world: World
afterEach(async () => world.stop())
const begin = async (providers?: readonly ProviderWish[]): Promise<void> => {
  world = await createWorld(providers)
}

const wholeTrade = ['requested', 'bids', 'locked', 'sent', 'received', 'running', 'delivered', 'settled']

describe('a trade', () => {
  test('is answered by the best bid and paid what its receipt meters', async () => {
    await begin()
    const taskId = await ask(world)
    const task = await ended(world, taskId)
    expect(task).toMatchObject({ state: 'settled', simulated: true, answer: await answerOf(world, 'provider-1') })
    expect(stepsOf(task)).toEqual(wholeTrade)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    const search = async (words: string) => world.requester.client().tasks.search({ words, cursor: null, limit: 10 })
    const [word = ''] = task.answer.match(/[a-z]{6,}/i) ?? []
    expect(await search(word)).toMatchObject({
      ok: true,
      value: { rows: [{ task: { taskId, state: 'settled' } }], nextCursor: null, total: 1 },
    })
    expect(await search('"NEAR(')).toMatchObject({ ok: true, value: { rows: [], total: 0 } })
  })

  test('tells how its bids were ranked: the best has all of the score, each other as much as it was worth by comparison', async () => {
    await begin()
    const { bids } = await ended(world, await ask(world, { mode: 'best' }))
    const worth = bids.map(({ expectedMicro, ranked }) => (ranked?.standingPpm ?? 0) ** 2 / Number(expectedMicro))
    const scores = bids.map(({ ranked }) => ranked?.scorePpm)
    expect([bids.length > 1, scores]).toEqual([true, worth.map((one) => Math.round((one / Math.max(...worth)) * 1e6))])
    expect(bids[scores.indexOf(1_000_000)]?.outcome).toBe('won')
  })

  test('asked twice with one request id is one trade', async () => {
    await begin()
    const wish = askOf()
    const [first, second] = await Promise.all([world.requester.client().tasks.ask(wish), world.requester.client().tasks.ask(wish)])
    expect(first.ok && second.ok && first.value.taskId === second.value.taskId).toBe(true)
    expect(await outcomeOf(world, first.ok ? first.value.taskId : '')).toEqual(paidTo('provider-1'))
  })

  test.each([
    ['still waits for its bids', { settlement: 5, copies: 0 }, 'waiting-for-bids'],
    // The command waits five seconds for what newer copies of the data may say of it.
    ['is about to be locked', { settlement: 300, copies: 2_100 }, 'locking'],
  ] as const)('asked while the node resumes runs once, when it %s by then', async (_name, delaysMs, stateByThen) => {
    await begin()
    const { requester, network } = world
    const before = requester.market()
    // So late do the witnesses answer the node that asks where it stands.
    network.setFaults(({ protocol }) => ({ delayMs: protocol === 'settlement' || protocol === 'copies' ? delaysMs[protocol] : 0 }))
    const restarting = requester.restart()
    await world.until(() => requester.market() !== before)
    const taskId = await ask(world)
    expect((await taskOf(world, taskId)).state).toBe('waiting-for-bids')
    await world.settleDown(restarting)
    expect((await taskOf(world, taskId)).state).toBe(stateByThen)
    network.setFaults(null)
    // Which one is the draw's: a tenth of small tasks goes to newcomers.
    const outcome = await outcomeOf(world, taskId)
    expect({ ...outcome, paid: outcome.paid.length }).toEqual({ ...paidTo(), paid: 1 })
    expect(createTaskStore(requester.db()).attempts(fromHex(taskId))).toHaveLength(1)
    expect(stepsOf(await taskOf(world, taskId))).toEqual(wholeTrade)
  })

  test('cancelled before the lock costs nothing and stays cancelled', async () => {
    await begin()
    const taskId = await ask(world)
    expect(await world.requester.client().tasks.cancel({ requestId: 'cancel-the-task-1', taskId })).toMatchObject({ ok: true })
    await world.pass(20_000)
    expect(stepsOf(await taskOf(world, taskId))).toEqual(['requested', 'cancelled'])
    expect(await world.gains()).toEqual([0n, 0n, 0n])
  })

  test('whose lock the witnesses cannot be asked for waits for them, and locks once', async () => {
    await begin()
    const everyone = [world.requester, ...world.providers].map(({ name }) => name)
    world.network.partition([everyone])
    const taskId = await ask(world)
    await world.until(
      async () => (await taskOf(world, taskId)).problem?.includes('Not enough witnesses') === true,
      'the problem is shown',
      30_000,
    )
    world.network.heal()
    expect(await outcomeOf(world, taskId)).toMatchObject({ state: 'settled', paid: [expect.any(String)], lostMicro: 0n })
  })
})

describe('a request nobody serves ends soon and says why', () => {
  const failureOf = async (wish: Parameters<typeof askOf>[0]) => {
    const beganMs = world.clock.nowMs()
    const { state, problem } = await ended(world, await ask(world, wish))
    return { state, problem, isSoon: world.clock.nowMs() - beganMs < 5_000, gains: await world.gains() }
  }
  const failed = (reason: RegExp) => ({
    state: 'failed',
    problem: expect.stringMatching(reason) as string,
    isSoon: true,
    gains: [world.requester, ...world.providers].map(() => 0n),
  })
  test('without an offer', async () => {
    await begin([])
    expect(await failureOf({})).toEqual(failed(/No provider offers/))
  })
  test('below every price', async () => {
    await begin()
    expect(await failureOf({ maxPriceMicro: 1n })).toEqual(failed(/price limit/))
  })
  test('above every cap', async () => {
    await begin([{ caps: { outputTokensPerTask: 100 } }])
    expect(await failureOf({ maxOutputTokens: 101 })).toEqual(failed(/more output than my caps/))
  })
  test('beyond what is left of the day', async () => {
    await begin([{ caps: { outputTokensPerDay: 100 } }])
    expect(await failureOf({ maxOutputTokens: 101 })).toEqual(failed(/slots/))
  })
})

describe('fails over to the next bid, which alone is paid, when the provider', () => {
  test('has stopped serving after the lock', async () => {
    await begin()
    atStep(world, 'locked', () => void world.providerAt(0).client().provider.stop({ requestId: 'stop-the-provider' }))
    const taskId = await ask(world)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
    expect(stepsOf(await taskOf(world, taskId))).toContain('refunded')
  })

  test('dies before it accepts', async () => {
    await begin()
    atStep(world, 'locked', () => world.providerAt(0).crash())
    const taskId = await ask(world)
    await ended(world, taskId)
    await world.providerAt(0).restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
  })

  test('dies in the middle of its answer, within two seconds', async () => {
    await begin([{ backend: slow }, {}])
    let brokeAtMs = 0
    atStep(world, 'running', () => {
      world.providerAt(0).crash()
      brokeAtMs = world.clock.nowMs()
    })
    const taskId = await ask(world)
    const failed = (await ended(world, taskId)).steps.find(({ name }) => name === 'failed')
    expect((failed?.atMs ?? Infinity) - brokeAtMs).toBeLessThan(2_500)
    await world.providerAt(0).restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
    expect((await taskOf(world, taskId)).answer).toBe(await answerOf(world, 'provider-2'))
  })

  test('does not begin in the time it promised', async () => {
    await begin([{ backend: { firstTokenMs: 20_000 }, promisedMs: 300 }, {}])
    const taskId = await ask(world)
    const task = await ended(world, taskId)
    const at = (name: string): number => task.steps.find((step) => step.name === name)?.atMs ?? Infinity
    expect(at('failed') - at('sent')).toBeLessThan(3_000)
    await world.until(async () => stepsOf(await taskOf(world, taskId)).includes('refunded'), 'the slow provider gives back', 5_000)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
  })

  test.each(['empty', 'break', 'refuse'] as const)('has a backend that behaves as %s', async (behaviour) => {
    await begin([{ backend: { behaviour } }, {}])
    const taskId = await ask(world)
    await world.until(async () => stepsOf(await taskOf(world, taskId)).includes('refunded'), 'the failed run is refunded', 10_000)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
  })

  test('is the only one: then the task fails and all comes back', async () => {
    await begin([{ backend: { behaviour: 'empty' } }])
    const task = await ended(world, await ask(world), ['refunded'])
    expect(task.problem).toMatch(/empty answer/)
    expect(await world.gains()).toEqual([0n, 0n])
  })
})

describe('a hostile provider is not paid, and the task fails over, when it', () => {
  type Mutate = (frame: ProviderFrame) => readonly Uint8Array[]
  const resigned = (frame: ProviderFrame, changes: Partial<Extract<ProviderFrame, { kind: 'done' }>['signed']['receipt']>): Uint8Array => {
    if (frame.kind !== 'done') return encodeProviderFrame(frame)
    const { id } = world.federation
    return encodeProviderFrame({
      kind: 'done',
      signed: signReceipt(id, { ...frame.signed.receipt, ...changes }, world.providerAt(0).signer),
    })
  }
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte))
  const mutations: Readonly<Record<string, Mutate>> = {
    'sends bytes that are no frame': () => [utf8('nonsense')],
    'accepts another escrow': (frame) => [
      encodeProviderFrame(frame.kind === 'accepted' ? { ...frame, escrowId: sha256(utf8('other')) } : frame),
    ],
    'answers before it accepts': (frame) => (frame.kind === 'accepted' ? [] : [encodeProviderFrame(frame)]),
    'accepts again and again': (frame) => (frame.kind === 'accepted' ? Array.from({ length: 3 }, () => encodeProviderFrame(frame)) : []),
    'damages a chunk': (frame) => [encodeProviderFrame(frame.kind === 'chunk' ? { ...frame, ciphertext: flip(frame.ciphertext) } : frame)],
    'skips a chunk': (frame) => [encodeProviderFrame(frame.kind === 'chunk' ? { ...frame, counter: frame.counter + 1 } : frame)],
    'sends a chunk twice': (frame) =>
      frame.kind === 'chunk' ? [encodeProviderFrame(frame), encodeProviderFrame(frame)] : [encodeProviderFrame(frame)],
    'leaves out the end': (frame) => (frame.kind === 'chunk' && frame.final ? [] : [encodeProviderFrame(frame)]),
    'asks for more than its price': (frame) => [resigned(frame, { priceMicro: 100_000n })],
    'counts more tokens than the texts can have': (frame) => [resigned(frame, { outputTokens: 200, inputTokens: 4_000 })],
    'signs for another answer': (frame) => [resigned(frame, { transcriptHash: sha256(utf8('other')) })],
    'signs for another escrow': (frame) => [resigned(frame, { escrowId: sha256(utf8('other')) })],
  }
  test.each(Object.entries(mutations))('%s', async (_name, mutate) => {
    await begin()
    const [hostile, honest] = [world.providerAt(0), world.providerAt(1)]
    hostile.tamper((frame) => {
      const decoded = decodeProviderFrame(frame)
      return decoded.ok ? mutate(decoded.value) : [frame]
    })
    // What it may register of its own accord is a matter for a dispute; here it only lies to the client.
    world.network.setFaults(({ from, protocol }) => (from === hostile.name && protocol === 'settlement' ? 'drop' : 'deliver'))
    const taskId = await ask(world)
    const task = await ended(world, taskId)
    expect(task).toMatchObject({ state: 'settled', receipt: { provider: toHex(honest.market().accountId) } })
    expect(stepsOf(task).filter((name) => name === 'locked')).toHaveLength(2)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
  })
})
