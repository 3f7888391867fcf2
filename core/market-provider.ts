import type { MarketContract } from './contract/contract.ts'
import type { Dispatcher, Handlers } from './contract/dispatcher.ts'
import type { ProviderCaps } from './compliance/caps.ts'
import type { ConsentSubject } from './compliance/consent.ts'
import { auditHandlers } from './audit/handlers.ts'
import { createAudit } from './audit/service.ts'
import { attestationDocument } from './compliance/consent-text.ts'
import { createOutgoing, type Outgoing } from './compliance/outgoing.ts'
import type { InspectText } from './compliance/free-text.ts'
import { createConsents, type Consents } from './compliance/consents.ts'
import { createCredentials, credentialHandlers, type Credentials } from './compliance/credentials.ts'
import { scanIncoming } from './compliance/incoming-scan.ts'
import { relationOf } from './compliance/policy.ts'
import { createStatements } from './compliance/statements.ts'
import { findClaude, findLocalServers } from './executors/discover.ts'
import type { SecretGuard } from './compliance/secret-guard.ts'
import type { PanelRule } from './escrow/panel.ts'
import type { Federation } from './federation/federation.ts'
import { isAttested } from './federation/membership.ts'
import type { CredentialStore } from './identity/credentials.ts'
import type { Signer } from './identity/signing.ts'
import type { Network } from './network/port.ts'
import { createOpinions } from './opinions/service.ts'
import type { OwnSituation } from './orders/handlers.ts'
import type { Orders } from './orders/service.ts'
import type { Interval } from './reputation/model.ts'
import { equalBytes } from './platform/bytes.ts'
import type { Clock } from './platform/clock.ts'
import type { Log } from './platform/log.ts'
import { noOwnerSignals, type OwnerSignals } from './platform/owner-signals.ts'
import type { Random } from './platform/random.ts'
import { ok, type Failure, type Result } from './platform/result.ts'
import type { Bytes32 } from './settlement/objects.ts'
import type { Maintenance } from './sla/model.ts'
import type { Database } from './storage/database.ts'
import { approvalHandlers } from './tasks/approval-handlers.ts'
import { createApprovals } from './tasks/approvals.ts'
import { executorOf, type BackendSources, type ExecutorOf } from './tasks/backend-settings.ts'
import { createChoiceStore } from './tasks/choice-store.ts'
import { consentHandlers } from './tasks/consent-handlers.ts'
import type { PaidTrade } from './tasks/earnings.ts'
import { createJobStore } from './tasks/job-store.ts'
import type { ProviderEscrows } from './tasks/jobs.ts'
import { createOwnerStore } from './tasks/owner-store.ts'
import { outlookHandlers } from './tasks/outlook-handlers.ts'
import { providerHandlers } from './tasks/provider-handlers.ts'
import { createProviderMode } from './tasks/provider-mode.ts'
import { createProvider } from './tasks/provider.ts'
import type { Requester } from './tasks/requester.ts'
import { createServing, type Serving } from './tasks/serving.ts'
import { statementHandlers } from './tasks/statement-handlers.ts'

/** What the provider's side of a market runs on. */
export type ProviderPartsDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly network: Network
  readonly guard: SecretGuard
  readonly signer: Signer
  readonly credentials: CredentialStore
  /** The real ones, unless somebody brings others. */
  readonly executorOf?: ExecutorOf
  readonly findClaude?: BackendSources['findClaude']
  readonly ownerSignals?: OwnerSignals
  readonly federation: Federation
  readonly accountId: Bytes32
  readonly member: Member
  readonly orders: Orders
  readonly escrows: ProviderEscrows
  readonly maintenance: () => Maintenance | null
  readonly panelFor: PanelRule
  /** Reputation's lower bound as a provider, in parts per million. */
  readonly reputationPpm: (account: Bytes32) => number
  /** What certified trades say about somebody as a client. */
  readonly standingOfClient: (account: Bytes32) => Interval & { readonly trades: number }
  /** What is certified of this account's trades as a provider, on whatever computer. */
  readonly tradesAsProvider: (limit: number) => readonly (PaidTrade & { readonly id: string })[]
  readonly emit: Dispatcher<MarketContract>['emit']
}
export type ProviderParts = ReturnType<typeof createProviderParts>

type MemberDeps = Pick<ProviderPartsDeps, 'db' | 'clock' | 'log' | 'guard' | 'signer' | 'federation' | 'accountId' | 'emit'>
export type Member = ReturnType<typeof createMember>

/** What this member says about itself, and the log of what is decided for it; the requester's side needs them too. */
export const createMember = (deps: MemberDeps, attestsByCommand: boolean) => {
  const revisions = { provider: 0, consents: 0, approvals: 0, audit: 0 }
  const consentsChanged = (): void => deps.emit('consents.changed', { revision: ++revisions.consents })
  const audit = createAudit({
    ...deps,
    federationId: deps.federation.id,
    log: deps.log.child('audit'),
    changed: () => deps.emit('audit.changed', { revision: ++revisions.audit }),
  })
  const statements = createStatements({ ...deps, audit, changed: consentsChanged })
  const opinions = createOpinions({ ...deps, audit, changed: (revision) => deps.emit('opinions.changed', { revision }) })
  // Whoever starts a node from the command line says it there.
  if (attestsByCommand && statements.attestation() === null) statements.attest(attestationDocument.textHash)
  /** What the guard stopped on its way out. */
  const noted = <T, F extends Failure>(inspected: Result<T, F>): Result<T, F> => {
    if (!inspected.ok) audit.note({ kind: 'guard', outcome: 'stop', rule: inspected.error.code })
    return inspected
  }
  const inspect: InspectText = async (text) => noted(await deps.guard.inspectPrompt(text))
  const unnoted = createOutgoing(deps.guard)
  const outgoing: Outgoing = { ...unnoted, pass: async (written, isConcealed) => noted(await unnoted.pass(written, isConcealed)) }
  return { revisions, statements, opinions, audit, inspect, outgoing, consentsChanged }
}

/** Provider mode with everything that stands before it: consents, approvals, caps and policy. */
export const createProviderParts = (deps: ProviderPartsDeps) => {
  const { db, clock, federation, emit } = deps
  const { limits, kind } = federation.genesis
  const log = deps.log.child('provider')
  const { revisions, statements, opinions, audit } = deps.member
  const shared = { ...deps, ...realParts(deps), log, audit, federationId: federation.id }
  const isAttesting = (): boolean => statements.attestation() !== null
  const providerChanged = (): void => emit('provider.changed', { revision: ++revisions.provider })

  const jobs = createJobStore(db)
  const owner = createOwnerStore(db)
  const approvals = createApprovals({
    clock,
    audit,
    opinions,
    scan: (text) => scanIncoming(deps.guard, text),
    changed: () => {
      emit('approvals.changed', { revision: ++revisions.approvals })
      providerChanged()
    },
  })
  const consents = createConsents({ ...shared, changed: deps.member.consentsChanged })
  const provider = createProvider({
    ...shared,
    store: jobs,
    owner,
    approvals,
    inspect: (text) => deps.guard.inspectBytes(text),
    limits: { maxWorkMs: limits.maxWorkMs, reviewMs: limits.minReviewMs, ruleMs: limits.minRuleMs },
    changed: () => serving.look(),
  })
  const serving: Serving = createServing({
    ...shared,
    provider,
    consents,
    approvals,
    owner,
    changed: providerChanged,
    standingToAnyone: () => ({ relation: relationOf(kind, false), organisationAttested: isAttesting() }),
    standingTo: (request) => ({
      relation: relationOf(kind, equalBytes(request.client, deps.accountId)),
      organisationAttested: isAttesting() && isAttested(federation, request, clock.nowMs()),
    }),
    vendorApproval: statements.vendorApproval,
    maintenance: deps.maintenance,
  })
  const sources: BackendSources = { credential: deps.credentials.secret, findClaude: shared.findClaude }
  const mode = createProviderMode({ ...shared, sources, store: createChoiceStore(db), serving, consents })
  const credentials = createCredentials({
    store: deps.credentials,
    guard: deps.guard,
    audit,
    changed: (revision) => {
      emit('credentials.changed', { revision })
      void mode.keysChanged()
    },
  })
  consents.onRevoked(({ id, keyRef }) => {
    if (keyRef !== null && !mode.isKeyNeeded(keyRef, id)) void forgetKey(credentials, keyRef, log)
  })
  return { jobs, owner, credentials, approvals, consents, provider, serving, mode, sources }
}

const realParts = (deps: Pick<ProviderPartsDeps, 'executorOf' | 'findClaude' | 'ownerSignals'>) => ({
  executorOf: deps.executorOf ?? executorOf,
  findClaude: deps.findClaude ?? findClaude,
  ownerSignals: deps.ownerSignals ?? noOwnerSignals,
})

/** A withdrawn consent takes its key with it, unless another backend works with the same. */
const forgetKey = async (credentials: Credentials, keyRef: string, log: Log): Promise<void> => {
  const removed = await credentials.remove(keyRef)
  if (!removed.ok && removed.error.code === 'disk') log.write('error', 'credential not deleted', { reason: removed.error.message })
}

export const providerAreas = (
  deps: ProviderPartsDeps,
  parts: ProviderParts,
): Pick<Handlers<MarketContract>, 'provider' | 'consents' | 'approvals' | 'credentials' | 'audit'> => {
  const { federation, clock, member, guard } = deps
  const { revisions } = member
  const { audit } = member
  const shared = { ...deps, ...realParts(deps), ...parts, audit, nowMs: clock.nowMs }
  return {
    provider: {
      ...outlookHandlers({ ...shared, connectedPeers: () => deps.network.peers().length, revision: () => revisions.provider }),
      ...providerHandlers({
        ...shared,
        relation: relationOf(federation.genesis.kind, false),
        inspect: (text) => guard.inspectPrompt(text),
        inspectAnswer: (text) => guard.inspectBytes(text),
        findLocalServers: () => findLocalServers(clock, new AbortController().signal),
        revision: () => revisions.provider,
      }),
    },
    audit: auditHandlers({ ...shared, revision: () => revisions.audit }),
    credentials: credentialHandlers(parts.credentials),
    approvals: approvalHandlers({ ...shared, revision: () => revisions.approvals }),
    consents: {
      ...consentHandlers({
        ...shared,
        federationId: federation.id,
        publicKey: deps.signer.publicKey,
        revision: () => revisions.consents,
      }),
      ...statementHandlers({
        ...shared,
        statements: member.statements,
        customer: federation.genesis.organisation?.customer ?? null,
        isAcknowledgementNeeded: asksOthers(federation),
        revision: () => revisions.consents,
        withdrawn: parts.mode.stopIfRefused,
      }),
    },
  }
}

/** In a practice federation everybody is on this computer and nobody is asked anything real. */
export const asksOthers = ({ genesis }: Federation): boolean => genesis.kind !== 'practice'

/** For whoever starts a node from the command line, having read the text there. */
export const consentTo = (consents: Consents, subject: ConsentSubject, caps: ProviderCaps): Result<Bytes32 | null, Failure> => {
  const document = consents.document(subject.backend)
  return document === null ? ok(null) : consents.give(subject, caps, { shownHash: document.textHash, keyRef: null })
}

/** What this member offers and asks now, and what is taken of it. */
export const ownSituation = (parts: ProviderParts & { readonly requester: Requester }): OwnSituation => {
  const { serving, requester } = parts
  return {
    taken: () => (serving.isOn() ? takenOf(parts) : null),
    resting: () => ({
      offers: serving.resting(),
      reason: serving.hold()?.reason ?? serving.problem() ?? (serving.state() === 'paused' ? 'Paused.' : null),
    }),
    requests: requester.openRequests,
  }
}
const takenOf = ({ serving, provider, owner }: ProviderParts) => {
  const { together } = owner.rules()
  const served = serving.served()
  const slots = served.reduce((sum, { caps }) => sum + caps.concurrent, 0)
  const left = served.reduce((sum, { id, caps }) => sum + Math.max(0, caps.tasksPerDay - provider.today(id).tasks), 0)
  return {
    running: provider.runningCount(null),
    promised: provider.promisedCount(),
    slots: Math.min(slots, together?.concurrent ?? slots),
    leftToday: Math.min(left, Math.max(0, (together?.tasksPerDay ?? left) - (together === null ? 0 : provider.today(null).tasks))),
  }
}
