import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner, type Signer } from '../identity/signing.ts'
import { utf8 } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import type { AccountOperation, ObjectId } from '../settlement/objects.ts'
import { hash, passTime } from '../settlement/testing/world.ts'
import { encodeSealed, type SealedExhibit } from './model.ts'
import { sealExhibit } from './sealing.ts'
import { createCourtWorld, nothing, payoutOf, requester, ruv, wish, type CourtWorld, type PartyMember } from './testing/world.ts'

/** What stands of what a party said, whichever of its computers said it and whoever brings it to the witnesses again. */
let world: CourtWorld
afterEach(() => world.stop())

type Desk = ReturnType<CourtWorld['joinArbiter']>
const readersOf = ({ parties }: PartyMember, id: ObjectId): number => parties.said(id)?.readers ?? 0

const arbitersJoin = (): readonly Desk[] => [0, 1, 2].map(world.joinArbiter)
const seatedAt = (arbiters: readonly Desk[]): Promise<void> =>
  world.until(() => arbiters.every((desk) => desk.cases().length === 1), 'every arbiter finds its case')
const shownTo = async ([desk]: readonly Desk[], id: ObjectId) => {
  const known = desk?.case(id) ?? null
  if (desk === undefined || known === null) throw new Error('no case')
  const shown = await passTime(world.clock, desk.shownIn(known))
  return shown.map(({ role, exhibit, checks }) => [role, exhibit.statement, checks.isReasonAsGiven, checks.isAnswerAsDelivered])
}
const disputed = async (arbiters: readonly Desk[]) => {
  const { client, provider, id } = await world.trade()
  expect(await passTime(world.clock, client.parties.open(id, wish))).toMatchObject({ ok: true })
  await world.until(() => readersOf(client, id) === 3, 'the client’s exhibit reaches the panel')
  await passTime(world.clock, provider.escrows.refresh(id))
  await world.until(() => readersOf(provider, id) === 3, 'the provider’s exhibit reaches the panel')
  await seatedAt(arbiters)
  return { client, provider, id }
}
const asGiven = ['client', wish.statement, true, null]
const asRegistered = ['provider', '', null, true]
const exhibitsOf = async (id: ObjectId, role: SealedExhibit['role']): Promise<readonly SealedExhibit[]> => {
  const answers = await passTime(world.clock, world.stranger.askAll(world.committee, { kind: 'fetch-case', escrowId: id }))
  return answers.flatMap((answer) => (answer.kind === 'case' ? answer.exhibits.filter((one) => one.role === role) : []))
}

describe('on several computers of one account', () => {
  beforeEach(() => {
    world = createCourtWorld(false)
  })

  test('a client that comes back from its phrase leaves what it has shown', async () => {
    const arbiters = arbitersJoin()
    const { client, id } = await disputed(arbiters)
    client.stop()
    const again = world.joinParty('client again', requester, nothing)
    await world.wakeUp(again)
    expect(again.escrows.get(id)?.state.phase).toBe('panel')
    await world.pass(30_000)
    expect(await shownTo(arbiters, id)).toEqual([asGiven, asRegistered])
  }, 60_000)

  test('the client’s other computer, which knows nothing of the dispute, leaves what the first has shown', async () => {
    const arbiters = arbitersJoin()
    const { id } = await disputed(arbiters)
    const other = world.joinParty('other computer', requester, nothing)
    await world.wakeUp(other)
    await passTime(world.clock, other.escrows.refresh(id))
    expect(await passTime(world.clock, other.parties.open(id, { ...wish, statement: 'Something else.' }))).toMatchObject({ ok: false })
    expect(other.parties.said(id)).toBeNull()
    await world.pass(30_000)
    expect(await shownTo(arbiters, id)).toEqual([asGiven, asRegistered])
  }, 60_000)

  test('of what a provider says on two computers the later counts, whichever is at the panel last', async () => {
    const arbiters = arbitersJoin()
    const { provider, id } = await disputed(arbiters)
    const other = world.joinParty('other computer', world.provider, nothing)
    await world.wakeUp(other)
    await passTime(world.clock, other.escrows.refresh(id))
    const say = (member: PartyMember, statement: string, showsAnswer: boolean) =>
      member.parties.respond(id, { statement, showsTask: false, showsAnswer })
    expect(say(other, 'Said first.', true)).toMatchObject({ ok: false, error: { code: 'answer-elsewhere' } })
    expect(say(other, 'Said first.', false)).toMatchObject({ ok: true })
    await world.pass(20)
    expect(say(provider, 'Said last.', true)).toMatchObject({ ok: true })
    await world.pass(40_000)
    expect(await shownTo(arbiters, id)).toEqual([asGiven, ['provider', 'Said last.', null, true]])
    expect([readersOf(provider, id), readersOf(other, id)]).toEqual([3, 0])
  }, 60_000)
})

test('a provider that comes back from its phrase and lacks the answer is paid for the one it has shown', async () => {
  world = createCourtWorld(true)
  for (const place of [0, 1, 2]) world.joinArbiter(place)
  const { client, provider, id } = await world.trade()
  await passTime(world.clock, client.parties.open(id, wish))
  await passTime(world.clock, provider.escrows.refresh(id))
  await world.until(() => readersOf(provider, id) === 3, 'the provider has shown the answer it registered')
  provider.stop()
  const again = world.joinParty('provider again', world.provider, nothing)
  await world.wakeUp(again)
  await passTime(world.clock, again.escrows.refresh(id))
  await world.until(() => payoutOf(client, id) !== null, 'the practice arbiters rule')
  expect(payoutOf(client, id)).toEqual({ providerMicro: ruv, clientMicro: ruv, by: 'rule' })
}, 60_000)

test('a provider that cannot see what a quorum has puts nothing until it can', async () => {
  world = createCourtWorld(false)
  const arbiters = arbitersJoin()
  const { client, provider, id } = await world.trade()
  const outOfReach = world.committee.witnesses.slice(0, 2).map(({ peerId }) => peerId)
  world.network.setFaults(({ protocol, from, to }) =>
    protocol === 'court' && from === 'provider' && outOfReach.includes(to) ? 'drop' : 'deliver',
  )
  await passTime(world.clock, client.parties.open(id, wish))
  await passTime(world.clock, provider.escrows.refresh(id))
  await world.until(() => readersOf(client, id) === 3, 'the client’s exhibit reaches the panel')
  await world.pass(60_000)
  expect(await exhibitsOf(id, 'provider')).toEqual([])
  world.network.setFaults(null)
  await world.until(() => readersOf(provider, id) === 3, 'the provider’s exhibit reaches the panel')
  await seatedAt(arbiters)
  expect(await shownTo(arbiters, id)).toEqual([asGiven, asRegistered])
}, 60_000)

describe('at the witnesses', () => {
  const sealedBy = async (signer: Signer, id: ObjectId, madeAtMs: number, statement: string): Promise<SealedExhibit> => {
    const boxes = await passTime(
      world.clock,
      world.stranger.askAll(world.committee, { kind: 'fetch-boxes', arbiters: world.committee.arbiters.map(({ publicKey }) => publicKey) }),
    )
    const [first] = boxes.flatMap((answer) => (answer.kind === 'boxes' && answer.boxes.length > 0 ? [answer.boxes] : []))
    const said = { statement, salt: hash('x'), task: null, answer: null, chunks: null, receipt: null }
    const sealing = { signer, federationId: world.rules.federationId, random: createSeededRandom(statement) }
    const sealed = await sealExhibit(sealing, { escrowId: id, role: 'client', madeAtMs }, said, first ?? [])
    if (sealed === null) throw new Error('too large')
    return sealed
  }
  const leave = (exhibit: SealedExhibit): Promise<boolean> =>
    passTime(world.clock, world.stranger.leave(world.committee, { kind: 'put-exhibit', exhibit }))

  beforeEach(() => {
    world = createCourtWorld(false)
  })

  test('what was said before never replaces what was said later, whoever brings it again', async () => {
    const arbiters = arbitersJoin()
    const { provider, id } = await disputed(arbiters)
    const [earlier] = await exhibitsOf(id, 'provider')
    await world.pass(1_000)
    provider.parties.respond(id, { statement: 'Here is why.', showsTask: false, showsAnswer: true })
    await world.pass(12_000)
    if (earlier === undefined) throw new Error('nothing was shown')
    expect(await leave(earlier)).toBe(false)
    expect(await shownTo(arbiters, id)).toEqual([asGiven, ['provider', 'Here is why.', null, true]])
  }, 60_000)

  test('a party dates what it says between the dispute and now, as exactly as honest clocks agree', async () => {
    const arbiters = arbitersJoin()
    const { client, id } = await disputed(arbiters)
    const disputedAtMs = client.escrows.get(id)?.state.dispute?.atMs ?? 0
    const aheadMs = 2 * world.rules.limits.maxClockSkewMs
    expect(await leave(await sealedBy(requester, id, disputedAtMs - 1, 'too old'))).toBe(false)
    expect(await leave(await sealedBy(requester, id, world.clock.nowMs() + aheadMs + 1_000, 'too new'))).toBe(false)
    expect(await leave(await sealedBy(requester, id, world.clock.nowMs() + aheadMs, 'new'))).toBe(true)
  }, 60_000)

  const submit = async ({ wallet }: PartyMember, operation: AccountOperation): Promise<void> => {
    expect(await passTime(world.clock, wallet.submit(operation))).toMatchObject({ ok: true })
  }

  const clientShows = async (arbiters: readonly Desk[], id: ObjectId) => (await shownTo(arbiters, id)).filter(([role]) => role === 'client')

  test('a device that was revoked replaces nothing, and what it put before gives way to what the owner said', async () => {
    const arbiters = arbitersJoin()
    const laptop = createSigner(keyFromSeed(hash('laptop')))
    const { client, id } = await world.trade({ clientKey: laptop.publicKey })
    await submit(client, { kind: 'register-device', deviceKey: laptop.publicKey })
    expect(await passTime(world.clock, client.parties.open(id, wish))).toMatchObject({ ok: true })
    await world.until(() => readersOf(client, id) === 3, 'the client’s exhibit reaches the panel')
    await seatedAt(arbiters)
    expect(await leave(await sealedBy(laptop, id, world.clock.nowMs(), 'All was well.'))).toBe(true)
    expect(await clientShows(arbiters, id)).toEqual([['client', 'All was well.', false, null]])
    await submit(client, { kind: 'revoke-device', deviceKey: laptop.publicKey })
    await world.pass(12_000)
    expect(await clientShows(arbiters, id)).toEqual([asGiven])
    const afterwards = await sealedBy(laptop, id, world.clock.nowMs(), 'All is well.')
    expect(await leave(afterwards)).toBe(false)
    // One witness may lie.
    world.courts[0]?.putItem('exhibit', id, utf8('client'), encodeSealed(afterwards), world.clock.nowMs())
    expect(await clientShows(arbiters, id)).toEqual([asGiven])
  }, 60_000)
})

test('the arbiters of an escrow’s epoch judge its dispute after the roster has changed', async () => {
  world = createCourtWorld(false)
  const { client, id } = await world.trade()
  world.changeRoster(hash('another arbiter'))
  const arbiters = arbitersJoin()
  expect(await passTime(world.clock, client.parties.open(id, wish))).toMatchObject({ ok: true })
  await world.until(() => readersOf(client, id) === 3, 'the client’s exhibit reaches the panel')
  await seatedAt(arbiters)
  expect(arbiters.map((desk) => desk.isArbiter())).toEqual([true, true, true])
  for (const desk of arbiters.slice(0, 2)) expect(await passTime(world.clock, desk.rule(id, 'refund'))).toMatchObject({ ok: true })
  await world.until(() => payoutOf(client, id) !== null, 'the ruling comes home')
  expect(payoutOf(client, id)).toEqual({ providerMicro: 0n, clientMicro: 2n * ruv, by: 'rule' })
}, 60_000)
