import { isHourAllowed, type ProviderCaps } from '../compliance/caps.ts'
import type { Consents } from '../compliance/consents.ts'
import { decide, type PolicyBackend, type PolicyDecision, type Relation, type VendorApproval } from '../compliance/policy.ts'
import type { OfferWish } from '../orders/handlers.ts'
import type { TaskRequest } from '../orders/model.ts'
import type { Clock } from '../platform/clock.ts'
import { localHourOfWeek } from '../platform/local-time.ts'
import type { OwnerSignals } from '../platform/owner-signals.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { Maintenance } from '../sla/model.ts'
import type { Approvals } from './approvals.ts'
import { consentSubjectOf, policyBackendOf, type BackendSettings } from './backend-settings.ts'
import type { BackendId } from './choice-store.ts'
import { holdByOwner } from './owner-rules.ts'
import type { OwnerStore } from './owner-store.ts'
import type { Provider } from './provider.ts'

export type ServingSettings = {
  readonly id: BackendId
  readonly backend: BackendSettings
  readonly caps: ProviderCaps
  readonly offers: readonly OfferWish[]
  /** Null only for practice, where nothing of the provider's is at stake. */
  readonly consentId: Bytes32 | null
  /** The provider turned the approval of each task off, where the policy lets it. */
  readonly approvalWaived: boolean
}

export type Standing = { readonly relation: Relation; readonly organisationAttested: boolean }

export type ServingRulesDeps = {
  readonly provider: Provider
  readonly consents: Consents
  readonly approvals: Approvals
  readonly owner: OwnerStore
  readonly ownerSignals: OwnerSignals
  readonly federationId: Bytes32
  /** How this member stands to others at best: what an offer to everyone is judged by. */
  readonly standingToAnyone: () => Standing
  readonly standingTo: (request: TaskRequest) => Standing
  readonly vendorApproval: () => VendorApproval | null
  /** What this provider's own last trades say: its offers rest before its reputation pays for a backend that fails. */
  readonly maintenance: () => Maintenance | null
  readonly clock: Clock
}

/** Why nothing is offered for the moment. `rule` is for programs, `reason` for people. */
export type Hold = { readonly rule: string; readonly reason: string }

export type ServingRules = ReturnType<typeof createServingRules>

/** Everything that may say no to serving, asked anew each time, because all of it can change at any moment. */
export const createServingRules = (deps: ServingRulesDeps) => {
  const decision = (settings: ServingSettings, to: Standing): PolicyDecision => {
    const subject = consentSubjectOf(settings.backend, deps.federationId)
    const consentValid = deps.consents.check(settings.consentId, subject, settings.caps) === 'valid'
    const { approvalWaived } = settings
    return decideOn(policyBackendOf(settings.backend), { ...to, vendorApproval: deps.vendorApproval(), consentValid, approvalWaived })
  }
  /** The owner's hours and rules: what may change within a second of the last look. */
  const restOf = (settings: ServingSettings): Hold | null =>
    isHourAllowed(settings.caps, localHourOfWeek(deps.clock.nowMs()))
      ? holdByOwner(deps.owner.rules(), deps.ownerSignals)
      : { rule: 'hours', reason: 'It is outside of the hours that you set.' }
  return {
    decision,
    restOf,
    /** Whether this client's task runs here, at once or after approval. */
    decisionFor: (settings: ServingSettings, request: TaskRequest): PolicyDecision =>
      deps.approvals.isBlocked(request.client) ? blocked : decision(settings, deps.standingTo(request)),
    holdOf: (settings: ServingSettings): Hold | null => {
      const decided = decision(settings, deps.standingToAnyone())
      if (decided.verdict === 'refuse') return { rule: decided.rule, reason: decided.sentence }
      const rest = restOf(settings)
      if (rest !== null) return rest
      const maintenance = deps.maintenance()
      if (maintenance !== null) return holdFor(maintenance, deps.clock.nowMs())
      const full = deps.provider.closedBy({ id: settings.id, backend: settings.backend.kind, caps: settings.caps })
      return full === null ? null : { rule: full.rule, reason: full.sentence }
    },
  }
}

const blocked: PolicyDecision = { verdict: 'refuse', rule: 'blocked', sentence: 'This provider runs nothing for you.' }

const holdFor = ({ broken, of, untilMs }: Maintenance, nowMs: number): Hold => ({
  rule: 'maintenance',
  reason: `${broken} of your last ${of} tasks failed or came later than promised. Your offers rest for ${Math.ceil((untilMs - nowMs) / 60_000)} minutes so that your reputation does not suffer; look at the backend meanwhile.`,
})

type ServingSituation = Standing & {
  readonly vendorApproval: VendorApproval | null
  readonly consentValid: boolean
  readonly approvalWaived: boolean
}
/** The policy's word on serving others with a backend; nothing that others ask for is started by its user. */
export const decideOn = (backend: PolicyBackend, situation: ServingSituation): PolicyDecision =>
  decide({ backend, ...situation, startedByUser: false })
