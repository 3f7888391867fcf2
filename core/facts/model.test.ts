import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex } from '../platform/bytes.ts'
import { accountIdOf } from '../settlement/account-id.ts'
import { birth, createMember, federationId } from '../settlement/testing/world.ts'
import type { Decree, EscrowMove, EscrowState } from '../settlement/objects.ts'
import { factOf, signNote, standardPriceOf, type Fact, type Proof } from './model.ts'
import { createTrades, type Trades } from './testing/trades.ts'
import { decodeProof, encodeProof } from './wire.ts'

let trades: Trades
beforeAll(() => {
  trades = createTrades()
})
afterAll(() => trades.world.close())

const codeOf = (proof: Proof): string => {
  const fact = factOf(proof, trades.verifying)
  return fact.ok ? 'ok' : fact.error.code
}
const settled = (proof: Proof): Extract<Fact, { readonly kind: 'settlement' }> => {
  const fact = factOf(proof, trades.verifying)
  if (!fact.ok || fact.value.kind !== 'settlement') throw new Error('no settlement')
  return fact.value
}

test('a released escrow is a paid trade with its price, times and parties, whoever shows it', async () => {
  const proof = await trades.paid(3_000n)
  const shown = decodeProof(encodeProof(proof))
  if (!shown.ok) throw new Error(shown.error.message)
  const fact = settled(shown.value)
  expect(fact).toMatchObject({
    client: toHex(trades.alice.id),
    provider: toHex(trades.bob.id),
    classKey: 'practice/small',
    lockedMicro: 5_000_000n,
    paidMicro: 3_000n,
    priceMicro: 3_000n,
    outcome: 'paid',
    speed: { promisedFirstMs: 1_000, firstMs: 400, promisedTotalMs: 30_000, totalMs: 9_000 },
  })
  expect([fact.id, fact.headHash]).toEqual([
    toHex(proof.decrees[0]?.certificate.statement.txHash ?? new Uint8Array()),
    toHex(proof.decrees[1]?.certificate.statement.txHash ?? new Uint8Array()),
  ])
})

const endings: readonly (readonly [string, (state: EscrowState) => readonly EscrowMove[]])[] = [
  ['refunded', () => [{ kind: 'refund' }]],
  ['split', () => [{ kind: 'split', toProviderMicro: 1_000n }]],
]
test.each(endings)('an escrow that was %s is that, and not paid in full', async (outcome, moves) => {
  const fact = settled(await trades.trade(moves))
  expect([fact.outcome, fact.speed, fact.paidMicro < fact.lockedMicro]).toEqual([outcome, null, true])
})

test('a delivery that the client slept through is paid, and its time is the delivery’s', async () => {
  const { opening, state } = await trades.openBetween()
  const deliver = trades.deliverNow(2_500n)
  const delivered = await trades.settle(trades.move(state, deliver, ['provider']), [opening])
  await trades.waitMs(70_000)
  const moved = { ...state, step: 1, headHash: delivered.certificate.statement.txHash }
  const released = await trades.settle(trades.move(moved, { kind: 'expire-release' }, []), [opening, delivered])
  const fact = settled({ kind: 'settlement', decrees: [opening, delivered, released] })
  expect([fact.outcome, fact.paidMicro, fact.atMs]).toEqual(['expired-paid', 2_500n, deliver.kind === 'deliver' ? deliver.atMs : 0])
})

test('an escrow that nobody delivered is expired, at its deadline', async () => {
  const { opening, state } = await trades.openBetween()
  await trades.waitMs(90_000)
  const expired = await trades.settle(trades.move(state, { kind: 'expire-refund' }, []), [opening])
  const fact = settled({ kind: 'settlement', decrees: [opening, expired] })
  expect([fact.outcome, fact.paidMicro, fact.atMs]).toEqual(['expired', 0n, state.terms.deliverByMs])
})

test('a receipt that lies about its time is held within what the witnesses allowed', async () => {
  const proof = await trades.trade((state) => [
    { kind: 'release', receipt: trades.receiptOf(state, 1n, { startedAtMs: 0, firstTokenAtMs: 0, finishedAtMs: 9_999_999_999_999 }) },
  ])
  const opening = proof.decrees[0]?.tx
  const terms = opening?.type === 'account' && opening.body.operation.kind === 'open-escrow' ? opening.body.operation.terms : null
  expect(settled(proof).atMs).toBe(terms?.deliverByMs)
})

test('nothing is a fact before it is settled, or without its certificates', async () => {
  const { opening } = await trades.openBetween()
  const proof = await trades.paid(1_000n)
  const [first, last] = proof.decrees
  const stripped = (decree: Decree): Decree => ({ ...decree, certificate: { ...decree.certificate, signatures: [] } })
  expect(first !== undefined && last !== undefined).toBe(true)
  if (first === undefined || last === undefined) return
  const shown: readonly (readonly Decree[])[] = [[opening], [], [last], [stripped(first), last], [first, stripped(last)], [opening, last]]
  expect(shown.map((decrees) => codeOf({ kind: 'settlement', decrees }))).toEqual([
    'not-settled',
    'not-certified',
    'not-certified',
    'not-certified',
    'not-certified',
    'not-certified',
  ])
})

test('an invite is two transfers through a fresh key and the first step of whom it reached, and names sponsor and newcomer', async () => {
  const newcomer = createMember('newcomer')
  const [given, taken] = await trades.invite(trades.alice, newcomer.id)
  const birth = await trades.passOn(newcomer, trades.bob.id, [taken])
  const fact = factOf({ kind: 'introduction', decrees: [given, taken, birth] }, trades.verifying)
  expect(fact).toMatchObject({ ok: true, value: { sponsor: toHex(trades.alice.id), account: toHex(newcomer.id) } })
  const gift = await trades.settle(trades.alice.transfer(newcomer.id, 1n, [], 'thank you'))
  const shown: readonly (readonly Decree[])[] = [
    [given],
    [given, taken],
    [gift, taken, birth],
    [taken, given, birth],
    [given, taken, taken],
    [given, taken, birth, birth],
    [given, { ...taken, certificate: given.certificate }, birth],
    [given, taken, { ...birth, certificate: given.certificate }],
  ]
  expect(shown.map((decrees) => codeOf({ kind: 'introduction', decrees }))).toEqual([
    ...Array.from({ length: 6 }, () => 'no-introduction'),
    'not-certified',
    'not-certified',
  ])
})

test('no proof of an invite is longer than its three steps on the wire', async () => {
  const { decrees } = await trades.paid(1_000n)
  const chains = [3, 4].map((length) => [...decrees, ...decrees].slice(0, length))
  expect(chains.map((chain) => decodeProof(encodeProof({ kind: 'introduction', decrees: chain })).ok)).toEqual([true, false])
})

test('nobody is brought in by what is sent to an account that has begun, whether it takes that in or not', async () => {
  const member = createMember('member')
  const gift = await trades.settle(trades.alice.transfer(member.id, 1_000_000n))
  const birth = await trades.passOn(member, trades.bob.id, [gift])
  const [given, taken] = await trades.invite(trades.alice, member.id)
  const later = await trades.passOn(member, trades.bob.id, [taken])
  const shown: readonly (readonly Decree[])[] = [
    [given, taken],
    [given, taken, birth],
    [given, taken, later],
  ]
  expect(shown.map((decrees) => codeOf({ kind: 'introduction', decrees }))).toEqual(shown.map(() => 'no-introduction'))
})

test('an account that passes on what several gave it brings nobody in: nobody could say whose invite it was', async () => {
  const [fresh, newcomer] = [createMember('of several'), createMember('of nobody')]
  const given = [await trades.settle(trades.alice.transfer(fresh.id, 1n)), await trades.settle(trades.alice.transfer(fresh.id, 999_999n))]
  const taken = await trades.passOn(fresh, newcomer.id, given)
  const birth = await trades.passOn(newcomer, trades.bob.id, [taken])
  expect(given.map((one) => codeOf({ kind: 'introduction', decrees: [one, taken, birth] }))).toEqual(['no-introduction', 'no-introduction'])
})

test('a note is its client’s word, in its own name only', () => {
  const escrowId = new Uint8Array(32).fill(7)
  const signed = signNote(escrowId, 'network', trades.alice.signer, federationId)
  expect(factOf({ kind: 'note', signed }, trades.verifying)).toMatchObject({
    ok: true,
    value: { kind: 'note', escrow: toHex(escrowId), client: toHex(accountIdOf(birth, trades.alice.signer.publicKey)), fault: 'network' },
  })
  expect(codeOf({ kind: 'note', signed: { ...signed, fault: 'client' } })).toBe('not-certified')
  expect(codeOf({ kind: 'note', signed: { ...signed, clientKey: trades.bob.signer.publicKey } })).toBe('not-certified')
})

test('prices of any pricing compare by what the standard task costs', () => {
  const pricing = { perTaskMicro: 100n, perThousandInputTokensMicro: 10n, perThousandOutputTokensMicro: 40n, minimumMicro: 0n }
  expect([standardPriceOf(pricing), standardPriceOf({ ...pricing, minimumMicro: 500n })]).toEqual([150n, 500n])
})
