import { beforeEach, expect, test } from 'vitest'
import { contract } from '../contract/contract.ts'
import { createDispatcher } from '../contract/dispatcher.ts'
import { createManualClock } from '../platform/clock.ts'
import { toHex } from '../platform/bytes.ts'
import { fail } from '../platform/result.ts'
import { txHash } from '../settlement/encoding.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { walletHandlers } from '../wallet/handlers.ts'
import { createFakeWitnesses, signerOf, testRules } from '../wallet/testing/fake-witnesses.ts'
import { agree, startMember, type Member } from '../wallet/testing/member.ts'
import { escrowHandlers } from './handlers.ts'

const elsewhere = () => fail('unavailable', 'disputes/handlers.ts has it')
const areas = { wallet: contract.wallet, escrow: contract.escrow }
const setUp = () => {
  const clock = createManualClock()
  const witnesses = createFakeWitnesses(clock, [{ firstKey: signerOf('cleo').publicKey, amountMicro: 1_000n }])
  const [cleo, pete] = ['cleo', 'pete'].map((name) => startMember(signerOf(name), openMemoryDatabase(), witnesses, clock)) as [
    Member,
    Member,
  ]
  const incidents: string[] = []
  const doorOf = ({ wallet, escrows }: Member, other: Member) => {
    const sendSplit: NonNullable<Parameters<typeof escrowHandlers>[0]['sendSplit']> = async (order) => other.escrows.receiveSplit(order).ok
    const handlers = {
      wallet: walletHandlers({ wallet, escrows, isInvite: () => false }),
      escrow: {
        ...escrowHandlers({ escrows, epochs: witnesses.rules.epochs, sendSplit }),
        dispute: elsewhere,
        respond: elsewhere,
        getDispute: elsewhere,
      },
    }
    return createDispatcher(areas, handlers, {
      log: { write: (_level, event, fields) => incidents.push(`${event} ${fields['error']}`) },
      newIncidentId: () => 'x',
    })
  }
  const open = async (nonce = 0): Promise<string> => {
    const { terms, acceptSignature } = agree(cleo, pete, clock, { nonce: new Uint8Array(16).fill(nonce) })
    const opened = await cleo.wallet.openEscrow(terms, acceptSignature)
    if (!opened.ok) throw new Error(opened.error.message)
    await pete.escrows.receive(opened.value)
    return toHex(txHash(opened.value.tx))
  }
  return { clock, witnesses, cleo, pete, client: doorOf(cleo, pete), provider: doorOf(pete, cleo), incidents, open }
}
let world = setUp()
beforeEach(() => {
  world = setUp()
})
const requestId = (name: string): string => `request-${name}-0000000000`

test('summary and history as people see them: what is free, locked and on the way, a waiting order first', async () => {
  const { client, provider, cleo, pete, open, witnesses } = world
  const id = await open()
  const receipt = {
    escrowId: cleo.escrows.page(null, 1)[0]?.state.id ?? new Uint8Array(),
    priceMicro: 30n,
    inputTokens: 1,
    outputTokens: 1,
  }
  const times = { startedAtMs: 1, firstTokenAtMs: 2, finishedAtMs: 3, transcriptHash: new Uint8Array(32) }
  pete.escrows.noteReceipt(signReceipt(testRules.federationId, { ...receipt, ...times }, pete.signer))
  expect(await client.call('wallet.summary', {})).toMatchObject({
    value: { availableMicro: '900', lockedMicro: '100', onTheWayMicro: '0', steps: 1 },
  })
  expect(await provider.call('wallet.summary', {})).toMatchObject({ value: { availableMicro: '0', onTheWayMicro: '30', steps: 0 } })
  witnesses.goDown(true)
  const transfer = { to: toHex(pete.wallet.accountId), amountMicro: '5', memo: 'for lunch', requestId: requestId('lunch') }
  expect(await client.call('wallet.transfer', transfer)).toMatchObject({ ok: false, error: { code: 'no-quorum' } })
  const waiting = { kind: 'transfer', amountMicro: '-5', state: 'pending', memo: 'for lunch' }
  const locked = { kind: 'escrow-locked', amountMicro: '-100', state: 'final', escrowId: id }
  const history = await client.call('wallet.history', { cursor: null, limit: 2 })
  expect(history).toMatchObject({ value: { rows: [waiting, locked], total: 3 } })
  const cursor = history.ok ? (history.value as { nextCursor: string }).nextCursor : ''
  const rest = await client.call('wallet.history', { cursor, limit: 2 })
  expect(rest).toMatchObject({ value: { rows: [{ kind: 'genesis', amountMicro: '1000' }], nextCursor: null } })
})

test('a memo with line breaks from a hostile payer is shown on one line', async () => {
  const { client, provider, cleo, pete, incidents } = world
  expect(
    await client.call('wallet.transfer', { to: toHex(pete.wallet.accountId), amountMicro: '5', memo: 'a\nb', requestId: requestId('a') }),
  ).toMatchObject({
    error: { code: 'invalid-input' },
  })
  const paid = await cleo.wallet.transfer(pete.wallet.accountId, 5n, 'pay\nme\tmore')
  if (paid.ok) pete.wallet.receive(paid.value)
  expect(await provider.call('wallet.history', { cursor: null, limit: 9 })).toMatchObject({ value: { rows: [{ memo: 'pay me more' }] } })
  expect(incidents).toEqual([])
})

test('an escrow shows its exits, and after a release its certificates; the retried release is the same answer', async () => {
  const { client, open } = world
  const escrowId = await open()
  const exits = [
    { move: 'release', fromMs: null, pays: { providerMicro: '100', clientMicro: '0' } },
    { move: 'expire-refund', pays: { clientMicro: '100' } },
  ]
  expect(await client.call('escrow.list', { cursor: null, limit: 9 })).toMatchObject({
    value: { page: { rows: [{ id: escrowId, role: 'client', phase: 'open', exits }] } },
  })
  const released = await client.call('escrow.release', { escrowId, requestId: requestId('release') })
  expect(released).toMatchObject({ ok: true, value: { step: 1 } })
  expect(await client.call('escrow.release', { escrowId, requestId: requestId('release') })).toEqual(released)
  expect(await client.call('escrow.refund', { escrowId, requestId: requestId('refund') })).toMatchObject({ error: { code: 'not-yours' } })
  const seen = { quorum: 3, committeeSize: 4, signers: [0, 1, 2], view: 0 }
  expect(await client.call('escrow.get', { escrowId })).toMatchObject({
    value: {
      settledBy: 'release',
      payout: { providerMicro: '100' },
      exits: [],
      certificates: [
        { step: 0, move: 'open', ...seen, atMs: world.clock.nowMs() },
        { step: 1, move: 'release', ...seen, atMs: world.clock.nowMs() },
      ],
      panel: { quorum: 2, seats: 3, hasJudges: true },
    },
  })
  expect(await client.call('escrow.get', { escrowId: '0'.repeat(64) })).toMatchObject({ error: { code: 'not-found' } })
})

test('a split offered by one side is seen and accepted by the other', async () => {
  const { client, provider, open } = world
  const escrowId = await open()
  const split = { escrowId, toProviderMicro: '40' }
  expect(await client.call('escrow.proposeSplit', { ...split, toProviderMicro: '101', requestId: requestId('s') })).toMatchObject({
    error: { code: 'above-amount' },
  })
  expect(await client.call('escrow.proposeSplit', { ...split, requestId: requestId('s') })).toEqual({ ok: true, value: {} })
  expect(await provider.call('escrow.get', { escrowId })).toMatchObject({ value: { splitOffer: { by: 'client', toProviderMicro: '40' } } })
  expect(await provider.call('escrow.acceptSplit', { ...split, requestId: requestId('t') })).toMatchObject({ ok: true })
})

test('pages run through all escrows, open ones first, and a made-up page mark is refused', async () => {
  const { client, cleo, open, clock } = world
  const ids: string[] = []
  for (let made = 0; made < 3; made += 1) {
    ids.push(await open(made))
    clock.advance(1)
  }
  await cleo.escrows.release(cleo.escrows.page(null, 1)[0]?.state.id ?? new Uint8Array())
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const answer = await client.call('escrow.list', { cursor, limit: 1 })
    if (!answer.ok) throw new Error(answer.error.message)
    const { page } = answer.value as { page: { rows: readonly { id: string }[]; nextCursor: string | null } }
    seen.push(...page.rows.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(seen).toEqual([ids[1], ids[0], ids[2]])
  expect(await client.call('escrow.list', { cursor: 'made-up', limit: 1 })).toMatchObject({ error: { code: 'invalid-input' } })
  expect(await client.call('wallet.history', { cursor: 'made-up', limit: 1 })).toMatchObject({ error: { code: 'invalid-input' } })
})
