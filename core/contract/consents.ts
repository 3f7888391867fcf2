import { command, event, query } from './definition.ts'
import { backendKind, maxModelLength } from './orders.ts'
import { changed, count, flag, hash, line, listUpTo, record, revision, text, timeMs, wordOf } from './primitives.ts'
import { backend, caps, maxReasonLength } from './provider.ts'

export const maxConsentTextLength = 10_000
export const maxConsents = 200
export const maxExportLength = 1_000_000

export const consentId = hash

/** The signed record of what a provider agreed to, for one backend within these caps. */
export const consentRow = record({
  id: consentId,
  documentId: line(64),
  version: count,
  textHash: hash,
  backend: backendKind,
  model: line(maxModelLength),
  /** Where its tasks go; empty for a backend without an address. */
  baseUrl: line(512),
  caps,
  grantedAtMs: timeMs,
  expiresAtMs: timeMs,
  /** `outdated`: its text has a newer version; `damaged`: somebody changed the record, so it counts for nothing. */
  status: wordOf(['valid', 'expired', 'revoked', 'outdated', 'damaged']),
  revokedAtMs: timeMs.nullable(),
})

export const consents = {
  /** The text to be read before a backend serves others. */
  document: query({
    input: { backend },
    output: record({
      documentId: line(64),
      version: count,
      text: text(maxConsentTextLength),
      textHash: hash,
      /** When the vendor's terms were last read for it. */
      termsCheckedAtMs: timeMs,
      validDays: count,
      /** Whether the policy asks for a consent at all (practice asks for none), or refuses whatever is agreed to. */
      policy: record({ verdict: wordOf(['allow', 'ask-each-time', 'refuse']), needsConsent: flag, reason: line(maxReasonLength) }),
    }),
  }),
  /** Newest first. */
  list: query({ input: {}, output: record({ revision, rows: listUpTo(consentRow, maxConsents) }) }),
  /** What was agreed to, word for word. */
  read: query({ input: { consentId }, output: record({ text: text(maxConsentTextLength) }), errors: ['not-found'] }),
  /** `textHash` is that of the text that was shown. */
  give: command({
    input: { backend, caps, textHash: hash },
    output: record({ consentId }),
    errors: ['text-changed', 'policy-refused', 'key-missing'],
  }),
  /** Withdraws it at once: offers go, what runs is aborted and refunded, and the key that it was given for is deleted. */
  revoke: command({ input: { consentId }, output: record({}), errors: ['not-found'] }),
  /** All records with their signatures: as JSON for other programs, and as a page to read in a browser or to print. */
  export: query({ input: {}, output: record({ json: text(maxExportLength), page: text(maxExportLength) }) }),
  changed: event(changed),
} as const
