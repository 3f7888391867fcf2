import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameOf, tallyOf } from './ballots.ts'
import { decodeAnswer, encodeRequest, type RegisterId, type SettlementAnswer } from './bundle.ts'
import { txHash } from './encoding.ts'
import { isPossible, signClosing, type OpenStep } from './handover.ts'
import type { AuthorisedTx, Certificate, SignedProposal, Vote } from './objects.ts'
import { decidedTx } from './register.ts'
import { signStatement } from './signatures.ts'
import { createEpochWorld } from './testing/epoch-world.ts'
import { birth, createMember, decided, passTime, signerOf } from './testing/world.ts'

describe('a value is possible', () => {
  const at = (view: number, epoch = 0) => ({ epoch, view })
  const left = (carriedBy: OpenStep['carriedBy'], ...notarized: OpenStep['notarized']) => ({ carriedBy, notarized })
  const possible = (step: OpenStep) => ['a', 'b'].filter((tx) => isPossible(step, tx, 3)).join('')

  it('when q former witnesses carry nothing, whatever it is', () => {
    expect(possible(left([null, null, null]))).toBe('ab')
    expect(possible(left([null, null, null, at(0)], { ...at(0), tx: 'a' }))).toBe('ab')
  })
  it('when q carry nothing later than a notarization of it, and no other one is', () => {
    expect(possible(left([at(0), null, null], { ...at(0), tx: 'a' }))).toBe('a')
    expect(possible(left([at(0), at(1), null], { ...at(0), tx: 'a' }, { ...at(1), tx: 'b' }))).toBe('b')
    expect(possible(left([at(0), at(1), null, null], { ...at(0), tx: 'a' }, { ...at(1), tx: 'b' }))).toBe('ab')
    expect(possible(left([at(9), null, at(0, 1)], { ...at(9), tx: 'a' }, { ...at(0, 1), tx: 'b' }))).toBe('b')
  })
  it('never as long as fewer than q have handed over', () => {
    expect(possible(left([null, null]))).toBe('')
  })
})

type Epoch = 0 | 1
type Action =
  | {
      readonly kind: 'ask'
      readonly epoch: Epoch
      readonly place: number
      readonly order: number
      readonly show: boolean
      readonly wantSkip: boolean
    }
  | { readonly kind: 'take-over'; readonly place: number; readonly from: number; readonly lie: boolean }
  | { readonly kind: 'forge'; readonly vote: 'N' | 'S' | 'F'; readonly view: number; readonly order: number }
  | { readonly kind: 'wait'; readonly forMs: number }

const place = fc.nat({ max: 3 })
/** Mostly `favourite`, so that something is often notarized and sometimes final. */
const orderLike = (favourite: number) => fc.nat({ max: 4 }).map((draw) => (draw === 0 ? 1 - favourite : favourite))
const often = fc.nat({ max: 3 }).map((draw) => draw > 0)
const rarely = often.map((one) => !one)
const askIn = (epoch: Epoch, favourite: number): fc.Arbitrary<Action> =>
  fc.record({
    kind: fc.constant('ask' as const),
    epoch: fc.constant(epoch),
    place,
    order: orderLike(favourite),
    show: often,
    wantSkip: rarely,
  })
const forging: fc.Arbitrary<Action> = fc.record({
  kind: fc.constant('forge' as const),
  vote: fc.constantFrom('N' as const, 'N' as const, 'S' as const, 'F' as const),
  view: fc.constantFrom(0, 0, 1),
  order: orderLike(0),
})
const taking: fc.Arbitrary<Action> = fc.record({ kind: fc.constant('take-over' as const), place, from: place, lie: often })
const waiting: fc.Arbitrary<Action> = fc.record({ kind: fc.constant('wait' as const), forMs: fc.constantFrom(500, 2_500) })
const phase = (maxLength: number, ...choices: readonly [number, fc.Arbitrary<Action>][]) =>
  fc.array(fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary }))), { maxLength, size: 'max' })
/** The old committee works on one order, is followed by the new one while some still ask it, and that one is asked for another. */
const anyCourse = fc
  .tuple(
    phase(14, [6, askIn(0, 0)], [2, forging], [1, waiting]),
    phase(24, [8, taking], [1, askIn(0, 0)], [1, forging]),
    phase(24, [8, askIn(1, 1)], [1, taking], [1, askIn(0, 0)], [1, forging], [1, waiting]),
  )
  .map((phases) => phases.flat())

/** Everything that was ever said about the contested step, by epoch. */
type Heard = { readonly votes: Map<string, Vote>; readonly proposals: SignedProposal[]; readonly carried: Certificate[] }

const old = ['w0', 'w1', 'w2', 'w3']
/** One of the former witnesses lies: it votes as it is told, also after it has closed, and hands nothing over. */
const liar = 3

const contested = async () => {
  const [alice, bob, carol] = [createMember('alice'), createMember('bob'), createMember('carol')]
  // A quorum of the new committee are old hands, so that what they remember of both epochs meets in one database.
  const next = ['w0', 'w1', 'w4', 'w5']
  const world = createEpochWorld(old, [[alice, 100n]])
  const member = world.driverOf('alice')
  alice.follow(decided(await passTime(world.clock, member.driver.decide(alice.transfer(bob.id, 1n, world.genesis), []))))
  for (const name of ['w4', 'w5']) world.start(name)
  member.epochs.take(await world.change(next))
  world.passNotice()
  const orders = [alice.transfer(bob.id, 2n), alice.transfer(carol.id, 3n)]
  return { world, member, next, orders, alice }
}
type Contested = Awaited<ReturnType<typeof contested>>

const createCourse = ({ world, next, orders, alice }: Contested) => {
  const heard: readonly Heard[] = [0, 1].map(() => ({ votes: new Map(), proposals: [], carried: [] }))
  const finals = new Set<string>()
  const registerOf = (epoch: Epoch): RegisterId => ({ governance: { ...birth, epoch }, objectId: alice.id, step: 1 })
  const namesOf = (epoch: Epoch): readonly string[] => (epoch === 0 ? old : next)
  const keep = (epoch: Epoch, answer: SettlementAnswer): void => {
    if (answer.kind === 'decided') finals.add(nameOf(txHash(answer.decree.tx)))
    if (answer.kind !== 'open') return
    const of = heard[epoch]
    for (const vote of answer.votes)
      of?.votes.set(JSON.stringify([vote.witnessIndex, vote.statement.kind, vote.statement.view, nameOf(vote.statement.txHash)]), vote)
    of?.proposals.push(...answer.proposals)
    of?.carried.push(...answer.carried)
  }
  const ask = (epoch: Epoch, at: number, first: AuthorisedTx, show: boolean, wantSkip: boolean): void => {
    const of = heard[epoch]
    const name = namesOf(epoch)[at]
    if (of === undefined || name === undefined || (epoch === 0 && at === liar)) return
    const shown = show
      ? {
          votes: [...of.votes.values()],
          proposals: of.proposals.slice(-8),
          carried: of.carried.slice(-2),
          orders: [first, ...orders.filter((one) => one !== first)],
        }
      : { votes: [], proposals: [], carried: [], orders: [first] }
    const question = encodeRequest({ kind: 'exchange', register: registerOf(epoch), ...shown, wantSkip, decrees: [] })
    keep(epoch, decided(decodeAnswer(world.of(name).witness.exchange(question, world.clock.nowMs()))))
  }
  const forge = (kind: 'N' | 'S' | 'F', view: number, at: number): void => {
    const chosen = orders[at]
    if (chosen === undefined) return
    const vote = signStatement(
      { ...registerOf(0), view, kind, txHash: kind === 'S' ? new Uint8Array(32) : txHash(chosen.tx) },
      liar,
      signerOf('w3'),
    )
    heard[0]?.votes.set(JSON.stringify([liar, kind, view, at]), vote)
  }
  const takeOver = async (at: number, from: number, lie: boolean): Promise<void> => {
    const [name, former] = [next[at], old[from]]
    if (name === undefined || former === undefined) return
    const { committee } = decided({ ok: true, value: world.operator.epochs.get(0) ?? world.operator.epochs.newest() })
    const { successor } = world.of(name).witness
    if (from === liar && lie) return void successor.takeOver(committee, liar, [], signClosing(committee, [], signerOf('w3')))
    await world.takeOverFrom(name, former)
  }
  const finalOf = (epoch: Epoch): void => {
    const votes = [...(heard[epoch]?.votes.values() ?? [])]
    const tx = decidedTx(tallyOf(votes), 3)?.tx
    if (tx !== undefined) finals.add(tx)
  }
  return {
    run: async (action: Action): Promise<void> => {
      if (action.kind === 'wait') world.clock.advance(action.forMs)
      else if (action.kind === 'forge') forge(action.vote, action.view, action.order)
      else if (action.kind === 'take-over') await takeOver(action.place, action.from, action.lie)
      else ask(action.epoch, action.place, orders[action.order] ?? orders[0] ?? raise(), action.show, action.wantSkip)
      for (const epoch of [0, 1] as const) finalOf(epoch)
    },
    finals: (): readonly string[] => [...finals],
    hasCarried: (): boolean => (heard[1]?.carried.length ?? 0) > 0,
  }
}
const raise = (): never => {
  throw new Error('no order')
}

describe('a step that was open when its committee closed', () => {
  it('is decided once, whoever saw what, and it is decided in the end', async () => {
    let bound = 0
    await fc.assert(
      fc.asyncProperty(anyCourse, async (actions) => {
        const scene = await contested()
        const course = createCourse(scene)
        for (const action of actions) await course.run(action)
        expect(course.finals().length).toBeLessThanOrEqual(1)

        const { world, member, orders } = scene
        await world.takeOver()
        const settled = await passTime(world.clock, member.driver.decide(orders[0] ?? raise(), [], { timeoutMs: 120_000 }))
        const decree = settled.ok ? settled.value : settled.error.code === 'conflict' ? settled.error.decree : null
        expect(decree).not.toBeNull()
        const final = decree === null ? '' : nameOf(txHash(decree.tx))
        expect(course.finals().every((one) => one === final)).toBe(true)
        if (decree?.certificate.statement.governance.epoch === 1 && course.hasCarried()) bound++
      }),
      { numRuns: 80 },
    )
    expect(bound).toBeGreaterThan(0)
  }, 120_000)
})

describe('a witness that has taken over and not closed yet', () => {
  it('shows the former committee nothing that belongs to the next one', async () => {
    const { world, orders, alice } = await contested()
    const [order = raise()] = orders
    const register: RegisterId = { governance: { ...birth, epoch: 0 }, objectId: alice.id, step: 1 }
    const ask = (name: string, votes: readonly Vote[]) => {
      const rest = { orders: [order], proposals: [], carried: [], wantSkip: false, decrees: [] }
      const question = encodeRequest({ kind: 'exchange', register, votes, ...rest })
      return decided(decodeAnswer(world.of(name).witness.exchange(question, world.clock.nowMs())))
    }
    const votes = ['w0', 'w2', 'w3'].flatMap((name) => {
      const answer = ask(name, [])
      return answer.kind === 'open' ? answer.votes.filter(({ statement }) => statement.kind === 'N') : []
    })
    expect(ask('w1', votes)).toMatchObject({ kind: 'open' })
    await world.takeOverFrom('w0', 'w1')
    expect(ask('w0', [])).toMatchObject({ kind: 'open', carried: [] })
  })
})
