import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../platform/log.ts'
import { encodeAnswer, encodeRequest } from './bundle.ts'
import { createDriver } from './driver.ts'
import { firstEpoch } from './epochs.ts'
import { txHash } from './encoding.ts'
import type { Decree } from './objects.ts'
import { createScene, type Scene } from './testing/scene.ts'
import { decided, freshWitness, passTime } from './testing/world.ts'
import { replayAccount } from './verify.ts'

let scene: Scene
beforeEach(() => {
  scene = createScene()
})
afterEach(() => scene.world.close())

describe('catching up', () => {
  it('fetches an account and an escrow from the start, and verifies them offline', async () => {
    const { world, alice, driver, verifying, creditsOf, settle, openBetween, move } = scene
    const { opening, state } = await openBetween()
    const refund = await settle(move(state, { kind: 'refund' }, ['provider']))
    const back = await settle(alice.order({ kind: 'claim-only' }, creditsOf([opening, refund])), [opening, refund])
    const account = decided(await passTime(world.clock, driver.fetchObject(alice.id, 0)))
    const escrow = decided(await passTime(world.clock, driver.fetchObject(state.id, 0)))
    expect([account, escrow].map((chain) => chain.map(({ tx }) => txHash(tx)))).toEqual([
      [opening, back].map(({ tx }) => txHash(tx)),
      [opening, refund].map(({ tx }) => txHash(tx)),
    ])
    expect(replayAccount(alice.id, account, escrow, verifying)).toEqual({ ok: true, value: alice.state() })
    expect(replayAccount(alice.id, account, [], verifying)).toMatchObject({ error: { code: 'unknown-credit' } })
    expect(replayAccount(alice.id, account.slice(1), escrow, verifying)).toMatchObject({ ok: false })
  })

  it('fetches the proofs of credits that are not claimed yet, even when one witness hides them', async () => {
    const { world, alice, bob, driver, creditsOf, settle } = scene
    const paid = await settle(alice.transfer(bob.id, 30n, world.genesis))
    const [, hiding] = world.witnesses
    if (hiding !== undefined) hiding.lie = () => encodeAnswer({ kind: 'decrees', decrees: [], next: null })
    const inbox = decided(await passTime(world.clock, driver.fetchInbox(bob.id)))
    expect(inbox.map(({ tx }) => txHash(tx))).toEqual([txHash(paid.tx)])
    if (hiding !== undefined) hiding.lie = null
    await settle(bob.transfer(alice.id, 30n, creditsOf(inbox)), inbox)
    expect(decided(await passTime(world.clock, driver.fetchInbox(bob.id)))).toEqual([])
  })

  it('pages through long histories', async () => {
    const { world, alice, bob, driver, settle } = scene
    for (let count = 0; count < 70; count++) await settle(alice.transfer(bob.id, 1n, count === 0 ? world.genesis : []))
    const chain = decided(await passTime(world.clock, driver.fetchObject(alice.id, 0)))
    const inbox = decided(await passTime(world.clock, driver.fetchInbox(bob.id)))
    expect([chain.length, inbox.length]).toEqual([70, 70])
  }, 30_000)

  it('takes a witness that missed a step for late, not for a liar', async () => {
    const { world, alice, bob, settle } = scene
    const decrees: Decree[] = []
    for (let count = 0; count < 3; count++) decrees.push(await settle(alice.transfer(bob.id, 1n, count === 0 ? world.genesis : [])))
    const [first, , third] = decrees
    // One that knows steps 0 and 2: at its own word, and as an older version of it would page.
    const [, late, older] = world.witnesses
    if (first === undefined || third === undefined || late === undefined || older === undefined) throw new Error('no such step')
    const fresh = freshWitness(world, 1)
    fresh.exchange(encodeRequest({ kind: 'inform', decrees: [first, third] }), world.clock.nowMs())
    late.lie = (question) => fresh.exchange(question, world.clock.nowMs())
    older.lie = () => encodeAnswer({ kind: 'decrees', decrees: [first, third], next: null })
    const lines: string[] = []
    const log = createLog((line) => lines.push(line), world.clock.nowMs)
    const driver = createDriver({
      network: world.network.addNode('asker', { log }),
      epochs: firstEpoch(world.committee),
      clock: world.clock,
      log,
    })
    const chain = decided(await passTime(world.clock, driver.fetchObject(alice.id, 0)))
    expect([chain.length, lines]).toEqual([3, []])
  })

  it('says so when too few witnesses answer', async () => {
    const { world, alice, driver } = scene
    for (const peer of ['witness-1', 'witness-2']) world.network.kill(peer)
    expect(await passTime(world.clock, driver.fetchObject(alice.id, 0))).toMatchObject({ error: { code: 'no-quorum' } })
  })
})
