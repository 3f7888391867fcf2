import type { Audit } from '../audit/service.ts'
import { consentValidMs } from '../compliance/consent.ts'
import { renderConsentPage, renderConsentsJson } from '../compliance/consent-export.ts'
import type { ConsentRow, Consents } from '../compliance/consents.ts'
import type { PolicyBackend } from '../compliance/policy.ts'
import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxReasonLength } from '../contract/provider.ts'
import { equalBytes, fromHex, toHex } from '../platform/bytes.ts'
import { bytesOf, record } from '../platform/codec.ts'
import { fail, ok } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { runCommand } from '../storage/commands.ts'
import type { Database } from '../storage/database.ts'
import {
  backendSettingsOf,
  consentSubjectOf,
  keyRefOf,
  policyBackendByName,
  policyBackendOf,
  type BackendSources,
  type BackendWish,
} from './backend-settings.ts'
import { notThere } from './provider-mode.ts'
import type { Serving } from './serving.ts'
import type { StatementCalls } from './statement-handlers.ts'

export type ConsentHandlersDeps = {
  readonly consents: Consents
  readonly serving: Serving
  readonly db: Database
  readonly federationId: Bytes32
  readonly publicKey: Bytes32
  readonly nowMs: () => number
  readonly revision: () => number
  readonly sources: BackendSources
  readonly audit: Pick<Audit, 'note'>
}

const verdicts = { allow: 'allow', ask: 'ask-each-time', refuse: 'refuse' } as const
const dayMs = 24 * 3_600_000
const nothing = record<Record<string, never>>({})
const given = record<{ readonly consentId: Bytes32 }>({ consentId: bytesOf(32) })
const shownBackend: Readonly<Record<PolicyBackend, 'practice' | 'local' | 'anthropic' | 'claude-cli'>> = {
  practice: 'practice',
  'local-model': 'local',
  'anthropic-api': 'anthropic',
  'claude-cli-api-key': 'claude-cli',
  'claude-cli-personal-login': 'claude-cli',
  'claude-cli-seat-login': 'claude-cli',
  'web-session': 'anthropic',
  'claude-by-local-server': 'local',
}
const emptyHash = new Uint8Array(32)

/** Consents are about backends, which this domain runs; the records themselves are compliance's. */
export const consentHandlers = (deps: ConsentHandlersDeps): Omit<Handlers<MarketContract>['consents'], keyof StatementCalls> => {
  const { consents, serving, db, nowMs } = deps
  /** The text can be read before a key is there: what a key would be for is known by its name. */
  const kindOf = async (backend: BackendWish): Promise<PolicyBackend> => {
    const settings = await backendSettingsOf(backend, deps.sources)
    return settings.ok ? policyBackendOf(settings.value) : policyBackendByName(backend)
  }
  return {
    document: async ({ backend }) => {
      const kind = await kindOf(backend)
      const document = consents.document(kind)
      const { verdict, sentence } = serving.decisionOn(kind)
      const policy = { verdict: verdicts[verdict], needsConsent: document !== null, reason: sentence.slice(0, maxReasonLength) }
      return ok({
        documentId: document?.documentId ?? 'none',
        version: document?.version ?? 0,
        text: document?.text ?? '',
        textHash: toHex(document?.textHash ?? emptyHash),
        termsCheckedAtMs: document?.termsCheckedAtMs ?? 0,
        validDays: consentValidMs / dayMs,
        policy,
      })
    },
    list: () => ok({ revision: deps.revision(), rows: consents.list().map(rowOf) }),
    read: ({ consentId }) => {
      const row = consents.list().find(({ id }) => equalBytes(id, fromHex(consentId)))
      return row === undefined ? fail('not-found', 'There is no such consent.') : ok({ text: row.text })
    },
    give: async ({ requestId, backend, caps, textHash }) => {
      const settings = await backendSettingsOf(backend, deps.sources)
      if (!settings.ok) return notThere(settings.error)
      const decided = serving.decisionOn(policyBackendOf(settings.value))
      if (decided.verdict === 'refuse') {
        deps.audit.note({ kind: 'policy', outcome: 'refuse', rule: decided.rule })
        return fail('policy-refused', decided.sentence)
      }
      const subject = consentSubjectOf(settings.value, deps.federationId)
      const input = { backend, caps, textHash }
      const answer = runCommand(db, { requestId, name: 'consents.give', input, atMs: nowMs(), result: given }, () => {
        const id = consents.give(subject, caps, { shownHash: fromHex(textHash), keyRef: keyRefOf(backend) })
        return id.ok ? ok({ consentId: id.value }) : id
      })
      if (answer.ok) return ok({ consentId: toHex(answer.value.consentId) })
      const { code, message } = answer.error
      deps.audit.note({ kind: 'consent', outcome: 'refuse', rule: code })
      return code === 'not-needed' ? fail('invalid-input', message) : fail(code, message)
    },
    revoke: ({ requestId, consentId }) => {
      const id = fromHex(consentId)
      const options = { requestId, name: 'consents.revoke', input: { consentId }, atMs: nowMs(), result: nothing }
      const answer = runCommand(db, options, () => {
        const revoked = consents.revoke(id)
        return revoked.ok ? ok({}) : revoked
      })
      if (answer.ok) consents.tellRevoked(id)
      return answer
    },
    export: () => {
      const rows = consents.list()
      const about = { federationId: deps.federationId, publicKey: deps.publicKey, atMs: nowMs() }
      return ok({ json: renderConsentsJson(rows, about), page: renderConsentPage(rows, about) })
    },
  }
}

const rowOf = ({ id, consent, revokedAtMs, status }: ConsentRow) => ({
  id: toHex(id),
  documentId: consent.documentId,
  version: consent.version,
  textHash: toHex(consent.textHash),
  backend: shownBackend[consent.backend],
  model: consent.model,
  baseUrl: consent.baseUrl,
  caps: consent.caps,
  grantedAtMs: consent.grantedAtMs,
  expiresAtMs: consent.grantedAtMs + consentValidMs,
  status,
  revokedAtMs,
})
