import { beforeEach, describe, expect, it } from 'vitest'
import { createManualClock, type ManualClock } from '../platform/clock.ts'
import { toHex } from '../platform/bytes.ts'
import { txHash } from '../settlement/encoding.ts'
import type { Decree, EscrowTerms, ObjectId } from '../settlement/objects.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createFakeWitnesses, signerOf, testRules } from '../wallet/testing/fake-witnesses.ts'
import { agree, startMember, type Member } from '../wallet/testing/member.ts'

/** Cleo asks, Pete works; either loses everything but the phrase. */
const setUp = () => {
  const clock = createManualClock()
  const witnesses = createFakeWitnesses(clock, [{ firstKey: signerOf('cleo').publicKey, amountMicro: 1_000n }])
  const fresh = (name: string) => startMember(signerOf(name), openMemoryDatabase(), witnesses, clock)
  return { clock, witnesses, fresh, cleo: fresh('cleo'), pete: fresh('pete') }
}
let world = setUp()
beforeEach(async () => {
  world = setUp()
  await resume(world.cleo)
  await resume(world.pete)
})

const resume = async ({ wallet, escrows }: Member): Promise<void> => {
  const resumed = await wallet.resume()
  if (!resumed.ok) throw new Error(resumed.error.message)
  await escrows.resume()
}
const restored = async (name: string): Promise<Member> => {
  const member = world.fresh(name)
  await resume(member)
  return member
}
const open = async (changes: Partial<EscrowTerms> = {}): Promise<ObjectId> => {
  const { cleo, pete, clock } = world
  const { terms, acceptSignature } = agree(cleo, pete, clock, changes)
  const opened = await cleo.wallet.openEscrow(terms, acceptSignature)
  if (!opened.ok) throw new Error(opened.error.message)
  await pete.escrows.receive(opened.value)
  return txHash(opened.value.tx)
}
const receiptFor = (escrowId: ObjectId, priceMicro: bigint) => {
  const times = { startedAtMs: 1, firstTokenAtMs: 2, finishedAtMs: 3 }
  const receipt = { escrowId, priceMicro, inputTokens: 10, outputTokens: 20, transcriptHash: new Uint8Array(32).fill(7), ...times }
  return signReceipt(testRules.federationId, receipt, signerOf('pete'))
}
const trade = async (nonce: number, priceMicro: bigint): Promise<void> => {
  const id = await open({ nonce: new Uint8Array(16).fill(nonce) })
  for (const side of [world.cleo, world.pete]) side.escrows.noteReceipt(receiptFor(id, priceMicro))
  world.clock.advance(1_000)
  const released = await world.cleo.escrows.release(id)
  if (!released.ok) throw new Error(released.error.message)
  await world.pete.escrows.receive(released.value)
  world.clock.advance(1_000)
}
const pay = async (from: Member, to: Member, amountMicro: bigint, memo: string): Promise<Decree> => {
  const paid = await from.wallet.transfer(to.wallet.accountId, amountMicro, memo, `request-${memo}`)
  if (!paid.ok) throw new Error(paid.error.message)
  to.wallet.receive(paid.value)
  world.clock.advance(1_000)
  return paid.value
}
const advance = async (clock: ManualClock, byMs: number): Promise<void> => {
  clock.advance(byMs)
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
const shown = ({ wallet }: Member) =>
  wallet.payments(null, 50).map(({ kind, atMs, availableDeltaMicro, lockedDeltaMicro, counterparty, escrowId, memo }) => ({
    what: `${kind} ${availableDeltaMicro} ${lockedDeltaMicro} ${memo}`,
    atMs,
    counterparty: counterparty === null ? null : toHex(counterparty),
    escrow: escrowId === null ? null : toHex(escrowId),
  }))
const balances = ({ wallet, escrows }: Member) => {
  const { availableMicro, lockedMicro, step } = wallet.summary()
  return { availableMicro, lockedMicro, step, expectedMicro: escrows.expectedMicro() }
}

describe('a member restored from the phrase alone', () => {
  it('has its balances and its whole history back, with who, what and when, in its order', async () => {
    const { cleo, pete, clock } = world
    clock.advance(1_000)
    await pay(cleo, pete, 50n, 'hello')
    await trade(1, 30n)
    await pay(pete, cleo, 60n, 'thanks')
    await trade(2, 100n)
    await pay(cleo, pete, 1n, 'last')
    await pay(pete, cleo, 5n, 'unclaimed')
    await open({ nonce: new Uint8Array(16).fill(3) })
    clock.advance(86_400_000)
    for (const [name, before] of [
      ['cleo', cleo],
      ['pete', pete],
    ] as const) {
      const after = await restored(name)
      // What the genesis document gave has no decree; its time comes from that document, which these tests have none of.
      const withoutGenesis = (member: Member) => shown(member).filter(({ what }) => !what.startsWith('genesis'))
      expect(withoutGenesis(after)).toEqual(withoutGenesis(before))
      expect(balances(after)).toEqual(balances(before))
    }
  })

  it('says of a time that nobody remembers that it is unknown', async () => {
    const { cleo, pete, witnesses, clock } = world
    await pay(cleo, pete, 50n, 'hello')
    const fetchTimes = async () => ({ ok: true, value: new Map<string, number>() }) as const
    const forgetful = { ...witnesses, driver: { ...witnesses.driver, fetchTimes } }
    const after = startMember(signerOf('pete'), openMemoryDatabase(), forgetful, clock)
    await resume(after)
    expect(shown(after)).toMatchObject([{ what: 'transfer 50 0 hello', atMs: null }])
  })

  it('finds the escrows it works for, also those nobody tells it of, and is paid when the requester releases', async () => {
    const id = await open()
    const pete = await restored('pete')
    expect(pete.escrows.get(id)).toMatchObject({ role: 'provider', state: { phase: 'open' } })
    const released = await world.cleo.escrows.release(id)
    await pete.escrows.refresh(id)
    expect(released.ok && pete.wallet.summary().availableMicro).toBe(100n)
  })

  it('goes on as a requester by itself: what nobody delivers comes back after the deadline', async () => {
    const id = await open()
    const cleo = await restored('cleo')
    expect(balances(cleo)).toMatchObject({ availableMicro: 900n, lockedMicro: 100n })
    await advance(world.clock, 121_000)
    await advance(world.clock, 60_000)
    expect(cleo.escrows.get(id)?.state.payout?.by).toBe('expire-refund')
    expect(balances(cleo)).toMatchObject({ availableMicro: 1_000n, lockedMicro: 0n })
  })

  it('goes on as a provider by itself: what it delivered is paid when the review is over', async () => {
    const id = await open()
    world.pete.escrows.noteReceipt(receiptFor(id, 30n))
    expect((await world.pete.escrows.deliver(id)).ok).toBe(true)
    world.pete.stop()
    world.cleo.stop()
    const pete = await restored('pete')
    expect(balances(pete)).toMatchObject({ expectedMicro: 30n })
    await advance(world.clock, 62_000)
    await advance(world.clock, 60_000)
    expect(balances(pete)).toMatchObject({ availableMicro: 30n, expectedMicro: 0n })
  })

  it('knows its disputes and their deadlines, on either side', async () => {
    const id = await open()
    world.pete.escrows.noteReceipt(receiptFor(id, 30n))
    await world.pete.escrows.deliver(id)
    await world.cleo.escrows.refresh(id)
    const disputed = await world.cleo.escrows.dispute(id, new Uint8Array(32).fill(9))
    if (!disputed.ok) throw new Error(disputed.error.message)
    const [before] = world.cleo.escrows.page(null, 1)
    for (const name of ['cleo', 'pete']) {
      const after = (await restored(name)).escrows.get(id)
      expect(after?.state).toEqual(before?.state)
      expect(after?.openedAtMs).toEqual(before?.openedAtMs)
    }
  })
})
