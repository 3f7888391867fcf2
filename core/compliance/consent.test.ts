import { expect, test } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import {
  allHours,
  consentStatus,
  consentTag,
  consentValidMs,
  decodeConsent,
  encodeConsent,
  refusalByCaps,
  signConsent,
  type Consent,
  type ConsentDemand,
  type ProviderCaps,
  type ProviderDay,
} from './consent.ts'

const filled = (byte: number) => new Uint8Array(32).fill(byte)
const signer = createSigner(keyFromSeed(filled(1)))
const federationId = filled(2)
const grantedAtMs = 1_790_000_000_000
const caps: ProviderCaps = {
  tasksPerDay: 10,
  tokensPerTask: 1_000,
  tokensPerDay: 5_000,
  moneyPerDayCents: 100,
  concurrent: 2,
  weeklyHours: allHours,
}
const consent: Consent = {
  documentId: 'provider-anthropic-api',
  version: 1,
  textHash: sha256(utf8('I accept.')),
  termsCheckedAtMs: grantedAtMs,
  backend: 'anthropic-api',
  caps,
  credentialTag: filled(3),
  grantedAtMs,
}
const signed = signConsent(signer, federationId, consent)
const demand: ConsentDemand = { ...consent, federationId, publicKey: signer.publicKey, nowMs: grantedAtMs + 1 }

test('a consent stands for 90 days and survives its encoding', () => {
  expect(decodeConsent(encodeConsent(signed))).toEqual({ ok: true, value: signed })
  expect(consentStatus(signed, demand)).toBe('valid')
  expect(consentStatus(signed, { ...demand, nowMs: grantedAtMs + consentValidMs - 1 })).toBe('valid')
  expect(consentStatus(signed, { ...demand, nowMs: grantedAtMs + consentValidMs })).toBe('expired')
  expect(consentStatus(signed, { ...demand, nowMs: grantedAtMs - 1 })).toBe('expired')
})

test.each<[string, Partial<ConsentDemand>]>([
  ['text-changed', { textHash: filled(9) }],
  ['text-changed', { version: 2 }],
  ['text-changed', { documentId: 'provider-local-model' }],
  ['backend-changed', { backend: 'local-model' }],
  ['key-changed', { credentialTag: filled(9) }],
  ['key-changed', { credentialTag: null }],
  ['caps-changed', { caps: { ...caps, tasksPerDay: 11 } }],
  ['caps-changed', { caps: { ...caps, tokensPerTask: 1_001 } }],
  ['caps-changed', { caps: { ...caps, tokensPerDay: 5_001 } }],
  ['caps-changed', { caps: { ...caps, moneyPerDayCents: 101 } }],
  ['caps-changed', { caps: { ...caps, concurrent: 3 } }],
  ['caps-changed', { caps: { ...caps, weeklyHours: allHours.with(0, 0) } }],
  ['forged', { federationId: filled(9) }],
  ['forged', { publicKey: createSigner(keyFromSeed(filled(9))).publicKey }],
])('what has changed since asks again: %s', (status, change) => {
  expect(consentStatus(signed, { ...demand, ...change })).toBe(status)
})

test('nobody can change a consent, and none is none', () => {
  expect(consentStatus({ ...signed, consent: { ...consent, grantedAtMs: grantedAtMs + 5 } }, { ...demand, nowMs: grantedAtMs + 9 })).toBe(
    'forged',
  )
  expect(consentStatus(null, demand)).toBe('missing')
  expect(decodeConsent(encodeConsent(signed).slice(1))).toMatchObject({ ok: false, error: { code: 'malformed' } })
})

test('the tag of an offer tells consents apart', () => {
  const other = signConsent(signer, federationId, { ...consent, caps: { ...caps, tasksPerDay: 11 } })
  expect(consentTag(federationId, signed)).not.toEqual(consentTag(federationId, other))
})

const day: ProviderDay = { tasksToday: 0, tokensToday: 0, spentTodayCents: 0, running: 0, hourOfWeek: 0 }
const task = { tokens: 1_000, costCents: 10 }

test('a task within all caps may run', () => {
  expect(refusalByCaps(caps, { tasksToday: 9, tokensToday: 4_000, spentTodayCents: 90, running: 1, hourOfWeek: 167 }, task)).toBeNull()
})

test.each<[string, ProviderCaps, ProviderDay, typeof task]>([
  ['hours', { ...caps, weeklyHours: allHours.with(20, 0x7f) }, { ...day, hourOfWeek: 167 }, task],
  ['hours', caps, { ...day, hourOfWeek: 168 }, task],
  ['at once', caps, { ...day, running: 2 }, task],
  ['for a day are done', caps, { ...day, tasksToday: 10 }, task],
  ['for one', caps, day, { ...task, tokens: 1_001 }],
  ['tokens that you allow for a day', caps, { ...day, tokensToday: 4_001 }, task],
  ['money', caps, { ...day, spentTodayCents: 91 }, task],
])('a task over a cap is refused with the cap that it meets: %s', (words, limits, sofar, asked) => {
  expect(refusalByCaps(limits, sofar, asked)).toContain(words)
})
