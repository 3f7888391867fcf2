import { expect, test } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { unbilled, type ProviderCaps } from './caps.ts'
import {
  consentStatus,
  consentTag,
  consentValidMs,
  decodeConsentBody,
  encodeConsentBody,
  signConsent,
  type Consent,
  type ConsentDemand,
  type ConsentReading,
} from './consent.ts'

const filled = (byte: number) => new Uint8Array(32).fill(byte)
const signer = createSigner(keyFromSeed(filled(1)))
const federationId = filled(2)
const grantedAtMs = 1_790_000_000_000
const caps: ProviderCaps = {
  ...unbilled,
  tasksPerDay: 10,
  outputTokensPerTask: 1_000,
  outputTokensPerDay: 5_000,
  moneyPerDayCents: 100,
  moneyPerMonthCents: 1_000,
  concurrent: 2,
}
const consent: Consent = {
  documentId: 'serve-anthropic-api',
  version: 1,
  textHash: sha256(utf8('I accept.')),
  termsCheckedAtMs: grantedAtMs,
  backend: 'anthropic-api',
  baseUrl: 'https://api.anthropic.com',
  model: 'some-model',
  caps,
  credentialTag: filled(3),
  grantedAtMs,
}
const signed = signConsent(signer, federationId, consent)
const reading: ConsentReading = { federationId, publicKey: signer.publicKey, nowMs: grantedAtMs + 1, seenMs: grantedAtMs }
const at = (nowMs: number, seenMs = grantedAtMs): string => consentStatus(signed, consent, { ...reading, nowMs, seenMs })

test('a consent stands for 90 days and survives its encoding', () => {
  expect(decodeConsentBody(encodeConsentBody(consent))).toEqual({ ok: true, value: consent })
  expect([grantedAtMs, grantedAtMs + consentValidMs - 1, grantedAtMs + consentValidMs].map((nowMs) => at(nowMs))).toEqual([
    'valid',
    'valid',
    'expired',
  ])
})

test('a clock that is set back does not bring an expired consent back', () => {
  const endMs = grantedAtMs + consentValidMs
  expect(at(endMs - 1_000, endMs)).toBe('expired')
  expect(at(grantedAtMs + 1, endMs)).toBe('expired')
  expect(at(grantedAtMs - 3_600_000)).toBe('expired')
  // The seconds by which clocks are corrected are no trick.
  expect(at(grantedAtMs - 1_000)).toBe('valid')
})

test.each<[string, Partial<ConsentDemand>]>([
  ['text-changed', { textHash: filled(9) }],
  ['text-changed', { version: 2 }],
  ['text-changed', { documentId: 'serve-local-model' }],
  ['backend-changed', { backend: 'local-model' }],
  ['backend-changed', { model: 'another-model' }],
  ['backend-changed', { baseUrl: 'https://gateway.example' }],
  ['key-changed', { credentialTag: filled(9) }],
  ['key-changed', { credentialTag: null }],
  ...Object.keys(caps).map((name): [string, Partial<ConsentDemand>] => [
    'caps-changed',
    { caps: { ...caps, [name]: name === 'weeklyHours' ? caps.weeklyHours.with(0, 0) : 7 } },
  ]),
])('what has changed since asks again: %s, %o', (status, change) => {
  expect(consentStatus(signed, { ...consent, ...change }, reading)).toBe(status)
})

test('nobody can change a consent, bring it from another federation or give it for another, and none is none', () => {
  const changed = { ...consent, grantedAtMs: grantedAtMs + 5 }
  expect(consentStatus({ ...signed, consent: changed }, changed, reading)).toBe('forged')
  expect(consentStatus(signed, consent, { ...reading, federationId: filled(9) })).toBe('forged')
  expect(consentStatus(signed, consent, { ...reading, publicKey: createSigner(keyFromSeed(filled(9))).publicKey })).toBe('forged')
  expect(consentStatus(null, consent, reading)).toBe('missing')
  expect(decodeConsentBody(encodeConsentBody(consent).slice(1))).toMatchObject({ ok: false, error: { code: 'malformed' } })
})

test('the tag of an offer tells consents apart', () => {
  const other = signConsent(signer, federationId, { ...consent, caps: { ...caps, tasksPerDay: 11 } })
  expect(consentTag(federationId, signed)).not.toEqual(consentTag(federationId, other))
})
