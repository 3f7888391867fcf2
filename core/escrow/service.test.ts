import { beforeEach, expect, test } from 'vitest'
import { createManualClock, type ManualClock } from '../platform/clock.ts'
import { txHash } from '../settlement/encoding.ts'
import type { Decree, EscrowTerms, ObjectId } from '../settlement/objects.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createFakeWitnesses, signerOf, testRules } from '../wallet/testing/fake-witnesses.ts'
import { agree, startMember, type Member } from '../wallet/testing/member.ts'

const setUp = async () => {
  const clock = createManualClock()
  const witnesses = createFakeWitnesses(clock, [{ firstKey: signerOf('cleo').publicKey, amountMicro: 1_000n }])
  const dbs = { cleo: openMemoryDatabase(), pete: openMemoryDatabase() }
  const start = (name: 'cleo' | 'pete', announce?: (decree: Decree) => void) =>
    startMember(signerOf(name), dbs[name], witnesses, clock, announce)
  const world = { clock, witnesses, start, cleo: start('cleo'), pete: start('pete') }
  await Promise.all([world.cleo, world.pete].flatMap(({ wallet, escrows }) => [wallet.resume(), escrows.resume()]))
  return world
}
let world: Awaited<ReturnType<typeof setUp>>
beforeEach(async () => {
  world = await setUp()
})

/** Both sides know the escrow. */
const open = async (changes: Partial<EscrowTerms> = {}): Promise<ObjectId> => {
  const { cleo, pete, clock } = world
  const { terms, acceptSignature } = agree(cleo, pete, clock, changes)
  const opened = await cleo.wallet.openEscrow(terms, acceptSignature)
  if (!opened.ok) throw new Error(opened.error.message)
  expect((await pete.escrows.receive(opened.value)).ok).toBe(true)
  return txHash(opened.value.tx)
}
const receiptFor = (escrowId: ObjectId, priceMicro: bigint, by = signerOf('pete')) => {
  const times = { startedAtMs: 1, firstTokenAtMs: 2, finishedAtMs: 3 }
  const receipt = { escrowId, priceMicro, inputTokens: 10, outputTokens: 20, transcriptHash: new Uint8Array(32).fill(7), ...times }
  return signReceipt(testRules.federationId, receipt, by)
}
/** Lets the scheduler's work of this moment finish. */
const advance = async (clock: ManualClock, byMs: number): Promise<void> => {
  clock.advance(byMs)
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
const money = ({ wallet, escrows }: Member) => {
  const { availableMicro, lockedMicro } = wallet.summary()
  return [availableMicro, lockedMicro, escrows.expectedMicro()]
}
const phaseOf = ({ escrows }: Member, id: ObjectId) => escrows.get(id)?.state.phase
const settledBy = ({ escrows }: Member, id: ObjectId) => escrows.get(id)?.state.payout?.by

test('opening locks, a receipt is on the way, and a release pays its price and gives the rest back', async () => {
  const { cleo, pete, witnesses } = world
  const id = await open()
  expect([money(cleo), money(pete)]).toEqual([
    [900n, 100n, 0n],
    [0n, 0n, 0n],
  ])
  for (const side of [cleo, pete]) expect(side.escrows.noteReceipt(receiptFor(id, 30n)).ok).toBe(true)
  expect(money(pete)).toEqual([0n, 0n, 30n])
  const released = await cleo.escrows.release(id)
  expect(released.ok && (await pete.escrows.receive(released.value)).ok).toBe(true)
  expect([money(cleo), money(pete)]).toEqual([
    [970n, 0n, 0n],
    [30n, 0n, 0n],
  ])
  expect(cleo.wallet.history(null, 9).map(({ kind, availableDeltaMicro }) => [kind, availableDeltaMicro])).toEqual([
    ['release', 70n],
    ['lock', -100n],
    ['claim', 0n],
    ['genesis', 1_000n],
  ])
  expect(witnesses.totalMicro()).toBe(1_000n)
})

test('a step and what it changes in the wallet are one write, and whoever is told of it sees a new revision', async () => {
  const { cleo, clock, witnesses } = world
  let writes = 0
  const db = openMemoryDatabase()
  const written: typeof db.atomically = (work) => {
    if (!db.inTransaction()) writes++
    return db.atomically(work)
  }
  const pete = startMember(signerOf('pete'), { ...db, atomically: written }, witnesses, clock)
  const told: number[] = []
  pete.wallet.onChanged((revision) => told.push(revision))
  const { terms, acceptSignature } = agree(cleo, pete, clock)
  const opened = await cleo.wallet.openEscrow(terms, acceptSignature)
  if (!opened.ok) throw new Error(opened.error.message)
  const counts: number[] = []
  const count = async (step: () => unknown): Promise<void> => {
    writes = 0
    await step()
    counts.push(writes)
  }
  await count(() => pete.escrows.receive(opened.value))
  await count(() => pete.escrows.noteReceipt(receiptFor(txHash(opened.value.tx), 30n)))
  const released = await cleo.escrows.release(txHash(opened.value.tx))
  if (!released.ok) throw new Error(released.error.message)
  await count(() => pete.escrows.receive(released.value))
  expect(counts).toEqual([1, 1, 1])
  expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b))
  expect(told).toHaveLength(3)
})

test('without a signed price a release pays everything', async () => {
  const { cleo } = world
  const id = await open()
  expect((await cleo.escrows.release(id)).ok).toBe(true)
  expect(money(cleo)).toEqual([900n, 0n, 0n])
})

test('a provider paid by an escrow can spend it: the proof of its credit goes with the claim', async () => {
  const { cleo, pete } = world
  const id = await open()
  const released = await cleo.escrows.release(id)
  if (released.ok) await pete.escrows.receive(released.value)
  expect((await pete.wallet.transfer(cleo.wallet.accountId, 100n, '')).ok).toBe(true)
})

test.each([
  ['a receipt by somebody else', (id: ObjectId) => receiptFor(id, 30n, signerOf('mallory'))],
  ['a receipt above the lock', (id: ObjectId) => receiptFor(id, 101n)],
])('%s is refused', async (_what, receipt) => {
  const id = await open()
  expect(world.cleo.escrows.noteReceipt(receipt(id))).toMatchObject({ ok: false, error: { code: 'bad-receipt' } })
  expect(world.cleo.escrows.get(id)?.receipt).toBeNull()
})

test('each side can only give: the other one’s move is refused before it is signed', async () => {
  const { cleo, pete } = world
  const id = await open()
  expect(await pete.escrows.release(id)).toMatchObject({ ok: false, error: { code: 'not-yours' } })
  expect(await cleo.escrows.refund(id)).toMatchObject({ ok: false, error: { code: 'not-yours' } })
  expect(await cleo.escrows.expireRefund(id)).toMatchObject({ ok: false, error: { code: 'wrong-phase' } })
  expect(await cleo.escrows.release(new Uint8Array(32))).toMatchObject({ ok: false, error: { code: 'not-found' } })
})

test('a refund gives everything back', async () => {
  const { cleo, pete } = world
  const id = await open()
  const refunded = await pete.escrows.refund(id)
  if (refunded.ok) await cleo.escrows.receive(refunded.value)
  expect([money(cleo), money(pete)]).toEqual([
    [1_000n, 0n, 0n],
    [0n, 0n, 0n],
  ])
})

test('a split needs both signatures and pays as agreed, whoever proposes', async () => {
  const { cleo, pete } = world
  for (const [proposer, accepter] of [
    [cleo, pete],
    [pete, cleo],
  ] as const) {
    const id = await open({ nonce: signerOf(String(proposer === cleo)).publicKey.slice(0, 16) })
    const offer = proposer.escrows.proposeSplit(id, 40n)
    expect(await proposer.escrows.acceptSplit(id, 40n)).toMatchObject({ ok: false, error: { code: 'split-changed' } })
    expect(offer.ok && accepter.escrows.receiveSplit(offer.value)).toEqual({ ok: true, value: null })
    expect(await accepter.escrows.acceptSplit(id, 41n)).toMatchObject({ ok: false, error: { code: 'split-changed' } })
    const settled = await accepter.escrows.acceptSplit(id, 40n)
    if (!settled.ok) throw new Error(settled.error.message)
    expect(await accepter.escrows.acceptSplit(id, 40n)).toEqual(settled)
    await proposer.escrows.receive(settled.value)
    expect([settledBy(cleo, id), settledBy(pete, id)]).toEqual(['split', 'split'])
  }
  expect([money(cleo), money(pete)]).toEqual([
    [920n, 0n, 0n],
    [80n, 0n, 0n],
  ])
})

test('a split offer for another step or by a stranger is refused', async () => {
  const { cleo, pete } = world
  const id = await open()
  const offer = cleo.escrows.proposeSplit(id, 40n)
  if (!offer.ok || offer.value.tx.type !== 'escrow') throw new Error('no offer')
  const later = { ...offer.value, tx: { ...offer.value.tx, step: 2 } }
  expect(pete.escrows.receiveSplit(later)).toMatchObject({ ok: false, error: { code: 'refused' } })
  const forged = { ...offer.value, authorisations: offer.value.authorisations.map((by) => ({ ...by, signature: new Uint8Array(64) })) }
  expect(pete.escrows.receiveSplit(forged)).toMatchObject({ ok: false, error: { code: 'refused' } })
  expect(cleo.escrows.receiveSplit(offer.value)).toMatchObject({ ok: false, error: { code: 'refused' } })
})

test('a provider that vanished: the money comes back by itself after the deadline and its guard', async () => {
  const { cleo, clock } = world
  const id = await open()
  await advance(clock, 120_999)
  expect(phaseOf(cleo, id)).toBe('open')
  await advance(clock, 1)
  expect(settledBy(cleo, id)).toBe('expire-refund')
  expect(money(cleo)).toEqual([1_000n, 0n, 0n])
})

test('a client that vanished: the provider registers delivery after 30 s and is paid after the review', async () => {
  const { pete, clock } = world
  const id = await open()
  pete.escrows.noteReceipt(receiptFor(id, 30n))
  await advance(clock, 29_999)
  expect(phaseOf(pete, id)).toBe('open')
  await advance(clock, 1)
  expect(phaseOf(pete, id)).toBe('delivered')
  await advance(clock, 60_999)
  expect(money(pete)).toEqual([0n, 0n, 30n])
  await advance(clock, 1)
  expect(settledBy(pete, id)).toBe('expire-release')
  expect(money(pete)).toEqual([30n, 0n, 0n])
})

test('the client’s change comes back even when the provider never asks for its pay', async () => {
  const { cleo, pete, clock } = world
  const id = await open()
  pete.escrows.noteReceipt(receiptFor(id, 30n))
  const delivered = await pete.escrows.deliver(id)
  if (delivered.ok) await cleo.escrows.receive(delivered.value)
  pete.stop()
  await advance(clock, 91_000)
  expect(settledBy(cleo, id)).toBe('expire-release')
  expect(money(cleo)).toEqual([970n, 0n, 0n])
})

test('a delivery close to the deadline is registered in time, not after 30 s', async () => {
  const { pete, clock } = world
  const id = await open()
  await advance(clock, 110_000)
  pete.escrows.noteReceipt(receiptFor(id, 30n))
  await advance(clock, 9_000)
  expect(phaseOf(pete, id)).toBe('delivered')
})

test('deadlines survive a restart, and witnesses that are away are asked again', async () => {
  const { cleo, clock, witnesses, start } = world
  const id = await open()
  cleo.stop()
  witnesses.goDown(true)
  const again = start('cleo')
  await again.escrows.resume()
  await advance(clock, 121_000)
  expect(phaseOf(again, id)).toBe('open')
  witnesses.goDown(false)
  await advance(clock, 4_000)
  expect(settledBy(again, id)).toBe('expire-refund')
})

test('a move signed before a crash goes out again as it was', async () => {
  const { cleo, clock, witnesses, start } = world
  const id = await open()
  witnesses.plan('question-lost')
  expect(await cleo.escrows.release(id)).toMatchObject({ ok: false, error: { code: 'no-quorum' } })
  cleo.stop()
  const again = start('cleo')
  const signed = again.escrows.get(id)?.pendingMove
  await again.escrows.resume()
  await advance(clock, 0)
  expect(settledBy(again, id)).toBe('release')
  expect(again.escrows.decrees(id)[1]?.tx).toEqual(signed?.tx)
})

test('a release asked for again after a lost answer is the same release, not a refusal', async () => {
  const { cleo, witnesses } = world
  const id = await open()
  witnesses.plan('answer-lost')
  expect(await cleo.escrows.release(id)).toMatchObject({ ok: false, error: { code: 'no-quorum' } })
  const released = await cleo.escrows.release(id)
  expect(released.ok && released.value).toEqual(cleo.escrows.decrees(id)[1])
  expect(await cleo.escrows.release(id)).toEqual(released)
})

test('a settlement whose answer was lost in a crash is booked once', async () => {
  const { cleo, clock, witnesses, start } = world
  const id = await open()
  witnesses.plan('answer-lost')
  await cleo.escrows.release(id)
  cleo.stop()
  const again = start('cleo')
  await again.escrows.resume()
  await advance(clock, 10_000)
  expect(settledBy(again, id)).toBe('release')
  expect(money(again)).toEqual([900n, 0n, 0n])
})

test('a delivery that waited too long for the witnesses is signed anew with a fresh time', async () => {
  const { pete, clock, witnesses } = world
  const id = await open()
  pete.escrows.noteReceipt(receiptFor(id, 30n))
  witnesses.goDown(true)
  await advance(clock, 30_000)
  expect(pete.escrows.get(id)?.pendingMove).not.toBeNull()
  await advance(clock, 40_000)
  witnesses.goDown(false)
  await advance(clock, 40_000)
  expect(phaseOf(pete, id)).toBe('delivered')
})

test('of two sides that move at once one wins, both learn which, and the loser is told', async () => {
  const { cleo, pete, clock } = world
  const id = await open()
  const [released, refunded] = await Promise.all([cleo.escrows.release(id), pete.escrows.refund(id)])
  expect([released.ok, refunded.ok].filter(Boolean)).toHaveLength(1)
  expect([released, refunded].find(({ ok }) => !ok)).toMatchObject({ error: { code: 'wrong-phase' } })
  await advance(clock, 0)
  expect(settledBy(cleo, id)).toBe(settledBy(pete, id))
})

test('a release that meets a delivery is made on top of it, at the delivered price', async () => {
  const { cleo, pete } = world
  const id = await open()
  pete.escrows.noteReceipt(receiptFor(id, 30n))
  expect((await pete.escrows.deliver(id)).ok).toBe(true)
  expect((await cleo.escrows.release(id)).ok).toBe(true)
  expect(money(cleo)).toEqual([970n, 0n, 0n])
})

test('a provider that was told of nothing finds its pay at the witnesses, even with an empty database', async () => {
  const { cleo, witnesses, clock } = world
  const id = await open()
  expect((await cleo.escrows.release(id)).ok).toBe(true)
  const restored = startMember(signerOf('pete'), openMemoryDatabase(), witnesses, clock)
  await restored.wallet.resume()
  expect(money(restored)).toEqual([100n, 0n, 0n])
  expect(settledBy(restored, id)).toBe('release')
})

test('a client whose database was lost finds its open escrows again and gets its money back', async () => {
  const { witnesses, clock } = world
  const id = await open()
  const restored = startMember(signerOf('cleo'), openMemoryDatabase(), witnesses, clock)
  await restored.wallet.resume()
  await restored.escrows.resume()
  expect(money(restored)).toEqual([900n, 100n, 0n])
  await advance(clock, 121_000)
  expect(settledBy(restored, id)).toBe('expire-refund')
  expect(money(restored)).toEqual([1_000n, 0n, 0n])
})

test('a damaged step and an escrow of others are not taken in', async () => {
  const { cleo, pete } = world
  const id = await open()
  const released = await cleo.escrows.release(id)
  if (!released.ok) throw new Error('no release')
  const { certificate } = released.value
  const forged = { ...released.value, certificate: { ...certificate, signatures: certificate.signatures.slice(1) } }
  expect(await pete.escrows.receive(forged)).toMatchObject({ ok: false, error: { code: 'bad-certificate' } })
  expect(phaseOf(pete, id)).toBe('open')
  const opening = cleo.escrows.decrees(id)[0]
  const mallory = startMember(signerOf('mallory'), openMemoryDatabase(), world.witnesses, world.clock)
  expect(opening && (await mallory.escrows.receive(opening))).toMatchObject({ ok: false, error: { code: 'not-yours' } })
})
