import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeCbor } from '../platform/cbor.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { maxPaddedBytes } from '../tasks/padding.ts'
import {
  bids,
  checkLifetime,
  closings,
  maxEnvelopeBytes,
  maxFutureMs,
  maxOfferLifeMs,
  offers,
  requests,
  withdrawals,
  type Kind,
  type Offer,
  type Signed,
  type TaskRequest,
} from './model.ts'
import { bidOf, federationId, offerValue, otherFederationId, requestOf, requestValue, signerOf, startMs } from './testing/fixtures.ts'

const ann = signerOf('ann')
const request = requestOf('client')
const sample = <T>(kind: Kind<T>, value: T) => ({
  signed: kind.sign(value, ann, federationId) as Signed<unknown>,
  kind: kind as Kind<unknown>,
})
const samples = {
  offer: sample(offers, offerValue('ann')),
  withdrawal: sample(withdrawals, { offerId: sha256(utf8('x')), providerKey: ann.publicKey, createdAtMs: startMs }),
  request: sample(requests, requestValue('ann', { attestation: new Uint8Array(512), firstTokenMs: 900 })),
  bid: sample(bids, bidOf('ann', request).value),
  closing: sample(closings, { requestHash: request.id, clientKey: ann.publicKey, winner: null, createdAtMs: startMs }),
}
type Name = keyof typeof samples
const names = Object.keys(samples) as readonly Name[]

test.each(names)('%s: what is encoded is decoded, under the same id', (name) => {
  const { kind, signed } = samples[name]
  const bytes = kind.encode(signed)
  expect(kind.decode(bytes, federationId)).toEqual({ ok: true, value: signed })
  expect(kind.idOf(bytes, federationId)).toEqual(signed.id)
})
test.each(names)('%s: no byte can be changed, left out or added', (name) => {
  const { kind, signed } = samples[name]
  const bytes = kind.encode(signed)
  const codes = ['malformed', 'bad-signature']
  const refused = (tampered: Uint8Array): void => {
    const decoded = kind.decode(tampered, federationId)
    expect(codes).toContain(decoded.ok ? 'taken' : decoded.error.code)
  }
  for (let at = 0; at < bytes.length; at++) refused(bytes.map((byte, index) => (index === at ? byte ^ (1 + (at % 255)) : byte)))
  for (let length = 0; length < bytes.length; length += 7) refused(bytes.slice(0, length))
  refused(new Uint8Array([...bytes, 0]))
})
test.each(names)('%s: garbage is a typed failure with a sentence, and never a throw', (name) => {
  const { kind } = samples[name]
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.string(), fc.maxSafeInteger()), { maxLength: 5 }).map(encodeCbor),
    fc.uint8Array({ maxLength: 300 }).map((body) => encodeCbor([body, new Uint8Array(64)])),
  )
  fc.assert(
    fc.property(garbage, (bytes) => {
      expect(kind.decode(bytes, federationId)).toMatchObject({
        ok: false,
        error: { message: expect.stringMatching(/^Refused: .+\.$/) as string },
      })
      kind.idOf(bytes, federationId)
    }),
  )
})
test.each(names)('%s: signed for another federation, or as another kind, it is refused', (name) => {
  const { kind, signed } = samples[name]
  expect(kind.decode(kind.encode(signed), otherFederationId)).toMatchObject({ ok: false, error: { code: 'bad-signature' } })
  for (const other of names.filter((one) => one !== name))
    expect(samples[other].kind.decode(kind.encode(signed), federationId).ok).toBe(false)
})
test.each(names)('%s: signed by anyone but the key it names, it is refused', (name) => {
  const { kind, signed } = samples[name]
  const forged = kind.sign(signed.value, signerOf('mallory'), federationId)
  expect(kind.decode(kind.encode(forged), federationId)).toMatchObject({ ok: false, error: { code: 'bad-signature' } })
})
test.each(names)('%s: over the size of an order, nothing is even read', (name) => {
  const huge = encodeCbor([new Uint8Array(maxEnvelopeBytes), new Uint8Array(64)])
  expect(samples[name].kind.decode(huge, federationId)).toMatchObject({ ok: false, error: { code: 'malformed' } })
})

const longAddress = `/dns4/${'a'.repeat(246)}/tcp`
const fits = { peerId: 'p'.repeat(128), addresses: Array.from({ length: 8 }, () => longAddress) }
test('eight addresses of 256 characters fit in each kind, beside the longest of everything else', () => {
  expect(longAddress.length).toBe(256)
  const widest: Partial<TaskRequest> = { peer: fits, classKey: 'k'.repeat(64), attestation: new Uint8Array(512) }
  const orders = [
    [offers, offers.sign(offerValue('ann', { peer: fits, modelLabel: 'm'.repeat(80), classKey: 'k'.repeat(64) }), ann, federationId)],
    [requests, requests.sign(requestValue('ann', widest), ann, federationId)],
    [bids, bidOf('ann', request, { bid: { peer: fits, modelLabel: 'm'.repeat(80) } })],
  ] as const
  for (const [kind, order] of orders) {
    const bytes = (kind as Kind<unknown>).encode(order as Signed<unknown>)
    expect(kind.decode(bytes, federationId).ok).toBe(true)
  }
})
const beyond: readonly (readonly [string, Partial<Offer>])[] = [
  ['nine addresses', { peer: { ...fits, addresses: [...fits.addresses, '/ip4/127.0.0.1/tcp/1'] } }],
  ['an address of 257 characters', { peer: { ...fits, addresses: [`${longAddress}x`] } }],
  ['a peer id of 129 characters', { peer: { ...fits, peerId: 'p'.repeat(129) } }],
  ['a label of 81 characters', { modelLabel: 'm'.repeat(81) }],
  ['a label that turns the text around', { modelLabel: 'safe \u202e elif' }],
  ['a label with an escape sequence', { modelLabel: '\u001b[2J' }],
  ['a class with an invisible character', { classKey: 'practice\u200b-small' }],
  ['a negative price', { pricing: { ...offerValue('ann').pricing, perTaskMicro: -1n } }],
  ['a price above the supply', { pricing: { ...offerValue('ann').pricing, perTaskMicro: 9_000_000_000_000_001n } }],
  ['no slot', { concurrent: 0 }],
  ['more than all tasks succeeding', { successPpm: 1_000_001 }],
  ['tokens beyond any model', { maxOutputTokens: 4_000_001 }],
  ['half a token', { maxInputTokens: 0.5 }],
  ['a promise in no time', { firstTokenMs: 0 }],
  ['a short consent tag', { consentTag: new Uint8Array(31) }],
  ['a time beyond the calendar', { validUntilMs: 10_000_000_000_000 }],
]
test.each(beyond)('an offer with %s is malformed', (_, changes) => {
  const bytes = offers.encode(offers.sign(offerValue('ann', changes), ann, federationId))
  expect(offers.decode(bytes, federationId)).toMatchObject({ ok: false, error: { code: 'malformed' } })
})
test('a request for more bytes than a task can have is malformed', () => {
  const bytes = requests.encode(requests.sign(requestValue('ann', { inputBucketBytes: maxPaddedBytes + 1 }), ann, federationId))
  expect(requests.decode(bytes, federationId)).toMatchObject({ ok: false, error: { code: 'malformed' } })
})

test('an order is of now: not from the future, not ended, not meant to live too long', () => {
  const check = (createdAtMs: number, validUntilMs: number) => {
    const checked = checkLifetime({ createdAtMs, validUntilMs }, startMs, maxOfferLifeMs)
    return checked.ok ? 'ok' : checked.error.code
  }
  expect([
    check(startMs + maxFutureMs, startMs + maxFutureMs + 1),
    check(startMs + maxFutureMs + 1, startMs + maxFutureMs + 2),
    check(startMs - 10, startMs + 1),
    check(startMs - 10, startMs),
    check(startMs, startMs + maxOfferLifeMs),
    check(startMs, startMs + maxOfferLifeMs + 1),
    // Ends before it begins: it is never valid, not even while its beginning is ahead.
    check(startMs + 20, startMs - 1),
  ]).toEqual(['ok', 'from-the-future', 'ok', 'expired', 'ok', 'lives-too-long', 'expired'])
})
