import { command, event, query } from './definition.ts'
import { backendKind, maxModelLength } from './orders.ts'
import { changed, count, flag, hash, line, listUpTo, record, revision, text, timeMs, wordOf } from './primitives.ts'
import { backend, caps, maxReasonLength, verdict } from './provider.ts'

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

const shownText = record({ documentId: line(64), version: count, text: text(maxConsentTextLength), textHash: hash })
/** A day as people write it: 2026-11-20. */
const day = line(10).refine((value) => /^\d{4}-\d\d-\d\d$/.test(value), 'must be a day such as 2026-11-20')
export const maxReferenceLength = 200

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
      policy: record({ verdict, needsConsent: flag, reason: line(maxReasonLength) }),
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
    errors: ['text-changed', 'policy-refused', 'key-missing', 'backend-unreachable'],
  }),
  /** Withdraws it at once: offers go, what runs is aborted and refunded, and the key that it was given for is deleted. */
  revoke: command({ input: { consentId }, output: record({}), errors: ['not-found'] }),
  /** All records with their signatures: as JSON for other programs, and as a page to read in a browser or to print. */
  export: query({ input: {}, output: record({ json: text(maxExportLength), page: text(maxExportLength) }) }),
  /** What this member has said about itself, apart from the consents for backends. */
  standing: query({
    input: {},
    output: record({
      revision,
      /** Null outside of an organisation; `until` is null while nothing is attested. */
      organisation: record({ customer: line(200), document: shownText, attestedUntilMs: timeMs.nullable() }).nullable(),
      /** What a requester reads once per version, before the first task leaves this computer. */
      requester: record({ document: shownText, isNeeded: flag, acknowledgedAtMs: timeMs.nullable() }),
      /** Anthropic's approval in writing to serve strangers, as this member recorded it. */
      vendorApproval: record({
        reference: line(maxReferenceLength),
        approvedOn: day,
        scope: line(maxReferenceLength),
        recordedAtMs: timeMs,
      }).nullable(),
    }),
  }),
  /** "I am an authorised user of this organisation's Anthropic account", for 90 days. */
  attest: command({ input: { textHash: hash }, output: record({ untilMs: timeMs }), errors: ['text-changed', 'no-organisation'] }),
  withdrawAttestation: command({ input: {}, output: record({}), errors: ['not-found'] }),
  acknowledge: command({ input: { textHash: hash }, output: record({}), errors: ['text-changed'] }),
  recordVendorApproval: command({
    input: { reference: line(maxReferenceLength, 3), approvedOn: day, scope: line(maxReferenceLength, 3) },
    output: record({}),
    errors: ['not-a-day'],
  }),
  removeVendorApproval: command({ input: {}, output: record({}), errors: ['not-found'] }),
  changed: event(changed),
} as const
