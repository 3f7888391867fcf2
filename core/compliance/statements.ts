import type { Audit } from '../audit/service.ts'
import { attestedUntilMs, attest, isAttested } from '../federation/membership.ts'
import type { Federation } from '../federation/federation.ts'
import { verifySignature, type Signer } from '../identity/signing.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { bytesOf, decodeBytes, encodeBytes, integer, record, textUpTo, timeMs, variant } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import { attestationDocument, requesterDocument, type ConsentDocument } from './consent-text.ts'
import type { VendorApproval } from './policy.ts'
import { createStatementStore } from './statement-store.ts'

export type StatementsDeps = {
  readonly db: Database
  readonly signer: Signer
  readonly federation: Federation
  readonly accountId: AccountId
  readonly clock: Clock
  readonly audit: Pick<Audit, 'note'>
  readonly changed: () => void
}

type Statement =
  | {
      readonly kind: 'acknowledgement'
      readonly documentId: string
      readonly version: number
      readonly textHash: Bytes32
      readonly atMs: number
    }
  | ({ readonly kind: 'vendor-approval' } & VendorApproval)
type SignedStatement = { readonly statement: Statement; readonly signature: Uint8Array }

const statementCodec = variant<Statement>({
  acknowledgement: record({ documentId: textUpTo(64), version: integer(0, 1_000_000), textHash: bytesOf(32), atMs: timeMs }),
  'vendor-approval': record({ reference: textUpTo(200), approvedOn: textUpTo(10), scope: textUpTo(200), recordedAtMs: timeMs }),
})
const signedCodec = record<SignedStatement>({ statement: statementCodec, signature: bytesOf(64) })
const maxStatementBytes = 1_024

export type Statements = ReturnType<typeof createStatements>

/** What this member says about itself and can take back at any time: whom it belongs to, what it has read, what it was allowed. */
export const createStatements = (deps: StatementsDeps) => {
  const { signer, federation, clock, accountId } = deps
  const store = createStatementStore(deps.db)

  const sign = (statement: Statement): void => {
    const signature = signer.sign('RUV1/STATEMENT', federation.id, encodeBytes(statementCodec, statement))
    store.put(statement.kind, encodeBytes(signedCodec, { statement, signature }))
    deps.audit.note({ kind: 'consent', outcome: 'given', rule: statement.kind })
    deps.changed()
  }
  /** Null when there is none, or when somebody changed it. */
  const read = <K extends Statement['kind']>(kind: K): Extract<Statement, { readonly kind: K }> | null => {
    const body = store.get(kind)
    const decoded = body === null ? null : decodeBytes(signedCodec, body, maxStatementBytes, 'statement')
    if (decoded?.ok !== true) return null
    const { statement, signature } = decoded.value
    const isMine = verifySignature('RUV1/STATEMENT', federation.id, encodeBytes(statementCodec, statement), signature, signer.publicKey)
    return isMine && statement.kind === kind ? (statement as Extract<Statement, { readonly kind: K }>) : null
  }
  const remove = (kind: 'attestation' | 'vendor-approval'): Result<void, Failure<'not-found'>> => {
    if (!store.remove(kind)) return fail('not-found', 'There is nothing to take back.')
    deps.audit.note({ kind: 'consent', outcome: 'withdrawn', rule: kind })
    deps.changed()
    return ok(undefined)
  }

  /** The signed attestation that goes with this member's requests; null while nothing, or nothing valid any more, is attested. */
  const attestation = (): Uint8Array | null => {
    const bytes = store.get('attestation')
    const claim = { client: accountId, clientKey: signer.publicKey, attestation: bytes }
    return bytes !== null && isAttested(federation, claim, clock.nowMs()) ? bytes : null
  }

  return {
    attestation,
    attestedUntilMs: (): number | null => {
      const bytes = attestation()
      return bytes === null ? null : attestedUntilMs(bytes)
    },
    attest: (shownHash: Bytes32): Result<number, Failure<'text-changed' | 'no-organisation'>> => {
      if (!wasShown(attestationDocument, shownHash)) return textChanged
      const bytes = attest(federation, accountId, signer, clock.nowMs())
      if (bytes === null) return fail('no-organisation', 'This federation is not an organisation, so there is nothing to attest.')
      store.put('attestation', bytes)
      deps.audit.note({ kind: 'consent', outcome: 'given', rule: 'attestation' })
      deps.changed()
      return ok(attestedUntilMs(bytes) ?? 0)
    },
    withdrawAttestation: () => remove('attestation'),

    /** When the current text was acknowledged; an older version does not count. */
    acknowledgedAtMs: (): number | null => {
      const statement = read('acknowledgement')
      const { documentId, version, textHash } = requesterDocument
      const isCurrent = statement?.documentId === documentId && statement.version === version && equalBytes(statement.textHash, textHash)
      return isCurrent ? statement.atMs : null
    },
    acknowledge: (shownHash: Bytes32): Result<void, Failure<'text-changed'>> => {
      if (!wasShown(requesterDocument, shownHash)) return textChanged
      const { documentId, version, textHash } = requesterDocument
      sign({ kind: 'acknowledgement', documentId, version, textHash, atMs: clock.nowMs() })
      return ok(undefined)
    },

    vendorApproval: (): VendorApproval | null => read('vendor-approval'),
    recordVendorApproval: (approval: Omit<VendorApproval, 'recordedAtMs'>): Result<void, Failure<'not-a-day'>> => {
      if (!isPastDay(approval.approvedOn, clock.nowMs()))
        return fail('not-a-day', 'Write the day of the approval as it is on the letter, such as 2026-11-20; it cannot lie ahead.')
      sign({ kind: 'vendor-approval', ...approval, recordedAtMs: clock.nowMs() })
      return ok(undefined)
    },
    removeVendorApproval: () => remove('vendor-approval'),
  }
}

const wasShown = ({ textHash }: ConsentDocument, shownHash: Bytes32): boolean => equalBytes(textHash, shownHash)
const textChanged = fail('text-changed', 'The text has changed since it was shown. Read it again before you agree.')

/** Days begin at different times around the world. */
const dayToleranceMs = 14 * 3_600_000
const isPastDay = (day: string, nowMs: number): boolean => {
  const atMs = Date.parse(`${day}T00:00:00Z`)
  return Number.isFinite(atMs) && new Date(atMs).toISOString().startsWith(day) && atMs <= nowMs + dayToleranceMs
}
