import { beforeEach, expect, test } from 'vitest'
import { createManualClock, type ManualClock } from '../platform/clock.ts'
import { txHash } from '../settlement/encoding.ts'
import type { EscrowTerms, ObjectId } from '../settlement/objects.ts'
import { authorise, signReceipt } from '../settlement/signatures.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createFakeWitnesses, signerOf, testRules } from '../wallet/testing/fake-witnesses.ts'
import { agree, startMember, type Member } from '../wallet/testing/member.ts'
import { orderFor } from './mover.ts'

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
