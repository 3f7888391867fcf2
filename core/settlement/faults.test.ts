import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { equalBytes, toHex } from '../platform/bytes.ts'
import { leaderOf } from './ballots.ts'
import { decodeAnswer, encodeAnswer, encodeRequest, decodeRequest, maxProposals, maxVotes } from './bundle.ts'
import { txHash } from './encoding.ts'
import type { AuthorisedTx, Decree, Vote } from './objects.ts'
import { signProposal, signStatement } from './signatures.ts'
import { exchangeOf } from './testing/questions.ts'
import { createScene, type Scene } from './testing/scene.ts'
import { createMember, createWorld, decided, hash, passTime, signerOf } from './testing/world.ts'

let scene: Scene
beforeEach(() => {
  scene = createScene()
})
afterEach(() => scene.world.close())

describe('races', () => {
  /** Two witnesses hear one order first, two the other. */
  const splitVotes = (first: AuthorisedTx, second: AuthorisedTx): void => {
    const { world } = scene
    world.witnesses.forEach(({ witness }, index) => {
      const order = index < 2 ? first : second
      const { governance, objectId, step } = order.tx
      const request = {
        kind: 'exchange',
        register: { governance, objectId, step },
        orders: [order],
        votes: [],
        proposals: [],
        carried: [],
        wantSkip: false,
        decrees: [],
      } as const
      witness.exchange(encodeRequest(request), world.clock.nowMs())
    })
  }

  it('of an owner with two orders for one step end with exactly one of them', async () => {
    const { world, alice, bob, driver } = scene
    const [first, second] = [alice.transfer(bob.id, 30n, world.genesis), alice.transfer(bob.id, 40n, world.genesis)]
    splitVotes(first, second)
    const results = await passTime(
      world.clock,
      Promise.all([driver.decide(first, [], { timeoutMs: 60_000 }), world.driverOf('laptop').decide(second, [], { timeoutMs: 60_000 })]),
    )
    const finals = results.map((result) => (result.ok ? result.value : result.error.code === 'conflict' ? result.error.decree : null))
    expect(finals.every((decree) => decree !== null && equalBytes(txHash(decree.tx), txHash((finals[0] as Decree).tx)))).toBe(true)
    expect(results.filter(({ ok }) => ok).length).toBe(1)
  })

  it('are not stopped by a leader that signs more proposals for views ahead than an answer holds', () => {
    const { world, alice, bob } = scene
    const [first, second] = [alice.transfer(bob.id, 30n, world.genesis), alice.transfer(bob.id, 40n, world.genesis)]
    splitVotes(first, second)
    const { governance, objectId, step } = first.tx
    const register = { governance, objectId, step }
    const led = Array.from({ length: 24 }, (_, view) => view).filter((view) => view > 3 && leaderOf(register, world.committee, view) === 3)
    const ahead = led.flatMap((view) =>
      [0, 1, 2, 3].map((parentViewPlusOne) =>
        signProposal({ ...register, view, txHash: txHash(first.tx), parentViewPlusOne }, 3, signerOf('witness 3')),
      ),
    )
    for (const { witness } of world.witnesses)
      for (const proposals of [ahead.slice(0, maxProposals), ahead.slice(maxProposals), []]) {
        const bundle = { orders: [], votes: [], proposals, carried: [], wantSkip: false, decrees: [] } as const
        const answer = decodeAnswer(witness.exchange(encodeRequest({ kind: 'exchange', register, ...bundle }), world.clock.nowMs()))
        expect(answer).toMatchObject({ ok: true, value: { kind: 'open', proposals: [] } })
      }
  })

  it('leave no more votes than an answer holds, though nothing but skips is passed on for a year', () => {
    const { world, alice, bob } = scene
    const [first, second] = [alice.transfer(bob.id, 30n, world.genesis), alice.transfer(bob.id, 40n, world.genesis)]
    splitVotes(first, second)
    const { governance, objectId, step } = first.tx
    const ask = (index: number, votes: readonly Vote[]): readonly Vote[] => {
      const bundle = { orders: [], votes, proposals: [], carried: [], wantSkip: true, decrees: [] } as const
      const question = encodeRequest({ kind: 'exchange', register: { governance, objectId, step }, ...bundle })
      const answer = decided(decodeAnswer(world.witnesses[index]!.witness.exchange(question, world.clock.nowMs())))
      return answer.kind === 'open' ? answer.votes : []
    }
    const known = new Map<string, Vote>()
    const startMs = world.clock.nowMs()
    while (world.clock.nowMs() - startMs < 366 * 24 * 3_600_000) {
      for (const index of [0, 1, 2, 3]) for (const vote of ask(index, [...known.values()])) known.set(toHex(vote.signature), vote)
      world.clock.advance(1_000 + Math.ceil((world.clock.nowMs() - startMs) / 4))
    }
    const skips = [...known.values()].filter(({ statement }) => statement.kind === 'S')
    expect(Math.max(...skips.map(({ statement }) => statement.view))).toBeGreaterThan(16)
    expect(ask(0, ask(0, []))).toEqual([])
    expect(known.size).toBeLessThan(maxVotes)
  })

  it.each([4, 16])('are not stopped by f of %i witnesses that vote for nothing in as many views as they can', async (size) => {
    const liars = Array.from({ length: (size - 1) / 3 }, (_, liar) => liar)
    const [alice, bob] = [createMember('alice'), createMember('bob')]
    const world = createWorld([[alice, 100_000_000n]], size)
    const order = alice.transfer(bob.id, 30n, world.genesis)
    const { governance, objectId, step } = order.tx
    const votes = liars.flatMap((liar) =>
      Array.from({ length: 100 }, (_, view) =>
        signStatement({ governance, objectId, step, view, kind: 'N', txHash: hash('nothing') }, liar, signerOf(`witness ${liar}`)),
      ),
    )
    for (const liar of liars) {
      const one = world.witnesses[liar]
      if (one !== undefined) one.lie = () => encodeAnswer({ ...nothing, votes: votes.slice(0, maxVotes) })
    }
    expect(await passTime(world.clock, world.driverOf('member').decide(order, [], { timeoutMs: 60_000 }))).toMatchObject({ ok: true })
    world.close()
  })
  const nothing = { kind: 'open', orders: [], votes: [], proposals: [], carried: [], refusal: null, headStep: -1 } as const

  const showTo = (indexes: readonly number[], order: AuthorisedTx): void => {
    const { governance, objectId, step } = order.tx
    const register = { governance, objectId, step }
    const question = {
      kind: 'exchange',
      register,
      orders: [order],
      votes: [],
      proposals: [],
      carried: [],
      wantSkip: false,
      decrees: [],
    } as const
    for (const index of indexes) scene.world.witnesses[index]?.witness.exchange(encodeRequest(question), scene.world.clock.nowMs())
  }

  it('with the deadline are won by a delivery that f+1 witnesses saw in time, though the others say it is late', async () => {
    const { world, openBetween, move, deliverNow, failureOf } = scene
    const { state } = await openBetween()
    world.clock.advance(state.terms.deliverByMs - world.clock.nowMs())
    const deliver = move(state, deliverNow(1n), ['provider'])
    showTo([2, 3], deliver)
    world.clock.advance(100)
    expect(await failureOf(deliver)).toBe(null)
  })

  it('with the deadline are lost by a delivery that only f witnesses saw in time', async () => {
    const { world, openBetween, move, deliverNow, failureOf } = scene
    const { state } = await openBetween()
    world.clock.advance(state.terms.deliverByMs - world.clock.nowMs())
    const deliver = move(state, deliverNow(1n), ['provider'])
    showTo([2], deliver)
    world.clock.advance(100)
    expect(await failureOf(deliver)).toMatchObject({ code: 'refused', reason: 'too-late' })
    // Nor is it waited for ever when a witness that might have seen it is silent.
    world.network.setFaults(({ to }) => (to === 'witness-3' ? 'drop' : 'deliver'))
    expect(await failureOf(deliver)).toMatchObject({ code: 'refused', reason: 'too-late' })
  })

  it('of release and delivery end with the concession, with any one witness silent', async () => {
    const { world, openBetween, move, deliverNow, failureOf } = scene
    for (const silent of [0, 1, 2, 3]) {
      const { state } = await openBetween()
      const release = move(state, { kind: 'release', receipt: null }, ['client'])
      const deliver = move(state, deliverNow(1n), ['provider'])
      splitVotes(deliver, release)
      world.network.setFaults(({ to, from }) => (to === `witness-${silent}` || from === `witness-${silent}` ? 'drop' : 'deliver'))
      const failure = await failureOf(release, [], 600_000)
      expect({ silent, failure }).toEqual({ silent, failure: null })
      world.network.setFaults(null)
    }
  })
})

describe('witnesses that fail', () => {
  it('may be one of four, silent from the start', async () => {
    const { world, alice, bob, settle } = scene
    world.network.kill('witness-2')
    await settle(alice.transfer(bob.id, 30n, world.genesis))
    expect(alice.state().freeMicro).toBe(99_999_970n)
  })

  it('may not be two: the caller hears that there is no quorum, and the same order settles later', async () => {
    const { world, alice, bob, settle, failureOf } = scene
    world.network.setFaults(({ to }) => (to === 'witness-2' || to === 'witness-3' ? 'drop' : 'deliver'))
    const order = alice.transfer(bob.id, 30n, world.genesis)
    expect(await failureOf(order, [], 10_000)).toMatchObject({ code: 'no-quorum' })
    world.network.setFaults(null)
    await settle(order)
    expect(alice.state().freeMicro).toBe(99_999_970n)
  })

  it('leave the caller free to stop waiting', async () => {
    const { world, alice, bob, driver } = scene
    world.network.setFaults(() => 'drop')
    const stop = new AbortController()
    const waiting = driver.decide(alice.transfer(bob.id, 30n, world.genesis), [], { signal: stop.signal })
    stop.abort()
    expect(await waiting).toMatchObject({ error: { code: 'aborted' } })
    expect(await driver.fetchObject(alice.id, 0, { signal: stop.signal })).toMatchObject({ error: { code: 'aborted' } })
  })

  it('catch up on missed steps by themselves when the next order comes', async () => {
    const { world, alice, bob, settle, openBetween, move } = scene
    world.network.setFaults(({ to }) => (to === 'witness-3' ? 'drop' : 'deliver'))
    for (let count = 0; count < 3; count++) await settle(alice.transfer(bob.id, 1n, count === 0 ? world.genesis : []))
    world.network.setFaults(({ to }) => (to === 'witness-0' ? 'drop' : 'deliver'))
    const { state } = await openBetween()
    await settle(move(state, { kind: 'refund' }, ['provider']))
    expect(world.witnesses[3]?.store.account(alice.id)?.step).toBe(3)
  })

  it('are told what they missed once they are back, even when nobody needs them', async () => {
    const { world, alice, bob, settle } = scene
    world.network.setFaults(({ to }) => (to === 'witness-3' ? 'drop' : 'deliver'))
    for (let count = 0; count < 3; count++) await settle(alice.transfer(bob.id, 1n, count === 0 ? world.genesis : []))
    // A question that was asked while it was away is still waiting for its answer.
    world.clock.advance(10_000)
    world.network.setFaults(null)
    await settle(alice.transfer(bob.id, 1n))
    await passTime(world.clock, new Promise<void>((resolve) => world.clock.after(1_000, resolve)))
    expect(world.witnesses.map(({ store }) => store.account(alice.id)?.step)).toEqual([3, 3, 3, 3])
  })

  const corrupt = (index: number, lie: () => Uint8Array): void => {
    const witness = scene.world.witnesses[index]
    if (witness !== undefined) witness.lie = lie
  }
  const voteFor = (index: number, by: number, order: AuthorisedTx, txHashOf: Uint8Array): Vote => {
    const { governance, objectId, step } = order.tx
    return signStatement({ governance, objectId, step, view: 0, kind: 'N', txHash: txHashOf }, by, signerOf(`witness ${index}`))
  }

  it.each([
    ['garbage', () => () => new Uint8Array([1, 2, 3])],
    ['nothing', () => () => new Uint8Array(0)],
    [
      'votes forged in others’ names',
      (order: AuthorisedTx) => () => {
        const votes = [0, 1, 2].map((by) => voteFor(3, by, order, hash('other')))
        return encodeAnswer({ kind: 'open', orders: [], votes, proposals: [], carried: [], refusal: null, headStep: -1 })
      },
    ],
    [
      'votes for another transaction',
      (order: AuthorisedTx) => () =>
        encodeAnswer({
          kind: 'open',
          orders: [],
          votes: [voteFor(3, 3, order, hash('other'))],
          proposals: [],
          carried: [],
          refusal: null,
          headStep: -1,
        }),
    ],
    ['refusals', () => () => encodeAnswer({ kind: 'refused', refusal: 'insufficient' })],
    ['an answer to another question', () => () => encodeAnswer({ kind: 'informed', headStep: 0 })],
    [
      'a decree without a quorum',
      (order: AuthorisedTx) => () => {
        const { governance, objectId, step } = order.tx
        const statement = { governance, objectId, step, view: 0, kind: 'F', txHash: txHash(order.tx) } as const
        const signatures = [0, 1, 3].map((witnessIndex) => ({
          witnessIndex,
          signature: signStatement(statement, 3, signerOf('witness 3')).signature,
        }))
        return encodeAnswer({ kind: 'decided', decree: { ...order, certificate: { statement, signatures } } })
      },
    ],
  ] as const)('may lie with %s', async (_, lie) => {
    const { world, alice, bob, settle } = scene
    const order = alice.transfer(bob.id, 30n, world.genesis)
    corrupt(3, lie(order))
    const decree = await settle(order)
    expect(decree.certificate.signatures.map(({ witnessIndex }) => witnessIndex)).toEqual([0, 1, 2])
  })
})

describe('a witness’s memory', () => {
  const ask = (index: number, order: AuthorisedTx, votes: readonly Vote[] = []) => {
    const answer = decodeAnswer(
      scene.world.witnesses[index]?.witness.exchange(exchangeOf(order, { votes }), scene.world.clock.nowMs()) ?? new Uint8Array(),
    )
    return decided(answer)
  }
  const votesOf = (answer: ReturnType<typeof ask>): readonly Vote[] => (answer.kind === 'open' ? answer.votes : [])

  it('gives the same vote after a crash between writing and sending', () => {
    const { world, alice, bob } = scene
    const [order, other] = [alice.transfer(bob.id, 30n, world.genesis), alice.transfer(bob.id, 40n, world.genesis)]
    const lost = votesOf(ask(0, order))
    world.witnesses[0]?.restart()
    const again = votesOf(ask(0, order))
    const tempted = votesOf(ask(0, other))
    expect(lost.length).toBe(1)
    expect([again, tempted]).toEqual([lost, lost])
  })

  it('never votes again when the file is an older copy of itself', () => {
    const { world, alice, bob } = scene
    const [witness] = world.witnesses
    if (witness === undefined || witness.memory === null) throw new Error('no witness')
    witness.memory = { ...witness.memory, generation: witness.memory.generation + 5 }
    witness.restart()
    expect(ask(0, alice.transfer(bob.id, 30n, world.genesis))).toEqual({ kind: 'refused', refusal: 'retired' })
  })

  it('never votes again when the file is another one', () => {
    const { world, alice, bob } = scene
    const [witness] = world.witnesses
    if (witness === undefined) throw new Error('no witness')
    witness.memory = { dbId: hash('other'), generation: 0 }
    witness.restart()
    expect(ask(0, alice.transfer(bob.id, 30n, world.genesis))).toEqual({ kind: 'refused', refusal: 'retired' })
  })

  it('does not believe votes that its caller forged', () => {
    const { world, alice, bob } = scene
    const order = alice.transfer(bob.id, 30n, world.genesis)
    const { governance, objectId, step } = order.tx
    const statement = { governance, objectId, step, view: 0, kind: 'N', txHash: txHash(order.tx) } as const
    const forged = [1, 2, 3].map((index) => signStatement(statement, index, alice.signer))
    expect(ask(0, order, forged)).toEqual({ kind: 'refused', refusal: 'bad-vote' })
  })

  it('answers garbage and oversized questions with a typed refusal', () => {
    const { world } = scene
    const answers = [new Uint8Array(0), new Uint8Array([255, 0]), new Uint8Array(300_000)].map((payload) =>
      decided(decodeAnswer(world.witnesses[0]?.witness.exchange(payload, world.clock.nowMs()) ?? payload)),
    )
    expect(answers).toEqual(answers.map(() => ({ kind: 'refused', refusal: 'malformed' })))
  })

  it('stores a whole batch with one commit, and a bad question spoils no other', () => {
    const { world, alice, bob } = scene
    const witness = world.witnesses[0]?.witness
    const order = alice.transfer(bob.id, 30n, world.genesis)
    const { governance, objectId, step } = order.tx
    const good = encodeRequest({
      kind: 'exchange',
      register: { governance, objectId, step },
      orders: [order],
      votes: [],
      proposals: [],
      carried: [],
      wantSkip: false,
      decrees: [],
    })
    const kinds = witness?.exchangeAll([new Uint8Array(3), good], world.clock.nowMs()).map((bytes) => decided(decodeAnswer(bytes)).kind)
    expect(kinds).toEqual(['refused', 'open'])
    expect(decided(decodeRequest(good)).kind).toBe('exchange')
  })
})
