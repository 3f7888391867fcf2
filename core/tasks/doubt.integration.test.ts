import { afterEach, beforeEach, expect, test } from 'vitest'
import { utf8 } from '../platform/bytes.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { answerOf, ask, ended, taskOf } from './testing/trade.ts'
import { createWorld, type World } from './testing/world.ts'
import { decodeProviderFrame, encodeProviderFrame } from './wire.ts'

/** A provider whose bill counts a token for each byte: within what a text can have, and far above what it usually has. */
let world: World
let priceMicro = 0n
let taskId = ''
beforeEach(async () => {
  world = await createWorld([{}])
  const provider = world.providerAt(0)
  const outputTokens = utf8(await answerOf(world, 'provider-1')).length
  priceMicro = 1_000n + BigInt(outputTokens)
  provider.tamper((frame) => {
    const decoded = decodeProviderFrame(frame)
    if (!decoded.ok || decoded.value.kind !== 'done') return [frame]
    const receipt = { ...decoded.value.signed.receipt, outputTokens, priceMicro }
    return [encodeProviderFrame({ kind: 'done', signed: signReceipt(world.federation.id, receipt, provider.signer) })]
  })
  taskId = await ask(world)
  await ended(world, taskId, ['delivered'])
})
afterEach(async () => world.stop())

test('a doubtful bill is not paid by itself, also after a restart; its owner’s release pays it', async () => {
  expect(await taskOf(world, taskId)).toMatchObject({
    answer: await answerOf(world, 'provider-1'),
    problem: expect.stringMatching(/usual/) as string,
  })
  await world.requester.restart()
  await world.pass(2_000)
  const { state, escrowId } = await taskOf(world, taskId)
  expect([state, (await world.balanceOf(world.requester)).lockedMicro > 0n]).toEqual(['delivered', true])
  const release = world.requester.client().escrow.release({ requestId: 'release-a-doubtful-bill', escrowId: escrowId ?? '' })
  expect(await world.settleDown(release)).toMatchObject({ ok: true })
  await world.rest()
  expect([(await taskOf(world, taskId)).state, await world.gains()]).toEqual(['settled', [-priceMicro, priceMicro]])
})

test('a doubtful bill is not paid by itself where it came back from a sealed copy either', async () => {
  // Longer than it takes until the copy has left.
  await world.pass(6_000)
  await world.requester.restartOn(null)
  await world.pass(2_000)
  const { state, problem } = await taskOf(world, taskId)
  expect({ state, problem, isLocked: (await world.balanceOf(world.requester)).lockedMicro > 0n }).toEqual({
    state: 'delivered',
    problem: expect.stringMatching(/usual/) as string,
    isLocked: true,
  })
})

test('a doubtful bill that its owner neither pays nor disputes is the provider’s when the review ends', async () => {
  await world.rest()
  const { state, problem } = await taskOf(world, taskId)
  expect([state, problem, (await world.gains())[1]]).toEqual(['settled', null, expect.any(BigInt)])
  expect((await world.gains())[1]).toBeGreaterThan(0n)
})
