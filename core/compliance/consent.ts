import { taggedHash, verifySignature, type Signer } from '../identity/signing.ts'
import { equalBytes, utf8 } from '../platform/bytes.ts'
import { bytesOf, decodeBytes, encodeBytes, integer, listUpTo, nullable, record, textUpTo, timeMs, wordOf } from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import type { Bytes32, Signature } from '../settlement/objects.ts'
import { daysInWeek, type ProviderCaps } from './caps.ts'
import type { AnthropicApiKey } from './credential.ts'
import { backends, type PolicyBackend } from './policy.ts'

/** Without a standing consent nothing is served. It is a signed record of what was shown, for which backend, within which caps. */
export type ConsentSubject = {
  readonly backend: PolicyBackend
  /** Where the tasks go; empty for a backend without an address. */
  readonly baseUrl: string
  readonly model: string
  /** `credentialTag` of the key it is given for; null for a backend without one. */
  readonly credentialTag: Bytes32 | null
}

export type Consent = ConsentSubject & {
  readonly documentId: string
  readonly version: number
  /** SHA-256 of the text as it was shown. */
  readonly textHash: Bytes32
  /** When the vendor's terms were last read for this text. */
  readonly termsCheckedAtMs: number
  readonly caps: ProviderCaps
  readonly grantedAtMs: number
}
export type SignedConsent = { readonly consent: Consent; readonly signature: Signature }

/** Three months: long enough not to be clicked away, short enough to follow changes of the terms (policy.md). */
export const consentValidMs = 90 * 24 * 3_600_000
const maxConsentBytes = 2_048

const million = integer(0, 1_000_000)
const tokens = integer(0, 1_000_000_000)
const money = integer(0, 100_000_000)
const day = integer(0, 2 ** 24 - 1)
const capsCodec = record<ProviderCaps>({
  concurrent: integer(0, 1_000),
  tasksPerDay: million,
  outputTokensPerTask: tokens,
  outputTokensPerDay: tokens,
  moneyPerDayCents: money,
  moneyPerMonthCents: money,
  centsPerMillionInputTokens: money,
  centsPerMillionOutputTokens: money,
  weeklyHours: listUpTo(day, daysInWeek),
})
const consentCodec = record<Consent>({
  backend: wordOf(backends),
  baseUrl: textUpTo(512),
  model: textUpTo(100),
  credentialTag: nullable(bytesOf(32)),
  documentId: textUpTo(64),
  version: million,
  textHash: bytesOf(32),
  termsCheckedAtMs: timeMs,
  caps: capsCodec,
  grantedAtMs: timeMs,
})

export const encodeConsentBody = (consent: Consent): Uint8Array => encodeBytes(consentCodec, consent)
export const decodeConsentBody = (bytes: Uint8Array): Result<Consent, Failure<'malformed'>> =>
  decodeBytes(consentCodec, bytes, maxConsentBytes, 'consent')

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

export type ConsentStatus =
  | 'valid'
  | 'missing'
  | 'revoked'
  | 'forged'
  | 'expired'
  | 'text-changed'
  | 'backend-changed'
  | 'caps-changed'
  | 'key-changed'

/** What is in force now and must be what was consented to. */
export type ConsentDemand = ConsentSubject & {
  readonly documentId: string
  readonly version: number
  readonly textHash: Bytes32
  readonly caps: ProviderCaps
}
/** `seenMs`: the latest time at which this consent was ever looked at, so that a clock set back does not bring it back. */
export type ConsentReading = {
  readonly federationId: Bytes32
  readonly publicKey: Bytes32
  readonly nowMs: number
  readonly seenMs: number
}

/** Whether the record is whole, mine and of this time; what it covers is for `consentStatus`. */
export const consentStanding = (
  { consent, signature }: SignedConsent,
  { federationId, publicKey, nowMs, seenMs }: ConsentReading,
): 'valid' | 'forged' | 'expired' => {
  if (!verifySignature('RUV1/CONSENT', federationId, encodeBytes(consentCodec, consent), signature, publicKey)) return 'forged'
  const isExpired = Math.max(nowMs, seenMs) >= consent.grantedAtMs + consentValidMs || nowMs < consent.grantedAtMs - clockToleranceMs
  return isExpired ? 'expired' : 'valid'
}
/** A clock that is corrected by so little has not been set back. */
const clockToleranceMs = 5 * 60_000

export const consentStatus = (signed: SignedConsent | null, demand: ConsentDemand, reading: ConsentReading): ConsentStatus => {
  if (signed === null) return 'missing'
  const standing = consentStanding(signed, reading)
  if (standing !== 'valid') return standing
  const { consent } = signed
  if (consent.documentId !== demand.documentId || consent.version !== demand.version || !equalBytes(consent.textHash, demand.textHash))
    return 'text-changed'
  if (consent.backend !== demand.backend || consent.baseUrl !== demand.baseUrl || consent.model !== demand.model) return 'backend-changed'
  if (!sameBytes(consent.credentialTag, demand.credentialTag)) return 'key-changed'
  return sameCaps(consent.caps, demand.caps) ? 'valid' : 'caps-changed'
}

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean => (a === null || b === null ? a === b : equalBytes(a, b))
const sameCaps = (a: ProviderCaps, b: ProviderCaps): boolean => equalBytes(encodeBytes(capsCodec, a), encodeBytes(capsCodec, b))
