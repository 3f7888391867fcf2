import { beforeEach, expect, test } from 'vitest'
import { equalBytes } from '../platform/bytes.ts'
import { createManualClock, type ManualClock } from '../platform/clock.ts'
import { err } from '../platform/result.ts'
import { accountIdOf, birthOf } from '../settlement/account-id.ts'
import type { Driver } from '../settlement/driver-port.ts'
import { txHash } from '../settlement/encoding.ts'
import type { EscrowTerms, ObjectId, Recused } from '../settlement/objects.ts'
import { refusalTexts } from '../settlement/refusals.ts'
import { authorise, signReceipt } from '../settlement/signatures.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createFakeWitnesses, signerOf, testRules } from '../wallet/testing/fake-witnesses.ts'
import { agree, startMember, type Member } from '../wallet/testing/member.ts'
import { orderFor } from './mover.ts'
import type { Closeness, ClosenessOf } from './recusal.ts'

const setUp = async () => {
  const clock = createManualClock()
  const witnesses = createFakeWitnesses(clock, [{ firstKey: signerOf('cleo').publicKey, amountMicro: 1_000n }])
  const start = (name: 'cleo' | 'pete') => startMember(signerOf(name), openMemoryDatabase(), witnesses, clock)
  const world = { clock, witnesses, cleo: start('cleo'), pete: start('pete') }
  await Promise.all([world.cleo, world.pete].flatMap(({ wallet, escrows }) => [wallet.resume(), escrows.resume()]))
  return world
}
let world: Awaited<ReturnType<typeof setUp>>
beforeEach(async () => {
  world = await setUp()
})
const advance = async (clock: ManualClock, byMs: number): Promise<void> => {
  clock.advance(byMs)
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
/** Delivered for 40 of 100, and known as such to the client. */
const delivered = async (changes: Partial<EscrowTerms> = {}): Promise<ObjectId> => {
  const { cleo, pete, clock } = world
  const { terms, acceptSignature } = agree(cleo, pete, clock, changes)
  const opened = await cleo.wallet.openEscrow(terms, acceptSignature)
  if (!opened.ok) throw new Error(opened.error.message)
  await pete.escrows.receive(opened.value)
  const id = txHash(opened.value.tx)
  const times = { startedAtMs: 1, firstTokenAtMs: 2, finishedAtMs: 3, transcriptHash: new Uint8Array(32).fill(7) }
  pete.escrows.noteReceipt(
    signReceipt(testRules.federationId, { escrowId: id, priceMicro: 40n, inputTokens: 1, outputTokens: 1, ...times }, pete.signer),
  )
  const decree = await pete.escrows.deliver(id)
  if (decree.ok) await cleo.escrows.receive(decree.value)
  return id
}
const stateOf = ({ escrows }: Member, id: ObjectId) => escrows.get(id)?.state
const reason = new Uint8Array(32).fill(1)

test('a disputed delivery gets its panel without anybody asking, and the ruling of k arbiters ends it', async () => {
  const { cleo, pete, clock } = world
  const id = await delivered()
  expect((await cleo.escrows.dispute(id, reason)).ok).toBe(true)
  await advance(clock, 1)
  const seated = stateOf(cleo, id)
  expect([seated?.phase, seated?.panel]).toEqual(['panel', [0, 1, 2]])
  if (seated === undefined) throw new Error('no escrow')
  const half = orderFor(seated, { kind: 'rule', outcome: 'half' }, signerOf('ada'), 'arbiter')
  expect(await cleo.escrows.submitRuling(half)).toMatchObject({ ok: false })
  const both = { ...half, authorisations: [...half.authorisations, authorise(half.tx, 'arbiter', signerOf('cid'))] }
  expect(await cleo.escrows.submitRuling(both)).toMatchObject({ ok: true })
  expect(stateOf(cleo, id)?.payout).toEqual({ providerMicro: 20n, clientMicro: 80n, by: 'rule' })
  // The provider looks by itself when the review is over; nobody told it anything here.
  await advance(clock, 62_000)
  expect(stateOf(pete, id)?.phase).toBe('settled')
})

test('only the client disputes, only in time, and asking again gives the same answer', async () => {
  const { cleo, pete, clock } = world
  const id = await delivered()
  expect(await pete.escrows.dispute(id, reason)).toMatchObject({ ok: false, error: { code: 'not-yours' } })
  const first = await cleo.escrows.dispute(id, reason)
  expect(await cleo.escrows.dispute(id, reason)).toEqual(first)
  const late = await delivered({ nonce: new Uint8Array(16).fill(9) })
  clock.advance(60_001)
  expect(await cleo.escrows.dispute(late, reason)).toMatchObject({ ok: false, error: { code: 'too-late' } })
})

test('a silent panel: the default pays half of the price when the time is over, whoever is there', async () => {
  const { cleo, pete, clock } = world
  const id = await delivered()
  await cleo.escrows.dispute(id, reason)
  await advance(clock, 1)
  cleo.stop()
  await pete.escrows.refresh(id)
  expect(stateOf(pete, id)?.phase).toBe('panel')
  for (let seconds = 0; seconds < 130; seconds += 10) await advance(clock, 10_000)
  expect(stateOf(pete, id)?.payout).toEqual({ providerMicro: 20n, clientMicro: 80n, by: 'expire-default' })
})

test('without an eligible panel a seat is refused at once, agreement stays open, and time ends it', async () => {
  const { cleo, pete, clock } = world
  const id = await delivered({ panel: { size: 5, quorum: 4 } })
  await cleo.escrows.dispute(id, reason)
  await advance(clock, 1)
  expect(stateOf(cleo, id)?.phase).toBe('disputed')
  expect(await cleo.escrows.seatPanel(id)).toMatchObject({ ok: false, error: { code: 'refused' } })
  const tracked = cleo.escrows.get(id)
  expect(tracked !== null && cleo.escrows.exits(tracked).map(({ move }) => move)).toEqual(['release', 'split', 'expire-default'])
  await pete.escrows.refresh(id)
  expect((await pete.escrows.refund(id)).ok).toBe(true)
  await cleo.escrows.refresh(id)
  expect(stateOf(cleo, id)?.payout?.clientMicro).toBe(100n)
})

const arbiterAt = (place: number): Uint8Array =>
  accountIdOf(birthOf(testRules.federationId), signerOf(['ada', 'bea', 'cid'][place] ?? '').publicKey)
const closeTo =
  (closeness: Closeness, ...places: readonly number[]): ClosenessOf =>
  (arbiter) =>
    places.some((place) => equalBytes(arbiterAt(place), arbiter)) ? closeness : null

/** Delivered and disputed by members who know who is close to them; what both named, and who judges. */
const disputedBetween = async (clients: ClosenessOf, providers: ClosenessOf, refuses: (recused: Recused) => boolean = () => false) => {
  const { clock, witnesses } = world
  const decide: Driver['decide'] = (order, ...rest) => {
    const names = order.tx.type === 'escrow' && 'recused' in order.tx.body ? order.tx.body.recused : []
    if (!refuses(names)) return witnesses.driver.decide(order, ...rest)
    return Promise.resolve(err({ code: 'refused', message: refusalTexts['wrong-recusal'], reason: 'wrong-recusal' }))
  }
  const careful = { ...witnesses, driver: { ...witnesses.driver, decide } }
  const start = (name: string, closenessOf: ClosenessOf) =>
    startMember(signerOf(name), openMemoryDatabase(), careful, clock, () => undefined, signerOf(name).publicKey, closenessOf)
  for (const { escrows } of [world.cleo, world.pete]) escrows.stop()
  world = { ...world, cleo: start('cleo', clients), pete: start('pete', providers) }
  await Promise.all([world.cleo, world.pete].flatMap(({ wallet, escrows }) => [wallet.resume(), escrows.resume()]))
  const id = await delivered({ panel: { size: 1, quorum: 1 } })
  expect(await world.cleo.escrows.dispute(id, reason)).toMatchObject({ ok: true })
  await advance(clock, 1)
  const { recused, panel } = stateOf(world.cleo, id) ?? { recused: null, panel: null }
  return { recused, panel }
}
const nobody: ClosenessOf = () => null

test('whoever is close to a party is named by either side, by itself, and judges nothing', async () => {
  expect(await disputedBetween(closeTo('invited', 0), closeTo('frequent', 2))).toEqual({ recused: [0, 2], panel: [1] })
})

test('as many are named as leave a panel to be drawn', async () => {
  expect(await disputedBetween(nobody, closeTo('invited', 0, 1, 2))).toMatchObject({ recused: [0, 1], panel: [2] })
})

test('a name that the witnesses refuse costs the name, not the delivery nor the dispute', async () => {
  const knowsInvites = (names: Recused): boolean => names.includes(2)
  const provider: ClosenessOf = (...about) => closeTo('invited', 0)(...about) ?? closeTo('frequent', 2)(...about)
  expect(await disputedBetween(nobody, provider, knowsInvites)).toMatchObject({ recused: [0] })
  // Anybody may send an arbiter something that looks like an invite.
  expect(await disputedBetween(nobody, provider, (names) => names.includes(0))).toMatchObject({ recused: [2] })
  expect(await disputedBetween(closeTo('invited', 1), provider, (names) => names.length > 0)).toMatchObject({ recused: [] })
})
