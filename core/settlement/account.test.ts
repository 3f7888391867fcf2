import { describe, expect, it } from 'vitest'
import { accountWindow, applyAccountTx, applyCertifiedAccountTx, genesisCredits, initialAccount, type AccountContext } from './account.ts'
import { creditIdOf } from './account-id.ts'
import { maxDevices } from './encoding.ts'
import type { AccountBody, AccountOperation, AccountState, AccountTx, Credit } from './objects.ts'
import { authorise, signTerms } from './signatures.ts'
import { birth, createMember, federationId, hash, rules, signed, signerOf, termsBetween } from './testing/world.ts'

const [alice, bob] = [createMember('alice'), createMember('bob')]
const nowMs = 1_750_000_000_000
const credit = (index: number, amountMicro: bigint, account = alice.id): Credit => {
  const sourceHash = hash('source')
  return { id: creditIdOf(sourceHash, index), account, amountMicro, sourceHash, index }
}
const credits = [credit(0, 60n), credit(1, 40n), credit(2, 5n, bob.id)]
const own = credits.slice(0, 2).toSorted((a, b) => Buffer.compare(a.id, b.id))
const context: AccountContext = {
  rules,
  creditOf: (id) => credits.find((one) => Buffer.compare(one.id, id) === 0) ?? null,
  isClaimed: () => false,
  nowMs,
}

const device = signerOf('device')
const funded: AccountState = {
  ...initialAccount(birth, alice.signer.publicKey),
  step: 4,
  headHash: hash('head'),
  freeMicro: 1_000n,
  deviceKeys: [device.publicKey],
}
const transfer = { kind: 'transfer', to: bob.id, amountMicro: 10n, memo: '' } as const

type Changes = {
  readonly body?: Partial<AccountBody>
  readonly tx?: Partial<AccountTx>
  readonly state?: AccountState
  readonly context?: Partial<AccountContext>
  readonly by?: typeof device
}
const orderOf = (operation: AccountOperation, { body, tx, state = funded, by = alice.signer }: Changes = {}) => {
  const spent = operation.kind === 'transfer' ? operation.amountMicro : operation.kind === 'open-escrow' ? operation.terms.amountMicro : 0n
  const header = {
    version: 1,
    type: 'account',
    objectId: state.id,
    step: state.step + 1,
    previousHash: state.headHash,
    governance: birth,
    next: birth,
  } as const
  return signed({ ...header, body: { claims: [], operation, freeAfterMicro: state.freeMicro - spent, ...body }, ...tx }, by)
}
const tried = (operation: AccountOperation, changes: Changes = {}): string => {
  const applied = applyAccountTx(changes.state ?? funded, orderOf(operation, changes), { ...context, ...changes.context })
  return applied.ok ? `free ${applied.value.state.freeMicro}` : applied.error.code
}

describe('claims', () => {
  const claimOnly = { kind: 'claim-only' } as const
  const claim = (claims: readonly Uint8Array[], freeAfterMicro: bigint, changes: Changes = {}) =>
    tried(claimOnly, { ...changes, body: { claims, freeAfterMicro } })

  it('takes in proven credits of this account, each once, in ascending order', () => {
    const ids = own.map(({ id }) => id)
    expect([
      claim(ids, 1_100n),
      claim(ids.toReversed(), 1_100n),
      claim([ids[0] ?? hash(''), ids[0] ?? hash('')], 1_100n),
      claim([hash('nothing')], 1_000n),
      claim([credit(2, 5n).id], 1_005n),
      claim(ids, 1_100n, { context: { isClaimed: () => true } }),
      claim(ids, 1_101n),
      claim([], 1_000n),
    ]).toEqual([
      'free 1100',
      'unordered-claims',
      'unordered-claims',
      'unknown-credit',
      'foreign-credit',
      'already-claimed',
      'wrong-balance',
      'nothing-to-do',
    ])
  })

  it('starts an account, by the key that is in its id, and only with a credit', () => {
    const state = initialAccount(birth, alice.signer.publicKey)
    const ids = own.map(({ id }) => id)
    expect([
      claim(ids, 100n, { state }),
      claim([], 0n, { state }),
      claim(ids, 100n, { state, by: bob.signer }),
      tried({ kind: 'register-device', deviceKey: device.publicKey }, { state }),
    ]).toEqual(['free 100', 'no-credit', 'not-authorised', 'no-credit'])
  })

  it('can be spent in the same step', () => {
    expect(tried({ ...transfer, amountMicro: 1_100n }, { body: { claims: own.map(({ id }) => id), freeAfterMicro: 0n } })).toBe('free 0')
  })
})

describe('transfers', () => {
  it('moves an amount that is there to somebody else', () => {
    expect([
      tried(transfer),
      tried({ ...transfer, amountMicro: 1_000n }),
      tried({ ...transfer, amountMicro: 1_001n }, { body: { freeAfterMicro: 0n } }),
      tried({ ...transfer, amountMicro: 0n }),
      tried({ ...transfer, to: alice.id }),
      tried(transfer, { body: { freeAfterMicro: 991n } }),
      tried(transfer, { body: { freeAfterMicro: 989n } }),
    ]).toEqual(['free 990', 'free 0', 'insufficient', 'zero-amount', 'to-self', 'wrong-balance', 'wrong-balance'])
  })

  it('makes one credit for the payee', () => {
    const applied = applyAccountTx(funded, orderOf(transfer), context)
    expect(applied).toMatchObject({ value: { credits: [{ account: bob.id, amountMicro: 10n, index: 0 }], openedEscrow: null } })
  })

  it('respects the gift limit of a community', () => {
    const limited = { rules: { ...rules, limits: { ...rules.limits, giftPerDayMicro: 9n } } }
    expect([tried(transfer, { context: limited }), tried({ ...transfer, amountMicro: 9n }, { context: limited })]).toEqual([
      'over-gift-limit',
      'free 991',
    ])
  })
})

describe('escrows', () => {
  const rich: AccountState = { ...funded, freeMicro: 9_000_000n }
  const terms = termsBetween(alice, bob, nowMs)
  const open = (changes: Partial<typeof terms> = {}, more: Changes = {}, by = bob.signer): string => {
    const changed = { ...terms, ...changes }
    return tried({ kind: 'open-escrow', terms: changed, acceptSignature: signTerms(federationId, changed, by) }, { state: rich, ...more })
  }

  it('locks what both sides signed', () => {
    expect([
      open(),
      open({}, {}, alice.signer),
      open({ amountMicro: 0n }),
      open({ amountMicro: 9_000_001n }, { body: { freeAfterMicro: 0n } }),
    ]).toEqual(['free 4000000', 'not-accepted', 'zero-amount', 'insufficient'])
  })

  it('is between this account and another, within the federation’s limits', () => {
    expect([
      open({ client: bob.id }),
      open({ provider: alice.id }),
      open({ clientKey: bob.signer.publicKey }),
      open({ clientKey: new Uint8Array(32) }),
      open({ reviewMs: rules.limits.minReviewMs - 1 }),
      open({ ruleMs: rules.limits.maxRuleMs + 1 }),
      open({ panel: { size: 4, quorum: 2 } }),
      open({ panel: { size: 4, quorum: 5 } }),
    ]).toEqual(Array.from({ length: 8 }, () => 'wrong-terms'))
  })

  it('opens while the offer stands, with a work deadline that is not too far ahead', () => {
    const { acceptValidUntilMs, deliverByMs } = terms
    const at = (time: number | null) => open({}, { context: { nowMs: time } })
    expect([at(acceptValidUntilMs), at(acceptValidUntilMs + 1), at(deliverByMs - rules.limits.maxWorkMs - 1), at(null)]).toEqual([
      'free 4000000',
      'too-late',
      'too-early',
      'free 4000000',
    ])
    expect(accountWindow(orderOf(transfer).tx, rules).notAfterMs).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('keys', () => {
  const register = { kind: 'register-device', deviceKey: signerOf('second device').publicKey } as const

  it('lets devices spend, and only the owner’s key manage keys', () => {
    expect([
      tried(transfer, { by: device }),
      tried(register),
      tried(register, { by: device }),
      tried({ kind: 'revoke-device', deviceKey: device.publicKey }, { by: device }),
      tried({ kind: 'rotate-key', newKey: register.deviceKey }, { by: device }),
      tried(transfer, { by: bob.signer }),
    ]).toEqual(['free 990', 'free 1000', 'not-authorised', 'not-authorised', 'not-authorised', 'not-authorised'])
  })

  it('knows its keys', () => {
    const full = { ...funded, deviceKeys: Array.from({ length: maxDevices }, (_, at) => signerOf(`device ${at}`).publicKey) }
    expect([
      tried({ kind: 'register-device', deviceKey: device.publicKey }),
      tried({ kind: 'register-device', deviceKey: alice.signer.publicKey }),
      tried({ kind: 'register-device', deviceKey: new Uint8Array(32) }),
      tried(register, { state: full }),
      tried({ kind: 'revoke-device', deviceKey: bob.signer.publicKey }),
      tried({ kind: 'rotate-key', newKey: alice.signer.publicKey }),
      tried({ kind: 'rotate-key', newKey: new Uint8Array(32).fill(0).with(0, 1) }),
    ]).toEqual(['known-key', 'known-key', 'bad-key', 'too-many-devices', 'unknown-key', 'known-key', 'bad-key'])
  })

  it('rotates, registers and revokes', () => {
    const after = (operation: AccountOperation) => {
      const applied = applyAccountTx(funded, orderOf(operation), context)
      if (!applied.ok) throw new Error(applied.error.message)
      const { ownerKey, deviceKeys } = applied.value.state
      return { ownerKey, deviceKeys }
    }
    const ownerKey = alice.signer.publicKey
    expect([
      after({ kind: 'rotate-key', newKey: bob.signer.publicKey }),
      after(register),
      after({ kind: 'revoke-device', deviceKey: device.publicKey }),
    ]).toEqual([
      { ownerKey: bob.signer.publicKey, deviceKeys: [device.publicKey] },
      { ownerKey, deviceKeys: [device.publicKey, register.deviceKey] },
      { ownerKey, deviceKeys: [] },
    ])
  })
})

describe('chains and signatures', () => {
  it('continues this account’s head, under its committee', () => {
    expect([
      tried(transfer, { tx: { step: 6 } }),
      tried(transfer, { tx: { previousHash: hash('other') } }),
      tried(transfer, { tx: { objectId: bob.id } }),
      tried(transfer, { tx: { governance: { ...birth, epoch: 1 } } }),
      tried(transfer, { tx: { next: { federationId: hash('other'), epoch: 0 } } }),
    ]).toEqual(['wrong-step', 'wrong-previous', 'wrong-object', 'wrong-governance', 'wrong-governance'])
  })

  it('carries exactly one signature, the owner’s, over this very step', () => {
    const order = orderOf(transfer)
    const [authorisation] = order.authorisations
    if (authorisation === undefined) throw new Error('not signed')
    const foreign = authorise(orderOf({ ...transfer, memo: 'x' }).tx, 'owner', alice.signer)
    const wrongs = [[], [authorisation, authorisation], [{ ...authorisation, role: 'client' as const }], [foreign]]
    const codes = wrongs.flatMap((authorisations) =>
      [applyAccountTx(funded, { ...order, authorisations }, context), applyCertifiedAccountTx(funded, { ...order, authorisations })].map(
        (applied) => (applied.ok ? 'accepted' : applied.error.code),
      ),
    )
    expect(codes).toEqual(Array.from({ length: 2 * wrongs.length }, () => 'not-authorised'))
  })

  it('comes to the same state with and without a certificate', () => {
    const order = orderOf(transfer, { body: { claims: own.map(({ id }) => id), freeAfterMicro: 1_090n } })
    expect(applyCertifiedAccountTx(funded, order)).toEqual(applyAccountTx(funded, order, context))
  })
})

describe('genesis', () => {
  it('gives each holder one credit of its own account', () => {
    const holders = [
      { firstKey: alice.signer.publicKey, amountMicro: 7n },
      { firstKey: bob.signer.publicKey, amountMicro: 8n },
    ]
    expect(genesisCredits(birth, holders)).toEqual([
      { id: creditIdOf(federationId, 0), account: alice.id, amountMicro: 7n, sourceHash: federationId, index: 0 },
      { id: creditIdOf(federationId, 1), account: bob.id, amountMicro: 8n, sourceHash: federationId, index: 1 },
    ])
  })
})
