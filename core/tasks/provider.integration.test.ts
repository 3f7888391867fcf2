import { afterEach, describe, expect, test } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import type { FrameChannel, Network } from '../network/port.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { decodeDecree, encodeDecree, txHash } from '../settlement/encoding.ts'
import { createJobStore } from './job-store.ts'
import { answerOf, ask, atStep, ended, outcomeOf, paidTo, slow, stepsOf, taskOf } from './testing/trade.ts'
import { createWorld, type ProviderWish, type World } from './testing/world.ts'
import { decodeClientFrame, decodeProviderFrame, encodeClientFrame, resumeFrame, type ClientFrame, type ProviderFrame } from './wire.ts'

let world: World
afterEach(async () => world.stop())
const begin = async (providers?: readonly ProviderWish[]): Promise<void> => {
  world = await createWorld(providers)
}
const jobsOf = (index: number) => createJobStore(world.providerAt(index).db())

test('a task that failed counts for the day with what it used', async () => {
  await begin([{ backend: { behaviour: 'break' }, caps: { tasksPerDay: 1 } }])
  await ended(world, await ask(world), ['refunded'])
  expect(jobsOf(0).sumSince(0)).toMatchObject({ tasks: 1, earnedMicro: 0n })
  expect(jobsOf(0).sumSince(0).outputTokens).toBeGreaterThan(0)
  expect(await ended(world, await ask(world))).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/No provider offers/) as string,
  })
})

test('a provider that is switched off withdraws its offers, aborts what runs and gives the money back', async () => {
  await begin([{ backend: slow }])
  atStep(world, 'running', () => void world.providerAt(0).client().provider.stop({ requestId: 'stop-the-provider-1' }))
  const task = await ended(world, await ask(world), ['refunded'])
  expect(task.problem).toMatch(/stopped/)
  expect(await world.gains()).toEqual([0n, 0n])
  const book = await world.requester.client().orders.book({ classKey: null, limit: 50, offersCursor: null, requestsCursor: null })
  expect(book.ok && book.value.offers.total).toBe(0)
  expect(jobsOf(0).unsettled()).toEqual([])
})

describe('a hostile client runs nothing and disturbs nobody', () => {
  const stranger = createSigner(keyFromSeed(sha256(utf8('stranger'))))
  let network: Network
  /** The start frame that the honest requester sends, seen by somebody who should not have it. */
  const seenStart = async (): Promise<{ readonly taskId: string; readonly start: Extract<ClientFrame, { kind: 'start' }> }> => {
    network = world.network.addNode('stranger')
    let start: Extract<ClientFrame, { kind: 'start' }> | null = null
    world.requester.tamper((bytes) => {
      const frame = decodeClientFrame(bytes)
      if (frame.ok && frame.value.kind === 'start') start = frame.value
      return [bytes]
    })
    const taskId = await ask(world)
    await world.until(() => start !== null)
    if (start === null) throw new Error('no start frame was seen')
    return { taskId, start }
  }
  const open = (): Promise<FrameChannel> => network.openStream(world.providerAt(0).market().network.self(), 'task', { timeoutMs: 1_000 })
  /** What the provider answers first. */
  const answerTo = async (bytes: Uint8Array): Promise<ProviderFrame | null> => {
    const channel = await open()
    await channel.send(bytes)
    const frame = await world.settleDown(channel.receive())
    const decoded = frame === null ? null : decodeProviderFrame(frame)
    return decoded?.ok === true ? decoded.value : null
  }
  const refused = (code: string) => ({ kind: 'refused', code, sentence: expect.any(String) as string })

  test('with garbage, with a frame that begins nothing, and with silence', async () => {
    await begin()
    network = world.network.addNode('stranger')
    expect(await answerTo(utf8('garbage'))).toEqual(refused('malformed'))
    expect(await answerTo(encodeClientFrame({ kind: 'cancel' }))).toEqual(refused('malformed'))
    const silent = await open()
    const ending = silent.receive().then(
      () => 'ended',
      () => 'broken',
    )
    await world.pass(11_000)
    expect(await ending).toBe('broken')
    expect(jobsOf(0).unsettled()).toEqual([])
  })

  test('with the decree and the sealed task of somebody else, changed in any way', async () => {
    await begin([{ backend: slow }])
    const { taskId, start } = await seenStart()
    const decree = decodeDecree(start.openDecree)
    if (!decree.ok || decree.value.tx.type !== 'account') throw new Error('the decree opens an escrow')
    const escrowId = txHash(decree.value.tx)
    const other = { ...start.sealed, signature: start.sealed.signature.map((byte) => byte ^ 1) }
    expect(await answerTo(encodeClientFrame({ ...start, sealed: other }))).toEqual(refused('unknown-escrow'))
    const uncertified = encodeDecree({ ...decree.value, tx: { ...decree.value.tx, step: decree.value.tx.step + 1 } })
    expect(await answerTo(encodeClientFrame({ ...start, openDecree: uncertified }))).toEqual(refused('not-certified'))
    const { body } = decree.value.tx
    if (body.operation.kind !== 'open-escrow') throw new Error('the decree opens an escrow')
    const terms = { ...body.operation.terms, amountMicro: body.operation.terms.amountMicro + 1n }
    const differing = { ...decree.value, tx: { ...decree.value.tx, body: { ...body, operation: { ...body.operation, terms } } } }
    expect(await answerTo(encodeClientFrame({ ...start, openDecree: encodeDecree(differing) }))).toEqual(refused('not-certified'))
    const byStranger = resumeFrame(stranger, world.federation.id, escrowId, 0)
    expect(await answerTo(encodeClientFrame(byStranger))).toEqual(refused('unknown-escrow'))
    expect(jobsOf(0).sumSince(0).tasks).toBe(1)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
  })

  test('with a cancel of somebody else’s task', async () => {
    await begin([{ backend: slow }])
    const { taskId, start } = await seenStart()
    await world.until(async () => stepsOf(await taskOf(world, taskId)).includes('running'))
    const channel = await open()
    await channel.send(encodeClientFrame({ ...start, sealed: { ...start.sealed, enc: sha256(utf8('other')) } }))
    await channel.send(encodeClientFrame({ kind: 'cancel' }))
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    expect((await taskOf(world, taskId)).answer).toBe(await answerOf(world, 'provider-1', slow.words))
  })

  test('with a task that the client of the escrow did not sign, which gives back no lock: else a stranger could end any trade', async () => {
    await begin([{}, {}])
    let isFirst = true
    world.requester.tamper((bytes) => {
      const frame = decodeClientFrame(bytes)
      if (!isFirst || !frame.ok || frame.value.kind !== 'start') return [bytes]
      isFirst = false
      return [encodeClientFrame({ ...frame.value, sealed: { ...frame.value.sealed, ciphertext: sha256(utf8('other')) } })]
    })
    const taskId = await ask(world)
    await world.until(async () => (await taskOf(world, taskId)).state === 'settled', 'the settlement', 60_000)
    expect(jobsOf(0).sumSince(0).tasks).toBe(0)
    expect(stepsOf(await taskOf(world, taskId))).not.toContain('refunded')
  })
})
