import { afterEach, beforeEach, expect, it } from 'vitest'
import { toHex } from '../platform/bytes.ts'
import { leaderOf } from './ballots.ts'
import { decodeAnswer, encodeRequest, type SettlementRequest } from './bundle.ts'
import { txHash } from './encoding.ts'
import { verifyEvidence, type Evidence } from './evidence.ts'
import type { AuthorisedTx, Decree, SignedProposal, Vote, VoteKind } from './objects.ts'
import { signProposal, signStatement } from './signatures.ts'
import { createScene, type Scene } from './testing/scene.ts'
import { decided, signerOf } from './testing/world.ts'
import { testimonyMs } from './witness-store.ts'

let scene: Scene
beforeEach(() => {
  scene = createScene()
})
afterEach(() => scene.world.close())

/** Witnesses 2 and 3 lie, each time to one of the honest two; nobody hears of the other's step. */
const liars = [2, 3]
const orders = () => {
  const { world, alice, bob } = scene
  const [first, second] = [alice.transfer(bob.id, 30n, world.genesis), alice.transfer(bob.id, 40n, world.genesis)]
  const { governance, objectId, step } = first.tx
  return { first, second, register: { governance, objectId, step } }
}
type Conspiracy = ReturnType<typeof orders>
const noTx = new Uint8Array(32)
const lies = ({ register }: Conspiracy, kind: VoteKind, view: number, order: AuthorisedTx | null): readonly Vote[] =>
  liars.map((by) =>
    signStatement({ ...register, view, kind, txHash: order === null ? noTx : txHash(order.tx) }, by, signerOf(`witness ${by}`)),
  )
const ask = ({ register }: Conspiracy, index: number, rest: Partial<Extract<SettlementRequest, { kind: 'exchange' }>>) => {
  const { witnesses, clock } = scene.world
  const question = { kind: 'exchange', register, orders: [], votes: [], proposals: [], carried: [], wantSkip: false, decrees: [] } as const
  const answer = witnesses[index]?.witness.exchange(encodeRequest({ ...question, ...rest }), clock.nowMs())
  return decided(decodeAnswer(answer ?? new Uint8Array()))
}
const decreeOf = (answer: ReturnType<typeof ask>): Decree => {
  if (answer.kind !== 'decided') throw new Error(`not decided: ${answer.kind}`)
  return answer.decree
}
const inView0 = (told: Conspiracy): Decree => {
  ask(told, 0, { orders: [told.first] })
  return decreeOf(ask(told, 0, { votes: [...lies(told, 'N', 0, told.first), ...lies(told, 'F', 0, told.first)] }))
}
/** In the first view from `from` on that a liar leads; the honest ones' are skipped. */
const inViewOfLiar = (told: Conspiracy, from: number, parentViewPlusOne: number): Decree => {
  const { second, register } = told
  for (let view = from; ; view += 1) {
    const leader = leaderOf(register, scene.world.committee, view)
    if (liars.includes(leader)) {
      const proposal: SignedProposal = signProposal(
        { ...register, view, txHash: txHash(second.tx), parentViewPlusOne },
        leader,
        signerOf(`witness ${leader}`),
      )
      ask(told, 1, { proposals: [proposal] })
      return decreeOf(ask(told, 1, { votes: [...lies(told, 'N', view, second), ...lies(told, 'F', view, second)] }))
    }
    scene.world.clock.advance(70_000)
    ask(told, 1, { wantSkip: true, votes: lies(told, 'S', view, null) })
  }
}
const afterSkip = (told: Conspiracy): Decree => {
  ask(told, 1, { orders: [told.second] })
  scene.world.clock.advance(3_000)
  ask(told, 1, { wantSkip: true, votes: lies(told, 'S', 0, null) })
  return inViewOfLiar(told, 1, 0)
}
const afterNotarization = (told: Conspiracy): Decree => {
  ask(told, 1, { orders: [told.second] })
  ask(told, 1, { votes: lies(told, 'N', 0, told.second) })
  return inViewOfLiar(told, 1, 1)
}

/** What the honest witnesses say once both steps are shown to one of them, and all hear what is found. */
const culpritsOnceTheyMeet = (shown: Decree): readonly string[] => {
  const honest = scene.world.witnesses.slice(0, 2).map(({ witness }) => witness)
  const culprits = new Set<string>()
  const heard = new Set<string>()
  const hear = (evidence: Evidence): void => {
    const verdict = verifyEvidence(evidence, scene.world.rules.epochs)
    if (!verdict.ok) throw new Error(verdict.error.message)
    const { culprit, offence, view } = verdict.value
    if (culprit !== null) culprits.add(toHex(culprit))
    if (evidence.kind !== 'finals' || heard.has(`${offence} ${view}`)) return
    heard.add(`${offence} ${view}`)
    for (const witness of honest) witness.testify(evidence)
  }
  for (const witness of honest) witness.onEvidence(hear)
  honest[0]?.exchange(encodeRequest({ kind: 'inform', decrees: [shown] }), scene.world.clock.nowMs())
  return [...culprits].toSorted()
}
const keysOfLiars = () => liars.map((by) => toHex(signerOf(`witness ${by}`).publicKey)).toSorted()

it.each([
  ['the view of the first was skipped towards an honest witness', afterSkip],
  ['the other value was notarized in the view of the first towards an honest witness', afterNotarization],
])('two final decrees convict all who made both when %s', (_how, otherwise) => {
  const told = orders()
  const [first, second] = [inView0(told), otherwise(told)]
  expect([first, second].map(({ certificate }) => certificate.statement.view === 0)).toEqual([true, false])
  expect(culpritsOnceTheyMeet(second)).toEqual(keysOfLiars())
})

it('what a decision rested on is kept for its time and no longer, and nothing is kept of a decree that was only shown', () => {
  const told = orders()
  const { world, alice, bob } = scene
  const votes = (index: number) => world.witnesses[index]?.store.peerVotes(told.register).map(({ statement }) => statement.kind)
  const decree = inView0(told)
  world.witnesses[1]?.witness.inform([decree])
  expect([votes(0), votes(1)]).toEqual([['N', 'N'], []])
  alice.follow(decree)
  const next = (amountMicro: bigint): void => {
    const order = alice.transfer(bob.id, amountMicro)
    const { governance, objectId, step } = order.tx
    const later = { ...told, register: { governance, objectId, step }, first: order }
    alice.follow(inView0(later))
  }
  world.clock.advance(testimonyMs)
  next(1n)
  expect(votes(0)).toEqual(['N', 'N'])
  world.clock.advance(1)
  next(1n)
  expect(votes(0)).toEqual([])
})
