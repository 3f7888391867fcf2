import { beforeEach, describe, expect, it } from 'vitest'
import { openEscrow } from '../escrow/model.ts'
import { decodeAnswer } from './bundle.ts'
import type { AuthorisedTx, Decree, Vote } from './objects.ts'
import { exchangeOf } from './testing/questions.ts'
import { createEpochWorld, seatOf, type EpochWorld } from './testing/epoch-world.ts'
import { createMember, decided, moveOf, openingOf, passTime, termsBetween, type Member } from './testing/world.ts'
import { provenCredits, replayAccount } from './verify.ts'

let world: EpochWorld
let alice: Member
let bob: Member
let alices: ReturnType<EpochWorld['driverOf']>
const first = ['w0', 'w1', 'w2', 'w3']
beforeEach(() => {
  alice = createMember('alice')
  bob = createMember('bob')
  world = createEpochWorld(first, [[alice, 1_000n]])
  alices = world.driverOf('alice')
})

const attempt = (order: AuthorisedTx, supporting: readonly Decree[] = [], driver = alices.driver) =>
  passTime(world.clock, driver.decide(order, supporting, { timeoutMs: 20_000 }))
const settle = async (order: AuthorisedTx, supporting: readonly Decree[] = [], driver = alices.driver): Promise<Decree> => {
  const decree = decided(await attempt(order, supporting, driver))
  alice.follow(decree)
  return decree
}
const pay = (amountMicro: bigint, epoch = alice.state().governance.epoch) =>
  alice.order({ kind: 'transfer', to: bob.id, amountMicro, memo: '' }, alice.state().step < 0 ? world.genesis : [], {
    ...alice.state().governance,
    epoch,
  })
const reasonOf = async (order: AuthorisedTx): Promise<string> => {
  const result = await attempt(order, [], world.operator.driver)
  return result.ok ? 'decided' : result.error.code === 'refused' ? result.error.reason : result.error.code
}

const epochOf = ({ certificate }: Decree): number => certificate.statement.governance.epoch
const chainOf = async (who: Member): Promise<readonly Decree[]> =>
  decided(await passTime(world.clock, world.operator.driver.fetchObject(who.id, 0)))

describe('a new committee', () => {
  const change = ['w0', 'w1', 'w2', 'w4']

  it('is decided by the old one, endorsed by a quorum of it', async () => {
    const few = world.proposal(change, {}, ['w0', 'w1'])
    const strangers = world.proposal(change, {}, ['w0', 'w1', 'w4'])
    const unordered = world.proposal(change, {}, ['w1', 'w0', 'w2'])
    expect([await reasonOf(few), await reasonOf(strangers), await reasonOf(unordered)]).toEqual(Array(3).fill('not-authorised'))
    const decree = await world.change(change)
    expect(epochOf(decree)).toBe(0)
    expect(world.operator.epochs.newest().committee.witnesses.map(({ publicKey }) => publicKey)).toEqual(
      change.map((name) => seatOf(name).publicKey),
    )
  })

  it('is told to nobody before the vote that completes it is on the disk of its witness', () => {
    const order = world.proposal(change)
    let votes: readonly Vote[] = []
    const ask = (name: string) => {
      const { witness, epochs } = world.of(name)
      const answer = decided(decodeAnswer(witness.exchange(exchangeOf(order, { votes }), world.clock.nowMs())))
      if (answer.kind === 'open') votes = [...votes, ...answer.votes]
      return [answer.kind, epochs.newest().committee.epoch]
    }
    const finals = (): number => votes.filter(({ statement }) => statement.kind === 'F').length
    const asked = Array.from({ length: 12 }, (_, turn) => [finals(), ...ask(first[turn % 3] ?? '')])
    expect(asked.find(([, kind]) => kind === 'decided')).toEqual([3, 'decided', 1])
    expect(asked.filter(([, kind]) => kind === 'open').every(([, , epoch]) => epoch === 0)).toBe(true)
  })

  it('keeps the rules of a committee, and the notice', async () => {
    const nowMs = world.clock.nowMs()
    const weak = world.proposal(['w0'], {})
    const twice = world.proposal(['w0', 'w1', 'w2', 'w2'])
    const soon = world.proposal(change, { startsAtMs: nowMs + world.limits.epochNoticeMs - 1_000 })
    const far = world.proposal(change, { startsAtMs: nowMs + 400 * 24 * 3_600_000 })
    expect([await reasonOf(weak), await reasonOf(twice)]).toEqual(['bad-committee', 'bad-committee'])
    expect([await reasonOf(soon), await reasonOf(far)]).toEqual(['too-late', 'too-early'])
  })

  it('decides what moves to it, from its beginning on, and the removed witness has no vote there', async () => {
    await settle(pay(1n))
    const order = world.proposal(change)
    alices.epochs.take(decided(await attempt(order, [], world.operator.driver)))
    expect(await attempt(pay(2n, 1))).toMatchObject({ error: { code: 'refused', reason: 'too-early' } })
    world.clock.advance(20_000)
    world.start('w4')
    const [moving, moved] = [await settle(pay(2n, 1)), await settle(pay(3n))]
    expect([epochOf(moving), epochOf(moved)]).toEqual([0, 1])
    const answer = decodeAnswer(world.of('w3').witness.exchange(exchangeOf(pay(4n)), world.clock.nowMs()))
    expect(answer).toMatchObject({ value: { kind: 'refused', refusal: 'no-seat' } })
    expect(replayAccount(alice.id, await chainOf(alice), [], world.verifying)).toEqual({ ok: true, value: alice.state() })
    expect(replayAccount(alice.id, [moving], [], { ...world.verifying, rules: world.driverOf('newcomer').rules }).ok).toBe(false)
  })

  it('is learnt by a member that knows only the old one, when that one sends it away', async () => {
    await settle(pay(1n))
    world.start('w4')
    await world.change(change)
    world.passNotice()
    await world.takeOver()
    expect(alices.epochs.newest().committee.epoch).toBe(0)
    expect(epochOf(await settle(pay(2n)))).toBe(1)
    expect(alices.epochs.newest().committee.epoch).toBe(1)
  })

  it('is learnt from what it has decided, and nobody is blamed for a decree of it', async () => {
    await settle(pay(1n))
    world.start('w4')
    alices.epochs.take(await world.change(change))
    world.passNotice()
    await world.takeOver()
    const order = pay(2n)
    await settle(order)
    const laptop = world.driverOf('laptop')
    expect(epochOf(decided(await attempt(order, [], laptop.driver)))).toBe(1)
    expect([laptop.epochs.newest().committee.epoch, laptop.blamed]).toEqual([1, []])
  })
})

describe('an account that slept while its committee went', () => {
  const next = ['w4', 'w5', 'w6', 'w7']
  const replaceAll = async (): Promise<void> => {
    for (const name of next) world.start(name)
    alices.epochs.take(await world.change(next))
    world.passNotice()
    await world.takeOver()
    for (const name of first) world.network.kill(seatOf(name).peerId)
  }

  it('is decided by the next one, with its history and its credits', async () => {
    const paid = await settle(pay(7n))
    await replaceAll()
    expect(epochOf(await settle(pay(2n, 1)))).toBe(1)
    expect(epochOf(await settle(pay(2n)))).toBe(1)
    const inbox = decided(await passTime(world.clock, alices.driver.fetchInbox(bob.id)))
    expect(inbox.map(({ tx }) => tx.step)).toEqual([0, 1, 2])
    const credits = decided(provenCredits([paid], world.verifying)).map(({ credit }) => credit)
    const claim = bob.order({ kind: 'transfer', to: alice.id, amountMicro: 7n, memo: '' }, credits)
    expect(epochOf(decided(await attempt(claim, [paid])))).toBe(1)
  })

  it('learns from the next one that it has nothing open, with the closed one there or gone', async () => {
    await settle(pay(7n))
    const { governance, id, step } = alice.state()
    const undecided = () => passTime(world.clock, alices.driver.fetchUndecided({ governance, objectId: id, step: step + 1 }))
    for (const name of next) world.start(name)
    alices.epochs.take(await world.change(next))
    world.passNotice()
    await world.takeOver()
    expect(decided(await undecided())).toEqual([])
    for (const name of first) world.network.kill(seatOf(name).peerId)
    expect(decided(await undecided())).toEqual([])
  })

  it('learns it also when it has not heard of the next one', async () => {
    await settle(pay(7n))
    const { governance, id, step } = alice.state()
    const sleeper = world.driverOf('sleeper')
    for (const name of next) world.start(name)
    alices.epochs.take(await world.change(next))
    world.passNotice()
    await world.takeOver()
    expect(decided(await passTime(world.clock, sleeper.driver.fetchUndecided({ governance, objectId: id, step: step + 1 })))).toEqual([])
    expect(sleeper.epochs.newest().committee.epoch).toBe(1)
  })

  it('is left alone as long as too few of the former witnesses have handed over', async () => {
    await settle(pay(7n))
    for (const name of next) world.start(name)
    alices.epochs.take(await world.change(next))
    for (const name of ['w2', 'w3']) world.network.kill(seatOf(name).peerId)
    world.passNotice()
    await world.takeOver()
    expect(await attempt(pay(2n, 1))).toMatchObject({ error: { code: 'timeout' } })
  })

  it('passes through as many committees as there were', async () => {
    await settle(pay(7n))
    const committees = [
      ['w0', 'w1', 'w2', 'w4'],
      ['w0', 'w1', 'w5', 'w4'],
      ['w0', 'w6', 'w5', 'w4'],
      ['w7', 'w6', 'w5', 'w4'],
    ]
    for (const name of next) world.start(name)
    for (const members of committees) {
      await world.change(members)
      world.passNotice()
      await world.takeOver()
    }
    expect(epochOf(await settle(pay(2n)))).toBe(4)
    expect(replayAccount(alice.id, await chainOf(alice), [], world.verifying)).toEqual({ ok: true, value: alice.state() })
  })
})

describe('an escrow', () => {
  it('stays with the committee it was born with, whoever closes', async () => {
    const terms = termsBetween(alice, bob, world.clock.nowMs(), { amountMicro: 100n, deliverByMs: world.clock.nowMs() + 3_000_000 })
    const opening = await settle(openingOf(alice, bob, terms, world.genesis))
    world.start('w4')
    await world.change(['w0', 'w1', 'w2', 'w4'])
    world.passNotice()
    await world.takeOver()
    const opened = opening.tx.type === 'account' ? openEscrow(opening.tx) : null
    if (opened === null) throw new Error('no escrow')
    const release = moveOf(opened, { kind: 'release', receipt: null }, [['client', alice.signer]])
    expect(epochOf(decided(await attempt(release, [opening])))).toBe(0)
  })
})
