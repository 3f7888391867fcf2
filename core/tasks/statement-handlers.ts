import { attestationDocument, requesterDocument, type ConsentDocument } from '../compliance/consent-text.ts'
import type { Statements } from '../compliance/statements.ts'
import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import { integer, record } from '../platform/codec.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'
import { runCommand } from '../storage/commands.ts'
import type { Database } from '../storage/database.ts'

export type StatementHandlersDeps = {
  readonly statements: Statements
  readonly db: Database
  /** The organisation's Anthropic customer; null in other federations. */
  readonly customer: string | null
  /** Whether tasks leave this computer at all. */
  readonly isAcknowledgementNeeded: boolean
  readonly nowMs: () => number
  readonly revision: () => number
  /** What rests on a statement that was just taken back ends with this. */
  readonly withdrawn: () => void
}
export type StatementCalls = Pick<
  Handlers<MarketContract>['consents'],
  'standing' | 'attest' | 'withdrawAttestation' | 'acknowledge' | 'recordVendorApproval' | 'removeVendorApproval'
>

const nothing = record<Record<string, never>>({})
const until = record<{ readonly untilMs: number }>({ untilMs: integer(0, Number.MAX_SAFE_INTEGER) })

export const statementHandlers = (deps: StatementHandlersDeps): StatementCalls => {
  const { statements, db, customer } = deps
  const once = <E extends string>(requestId: string, name: string, input: unknown, work: () => Result<unknown, Failure<E>>) =>
    runCommand(db, { requestId, name: `consents.${name}`, input, atMs: deps.nowMs(), result: nothing }, () => {
      const done = work()
      return done.ok ? ok({}) : done
    })
  /** The tasks that run on it end once it is gone from the disk. */
  const takenBack = <R extends { readonly ok: boolean }>(answer: R): R => {
    if (answer.ok) deps.withdrawn()
    return answer
  }
  return {
    standing: () => {
      const approval = statements.vendorApproval()
      return ok({
        revision: deps.revision(),
        organisation:
          customer === null ? null : { customer, document: shown(attestationDocument), attestedUntilMs: statements.attestedUntilMs() },
        requester: {
          document: shown(requesterDocument),
          isNeeded: deps.isAcknowledgementNeeded,
          acknowledgedAtMs: statements.acknowledgedAtMs(),
        },
        vendorApproval:
          approval === null
            ? null
            : {
                reference: approval.reference,
                approvedOn: approval.approvedOn,
                scope: approval.scope,
                recordedAtMs: approval.recordedAtMs,
              },
      })
    },
    attest: ({ requestId, textHash }) =>
      runCommand(db, { requestId, name: 'consents.attest', input: { textHash }, atMs: deps.nowMs(), result: until }, () => {
        const attested = statements.attest(fromHex(textHash))
        return attested.ok ? ok({ untilMs: attested.value }) : attested
      }),
    withdrawAttestation: ({ requestId }) => takenBack(once(requestId, 'withdrawAttestation', {}, () => statements.withdrawAttestation())),
    acknowledge: ({ requestId, textHash }) => once(requestId, 'acknowledge', { textHash }, () => statements.acknowledge(fromHex(textHash))),
    recordVendorApproval: ({ requestId, reference, approvedOn, scope }) => {
      const approval = { reference, approvedOn, scope }
      return once(requestId, 'recordVendorApproval', approval, () => statements.recordVendorApproval(approval))
    },
    removeVendorApproval: ({ requestId }) =>
      takenBack(once(requestId, 'removeVendorApproval', {}, () => statements.removeVendorApproval())),
  }
}

const shown = ({ documentId, version, text, textHash }: ConsentDocument) => ({ documentId, version, text, textHash: toHex(textHash) })
