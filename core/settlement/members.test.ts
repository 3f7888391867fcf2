import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toHex } from '../platform/bytes.ts'
import { openEscrow } from '../escrow/model.ts'
import { txHash } from './encoding.ts'
import type { AccountOperation, Decree } from './objects.ts'
import { signTerms } from './signatures.ts'
import { createScene, type Scene } from './testing/scene.ts'
import { decided, federationId, moveOf, passTime, signed, signerOf, termsBetween } from './testing/world.ts'

let scene: Scene
beforeEach(() => {
  scene = createScene()
})
afterEach(() => scene.world.close())

const laptop = signerOf('laptop of alice')
const wait = <T>(work: Promise<T>): Promise<T> => passTime(scene.world.clock, work)
const register = (): Promise<Decree> =>
  scene.settle(scene.alice.order({ kind: 'register-device', deviceKey: laptop.publicKey }, scene.world.genesis))
const revoke = (): Promise<Decree> => scene.settle(scene.alice.order({ kind: 'revoke-device', deviceKey: laptop.publicKey }))
/** The same operation as the owner would sign it, by the laptop. */
const byLaptop = (operation: AccountOperation) => signed(scene.alice.order(operation).tx, laptop)

const openByLaptop = async () => {
  const terms = { ...termsBetween(scene.alice, scene.bob, scene.world.clock.nowMs()), clientKey: laptop.publicKey }
  const acceptSignature = signTerms(federationId, terms, scene.bob.signer)
  const opening = await scene.settle(byLaptop({ kind: 'open-escrow', terms, acceptSignature }))
  const state = opening.tx.type === 'account' ? openEscrow(opening.tx) : null
  if (state === null) throw new Error('no escrow')
  return { opening, state }
}

describe('a certified device', () => {
  it('spends until it is revoked, and then nothing', async () => {
    const { bob, settle, reasonOf } = scene
    await register()
    await settle(byLaptop({ kind: 'transfer', to: bob.id, amountMicro: 1n, memo: '' }))
    await revoke()
    expect(await reasonOf(byLaptop({ kind: 'transfer', to: bob.id, amountMicro: 1n, memo: '' }))).toBe('not-authorised')
  })

  it('moves the escrows it opened, and once revoked none of them', async () => {
    await register()
    const [first, second] = [await openByLaptop(), await openByLaptop()]
    const release = (escrow: typeof first) => moveOf(escrow.state, { kind: 'release', receipt: null }, [['client', laptop]])
    expect(await scene.reasonOf(release(first), [first.opening])).toBe('decided')
    await revoke()
    expect(await scene.reasonOf(release(second), [second.opening])).toBe('revoked-key')
  })

  it('leaves its escrows to the owner’s key', async () => {
    await register()
    const { state, opening } = await openByLaptop()
    await revoke()
    expect(await scene.reasonOf(moveOf(state, { kind: 'release', receipt: null }, [['client', scene.alice.signer]]), [opening])).toBe(
      'decided',
    )
  })

  it('is no provider any more for whoever holds its earlier bid', async () => {
    const { alice, bob, reasonOf, settle, creditsOf } = scene
    const paid = await settle(alice.transfer(bob.id, 10_000_000n, scene.world.genesis))
    const terms = { ...termsBetween(bob, alice, scene.world.clock.nowMs()), providerKey: laptop.publicKey }
    await scene.settle(alice.order({ kind: 'register-device', deviceKey: laptop.publicKey }))
    await revoke()
    const acceptSignature = signTerms(federationId, terms, laptop)
    const order = bob.order({ kind: 'open-escrow', terms, acceptSignature }, creditsOf([paid]))
    expect(await reasonOf(order, [paid])).toBe('revoked-key')
  })
})

describe('witnesses tell', () => {
  it('who may sign for an account now, also when one of them makes up a key', async () => {
    const { world, alice, driver } = scene
    const keys = async () => decided(await wait(driver.fetchKeys(alice.id))).map(toHex)
    expect(await keys()).toEqual([])
    await register()
    expect(await keys()).toEqual([toHex(alice.signer.publicKey), toHex(laptop.publicKey)])
    await revoke()
    const liar = world.witnesses[3]?.store
    liar?.transaction(() => {
      const state = liar.account(alice.id)
      if (state !== null) liar.saveAccount({ ...state, deviceKeys: [laptop.publicKey] })
    })
    expect(await keys()).toEqual([toHex(alice.signer.publicKey)])
  })

  it('a provider of its open escrows, and of none that is settled', async () => {
    const { driver, bob, move, settle, openBetween } = scene
    const [first, second] = [await openBetween(), await openBetween()]
    await settle(move(first.state, { kind: 'release', receipt: null }, ['client']), [first.opening])
    const open = decided(await wait(driver.fetchEscrows(bob.id)))
    expect(open.map(({ tx }) => toHex(txHash(tx)))).toEqual([toHex(second.state.id)])
  })

  it('the proofs of credits that were claimed long ago', async () => {
    const { world, alice, bob, creditsOf, settle, driver } = scene
    const paid = await settle(alice.transfer(bob.id, 30n, world.genesis))
    await settle(bob.transfer(alice.id, 1n, creditsOf([paid])), [paid])
    expect(decided(await wait(driver.fetchInbox(bob.id)))).toEqual([])
    const proofs = decided(await wait(driver.fetchCredits(creditsOf([paid]).map(({ id }) => id))))
    expect(proofs.map(({ tx }) => toHex(txHash(tx)))).toEqual([toHex(txHash(paid.tx))])
  })

  it('when a decree came to be, between the clocks of honest ones', async () => {
    const { world, alice, bob, settle, driver } = scene
    const paid = await settle(alice.transfer(bob.id, 30n, world.genesis))
    const settledAtMs = world.clock.nowMs()
    world.clock.advance(3_600_000)
    const times = decided(await wait(driver.fetchTimes([paid])))
    expect(settledAtMs - (times.get(toHex(txHash(paid.tx))) ?? 0)).toBeLessThan(1_000)
    expect(settledAtMs).toBeGreaterThanOrEqual(times.get(toHex(txHash(paid.tx))) ?? Infinity)
  })

  it('which order they were shown and have not decided', async () => {
    const { world, alice, bob, driver } = scene
    const order = alice.transfer(bob.id, 30n, world.genesis)
    world.network.setFaults(({ to }) => (to === 'witness-3' || to === 'member' ? 'deliver' : 'drop'))
    await wait(driver.decide(order, [], { timeoutMs: 1_000 }))
    world.network.setFaults(() => 'deliver')
    const register = { governance: order.tx.governance, objectId: alice.id, step: 0 }
    const seen = decided(await wait(driver.fetchUndecided(register)))
    expect(seen.map(({ tx }) => toHex(txHash(tx)))).toEqual([toHex(txHash(order.tx))])
  })
})
