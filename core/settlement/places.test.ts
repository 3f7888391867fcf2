import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { designatedOrder, isDesignated } from '../escrow/panel.ts'
import { toHex } from '../platform/bytes.ts'
import { leaderOf } from './ballots.ts'
import { decodeAnswer, encodeRequest, maxOrders } from './bundle.ts'
import { txHash } from './encoding.ts'
import { firstEpoch } from './epochs.ts'
import type { AuthorisedTx, Decree, EscrowMove, EscrowState, SeedShare, Vote } from './objects.ts'
import { createSession } from './session.ts'
import { signProposal, signStatement, signTerms } from './signatures.ts'
import { createEpochWorld } from './testing/epoch-world.ts'
import { exchangeOf } from './testing/questions.ts'
import { createScene, type Scene } from './testing/scene.ts'
import { createMember, decided, federationId, hash, openingOf, passTime, signed, signerOf, termsBetween } from './testing/world.ts'
import { replayEscrow } from './verify.ts'

/** A witness keeps three orders of each side at a step; whatever comes to nothing must not hold their places. */
let scene: Scene
beforeEach(() => {
  scene = createScene()
})
afterEach(() => scene.world.close())

const times = [0, 1, 2, 3]
const stateOf = (chain: readonly Decree[]): EscrowState => decided(replayEscrow(chain, scene.verifying))
const acceptableFor = (ms: number, client = scene.alice) =>
  termsBetween(client, scene.bob, scene.world.clock.nowMs(), { acceptValidUntilMs: scene.world.clock.nowMs() + ms })
/** To one witness alone, as when the connections to the others are cut. */
const showTo = (index: number, order: AuthorisedTx, orders: readonly AuthorisedTx[] = [order]) => {
  const witness = scene.world.witnesses[index]?.witness
  return decided(decodeAnswer(witness?.exchange(exchangeOf(order, { orders }), scene.world.clock.nowMs()) ?? new Uint8Array()))
}
/** All different, and each in time. */
const deliveries = (state: EscrowState, count: number): readonly AuthorisedTx[] =>
  Array.from({ length: count }, (_, index) =>
    scene.move(state, { ...scene.deliverNow(1n), resultHash: hash(`answer ${index}`) } as EscrowMove, ['provider']),
  )
const heldAt = (index: number, register: AuthorisedTx): readonly AuthorisedTx[] => {
  const answer = showTo(index, register, [])
  return answer.kind === 'open' ? answer.orders : []
}

describe('the places of an account', () => {
  it('are not taken by orders that came too late', async () => {
    const { alice, bob, world } = scene
    for (const index of times)
      expect(await scene.reasonOf(openingOf(alice, bob, acceptableFor(-1_000 - index), world.genesis))).toBe('too-late')
    expect(await scene.failureOf(alice.transfer(bob.id, 30n, world.genesis))).toBeNull()
  })

  it('are freed by orders that came in time, each to one witness alone, and lapsed', async () => {
    const { alice, bob, world } = scene
    for (const index of [1, 2, 3]) {
      for (const witness of times) {
        const order = openingOf(alice, bob, acceptableFor(5_000 + 4 * index + witness), world.genesis)
        expect(showTo(witness, order)).toMatchObject({ kind: 'open', refusal: null })
      }
      world.clock.advance(6_000)
    }
    expect(await scene.failureOf(openingOf(alice, bob, acceptableFor(60_000), world.genesis))).toBeNull()
  })

  it('are kept by what may still be decided, and given up first to what has no end of its time', () => {
    const { alice, bob, world } = scene
    const openings = times.map((index) => openingOf(alice, bob, acceptableFor(60_000 + index), world.genesis))
    const transfer = alice.transfer(bob.id, 30n, world.genesis)
    for (const order of openings) showTo(0, order)
    expect(heldAt(0, transfer)).toEqual(openings.slice(0, 3))
    showTo(0, transfer)
    expect(heldAt(0, transfer)).toEqual([...openings.slice(1, 3), transfer])
  })

  it('are not taken by a stolen device from the owner that takes it back', async () => {
    const { alice, bob, world } = scene
    const laptop = signerOf('laptop')
    await scene.settle(alice.order({ kind: 'register-device', deviceKey: laptop.publicKey }, world.genesis))
    for (const index of [1, 2, 3]) {
      for (const witness of times) {
        const terms = { ...acceptableFor(60_000 + 4 * index + witness), clientKey: laptop.publicKey }
        const { tx } = alice.order({ kind: 'open-escrow', terms, acceptSignature: signTerms(federationId, terms, bob.signer) })
        showTo(witness, signed(tx, laptop))
      }
    }
    expect(await scene.failureOf(alice.order({ kind: 'revoke-device', deviceKey: laptop.publicKey }))).toBeNull()
  })
})

describe('the places of an escrow', () => {
  it('are not taken by deliveries that arrived too late', async () => {
    const { state } = await scene.openBetween()
    for (const index of times.slice(1)) {
      const stale = scene.move(state, scene.deliverNow(1_000n + BigInt(index)), ['provider'])
      scene.world.clock.advance(15_600)
      expect(await scene.reasonOf(stale)).toBe('too-late')
    }
    expect(await scene.failureOf(scene.move(state, scene.deliverNow(1_000n), ['provider']))).toBeNull()
  })

  it('are not taken by panels that somebody likes better and whose time has not come', async () => {
    const { world, alice, bob } = scene
    const terms = termsBetween(alice, bob, world.clock.nowMs(), { panel: { size: 1, quorum: 1 } })
    const opening = await scene.settle(openingOf(alice, bob, terms, world.genesis))
    const delivered = await scene.settle(scene.move(stateOf([opening]), scene.deliverNow(3_000_000n), ['provider']))
    const body = { kind: 'dispute', atMs: world.clock.nowMs(), reasonHash: hash('reason'), recused: [] } as const
    const chain = [opening, delivered, await scene.settle(scene.move(stateOf([opening, delivered]), body, ['client']))]
    const state = stateOf(chain)
    const disputeHash = state.dispute?.txHash ?? hash('none')
    const shares = world.witnesses.flatMap(({ witness }, witnessIndex): readonly SeedShare[] => {
      const question = encodeRequest({ kind: 'fetch-share', escrowId: state.id, decrees: chain })
      const answer = decided(decodeAnswer(witness.exchange(question, world.clock.nowMs())))
      return answer.kind === 'share' ? [{ witnessIndex, share: answer.share }] : []
    })
    const order = designatedOrder(world.committee, disputeHash)
    const sorted = shares.toSorted((a, b) => order.indexOf(a.witnessIndex) - order.indexOf(b.witnessIndex))
    const pairs = sorted.flatMap((a, at) => sorted.slice(at + 1).map((b) => [a, b]))
    const seatBy = (pair: readonly SeedShare[]) => scene.move(state, { kind: 'seat-panel', shares: pair }, [])
    const [others, designated] = [false, true].map((is) => pairs.filter((pair) => isDesignated(world.committee, disputeHash, pair) === is))
    for (const pair of others ?? []) for (const witness of times) showTo(witness, seatBy(pair))
    expect([others?.length, designated?.length]).toEqual([5, 1])
    expect(await scene.failureOf(seatBy(designated?.[0] ?? []))).toBeNull()
  })
})

it('the places of the federation are not taken by committees that were proposed too late', async () => {
  const world = createEpochWorld(['a', 'b', 'c', 'd'], [[createMember('alice'), 100n]])
  const propose = (inMs: number) =>
    passTime(
      world.clock,
      world.operator.driver.decide(
        world.proposal(['a', 'b', 'c', 'e'], { startsAtMs: world.clock.nowMs() + world.limits.epochNoticeMs + inMs }),
        [],
      ),
    )
  for (const index of times) expect(await propose(-1_000 - index)).toMatchObject({ ok: false, error: { reason: 'too-late' } })
  expect(await propose(3_600_000)).toMatchObject({ ok: true })
})

describe('a step that is contested for nothing', () => {
  /** Each order to one witness alone, so that none is proven to be in time; then whatever can be skipped is, for ten days. */
  const contest = (orders: readonly AuthorisedTx[]): void => {
    const { world } = scene
    orders.forEach((order, index) => void showTo(index, order))
    const [first] = orders
    let votes: readonly Vote[] = []
    for (let round = 0; first !== undefined && round < 200; round++) {
      const answers = world.witnesses.map(({ witness }) =>
        decided(decodeAnswer(witness.exchange(exchangeOf(first, { orders: [], votes, wantSkip: true }), world.clock.nowMs()))),
      )
      const heard = [...votes, ...answers.flatMap((answer) => (answer.kind === 'open' ? answer.votes : []))]
      votes = [...new Map(heard.map((vote) => [toHex(vote.signature), vote])).values()].slice(-100)
      world.clock.advance(4_320_000)
    }
  }
  const viewsOf = ([first]: readonly AuthorisedTx[]): readonly number[] =>
    scene.world.witnesses.map(({ store }) => (first === undefined ? -1 : store.position(first.tx).view))

  it('goes on as soon as there is something to choose: a client gets its money back', async () => {
    const { state } = await scene.openBetween()
    const delivers = deliveries(state, 4)
    contest(delivers)
    expect(viewsOf(delivers)).toEqual([1, 1, 1, 1])
    expect(await scene.failureOf(scene.move(state, { kind: 'expire-refund' }, []))).toBeNull()
  })

  it('goes on as soon as there is something to choose: an owner takes a stolen device back', async () => {
    const { alice, bob, world } = scene
    const laptop = signerOf('laptop')
    await scene.settle(alice.order({ kind: 'register-device', deviceKey: laptop.publicKey }, world.genesis))
    const stolen = times.map((index) => {
      const terms = { ...acceptableFor(5_000 + index), clientKey: laptop.publicKey }
      return signed(alice.order({ kind: 'open-escrow', terms, acceptSignature: signTerms(federationId, terms, bob.signer) }).tx, laptop)
    })
    contest(stolen)
    expect(viewsOf(stolen)).toEqual([1, 1, 1, 1])
    expect(await scene.failureOf(alice.order({ kind: 'revoke-device', deviceKey: laptop.publicKey }))).toBeNull()
  })
})

describe('orders that a lying leader names', () => {
  const nameAll = (orders: readonly AuthorisedTx[]): void => {
    const { world } = scene
    for (const order of orders) {
      const { governance, objectId, step } = order.tx
      const register = { governance, objectId, step }
      const view = [1, 2, 3, 4].find((one) => leaderOf(register, world.committee, one) === 3) ?? 0
      const proposal = signProposal({ ...register, view, txHash: txHash(order.tx), parentViewPlusOne: 0 }, 3, signerOf('witness 3'))
      for (const { witness } of world.witnesses.slice(0, 3))
        witness.exchange(exchangeOf(order, { proposals: [proposal] }), world.clock.nowMs())
    }
  }

  it('get no places that they would not get without it, and every answer can be read', async () => {
    const { state } = await scene.openBetween()
    nameAll(deliveries(state, maxOrders + 8))
    const release = scene.move(state, { kind: 'release', receipt: null }, ['client'])
    expect([0, 1, 2].map((index) => heldAt(index, release).length)).toEqual([3, 3, 3])
    const decree = await scene.failureOf(release)
    expect(decree === null || decree.code === 'conflict').toBe(true)
  })

  it('do not crowd out of a driver’s question what an honest leader proposes', () => {
    const { alice, bob, world } = scene
    const [own, wanted, ...crowd] = Array.from({ length: 20 }, (_, index) => alice.transfer(bob.id, BigInt(index + 1), world.genesis))
    if (own === undefined || wanted === undefined) throw new Error('two orders')
    const session = createSession(own, world.committee, firstEpoch(world.committee))
    const open = { kind: 'open', votes: [], proposals: [], carried: [], refusal: null, headStep: -1 } as const
    session.take(3, { ...open, orders: crowd.slice(0, maxOrders) })
    expect(session.bundle().orders.length).toBeLessThanOrEqual(5)
    const { register } = session
    const votes = [0, 1, 2].map((index) =>
      signStatement({ kind: 'S', ...register, view: 0, txHash: new Uint8Array(32) }, index, signerOf(`witness ${index}`)),
    )
    const leader = leaderOf(register, world.committee, 1)
    const proposal = signProposal(
      { ...register, view: 1, txHash: txHash(wanted.tx), parentViewPlusOne: 0 },
      leader,
      signerOf(`witness ${leader}`),
    )
    for (const witness of [0, 1, 2]) session.take(witness, { ...open, orders: crowd.slice(4 * witness, 4 * witness + 4), votes })
    session.take(leader, { ...open, orders: [wanted], proposals: [proposal] })
    expect(session.bundle().orders.slice(0, 2)).toEqual([own, wanted])
  })
})
