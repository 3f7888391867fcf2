import { beforeEach, describe, expect, it } from 'vitest'
import type { Signer } from '../identity/signing.ts'
import { containing } from '../contract/testing/matching.ts'
import { silentLog } from '../platform/log.ts'
import { equalBytes } from '../platform/bytes.ts'
import { createEpochWorld, seatOf, type EpochWorld } from '../settlement/testing/epoch-world.ts'
import { createMember, passTime, signerOf } from '../settlement/testing/world.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { marketMigrations } from '../storage/migrations/index.ts'
import { createProposalBook } from './book.ts'
import { endorse, propose, proposalId, type Proposal } from './model.ts'
import { createCommitteeChanges } from './service.ts'
import { createProposalStore } from './store.ts'

const first = ['w0', 'w1', 'w2', 'w3']
const founder = signerOf('founder')
let world: EpochWorld
let convicted: readonly string[]
beforeEach(() => {
  world = createEpochWorld(first, [[createMember('alice'), 1_000n]])
  convicted = []
})

const isConvicted = (publicKey: Uint8Array): boolean => convicted.some((name) => equalBytes(signerOf(name).publicKey, publicKey))
const startsAtMs = (): number => world.clock.nowMs() + world.limits.epochNoticeMs + 60_000
const changing = (members: readonly string[], by: Signer, at = startsAtMs()): Proposal =>
  propose(world.operator.epochs.head(), { witnesses: members.map(seatOf), faults: 1, arbiters: [], startsAtMs: at }, by)
const endorsedBy = (proposal: Proposal, ...names: readonly string[]): Proposal =>
  names.reduce((before, name) => endorse(before, world.operator.epochs.head(), signerOf(name)), proposal)

const bookOf = () =>
  createProposalBook({
    store: createProposalStore(openMemoryDatabase(marketMigrations)),
    epochs: world.operator.epochs,
    nowMs: world.clock.nowMs,
    context: () => ({ limits: world.limits, founderKey: founder.publicKey, isConvicted, nowMs: world.clock.nowMs() }),
  })
const change = ['w0', 'w1', 'w2', 'w4']

/** A member's or a witness's node. */
const nodeOf = (name: string, signer: Signer, store = createProposalStore(openMemoryDatabase(marketMigrations))) => {
  const isWitness = first.includes(name)
  const { epochs, network } = isWitness ? world.of(name) : { ...world.driverOf(`driver of ${name}`), network: world.network.addNode(name) }
  const { driver } = world.driverOf(`driving ${name}`)
  const { limits, clock } = world
  const changes = createCommitteeChanges({
    store,
    epochs,
    limits,
    driver,
    network,
    clock,
    isConvicted,
    founderKey: founder.publicKey,
    signers: [signer],
    log: silentLog,
    changed: () => undefined,
  })
  changes.start()
  return { changes, epochs }
}

describe('proposals that others show', () => {
  it('are taken from the founder and the witnesses, and from nobody else', () => {
    const book = bookOf()
    const shown = [founder, signerOf('w1'), signerOf('eve')].map((by) => changing(change, by))
    expect(shown.map((proposal) => book.take([proposal]))).toEqual([true, false, false])
    expect(bookOf().take([changing(change, signerOf('w1'))])).toBe(true)
    const forged = { ...changing(change, founder), proposer: { ...shown[0]!.proposer, publicKey: signerOf('w0').publicKey } }
    expect(bookOf().take([forged])).toBe(false)
  })

  it('are refused with an endorsement that does not hold, twice the same, or of a stranger', () => {
    const good = endorsedBy(changing(change, founder), 'w0', 'w2')
    const [one, two] = good.endorsements as [Proposal['endorsements'][number], Proposal['endorsements'][number]]
    const bad = [[one, one], [two, one], [{ ...one, signature: two.signature }], [{ ...one, role: 'owner' as const }]]
    const stranger = endorsedBy(changing(change, founder), 'w4')
    expect(bad.map((endorsements) => bookOf().take([{ ...good, endorsements }]))).toEqual(Array(4).fill(false))
    expect(stranger.endorsements).toEqual([])
    expect(bookOf().take([good])).toBe(true)
  })

  it('grow by the endorsements that each of them carries', () => {
    const book = bookOf()
    const proposal = changing(change, founder)
    expect([endorsedBy(proposal, 'w2'), endorsedBy(proposal, 'w0'), endorsedBy(proposal, 'w2')].map((one) => book.take([one]))).toEqual([
      true,
      true,
      false,
    ])
    expect(book.proposals()[0]?.endorsements.map(({ publicKey }) => publicKey)).toEqual(
      ['w0', 'w2'].map((name) => signerOf(name).publicKey),
    )
  })

  it('have a bounded number, two of each proposer', () => {
    const book = bookOf()
    const many = [1, 2, 3].map((more) => changing(change, founder, startsAtMs() + more))
    expect(many.map((proposal) => book.take([proposal]))).toEqual([true, true, false])
    book.makeRoomFor(many[2]!)
    expect(book.proposals().map(proposalId)).toEqual([proposalId(many[1]!)])
  })

  it('are dropped when their time has passed, when another change was decided, and when one of them is proven to have cheated', async () => {
    const [late, overtaken, barred] = [bookOf(), bookOf(), bookOf()]
    for (const book of [late, barred]) book.take([changing(change, founder)])
    overtaken.take([changing(change, founder, startsAtMs() + 600_000)])
    convicted = ['w4']
    expect(barred.proposals()).toEqual([])
    convicted = []
    world.clock.advance(61_000)
    expect([late.proposals().length, overtaken.proposals().length]).toEqual([0, 1])
    await world.change(['w0', 'w1', 'w2', 'w5'])
    expect(overtaken.proposals()).toEqual([])
  })
})

describe('a change of the arbiters', () => {
  const [ada, bo] = ['ada', 'bo'].map((name) => ({ publicKey: signerOf(name).publicKey, name, operator: '', weight: 1 }) as const)
  const add = (arbiter = ada!) => ({ kind: 'add-arbiter', arbiter }) as const
  const remove = (arbiter = ada!) => ({ kind: 'remove-arbiter', publicKey: arbiter.publicKey }) as const
  const namesOf = (proposed: ReturnType<ReturnType<typeof nodeOf>['changes']['propose']>) =>
    proposed.ok ? proposed.value.tx.body.arbiters.map(({ name }) => name) : proposed.error.code

  it('is decided as one of the witnesses is, and leaves those as they are; another one may dismiss who was named', async () => {
    const { changes } = nodeOf('founder', founder)
    const witnesses = ['w0', 'w1', 'w2'].map((name) => nodeOf(name, signerOf(name)))
    const proposed = changes.propose([add(), add(bo)], startsAtMs())
    const settle = (ms: number): Promise<void> => passTime(world.clock, new Promise((resolve) => void world.clock.after(ms, resolve)))
    await settle(200)
    for (const witness of witnesses) witness.changes.endorse(proposed.ok ? proposalId(proposed.value) : '')
    await settle(2_000)
    const { committee } = witnesses[0]!.epochs.newest()
    expect([committee.epoch, committee.witnesses.length, committee.arbiters.map(({ name }) => name)]).toEqual([1, 4, ['ada', 'bo']])
    expect(namesOf(witnesses[0]!.changes.propose([remove()], startsAtMs()))).toEqual(['bo'])
  })

  it('names nobody twice, dismisses nobody who is none, and has a bound', () => {
    const { changes } = nodeOf('founder', founder)
    const many = Array.from({ length: 65 }, (_, index) => add({ ...ada!, publicKey: signerOf(`arbiter ${index}`).publicKey }))
    expect(
      [[add(), add()], [remove()], many, [add(), remove(), add()]].map((wish) => namesOf(changes.propose(wish, startsAtMs()))),
    ).toEqual(['refused', 'unknown-arbiter', 'refused', ['ada']])
  })

  it('does not bring back who is proven to have signed two outcomes', () => {
    convicted = ['ada']
    expect(namesOf(nodeOf('founder', founder).changes.propose([add()], startsAtMs()))).toBe('refused')
  })
})

describe('a change of the committee', () => {
  it('is passed on by the witnesses, endorsed by each on its own, and decided as soon as enough have', async () => {
    const proposing = nodeOf('founder', founder)
    const [w0, w1, w2] = ['w0', 'w1', 'w2'].map((name) => nodeOf(name, signerOf(name)))
    const witnesses = { kind: 'replace', publicKey: signerOf('w3').publicKey, witness: seatOf('w4') } as const
    const proposed = proposing.changes.propose([witnesses], startsAtMs())
    const id = proposed.ok ? proposalId(proposed.value) : ''
    const settle = (ms = 200): Promise<void> => passTime(world.clock, new Promise((resolve) => void world.clock.after(ms, resolve)))
    await settle()
    expect(await passTime(world.clock, proposing.changes.submit(id))).toMatchObject({ error: { code: 'not-endorsed' } })
    expect(proposing.changes.endorse(id)).toMatchObject({ error: { code: 'not-allowed' } })
    for (const witness of [w0, w1, w2]) expect(witness?.changes.endorse(id)).toMatchObject({ ok: true })
    await settle(2_000)
    expect(w0?.epochs.newest().committee.witnesses.map(({ publicKey }) => publicKey)).toEqual(
      change.map((name) => signerOf(name).publicKey),
    )
  })

  it('is proposed by nobody else, against the rules by nobody, and with somebody convicted by nobody', () => {
    const { changes } = nodeOf('member', signerOf('member'))
    const { changes: founders } = nodeOf('founder', founder)
    const add = { kind: 'add', witness: seatOf('w4') } as const
    const replace = { kind: 'replace', publicKey: signerOf('w3').publicKey, witness: seatOf('w4') } as const
    convicted = ['w4']
    const refusals = [
      changes.propose([replace], startsAtMs()),
      founders.propose([add], startsAtMs()),
      founders.propose([{ kind: 'remove', publicKey: signerOf('eve').publicKey }], startsAtMs()),
      founders.propose([replace], world.clock.nowMs()),
      founders.propose([replace], startsAtMs()),
    ]
    expect(refusals.map((one) => (one.ok ? 'taken' : `${one.error.code}: ${one.error.message.slice(0, 24)}`))).toEqual([
      'not-allowed: Only the founder and the',
      'refused: That is no committee: it',
      'unknown-witness: There is no witness with',
      'refused: One of the new witnesses',
      'refused: One of the new witnesses',
    ])
    convicted = []
    expect(founders.propose([replace], world.clock.nowMs())).toMatchObject({ error: { message: containing('later start') } })
  })
})
