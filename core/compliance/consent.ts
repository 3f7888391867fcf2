import { taggedHash, verifySignature, type Signer } from '../identity/signing.ts'
import { equalBytes, utf8 } from '../platform/bytes.ts'
import { bytesOf, decodeBytes, encodeBytes, integer, nullable, record, textUpTo, timeMs, wordOf } from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import type { Bytes32, Signature } from '../settlement/objects.ts'
import type { AnthropicApiKey } from './credential.ts'
import { backends, type PolicyBackend } from './policy.ts'

/** Without a standing consent nothing is served. It is a signed record of what was shown, for which backend, within which caps. */
export type ProviderCaps = {
  readonly tasksPerDay: number
  readonly tokensPerTask: number
  readonly tokensPerDay: number
  /** What the backend's own bill may reach in a day; 0 for one without a bill. */
  readonly moneyPerDayCents: number
  readonly concurrent: number
  /** 21 bytes, one bit an hour from Monday 00:00 local time, lowest bit first. */
  readonly weeklyHours: Uint8Array
}

export type Consent = {
  readonly documentId: string
  readonly version: number
  /** SHA-256 of the text as it was shown. */
  readonly textHash: Bytes32
  /** When the vendor's terms were last read for this text. */
  readonly termsCheckedAtMs: number
  readonly backend: PolicyBackend
  readonly caps: ProviderCaps
  /** `credentialTag` of the key it was given for; null for a backend without one. */
  readonly credentialTag: Bytes32 | null
  readonly grantedAtMs: number
}
export type SignedConsent = { readonly consent: Consent; readonly signature: Signature }

/** Three months: long enough not to be clicked away, short enough to follow changes of the terms (policy.md). */
export const consentValidMs = 90 * 24 * 3_600_000
const maxConsentBytes = 1_024
const hoursInWeek = 168
export const allHours: Uint8Array = new Uint8Array(hoursInWeek / 8).fill(0xff)

const million = integer(0, 1_000_000)
const tokens = integer(0, 1_000_000_000)
const consentCodec = record<Consent>({
  documentId: textUpTo(64),
  version: million,
  textHash: bytesOf(32),
  termsCheckedAtMs: timeMs,
  backend: wordOf(backends),
  caps: record<ProviderCaps>({
    tasksPerDay: million,
    tokensPerTask: tokens,
    tokensPerDay: tokens,
    moneyPerDayCents: million,
    concurrent: integer(0, 1_000),
    weeklyHours: bytesOf(hoursInWeek / 8),
  }),
  credentialTag: nullable(bytesOf(32)),
  grantedAtMs: timeMs,
})
const signedCodec = record<SignedConsent>({ consent: consentCodec, signature: bytesOf(64) })

export const encodeConsent = (signed: SignedConsent): Uint8Array => encodeBytes(signedCodec, signed)
export const decodeConsent = (bytes: Uint8Array): Result<SignedConsent, Failure<'malformed'>> =>
  decodeBytes(signedCodec, bytes, maxConsentBytes, 'consent')

export const signConsent = (signer: Signer, federationId: Bytes32, consent: Consent): SignedConsent => ({
  consent,
  signature: signer.sign('RUV1/CONSENT', federationId, encodeBytes(consentCodec, consent)),
})
/** What an offer shows of a consent: that one stands behind it, not what it says. */
export const consentTag = (federationId: Bytes32, { consent }: SignedConsent): Bytes32 =>
  taggedHash('RUV1/CONSENT', federationId, encodeBytes(consentCodec, consent))
/** Tells keys apart without holding one. */
export const credentialTag = (federationId: Bytes32, apiKey: AnthropicApiKey): Bytes32 =>
  taggedHash('RUV1/CREDENTIAL', federationId, utf8(apiKey))

export type ConsentStatus = 'valid' | 'missing' | 'forged' | 'expired' | 'text-changed' | 'backend-changed' | 'caps-changed' | 'key-changed'

/** What is in force now and must be what was consented to. */
export type ConsentDemand = Omit<Consent, 'grantedAtMs' | 'termsCheckedAtMs'> & {
  readonly federationId: Bytes32
  readonly publicKey: Bytes32
  readonly nowMs: number
}

export const consentStatus = (signed: SignedConsent | null, demand: ConsentDemand): ConsentStatus => {
  if (signed === null) return 'missing'
  const { consent, signature } = signed
  if (!verifySignature('RUV1/CONSENT', demand.federationId, encodeBytes(consentCodec, consent), signature, demand.publicKey))
    return 'forged'
  if (demand.nowMs < consent.grantedAtMs || demand.nowMs >= consent.grantedAtMs + consentValidMs) return 'expired'
  if (consent.documentId !== demand.documentId || consent.version !== demand.version || !equalBytes(consent.textHash, demand.textHash))
    return 'text-changed'
  if (consent.backend !== demand.backend) return 'backend-changed'
  if (!sameBytes(consent.credentialTag, demand.credentialTag)) return 'key-changed'
  return sameCaps(consent.caps, demand.caps) ? 'valid' : 'caps-changed'
}

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean => (a === null || b === null ? a === b : equalBytes(a, b))
const sameCaps = (a: ProviderCaps, b: ProviderCaps): boolean =>
  a.tasksPerDay === b.tasksPerDay &&
  a.tokensPerTask === b.tokensPerTask &&
  a.tokensPerDay === b.tokensPerDay &&
  a.moneyPerDayCents === b.moneyPerDayCents &&
  a.concurrent === b.concurrent &&
  equalBytes(a.weeklyHours, b.weeklyHours)

export type ProviderDay = {
  readonly tasksToday: number
  readonly tokensToday: number
  readonly spentTodayCents: number
  readonly running: number
  /** 0–167 from Monday 00:00 local time. */
  readonly hourOfWeek: number
}

/** Why one more task of this worst-case size is over the caps; null when it is not. */
export const refusalByCaps = (
  caps: ProviderCaps,
  day: ProviderDay,
  task: { readonly tokens: number; readonly costCents: number },
): string | null => {
  if (!isHourAllowed(caps, day.hourOfWeek)) return 'It is outside of the hours that you set.'
  if (day.running >= caps.concurrent) return 'As many tasks are running as you allow at once.'
  if (day.tasksToday >= caps.tasksPerDay) return 'The tasks that you allow for a day are done.'
  if (task.tokens > caps.tokensPerTask) return 'The task is larger than you allow for one.'
  if (day.tokensToday + task.tokens > caps.tokensPerDay) return 'The task could go over the tokens that you allow for a day.'
  if (day.spentTodayCents + task.costCents > caps.moneyPerDayCents) return 'The task could go over the money that you allow for a day.'
  return null
}

const isHourAllowed = ({ weeklyHours }: ProviderCaps, hourOfWeek: number): boolean =>
  (((weeklyHours[hourOfWeek >> 3] ?? 0) >> (hourOfWeek & 7)) & 1) === 1
