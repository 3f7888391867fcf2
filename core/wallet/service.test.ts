import { beforeEach, expect, test } from 'vitest'
import { createManualClock } from '../platform/clock.ts'
import { txHash } from '../settlement/encoding.ts'
import type { Decree } from '../settlement/objects.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createWallet } from './service.ts'
import { silentLog } from '../platform/log.ts'
import { createFakeWitnesses, signerOf, testRules } from './testing/fake-witnesses.ts'
import { startMember, type Member } from './testing/member.ts'

const clock = createManualClock()
const setUp = () => {
  const witnesses = createFakeWitnesses(clock, [{ firstKey: signerOf('ann').publicKey, amountMicro: 1_000n }])
  const annDb = openMemoryDatabase()
  const announced: Decree[] = []
  const ann = startMember(signerOf('ann'), annDb, witnesses, clock, (decree) => announced.push(decree))
  const ben = startMember(signerOf('ben'), openMemoryDatabase(), witnesses, clock)
  return { witnesses, annDb, ann, ben, announced }
}
let world = setUp()
beforeEach(() => {
  world = setUp()
})

const restart = (member: Member, db = world.annDb): Member => {
  member.stop()
  return startMember(member.signer, db, world.witnesses, clock)
}
const balances = ({ wallet }: Member) => {
  const { availableMicro, lockedMicro } = wallet.summary()
  return { availableMicro, lockedMicro }
}
const kinds = ({ wallet }: Member) => wallet.history(null, 50).map(({ kind, availableDeltaMicro }) => `${kind} ${availableDeltaMicro}`)

test('a transfer takes from the payer and, once shown, gives to the payee, with a row for every µRUV', async () => {
  const { ann, ben, announced, witnesses } = world
  const paid = await ann.wallet.transfer(ben.wallet.accountId, 300n, 'thanks')
  expect(paid.ok).toBe(true)
  expect(announced.map((decree) => ben.wallet.receive(decree))).toEqual([{ ok: true, value: 'credited' }])
  expect(announced.map((decree) => ben.wallet.receive(decree))).toEqual([{ ok: true, value: 'known' }])
  expect([balances(ann), balances(ben)]).toEqual([
    { availableMicro: 700n, lockedMicro: 0n },
    { availableMicro: 300n, lockedMicro: 0n },
  ])
  expect([kinds(ann), kinds(ben)]).toEqual([['transfer -300', 'claim 0', 'genesis 1000'], ['transfer 300']])
  expect(ben.wallet.history(null, 1)[0]).toMatchObject({ memo: 'thanks', counterparty: ann.wallet.accountId })
  expect(witnesses.totalMicro()).toBe(1_000n)
})

test('a payee who was not told finds the payment at the witnesses, now and by polling', async () => {
  const { ann, ben } = world
  await ann.wallet.transfer(ben.wallet.accountId, 10n, '')
  await ben.wallet.resume()
  expect(ben.wallet.summary().availableMicro).toBe(10n)
  await ann.wallet.transfer(ben.wallet.accountId, 5n, '')
  const told = new Promise<number>((resolve) => ben.wallet.onChanged(resolve))
  clock.advance(60_000)
  await told
  expect(ben.wallet.summary().availableMicro).toBe(15n)
})

test('credits waiting are claimed by the next operation, two at once too', async () => {
  const { ann, ben, announced } = world
  await ann.wallet.transfer(ben.wallet.accountId, 40n, '')
  await ann.wallet.transfer(ben.wallet.accountId, 60n, '')
  announced.forEach((decree) => ben.wallet.receive(decree))
  expect((await ben.wallet.transfer(ann.wallet.accountId, 100n, '')).ok).toBe(true)
  expect(kinds(ben)).toEqual(['transfer -100', 'claim 0', 'transfer 60', 'transfer 40'])
})

test.each([
  ['more than there is', 1_001n, 'insufficient-funds'],
  ['nothing', 0n, 'refused'],
] as const)('refuses to pay %s, and signs nothing', async (_what, amountMicro, code) => {
  const { ann, ben, witnesses } = world
  expect(await ann.wallet.transfer(ben.wallet.accountId, amountMicro, '')).toMatchObject({ ok: false, error: { code } })
  expect(ann.wallet.pending()).toBeNull()
  expect(witnesses.chain(ann.wallet.accountId)).toEqual([])
})

test('refuses to pay oneself', async () => {
  const { ann } = world
  expect(await ann.wallet.transfer(ann.wallet.accountId, 1n, '')).toMatchObject({ ok: false, error: { code: 'to-oneself' } })
})

test('a request made twice pays once, at the same time or later; with other contents it is refused', async () => {
  const { ann, ben } = world
  const pay = (amountMicro: bigint) => ann.wallet.transfer(ben.wallet.accountId, amountMicro, '', 'request-1')
  const [first, second] = await Promise.all([pay(100n), pay(100n)])
  expect(first).toEqual(second)
  expect(await pay(100n)).toEqual(first)
  expect(await pay(101n)).toMatchObject({ ok: false, error: { code: 'request-id-reused' } })
  expect(ann.wallet.summary()).toMatchObject({ availableMicro: 900n, step: 0 })
})

test('what was signed before a crash goes out again as the same bytes, and the retried request is that payment', async () => {
  const { ann, ben, witnesses } = world
  await ann.wallet.resume()
  witnesses.plan('question-lost')
  expect(await ann.wallet.transfer(ben.wallet.accountId, 100n, '', 'request-1')).toMatchObject({ ok: false, error: { code: 'no-quorum' } })
  expect(balances(ann)).toEqual({ availableMicro: 900n, lockedMicro: 0n })
  const signed = ann.wallet.pending()?.txHash
  const again = restart(ann)
  expect(again.wallet.pending()?.txHash).toEqual(signed)
  const paid = await again.wallet.transfer(ben.wallet.accountId, 100n, '', 'request-1')
  expect(paid.ok && txHash(paid.value.tx)).toEqual(signed)
  expect(again.wallet.pending()).toBeNull()
  expect(witnesses.chain(ann.wallet.accountId)).toHaveLength(1)
})

test('a decision whose answer was lost in a crash is taken in at the next start', async () => {
  const { ann, ben, witnesses } = world
  witnesses.plan('answer-lost')
  await ann.wallet.transfer(ben.wallet.accountId, 100n, '')
  const again = restart(ann)
  expect((await again.wallet.resume()).ok).toBe(true)
  expect(again.wallet.summary()).toMatchObject({ availableMicro: 900n, step: 0 })
})

test('an undecided payment goes out again by itself, and its money stays promised meanwhile', async () => {
  const { ann, ben, witnesses } = world
  await ann.wallet.resume()
  witnesses.goDown(true)
  await ann.wallet.transfer(ben.wallet.accountId, 950n, '')
  expect(await ann.wallet.transfer(ben.wallet.accountId, 950n, '')).toMatchObject({ ok: false, error: { code: 'no-quorum' } })
  witnesses.goDown(false)
  const decided = new Promise<number>((resolve) => ann.wallet.onChanged(resolve))
  clock.advance(10_000)
  await decided
  expect(ann.wallet.summary()).toMatchObject({ availableMicro: 50n, step: 0 })
})

test('nothing is signed while the head of the chain is unknown', async () => {
  const { ann, ben, witnesses } = world
  witnesses.goDown(true)
  expect(await ann.wallet.transfer(ben.wallet.accountId, 1n, '')).toMatchObject({ ok: false, error: { code: 'no-quorum' } })
  expect(ann.wallet.pending()).toBeNull()
})

test('a restored backup adopts what happened since, and pays on top of it', async () => {
  const { ann, ben } = world
  await ann.wallet.transfer(ben.wallet.accountId, 100n, '')
  const restored = startMember(ann.signer, openMemoryDatabase(), world.witnesses, clock)
  expect((await restored.wallet.transfer(ben.wallet.accountId, 200n, '')).ok).toBe(true)
  expect(restored.wallet.summary()).toMatchObject({ availableMicro: 700n, step: 1 })
})

test('a second device that was faster is adopted, and the payment is made on the new head', async () => {
  const { ann, ben, witnesses } = world
  const laptop = startMember(ann.signer, openMemoryDatabase(), witnesses, clock)
  await Promise.all([ann.wallet.resume(), laptop.wallet.resume()])
  const paid = await Promise.all([
    ann.wallet.transfer(ben.wallet.accountId, 100n, 'desk'),
    laptop.wallet.transfer(ben.wallet.accountId, 200n, 'laptop'),
  ])
  expect(paid.map(({ ok }) => ok)).toEqual([true, true])
  await ann.wallet.catchUp()
  expect(balances(ann)).toEqual(balances(laptop))
  expect(ann.wallet.summary()).toMatchObject({ availableMicro: 700n, step: 1 })
})

test('a payment that was given up as refused and certified all the same is not made again', async () => {
  const { ann, ben, witnesses } = world
  witnesses.plan('refused-too-early')
  expect(await ann.wallet.transfer(ben.wallet.accountId, 100n, 'rent', 'request-of-june')).toMatchObject({ ok: true })
  expect(ann.wallet.summary()).toMatchObject({ availableMicro: 900n, step: 0 })
})

test('a restored backup that lost a credit it once claimed still adds up', async () => {
  const { ann, ben, announced, witnesses } = world
  await ann.wallet.transfer(ben.wallet.accountId, 50n, '')
  announced.forEach((decree) => ben.wallet.receive(decree))
  await ben.wallet.transfer(ann.wallet.accountId, 20n, '')
  const restored = startMember(ben.signer, openMemoryDatabase(), witnesses, clock)
  await restored.wallet.resume()
  expect(balances(restored)).toEqual({ availableMicro: 30n, lockedMicro: 0n })
  announced.forEach((decree) => restored.wallet.receive(decree))
  expect(balances(restored)).toEqual({ availableMicro: 30n, lockedMicro: 0n })
})

test('a restored backup that is asked again for what was paid since answers with that payment', async () => {
  const { ann, ben } = world
  const paid = await ann.wallet.transfer(ben.wallet.accountId, 100n, 'rent', 'request-of-june')
  const restored = startMember(ann.signer, openMemoryDatabase(), world.witnesses, clock)
  expect(await restored.wallet.transfer(ben.wallet.accountId, 100n, 'rent', 'request-of-june')).toEqual(paid)
  expect(await restored.wallet.transfer(ben.wallet.accountId, 101n, 'rent', 'request-of-june')).toMatchObject({
    ok: false,
    error: { code: 'request-id-reused' },
  })
  expect(restored.wallet.summary()).toMatchObject({ availableMicro: 900n, step: 0 })
})

test('an older copy that has forgotten an order which went out brings that one to its end, and contradicts it with no other', async () => {
  const { ann, ben, witnesses } = world
  await ann.wallet.resume()
  witnesses.plan('heard-by-few')
  await ann.wallet.transfer(ben.wallet.accountId, 100n, 'rent', 'request-of-june')
  const signed = ann.wallet.pending()?.txHash
  ann.stop()
  const older = startMember(ann.signer, openMemoryDatabase(), witnesses, clock)
  expect((await older.wallet.transfer(ben.wallet.accountId, 1n, 'other')).ok).toBe(true)
  expect(witnesses.chain(ann.wallet.accountId).map(({ tx }) => txHash(tx))[0]).toEqual(signed)
  expect(older.wallet.summary()).toMatchObject({ availableMicro: 899n, step: 1 })
  expect(await older.wallet.transfer(ben.wallet.accountId, 100n, 'rent', 'request-of-june')).toMatchObject({
    ok: true,
    value: { tx: { step: 0 } },
  })
})

test('a decree without a quorum of signatures credits nobody', async () => {
  const { ann, ben, announced } = world
  await ann.wallet.transfer(ben.wallet.accountId, 50n, '')
  const forged = announced.map((decree) => ({
    ...decree,
    certificate: { ...decree.certificate, signatures: decree.certificate.signatures.slice(1) },
  }))
  expect(forged.map((decree) => ben.wallet.receive(decree))).toMatchObject([{ ok: false, error: { code: 'bad-certificate' } }])
  expect(announced.map((decree) => ann.wallet.receive(decree))).toEqual([{ ok: true, value: 'not-mine' }])
  expect(ben.wallet.summary().availableMicro).toBe(0n)
})

test('more credits than one step takes in are gathered first', async () => {
  const { ann, ben, announced } = world
  for (let made = 0; made < 70; made += 1) await ann.wallet.transfer(ben.wallet.accountId, 1n, '')
  announced.forEach((decree) => ben.wallet.receive(decree))
  expect((await ben.wallet.transfer(ann.wallet.accountId, 70n, '')).ok).toBe(true)
  expect(ben.wallet.summary()).toMatchObject({ availableMicro: 0n, step: 1 })
})

test('a database of another account is refused', () => {
  const { witnesses, annDb } = world
  const shared = { db: annDb, rules: testRules, genesisCredits: witnesses.genesis }
  const ports = { driver: witnesses.driver, clock, log: silentLog, announce: () => undefined }
  expect(createWallet({ ...shared, ...ports, signer: signerOf('ben') })).toMatchObject({ ok: false, error: { code: 'other-account' } })
})
