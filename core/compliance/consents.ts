import type { Audit } from '../audit/service.ts'
import type { Signer } from '../identity/signing.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import { capDayMs, type ProviderCaps } from './caps.ts'
import {
  consentStanding,
  consentStatus,
  consentTag,
  consentValidMs,
  decodeConsentBody,
  encodeConsentBody,
  signConsent,
  type Consent,
  type ConsentStatus,
  type ConsentSubject,
  type SignedConsent,
} from './consent.ts'
import { createConsentStore, type StoredConsent } from './consent-store.ts'
import { consentDocumentFor, type ConsentDocument } from './consent-text.ts'

export type ConsentsDeps = {
  readonly db: Database
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly audit: Pick<Audit, 'note' | 'referencesOf'>
  readonly changed: () => void
}

/** A consent as it stands now. `damaged`: somebody changed the record, so it counts for nothing. */
export type ConsentRow = {
  readonly id: Bytes32
  readonly consent: Consent
  readonly signature: Uint8Array | null
  readonly text: string
  readonly revokedAtMs: number | null
  readonly status: 'valid' | 'expired' | 'revoked' | 'outdated' | 'damaged'
}

/** More consents than this nobody reads; older ones stay in the database. */
export const maxShownConsents = 200
/** How exactly the latest time is written down at which a consent was looked at. */
const seenEveryMs = 60_000

/** `keyRef`: the key that was used under it, and must go with it. */
export type RevokedConsent = { readonly id: Bytes32; readonly keyRef: string | null }

export type Consents = ReturnType<typeof createConsents>

/** The consents of this provider: given, read, withdrawn. What needs one asks here every time, because it can end at any moment. */
export const createConsents = (deps: ConsentsDeps) => {
  const { signer, federationId, clock, audit } = deps
  const store = createConsentStore(deps.db)
  const listeners = new Set<(revoked: RevokedConsent) => void>()
  /** Over for good, as the log of decisions has it: whoever changes the table, or its copy, by hand would have to break that chain as well. */
  const ended = new Map<string, 'expired' | 'revoked'>()
  for (const id of audit.referencesOf('consent', 'expired')) ended.set(toHex(id), 'expired')
  for (const id of audit.referencesOf('consent', 'withdrawn')) ended.set(toHex(id), 'revoked')

  const readingOf = ({ seenMs }: StoredConsent) => ({ federationId, publicKey: signer.publicKey, nowMs: clock.nowMs(), seenMs })
  const signedOf = ({ id, body, signature }: StoredConsent): SignedConsent | null => {
    const decoded = decodeConsentBody(body)
    if (!decoded.ok || signature === null) return null
    const signed = { consent: decoded.value, signature }
    return equalBytes(consentTag(federationId, signed), id) ? signed : null
  }
  /** How it ended; null while it may stand. Whoever looks at it after its time ends it. */
  const endOf = ({ id, seenMs, revokedAtMs }: StoredConsent, { grantedAtMs }: Consent): 'expired' | 'revoked' | null => {
    if (revokedAtMs !== null) return 'revoked'
    const known = ended.get(toHex(id))
    if (known !== undefined) return known
    if (clock.nowMs() >= seenMs + seenEveryMs) store.see(id, clock.nowMs())
    if (Math.max(clock.nowMs(), seenMs) < grantedAtMs + consentValidMs) return null
    ended.set(toHex(id), 'expired')
    audit.note({ kind: 'consent', outcome: 'expired', rule: `after-${consentValidMs / capDayMs}-days`, reference: id })
    return 'expired'
  }

  /** Whether this consent covers exactly this backend, model, key and these caps now. */
  const check = (id: Bytes32 | null, subject: ConsentSubject, caps: ProviderCaps): ConsentStatus => {
    const document = consentDocumentFor(subject.backend)
    if (document === null) return 'valid'
    const stored = id === null ? null : store.get(id)
    if (stored === null) return 'missing'
    if (stored.revokedAtMs !== null) return 'revoked'
    const signed = signedOf(stored)
    if (signed === null) return 'forged'
    return endOf(stored, signed.consent) ?? consentStatus(signed, { ...subject, ...document, caps }, readingOf(stored))
  }

  const statusOf = (stored: StoredConsent, consent: Consent): ConsentRow['status'] => {
    if (stored.revokedAtMs !== null) return 'revoked'
    const signed = signedOf(stored)
    if (signed === null) return 'damaged'
    const end = endOf(stored, consent)
    if (end !== null) return end
    const standing = consentStanding(signed, readingOf(stored))
    if (standing !== 'valid') return standing === 'forged' ? 'damaged' : 'expired'
    const current = consentDocumentFor(consent.backend)
    const isCurrent = current?.version === consent.version && equalBytes(current.textHash, consent.textHash)
    return isCurrent ? 'valid' : 'outdated'
  }

  /** One that is given again in the very millisecond in which it was withdrawn is another one. */
  const freshlySigned = (shown: Omit<Consent, 'grantedAtMs'>, atMs: number): SignedConsent => {
    const signed = signConsent(signer, federationId, { ...shown, grantedAtMs: atMs })
    return store.get(consentTag(federationId, signed)) === null ? signed : freshlySigned(shown, atMs + 1)
  }

  /** Newest first. */
  const list = (): readonly ConsentRow[] =>
    store.newest(maxShownConsents).flatMap((stored) => {
      const { id, signature, text, revokedAtMs } = stored
      const decoded = decodeConsentBody(stored.body)
      return decoded.ok ? [{ id, signature, text, revokedAtMs, consent: decoded.value, status: statusOf(stored, decoded.value) }] : []
    })
  // What ran out while nothing ran is seen now, before a clock can be set back.
  list()

  return {
    check,
    document: (backend: ConsentSubject['backend']): ConsentDocument | null => consentDocumentFor(backend),
    /** `shownHash`: of the text that was read; `keyRef`: the key that goes with it. The caller has asked the policy. */
    give: (
      subject: ConsentSubject,
      caps: ProviderCaps,
      { shownHash, keyRef }: { readonly shownHash: Bytes32; readonly keyRef: string | null },
    ): Result<Bytes32, Failure<'text-changed' | 'not-needed'>> => {
      const document = consentDocumentFor(subject.backend)
      if (document === null) return fail('not-needed', 'This backend needs no consent.')
      if (!equalBytes(document.textHash, shownHash))
        return fail('text-changed', 'The text has changed since it was shown. Read it again before you agree.')
      const { documentId, version, textHash, termsCheckedAtMs } = document
      const { backend, baseUrl, model, credentialTag } = subject
      const shown = { backend, baseUrl, model, credentialTag, documentId, version, textHash, termsCheckedAtMs, caps }
      const signed = freshlySigned(shown, clock.nowMs())
      const { consent, signature } = signed
      const id = consentTag(federationId, signed)
      store.add({ id, body: encodeConsentBody(consent), signature, text: document.text, keyRef, seenMs: consent.grantedAtMs })
      audit.note({ kind: 'consent', outcome: 'given', rule: documentId, reference: id })
      deps.changed()
      return ok(id)
    },
    /** Its signature is gone with this; what rests on it ends with `tellRevoked`, once the withdrawal is on disk. */
    revoke: (id: Bytes32): Result<void, Failure<'not-found'>> => {
      if (!store.revoke(id, clock.nowMs())) return fail('not-found', 'There is no such consent in force.')
      audit.note({ kind: 'consent', outcome: 'withdrawn', rule: 'by-owner', reference: id })
      return ok(undefined)
    },
    tellRevoked: (id: Bytes32): void => {
      ended.set(toHex(id), 'revoked')
      for (const listener of listeners) listener({ id, keyRef: store.get(id)?.keyRef ?? null })
      deps.changed()
    },
    list,
    /** Told right after a consent is withdrawn, before whoever withdrew it has an answer. */
    onRevoked: (listener: (revoked: RevokedConsent) => void): void => void listeners.add(listener),
  }
}
