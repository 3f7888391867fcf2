import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEscrow } from '../escrow/model.ts'
import { toHex } from '../platform/bytes.ts'
import { silentLog } from '../platform/log.ts'
import { fail } from '../platform/result.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { decodeAnswer, encodeAnswer } from './bundle.ts'
import type { Driver } from './driver-port.ts'
import { txHash } from './encoding.ts'
import { firstEpoch } from './epochs.ts'
import type { AuthorisedTx, EscrowState } from './objects.ts'
import { createSweeper, expiryPatienceMs, turnMs } from './sweeper.ts'
import { exchangeOf } from './testing/questions.ts'
import { createScene, type Scene } from './testing/scene.ts'
import { silentDriver } from './testing/silent-driver.ts'
import { birth, createMember, decided, hash, openingOf, passTime, rules, termsBetween } from './testing/world.ts'
import { witnessMigrations } from './witness-schema.ts'
import { createWitnessStore, type WitnessStore } from './witness-store.ts'

let scene: Scene
beforeEach(() => {
  scene = createScene()
})
afterEach(() => scene.world.close())

const show = (indexes: readonly number[], orders: readonly AuthorisedTx[], wantSkip = false) =>
  indexes.map((index) => {
    const [order] = orders
    if (order === undefined) throw new Error('no order')
    const answer = scene.world.witnesses[index]?.witness.exchange(exchangeOf(order, { orders, wantSkip }), scene.world.clock.nowMs())
    return decided(decodeAnswer(answer ?? new Uint8Array()))
  })

/** All of these witnesses see things through. */
const attend = (indexes: readonly number[]): void => {
  for (const index of indexes) {
    const node = scene.world.network.addNode(`duties-${index}`)
    scene.world.witnesses[index]?.witness.attend(node, scene.world.driverOf(`sweeper-${index}`))
  }
}
const wait = (ms: number): Promise<void> =>
  passTime(scene.world.clock, new Promise<void>((resolve) => void scene.world.clock.after(ms, resolve)), 100)

describe('a register in which witnesses gave up a view', () => {
  const park = (): AuthorisedTx => {
    const { world, alice, bob } = scene
    const [first, second] = [alice.transfer(bob.id, 30n, world.genesis), alice.transfer(bob.id, 40n, world.genesis)]
    show([0, 1], [first])
    show([2, 3], [second])
    world.clock.advance(2_000)
    show([0, 1, 2, 3], [first, second], true)
    return first
  }

  it('is taken up again when something comes in that can still win, and its client is gone', async () => {
    const { world, alice, bob } = scene
    const nowMs = world.clock.nowMs()
    const lapsing = openingOf(alice, bob, termsBetween(alice, bob, nowMs, { acceptValidUntilMs: nowMs + 5_000 }), world.genesis)
    show([0], [lapsing])
    world.clock.advance(6_000)
    show([0], [lapsing], true)
    attend([0])
    await wait(30_000)
    show([0, 2, 3], [alice.transfer(bob.id, 30n, world.genesis)])
    await wait(30_000)
    const chain = decided(await passTime(world.clock, world.driverOf('asking').fetchObject(alice.id, 0)))
    expect(chain.length).toBe(1)
  })

  it('is driven to its end by any one of them when its clients are gone', async () => {
    for (const index of [0, 1, 2, 3]) {
      scene.world.close()
      scene = createScene()
      const { tx } = park()
      attend([index])
      await wait(40_000)
      const steps = scene.world.witnesses.map(({ store }) => store.account(tx.objectId)?.step)
      expect({ index, steps }).toEqual({ index, steps: [0, 0, 0, 0] })
      expect(scene.world.witnesses[index]?.store.openRegisters(10)).toEqual([])
    }
  }, 30_000)

  it('is remembered through a restart', async () => {
    const { tx } = park()
    scene.world.witnesses[2]?.restart()
    attend([2])
    await wait(40_000)
    expect(scene.world.witnesses[2]?.store.account(tx.objectId)?.step).toBe(0)
  })

  it('is let go when its only order came too late for the others, so that nobody waits for it', async () => {
    const { world, alice, bob } = scene
    const terms = termsBetween(alice, bob, world.clock.nowMs())
    const opening = openingOf(alice, bob, terms, world.genesis)
    show([0], [opening])
    world.clock.advance(terms.acceptValidUntilMs - world.clock.nowMs() + 1)
    show([0], [opening], true)
    expect(world.witnesses[0]?.store.openRegisters(10).length).toBe(1)
    attend([0])
    await wait(60_000)
    expect(world.witnesses[0]?.store.openRegisters(10)).toEqual([])
  })
})

describe('a register in which witnesses voted to finalize', () => {
  it('is brought to its end by them when its client died with the certificate in its hands', async () => {
    const { world, alice, bob } = scene
    const paid = await scene.settleUnheard(alice.transfer(bob.id, 30n, world.genesis))
    expect(world.witnesses.map(({ store }) => store.account(paid.tx.objectId)?.step)).toEqual(Array(4).fill(undefined))
    attend([2])
    await wait(40_000)
    expect(world.witnesses.map(({ store }) => store.account(paid.tx.objectId)?.step)).toEqual([0, 0, 0, 0])
  })

  it('is brought to its end by the only one that did so, though it was not shown the order', async () => {
    const { world, alice, bob } = scene
    const order = alice.transfer(bob.id, 30n, world.genesis)
    const votes = show([0, 1, 2], [order]).flatMap((answer) => (answer.kind === 'open' ? answer.votes : []))
    world.witnesses[3]?.witness.exchange(exchangeOf(order, { orders: [], votes }), world.clock.nowMs())
    attend([3])
    await wait(60_000)
    expect(world.witnesses.map(({ store }) => store.account(order.tx.objectId)?.step)).toEqual([0, 0, 0, 0])
  })
})

describe('more than a witness looks at together', () => {
  const many = 80
  const escrowOf = (state: EscrowState | null): EscrowState => {
    if (state === null) throw new Error('an opening')
    return state
  }
  const refused = { ok: false, error: { code: 'refused', message: 'too late', reason: 'too-late' } } as const
  /** Alone, with a driver that takes its time. */
  const sweep = (store: WitnessStore, decide: (order: AuthorisedTx) => Awaited<ReturnType<Driver['decide']>>): (() => void) => {
    const { clock, committee } = scene.world
    const slowly: Driver['decide'] = async (order) => {
      await new Promise<void>((resolve) => void clock.after(200, resolve))
      return decide(order)
    }
    const driver = { ...silentDriver, decide: slowly }
    const deps = { store, rules, epochs: firstEpoch(committee), driver, clock, log: silentLog }
    return createSweeper({ ...deps, publicKey: hash('nobody'), proofsFor: () => [] }).stop
  }

  it('is tried with all its orders, register after register', async () => {
    const store = createWitnessStore(openMemoryDatabase(witnessMigrations))
    const valid = new Set<string>()
    for (let at = 0; at < many; at++) {
      const member = createMember(`member ${at}`)
      const register = { governance: birth, objectId: member.id, step: 0 }
      for (const amount of [1n, 2n])
        store.saveCandidate(register, { order: member.transfer(hash('somebody'), amount, scene.world.genesis), timely: true })
      valid.add(toHex(txHash(store.candidates(register).at(-1)?.order.tx ?? member.transfer(hash('nobody'), 1n).tx)))
      store.saveOpenRegister({ objectId: member.id, step: 0, epoch: 0, sinceMs: scene.world.clock.nowMs() })
    }
    const stop = sweep(store, (order) => {
      if (!valid.has(toHex(txHash(order.tx)))) return refused
      store.dropOpenRegister({ governance: birth, objectId: order.tx.objectId, step: 0 })
      return { ok: false, error: { code: 'conflict', message: 'decided', decree: { ...order, certificate: null as never } } }
    })
    await wait(600_000)
    stop()
    expect(store.openRegisters(many)).toEqual([])
  })

  it('is tried though so many older escrows cannot be ended', async () => {
    const { alice, bob } = scene
    const store = createWitnessStore(openMemoryDatabase(witnessMigrations))
    const states = Array.from({ length: many }, (_, at) =>
      escrowOf(openEscrow(openingOf(alice, bob, termsBetween(alice, bob, 0, { nonce: new Uint8Array(16).fill(at) })).tx)),
    )
    states.forEach((state, at) => {
      store.saveEscrow(state)
      store.saveDeadline(state.id, at)
    })
    const tried = new Set<string>()
    const stop = sweep(store, (order) => {
      tried.add(toHex(order.tx.objectId))
      return fail('no-quorum', 'nobody answers')
    })
    await wait(600_000)
    stop()
    expect(tried.size).toBe(many)
  })
})

describe('an escrow whose time has come', () => {
  it('is ended when both sides stay away, in its turn by one witness alone', async () => {
    const { world, openBetween } = scene
    const { state } = await openBetween()
    attend([0, 1, 2, 3])
    const sweepers = new Set<string>()
    world.network.setFaults(({ from, to }) => {
      if (from.startsWith('sweeper') && to.startsWith('witness')) sweepers.add(from)
      return 'deliver'
    })
    const guardMs = 2 * rules.limits.maxClockSkewMs
    await wait(state.terms.deliverByMs - world.clock.nowMs() + guardMs + expiryPatienceMs + 4 * turnMs + 5_000)
    expect(world.witnesses.map(({ store }) => store.escrow(state.id)?.payout?.by)).toEqual(Array(4).fill('expire-refund'))
    expect(world.witnesses.map(({ store }) => store.deadlines(10))).toEqual([[], [], [], []])
    expect(sweepers.size).toBe(1)
  })

  it('pays the provider that delivered', async () => {
    const { world, openBetween, move, deliverNow, settle } = scene
    const { state } = await openBetween()
    await settle(move(state, deliverNow(7n), ['provider']))
    attend([1])
    await wait(state.terms.reviewMs + 120_000)
    expect(world.witnesses[1]?.store.escrow(state.id)?.payout).toMatchObject({ by: 'expire-release', providerMicro: 7n })
  })
})

it('nothing is sent while there is nothing to see through', async () => {
  const { world, alice, bob, settle } = scene
  await settle(alice.transfer(bob.id, 30n, world.genesis))
  attend([0, 1, 2, 3])
  await wait(5_000)
  let sent = 0
  world.network.setFaults(() => {
    sent++
    return 'deliver'
  })
  await passTime(world.clock, new Promise<void>((resolve) => void world.clock.after(86_400_000, resolve)), 600_000)
  expect(sent).toBe(0)
})

it('four things are driven at once, however many wait, and a failure is tried again later and later', async () => {
  const { world, alice, bob } = scene
  const store = createWitnessStore(openMemoryDatabase(witnessMigrations))
  const escrows = Array.from({ length: 10 }, (_, index): EscrowState => {
    const state = openEscrow(openingOf(alice, bob, termsBetween(alice, bob, 0, { nonce: new Uint8Array(16).fill(index) })).tx)
    if (state === null) throw new Error('no escrow')
    return state
  })
  for (const state of escrows) {
    store.saveEscrow(state)
    store.saveDeadline(state.id, 0)
  }
  let running = 0
  let most = 0
  const begunAtMs: number[] = []
  const sweeper = createSweeper({
    store,
    rules,
    epochs: firstEpoch(world.committee),
    clock: world.clock,
    log: silentLog,
    publicKey: hash('nobody'),
    proofsFor: () => [],
    driver: {
      ...silentDriver,
      decide: async () => {
        most = Math.max(most, ++running)
        begunAtMs.push(world.clock.nowMs())
        await new Promise<void>((resolve) => void world.clock.after(1_000, resolve))
        running--
        return fail('no-quorum', 'nobody answers')
      },
    },
  })
  await wait(4_000)
  const atFirst = begunAtMs.length
  await wait(600_000)
  sweeper.stop()
  const atStop = begunAtMs.length
  await wait(600_000)
  expect([most, atFirst]).toEqual([4, 10])
  // 5, 10, 20, 40 and then every 60 s, each time for all ten.
  expect(atStop).toBeGreaterThan(100)
  expect(atStop).toBeLessThan(140)
  expect(begunAtMs.length).toBe(atStop)
})

it('a witness whose clock is off votes for nothing, and still shows what was decided', async () => {
  const { world, alice, bob, settle } = scene
  const [witness] = world.witnesses
  const ahead = (): Uint8Array => encodeAnswer({ kind: 'clock', nowMs: world.clock.nowMs() + 10_000 })
  for (const other of world.witnesses.slice(1)) other.lie = ahead
  attend([0])
  await wait(1_000)
  for (const other of world.witnesses.slice(1)) other.lie = null
  expect(witness?.witness.clockOffsetMs()).toBe(10_000)
  const order = alice.transfer(bob.id, 30n, world.genesis)
  expect(show([0], [order])).toEqual([{ kind: 'refused', refusal: 'clock-off' }])
  // The others are enough.
  await settle(order)
  expect(show([0], [order]).map(({ kind }) => kind)).toEqual(['decided'])
})
