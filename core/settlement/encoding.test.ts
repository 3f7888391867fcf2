import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxPayloadBytes } from '../network/limits.ts'
import { decodeBytes, encodeBytes, type Codec } from '../platform/codec.ts'
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  maxBundleBytes,
  type SettlementAnswer,
  type SettlementRequest,
} from './bundle.ts'
import {
  authorisedTxCodec,
  decodeDecree,
  decodeTx,
  decreeCodec,
  encodeDecree,
  encodeTx,
  maxDecreeBytes,
  maxShares,
  maxTxBytes,
  maxWitnesses,
  signedProposalCodec,
  statementCodec,
  termsCodec,
  txCodec,
  txHash,
  voteCodec,
} from './encoding.ts'
import type { Decree } from './objects.ts'
import { refusalCodes } from './refusals.ts'
import {
  anyCertificate,
  anyDecree,
  anyGovernance,
  anyOrder,
  anyProposal,
  anyStatement,
  anyTerms,
  anyTx,
  anyVote,
} from './testing/arbitraries.ts'

const roomy = 1_000_000
/** A value that does not come back as it went in; null when there is none. */
const lostBy = <T>(codec: Codec<T>, arbitrary: fc.Arbitrary<T>) => {
  const comesBack = fc.property(arbitrary, (value) => {
    expect(decodeBytes(codec, encodeBytes(codec, value), roomy, 'value')).toEqual({ ok: true, value })
  })
  return fc.check(comesBack).counterexample
}

const anyHash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const anyBundle = {
  orders: fc.array(anyOrder, { maxLength: 2 }),
  votes: fc.array(anyVote, { maxLength: 3 }),
  proposals: fc.array(anyProposal, { maxLength: 2 }),
  carried: fc.array(anyCertificate, { maxLength: 2 }),
}
const anyRequest: fc.Arbitrary<SettlementRequest> = fc.oneof(
  fc.record({
    kind: fc.constant('exchange' as const),
    register: fc.record({ governance: anyGovernance, objectId: anyHash, step: fc.nat({ max: 1_000_000_000 }) }),
    ...anyBundle,
    wantSkip: fc.boolean(),
    decrees: fc.array(anyDecree, { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('inform' as const), decrees: fc.array(anyDecree, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant('fetch-object' as const), objectId: anyHash, fromStep: fc.nat({ max: 1_000_000_000 }) }),
  fc.record({ kind: fc.constant('fetch-inbox' as const), account: anyHash, after: fc.nat({ max: 1_000_000_000 }) }),
  fc.record({ kind: fc.constant('fetch-log' as const), after: fc.nat({ max: 1_000_000_000 }) }),
  fc.record({ kind: fc.constant('hand-over' as const), governance: anyGovernance, fromPosition: fc.nat({ max: 1_000_000_000 }) }),
)
const anyAnswer: fc.Arbitrary<SettlementAnswer> = fc.oneof(
  fc.record({
    kind: fc.constant('open' as const),
    ...anyBundle,
    refusal: fc.option(fc.constantFrom(...refusalCodes)),
    headStep: fc.integer({ min: -1 }),
  }),
  fc.record({ kind: fc.constant('decided' as const), decree: anyDecree }),
  fc.record({ kind: fc.constant('informed' as const), headStep: fc.integer({ min: -1 }) }),
  fc.record({
    kind: fc.constant('decrees' as const),
    decrees: fc.array(anyDecree, { maxLength: 2 }),
    next: fc.option(fc.nat({ max: 1_000_000_000 })),
  }),
  fc.record({
    kind: fc.constant('log' as const),
    entries: fc.array(fc.record({ object: anyHash, step: fc.nat({ max: 1_000_000_000 }), tx: anyHash }), { maxLength: 3 }),
    next: fc.option(fc.nat({ max: 1_000_000_000 })),
  }),
  fc.record({
    kind: fc.constant('handed-over' as const),
    carried: fc.array(fc.record({ certificate: anyCertificate, order: fc.option(anyOrder) }), { maxLength: 2 }),
    next: fc.option(fc.nat({ max: 1_000_000_000 })),
    signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
  }),
  fc.record({ kind: fc.constant('refused' as const), refusal: fc.constantFrom(...refusalCodes) }),
)

describe('the canonical encoding', () => {
  it('gives back every value that it encodes', () => {
    const lost = [
      lostBy(txCodec, anyTx),
      lostBy(termsCodec, anyTerms),
      lostBy(authorisedTxCodec, anyOrder),
      lostBy(statementCodec, anyStatement),
      lostBy(voteCodec, anyVote),
      lostBy(signedProposalCodec, anyProposal),
      lostBy(decreeCodec, anyDecree),
    ]
    expect(lost).toEqual(lost.map(() => null))
  })

  it('gives back every question and answer', () => {
    fc.assert(
      fc.property(anyRequest, anyAnswer, (request, answer) => {
        expect(decodeRequest(encodeRequest(request))).toEqual({ ok: true, value: request })
        expect(decodeAnswer(encodeAnswer(answer))).toEqual({ ok: true, value: answer })
      }),
    )
  })

  it('has one form for each value: damaged bytes are refused or are another value’s own form', () => {
    const damaged = fc
      .tuple(anyDecree.map(encodeDecree), fc.nat({ max: 1_000_000_000 }), fc.integer({ min: 1, max: 255 }))
      .map(([bytes, at, change]) => {
        const position = at % bytes.length
        return bytes.with(position, (bytes[position] ?? 0) ^ change)
      })
    fc.assert(
      fc.property(damaged, (bytes) => {
        const decoded = decodeDecree(bytes)
        if (decoded.ok) expect(encodeDecree(decoded.value)).toEqual(bytes)
        else expect(decoded.error.code).toBe('malformed')
      }),
      { numRuns: 500 },
    )
  })

  it('answers any bytes at all without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect([decodeTx, decodeDecree, decodeRequest, decodeAnswer].every((decode) => !decode(bytes).ok)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('refuses what is cut off, has more to it, or is too large', () => {
    fc.assert(
      fc.property(anyTx.map(encodeTx), fc.nat({ max: 1_000_000_000 }), (bytes, cut) => {
        expect(decodeTx(bytes.subarray(0, cut % bytes.length)).ok).toBe(false)
        expect(decodeTx(new Uint8Array([...bytes, 0])).ok).toBe(false)
      }),
    )
    expect(decodeTx(new Uint8Array(maxTxBytes + 1))).toMatchObject({ ok: false, error: { code: 'malformed' } })
    expect(decodeRequest(new Uint8Array(maxBundleBytes + 1))).toMatchObject({ ok: false, error: { code: 'malformed' } })
  })
})

describe('bounds', () => {
  it('hold the largest decree there can be, and a question fits the network’s limit', () => {
    const [order] = fc.sample(anyOrder, { numRuns: 1, seed: 1 })
    if (order === undefined) throw new Error('no sample')
    const [signature, publicKey] = [new Uint8Array(64), new Uint8Array(32)]
    const share = { witnessIndex: maxWitnesses - 1, share: new Uint8Array(96) }
    const body = { kind: 'seat-panel', shares: Array.from({ length: maxShares }, () => share) } as const
    const tx = { ...order.tx, type: 'escrow', step: 1_000_000_000, body } as const
    const statement = {
      governance: tx.governance,
      objectId: tx.objectId,
      step: tx.step,
      view: 4_096,
      kind: 'F',
      txHash: publicKey,
    } as const
    const decree: Decree = {
      tx,
      authorisations: Array.from({ length: 16 }, () => ({ role: 'arbiter', publicKey, signature })),
      certificate: { statement, signatures: Array.from({ length: maxWitnesses }, (_, witnessIndex) => ({ witnessIndex, signature })) },
    }
    expect(encodeTx(tx).length).toBeLessThan(maxTxBytes)
    expect(encodeDecree(decree).length).toBeLessThan(maxDecreeBytes)
    expect(maxBundleBytes).toBe(maxPayloadBytes.settlement)
  })
})

describe('hashes', () => {
  it('name a transaction whatever its authorisations, and differ with every field', () => {
    fc.assert(
      fc.property(anyTx, anyTx, (a, b) => {
        expect(txHash({ ...a })).toEqual(txHash(a))
        if (Buffer.compare(encodeTx(a), encodeTx(b)) !== 0) expect(txHash(a)).not.toEqual(txHash(b))
        expect(txHash({ ...a, step: a.step === 0 ? 1 : a.step - 1 })).not.toEqual(txHash(a))
      }),
    )
  })
})
