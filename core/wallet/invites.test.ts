import { beforeEach, expect, test } from 'vitest'
import { containing } from '../contract/testing/matching.ts'
import { inviteAccountOf, parseInviteLink } from '../federation/invite.ts'
import { ok } from '../platform/result.ts'
import type { AccountId } from '../settlement/objects.ts'
import { txHash } from '../settlement/encoding.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { passTime } from '../settlement/testing/world.ts'
import { silentLog } from '../platform/log.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createInvites } from './invites.ts'
import { signerOf } from './testing/fake-witnesses.ts'
import { agree, startMember } from './testing/member.ts'
import { createRealFederation } from './testing/real-federation.ts'

const ruv = 1_000_000n
const setUp = () => {
  const town = createRealFederation(signerOf('rita'))
  const join = (name: string, node = name, db = openMemoryDatabase()) => {
    const driver = town.driverOf(node)
    const signer = signerOf(name)
    const member = startMember(signer, db, { rules: town.rules, genesis: town.genesis, driver }, town.clock)
    const { federation, clock } = town
    const invites = createInvites({ db, wallet: member.wallet, signer, federation, driver, clock, log: silentLog })
    return { ...member, db, driver, invites }
  }
  const wait = <T>(work: Promise<T>): Promise<T> => passTime(town.clock, work)
  return { ...town, join, wait, rita: join('rita'), nell: join('nell') }
}
let world: ReturnType<typeof setUp>
beforeEach(() => {
  world = setUp()
})
const kinds = ({ wallet }: { readonly wallet: ReturnType<typeof setUp>['rita']['wallet'] }) =>
  wallet.payments(null, 9).map(({ kind, availableDeltaMicro }) => [kind, availableDeltaMicro])

test('an invite moves starter credit to a newcomer, who can spend it and knows the sponsor', async () => {
  const { rita, nell, wait } = world
  const made = await wait(rita.invites.create(5n * ruv, 'request-invite-1'))
  if (!made.ok) throw new Error(made.error.message)
  const claimed = await wait(nell.invites.claim(made.value.link))
  expect(claimed).toMatchObject({ ok: true, value: { amountMicro: 5n * ruv, sponsor: rita.wallet.accountId } })
  expect(nell.invites.sponsor()).toEqual(rita.wallet.accountId)
  expect([kinds(rita)[0], kinds(nell)]).toEqual([['invite', -5n * ruv], [['invite', 5n * ruv]]])
  expect((await wait(nell.wallet.transfer(rita.wallet.accountId, 5n * ruv, ''))).ok).toBe(true)
})

test('the same request makes the same link and pays once; another makes another key', async () => {
  const { rita, wait } = world
  const [first, again, other] = [
    await wait(rita.invites.create(ruv, 'request-invite-1')),
    await wait(rita.invites.create(ruv, 'request-invite-1')),
    await wait(rita.invites.create(ruv, 'request-invite-2')),
  ]
  expect(again).toEqual(first)
  expect(other.ok && first.ok && other.value.link !== first.value.link).toBe(true)
  expect(rita.wallet.summary().step).toBe(1)
})

test('an invite pays out once: to the same member again it is the same answer, to another it is claimed already', async () => {
  const { rita, nell, join, wait } = world
  const made = await wait(rita.invites.create(ruv, 'request-invite-1'))
  const link = made.ok ? made.value.link : ''
  const claimed = await wait(nell.invites.claim(link))
  expect(claimed).toMatchObject({ ok: true, value: { wasClaimed: false } })
  expect(await wait(nell.invites.claim(link))).toEqual({ ok: true, value: { ...(claimed.ok && claimed.value), wasClaimed: true } })
  expect(nell.wallet.summary().availableMicro).toBe(ruv)
  expect(await wait(join('late').invites.claim(link))).toMatchObject({ ok: false, error: { code: 'already-claimed' } })
})

test('dust that a stranger sends to the key of an invite does not take the place of what the invite carries', async () => {
  const { rita, join, wait, federation, clock } = world
  const made = await wait(rita.invites.create(5n * ruv, 'request-invite-1'))
  const link = made.ok ? made.value.link : ''
  const invite = parseInviteLink(link, { nowMs: clock.nowMs(), currentFederationId: federation.id })
  if (!invite.ok) throw new Error(invite.error.message)
  const stranger = join('stranger')
  const gift = await wait(rita.wallet.transfer(stranger.wallet.accountId, ruv, ''))
  if (gift.ok) stranger.wallet.receive(gift.value)
  expect(await wait(stranger.wallet.transfer(inviteAccountOf(invite.value), 1n, ''))).toMatchObject({ ok: true })
  const { db, wallet, driver } = join('late')
  // From a witness that heard of the dust first.
  const late = {
    ...driver,
    fetchInbox: async (account: AccountId) => {
      const inbox = await driver.fetchInbox(account)
      return inbox.ok ? ok(inbox.value.toReversed()) : inbox
    },
  }
  const invites = createInvites({ db, wallet, signer: signerOf('late'), federation, driver: late, clock, log: silentLog })
  expect(await wait(invites.claim(link))).toMatchObject({ ok: true, value: { amountMicro: 5n * ruv, sponsor: rita.wallet.accountId } })
})

test('a sponsor whose database was lost never uses a key of an earlier invite again', async () => {
  const { rita, join, wait } = world
  const made = await wait(rita.invites.create(ruv, 'request-invite-1'))
  const restored = join('rita', 'rita-2')
  await wait(restored.wallet.resume())
  const again = await wait(restored.invites.create(ruv, 'request-invite-2'))
  expect(made.ok && again.ok && made.value.link !== again.value.link).toBe(true)
})

const day = 24 * 3_600_000
const listed = ({ invites }: ReturnType<typeof setUp>['rita']) => {
  const { heldMicro, rows } = invites.list(9)
  return { heldMicro, rows: rows.map(({ amountMicro, state, claimedBy }) => ({ amountMicro, state, claimedBy })) }
}
/** Passes time until the member's wallet, or its list of invites, says so. */
const until = (member: ReturnType<typeof setUp>['rita'], isSo: () => boolean) =>
  world.wait(
    new Promise<void>((resolve) => {
      const leave = member.wallet.onChanged(() => {
        if (!isSo()) return
        leave()
        resolve()
      })
    }),
  )

test('an invite that was made while the witnesses were away is on its way, and then its link is in the list', async () => {
  const { rita, nell, network, committee, wait } = world
  network.partition([['rita'], ['nell', ...committee.witnesses.map(({ peerId }) => peerId)]])
  expect(await wait(rita.invites.create(5n * ruv, 'request-invite-1'))).toMatchObject({ ok: false, error: { code: 'no-quorum' } })
  expect(listed(rita)).toEqual({ heldMicro: 0n, rows: [] })
  network.heal()
  await wait(rita.wallet.resume())
  network.partition([['rita'], ['nell', ...committee.witnesses.map(({ peerId }) => peerId)]])
  expect(await wait(rita.invites.create(5n * ruv, 'request-invite-1'))).toMatchObject({ ok: false, error: { code: 'on-its-way' } })
  expect(listed(rita)).toEqual({ heldMicro: 5n * ruv, rows: [{ amountMicro: 5n * ruv, state: 'on-its-way', claimedBy: null }] })
  const [{ account } = { account: new Uint8Array(32) }] = rita.invites.list(1).rows
  expect(rita.invites.link(account)).toMatchObject({ ok: false, error: { code: 'not-found' } })
  const second = await wait(rita.invites.create(ruv, 'request-invite-2'))
  expect(second).toMatchObject({ ok: false, error: { code: 'no-quorum', message: containing('nothing new was signed') } })

  network.heal()
  await until(rita, () => listed(rita).rows[0]?.state === 'ready')
  const link = rita.invites.link(account)
  if (!link.ok) throw new Error(link.error.message)
  expect(await wait(nell.invites.claim(link.value))).toMatchObject({ ok: true, value: { amountMicro: 5n * ruv, wasClaimed: false } })
  expect(await wait(nell.invites.claim(link.value))).toMatchObject({ ok: true, value: { wasClaimed: true } })
})

test('who claimed an invite stands in the list for a week, and its link leads nowhere any more', async () => {
  const { rita, nell, clock, wait } = world
  rita.invites.start()
  const made = await wait(rita.invites.create(ruv, 'request-invite-1'))
  if (!made.ok) throw new Error(made.error.message)
  expect(listed(rita)).toEqual({ heldMicro: ruv, rows: [{ amountMicro: ruv, state: 'ready', claimedBy: null }] })
  await wait(nell.invites.claim(made.value.link))
  await until(rita, () => listed(rita).heldMicro === 0n)
  expect(listed(rita).rows).toEqual([{ amountMicro: ruv, state: 'claimed', claimedBy: nell.wallet.accountId }])
  expect(rita.invites.link(rita.invites.list(1).rows[0]?.account ?? new Uint8Array())).toMatchObject({ ok: false })
  clock.setBy(8 * day)
  expect(listed(rita).rows).toEqual([])
  rita.invites.stop()
})

test('an invite that has expired is its maker’s to take back, and nobody else’s', async () => {
  const { rita, nell, clock, wait } = world
  const made = await wait(rita.invites.create(ruv, 'request-invite-1'))
  const link = made.ok ? made.value.link : ''
  clock.setBy(31 * day)
  expect(listed(rita).rows).toMatchObject([{ state: 'expired' }])
  expect(await wait(nell.invites.claim(link))).toMatchObject({ ok: false, error: { code: 'malformed-link' } })
  expect(await wait(rita.invites.claim(link))).toMatchObject({ ok: true })
  expect(listed(rita)).toEqual({ heldMicro: 0n, rows: [{ amountMicro: ruv, state: 'taken-back', claimedBy: rita.wallet.accountId }] })
  expect(kinds(rita).slice(0, 2)).toEqual([
    ['invite', ruv],
    ['invite', -ruv],
  ])
})

test('a link that is none is refused with a sentence', async () => {
  const { nell, wait } = world
  expect(await wait(nell.invites.claim('https://example.org'))).toMatchObject({ ok: false, error: { code: 'malformed-link' } })
})

test('a whole trade over four witnesses of which one is down: lock, receipt, release, and the pay is spendable', async () => {
  const { rita, nell, clock, committee, federation, network, wait } = world
  network.kill(committee.witnesses[2]?.peerId ?? '')
  const { terms, acceptSignature } = agree(rita, nell, clock, { amountMicro: 2n * ruv }, federation.id)
  const opened = await wait(rita.wallet.openEscrow(terms, acceptSignature))
  if (!opened.ok) throw new Error(opened.error.message)
  const escrowId = txHash(opened.value.tx)
  await nell.escrows.receive(opened.value)
  const times = { startedAtMs: 1, firstTokenAtMs: 2, finishedAtMs: 3, transcriptHash: new Uint8Array(32) }
  const receipt = { escrowId, priceMicro: ruv, inputTokens: 1, outputTokens: 1, ...times }
  rita.escrows.noteReceipt(signReceipt(federation.id, receipt, nell.signer))
  const released = await wait(rita.escrows.release(escrowId))
  if (!released.ok) throw new Error(released.error.message)
  expect((await nell.escrows.receive(released.value)).ok).toBe(true)
  expect((await wait(nell.wallet.transfer(rita.wallet.accountId, ruv, ''))).ok).toBe(true)
  await wait(rita.wallet.catchUp())
  expect(rita.wallet.summary()).toMatchObject({ availableMicro: 1_000n * ruv, lockedMicro: 0n })
})
