import { beforeEach, describe, expect, it } from 'vitest'
import { createPracticeFederation } from '../federation/practice.ts'
import type { Federation } from '../federation/federation.ts'
import { createManualClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { createSeededRandom } from '../platform/random.ts'
import { fail, ok } from '../platform/result.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createFakeWitnesses, signerOf, testRules } from '../wallet/testing/fake-witnesses.ts'
import { startMember } from '../wallet/testing/member.ts'
import { createDeviceCode, readAccountCode } from './codes.ts'
import { createKeyBook } from './key-book.ts'
import { createDevices } from './service.ts'

const made = createPracticeFederation({
  random: createSeededRandom('devices'),
  nowMs: 1_750_000_000_000,
  requesterKey: signerOf('ann').publicKey,
  witnessAddresses: [1, 2, 3, 4].map((port) => [`/ip4/127.0.0.1/tcp/${port}`]),
})
if (!made.ok) throw new Error(made.error.message)
const practice = made.value.federation
// Its genesis document would have to be signed anew to be another kind; nothing here looks at the signature but the account code.
const federation: Federation = { ...practice, genesis: { ...practice.genesis, kind: 'community' } }

const clock = createManualClock()
const laptopSigner = signerOf('laptop')
const code = createDeviceCode(laptopSigner, 'Laptop')
const setUp = () => {
  const witnesses = createFakeWitnesses(clock, [{ firstKey: signerOf('ann').publicKey, amountMicro: 1_000n }])
  const firstKey = signerOf('ann').publicKey
  const computer = (signer: typeof laptopSigner, ownName: string | null, over: Federation = federation) => {
    const db = openMemoryDatabase()
    const member = startMember(signer, db, witnesses, clock, undefined, firstKey)
    const devices = createDevices({
      db,
      wallet: member.wallet,
      federation: over,
      publicKey: signer.publicKey,
      firstKey,
      ownName,
      copyKey: () => Promise.resolve(firstKey),
    })
    return { ...member, devices }
  }
  return { witnesses, computer, desk: computer(signerOf('ann'), null), laptop: computer(laptopSigner, 'Laptop'), ben: signerOf('ben') }
}
let world = setUp()
beforeEach(() => {
  world = setUp()
})
const payee = new Uint8Array(32).fill(7)
const pay = ({ wallet }: typeof world.desk, amountMicro: bigint, requestId: string | null = null) =>
  wallet.transfer(payee, amountMicro, '', requestId)
const shown = ({ devices }: typeof world.desk) =>
  devices.list().map(({ kind, name, isThis, isRevoked }) => ({ kind, name, isThis, isRevoked }))

describe('linking a computer', () => {
  it('certifies its key in the chain, once for the same code, and answers with what it needs to go on', async () => {
    const { desk, laptop } = world
    const linked = await desk.devices.link(code, 'request-link-one')
    expect(await desk.devices.link(code, 'request-link-two')).toEqual(linked)
    if (!linked.ok) throw new Error(linked.error.message)
    expect(linked.value.name).toBe('Laptop')
    expect(readAccountCode(linked.value.accountCode)).toMatchObject({ ok: false })
    expect(desk.wallet.summary().step).toBe(0)
    await laptop.wallet.resume()
    expect(shown(desk)).toEqual([
      { kind: 'phrase', name: '', isThis: true, isRevoked: false },
      { kind: 'linked', name: 'Laptop', isThis: false, isRevoked: false },
    ])
    expect(shown(laptop)).toEqual([
      { kind: 'phrase', name: '', isThis: false, isRevoked: false },
      { kind: 'linked', name: 'Laptop', isThis: true, isRevoked: false },
    ])
  })

  it('is for a computer with the phrase, for a lasting federation, and for a true code', async () => {
    const { desk, laptop, computer } = world
    await desk.devices.link(code, 'request-link-one')
    await laptop.wallet.resume()
    const other = createDeviceCode(signerOf('tablet'), 'Tablet')
    const codes = [
      await laptop.devices.link(other, 'request-link-two'),
      await computer(signerOf('ann'), null, practice).devices.link(other, 'request-link-two'),
      await desk.devices.link(other.slice(0, -4), 'request-link-two'),
      await laptop.devices.revoke(laptopSigner.publicKey, 'request-revoke-1'),
      await desk.devices.revoke(signerOf('tablet').publicKey, 'request-revoke-1'),
    ]
    expect(codes.map((one) => (one.ok ? null : one.error.code))).toEqual([
      'not-the-owner',
      'practice',
      'malformed-code',
      'not-the-owner',
      'not-found',
    ])
  })
})

describe('two computers of one account', () => {
  beforeEach(async () => {
    await world.desk.devices.link(code, 'request-link-one')
    await world.laptop.wallet.resume()
  })

  it('that pay at once both end in the same state, each payment made once, whatever is asked twice', async () => {
    const { desk, laptop, witnesses } = world
    const paid = await Promise.all([
      pay(desk, 100n, 'request-desk-1'),
      pay(laptop, 20n, 'request-laptop-1'),
      pay(laptop, 20n, 'request-laptop-1'),
    ])
    expect(paid.map(({ ok: isOk }) => isOk)).toEqual([true, true, true])
    expect(await pay(laptop, 20n, 'request-laptop-1')).toEqual(paid[1])
    await Promise.all([desk.wallet.catchUp(), laptop.wallet.catchUp()])
    expect([desk, laptop].map(({ wallet }) => [wallet.summary().availableMicro, wallet.summary().step])).toEqual([
      [880n, 2],
      [880n, 2],
    ])
    expect(witnesses.totalMicro()).toBe(1_000n)
  })

  it('that pay the same at once pay twice, for it was wished twice', async () => {
    const { desk, laptop } = world
    const paid = await Promise.all([pay(desk, 5n, 'request-desk-1'), pay(laptop, 5n, 'request-laptop-1')])
    expect(paid.map(({ ok: isOk }) => isOk)).toEqual([true, true])
    await Promise.all([desk.wallet.catchUp(), laptop.wallet.catchUp()])
    expect([desk, laptop].map(({ wallet }) => wallet.summary().availableMicro)).toEqual([990n, 990n])
  })

  it('of which the loser has no money left say so, and nothing is paid twice', async () => {
    const { desk, laptop } = world
    const paid = await Promise.all([pay(desk, 900n), pay(laptop, 200n)])
    expect(paid.map((one) => (one.ok ? 'paid' : one.error.code))).toEqual(['paid', 'insufficient-funds'])
    expect(laptop.wallet.summary()).toMatchObject({ availableMicro: 100n, step: 1 })
  })

  it('of which one is removed: it signs nothing more, knows why, and the list says so on both', async () => {
    const { desk, laptop } = world
    expect((await desk.devices.revoke(laptopSigner.publicKey, 'request-revoke-1')).ok).toBe(true)
    expect(await desk.devices.revoke(laptopSigner.publicKey, 'request-revoke-1')).toMatchObject({ ok: true })
    expect(await pay(laptop, 1n)).toMatchObject({ ok: false, error: { code: 'refused' } })
    expect(await pay(laptop, 1n)).toMatchObject({ ok: false, error: { message: expect.stringContaining('not linked') as string } })
    expect([shown(desk)[1], shown(laptop)[1]]).toEqual([
      { kind: 'linked', name: 'Laptop', isThis: false, isRevoked: true },
      { kind: 'linked', name: 'Laptop', isThis: true, isRevoked: true },
    ])
  })
})

describe('the key book', () => {
  const account = signerOf('ann').publicKey
  const createBook = (keys: () => readonly Uint8Array[] | null) => {
    let asked = 0
    const driver = {
      fetchKeys: async () => {
        asked += 1
        const known = keys()
        return known === null ? fail('no-quorum', 'nobody') : ok(known)
      },
    }
    const book = createKeyBook({ driver, federationId: testRules.federationId, clock, log: silentLog })
    return { book, asked: () => asked }
  }

  it('asks nobody about the key that names an account', () => {
    const { book, asked } = createBook(() => [])
    expect([book.belongs(world.desk.wallet.accountId, account), asked()]).toEqual([true, 0])
  })

  it('asks the witnesses about another once a minute, and believes them until then', async () => {
    let certified: readonly Uint8Array[] = [laptopSigner.publicKey]
    const { book, asked } = createBook(() => certified)
    const isKnown = () => book.belongs(world.desk.wallet.accountId, laptopSigner.publicKey)
    expect(isKnown()).toBeNull()
    await book.asked()
    expect([isKnown(), book.belongs(world.desk.wallet.accountId, signerOf('mallory').publicKey)]).toEqual([true, false])
    certified = []
    clock.advance(60_001)
    expect(isKnown()).toBeNull()
    await book.asked()
    expect([isKnown(), asked()]).toEqual([false, 2])
  })

  it('knows nothing while they do not answer, and asks about a flood of made-up accounts only so often', async () => {
    const { book, asked } = createBook(() => null)
    for (let at = 0; at < 500; at += 1) {
      const madeUp = new Uint8Array(32).fill(1)
      new DataView(madeUp.buffer).setUint32(0, at)
      expect(book.belongs(madeUp, account)).toBeNull()
      if (at % 8 === 7) await book.asked()
    }
    expect(asked()).toBeLessThanOrEqual(120)
  })
})
