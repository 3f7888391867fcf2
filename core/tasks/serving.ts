import { allHours, consentStatus, consentTag, credentialTag, signConsent, type Consent, type SignedConsent } from '../compliance/consent.ts'
import { consentText } from '../compliance/consent-text.ts'
import type { AnthropicApiKey } from '../compliance/credential.ts'
import { decide, type PolicyDecision, type Relation } from '../compliance/policy.ts'
import { createAnthropicExecutor } from '../executors/anthropic-api.ts'
import type { Executor } from '../executors/executor.ts'
import { createLocalModelExecutor } from '../executors/local-model.ts'
import { createPracticeExecutor, type PracticeOptions } from '../executors/practice.ts'
import type { Signer } from '../identity/signing.ts'
import type { OfferWish } from '../orders/handlers.ts'
import type { Offer, Signed, TaskRequest } from '../orders/model.ts'
import type { Orders } from '../orders/service.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { Provider } from './provider.ts'
import type { ServingCaps } from './task-bidder.ts'

export type BackendSettings =
  | ({ readonly kind: 'practice' } & Pick<PracticeOptions, 'seed' | 'firstTokenMs' | 'tokenMs' | 'words' | 'behaviour'>)
  | { readonly kind: 'local-model'; readonly baseUrl: string; readonly model: string }
  | { readonly kind: 'anthropic-api'; readonly baseUrl: string; readonly model: string; readonly apiKey: AnthropicApiKey }

export type ServingSettings = {
  readonly backend: BackendSettings
  readonly caps: ServingCaps
  readonly offers: readonly OfferWish[]
  /** Null only for practice, where nothing of the provider's is at stake. */
  readonly consent: SignedConsent | null
  /** The provider turned the approval of each task off, where the policy lets it. */
  readonly approvalWaived: boolean
}

export type Standing = { readonly relation: Relation; readonly organisationAttested: boolean }

export type ServingDeps = {
  readonly provider: Provider
  readonly orders: Orders
  readonly signer: Signer
  readonly federationId: Bytes32
  /** How this member stands to others at best: what an offer to everyone is judged by. */
  readonly standingToAnyone: () => Standing
  readonly standingTo: (request: TaskRequest) => Standing
  readonly clock: Clock
}
export type StartCode = 'already-running' | 'policy-refused' | 'consent-missing' | 'backend-unreachable' | 'invalid-backend'
export type PublishCode = 'provider-stopped' | 'policy-refused' | 'too-many-offers'

/** More than the longest task can have. */
const maxInputTokens = 100_000

export type Serving = ReturnType<typeof createServing>

/** The switch of provider mode: nothing is offered before policy, consent and backend have all said yes. */
export const createServing = (deps: ServingDeps) => {
  const { provider, orders, clock } = deps
  let on: ServingSettings | null = null
  let maxOutputTokens = 0
  /** The start that is under way; a stop meanwhile calls it off. */
  let starting: ServingSettings | null = null
  let problem: string | null = null

  const decision = (settings: ServingSettings, to: Standing): PolicyDecision =>
    decide({
      backend: settings.backend.kind,
      ...to,
      vendorApproval: null,
      approvalWaived: settings.approvalWaived,
      startedByUser: false,
      consentValid: settings.backend.kind === 'practice' || hasConsent(settings),
    })
  const hasConsent = (settings: ServingSettings): boolean =>
    consentStatus(settings.consent, {
      ...consentFor(deps.federationId, settings.backend, settings.caps),
      federationId: deps.federationId,
      publicKey: deps.signer.publicKey,
      nowMs: clock.nowMs(),
    }) === 'valid'

  const start = async (settings: ServingSettings): Promise<Result<void, Failure<StartCode>>> => {
    if (on !== null || starting !== null) return fail('already-running', 'Provider mode is on already; stop it first.')
    const decided = decision(settings, deps.standingToAnyone())
    if (decided.rule === 'consent') return fail('consent-missing', decided.sentence)
    if (decided.verdict === 'refuse') return fail('policy-refused', decided.sentence)
    const executor = executorOf(settings.backend, clock)
    if (!executor.ok) return fail('invalid-backend', executor.error.message)
    starting = settings
    const health = await executor.value.health(new AbortController().signal)
    if (starting !== settings) return fail('backend-unreachable', 'Provider mode was switched off before the backend had answered.')
    starting = null
    if (!health.ok) return fail('backend-unreachable', health.error.message)
    switchOn(settings, executor.value)
    return ok(undefined)
  }
  const switchOn = (settings: ServingSettings, executor: Executor): void => {
    on = settings
    problem = null
    maxOutputTokens = Math.min(settings.caps.outputTokensPerTask, executor.capabilities.maxOutputTokens)
    provider.start({
      executor,
      caps: settings.caps,
      refusalByPolicy: (_backend, request) => refusalNow(settings, deps.standingTo(request)),
    })
    for (const wish of settings.offers) {
      const published = publish(wish)
      if (!published.ok) problem = published.error.message
    }
  }
  /** Asked before every bid and again before every task, because a consent can run out in between. */
  const refusalNow = (settings: ServingSettings, to: Standing): string | null => {
    const { verdict, sentence } = decision(settings, to)
    return verdict === 'allow' ? null : sentence
  }

  const publish = (wish: OfferWish): Result<Signed<Offer>, Failure<PublishCode>> => {
    if (on === null) return fail('provider-stopped', 'Switch provider mode on before you publish an offer.')
    const refused = refusalNow(on, deps.standingToAnyone())
    if (refused !== null) return fail('policy-refused', refused)
    const published = orders.publishOffer({
      ...wish,
      backend: on.backend.kind,
      modelLabel: modelOf(on.backend),
      maxInputTokens,
      maxOutputTokens,
      concurrent: Math.min(wish.concurrent, on.caps.concurrent),
      leftToday: Math.max(0, Math.min(wish.leftToday, on.caps.tasksPerDay - provider.today().tasks)),
      successPpm: 990_000,
      consentTag: on.consent === null ? new Uint8Array(32) : consentTag(deps.federationId, on.consent),
    })
    return published.ok ? published : fail('too-many-offers', published.error.message)
  }

  return {
    start,
    publish,
    /** Withdraws every offer, aborts what runs and refunds it. */
    stop: (): void => {
      on = null
      starting = null
      for (const offer of orders.book.offers.ofMember(deps.signer.publicKey)) orders.withdrawOffer(offer.id)
      provider.stop()
    },
    settings: () => on,
    problem: () => problem,
    decision: () => (on === null ? null : decision(on, deps.standingToAnyone())),
    ownOffers: () => orders.book.offers.ofMember(deps.signer.publicKey),
  }
}

export const modelOf = (backend: BackendSettings): string => (backend.kind === 'practice' ? 'practice (simulated)' : backend.model)

const executorOf = (backend: BackendSettings, clock: Clock): Result<Executor, Failure> => {
  if (backend.kind === 'practice') return ok(createPracticeExecutor({ ...backend, clock }))
  if (backend.kind === 'local-model') return createLocalModelExecutor({ ...backend, clock })
  return createAnthropicExecutor({ ...backend, clock })
}

/** What a consent for this backend within these caps must say. */
const consentFor = (
  federationId: Bytes32,
  backend: BackendSettings,
  caps: ServingCaps,
): Omit<Consent, 'grantedAtMs' | 'termsCheckedAtMs'> => ({
  documentId: consentText.documentId,
  version: consentText.version,
  textHash: sha256(utf8(consentText.text)),
  backend: backend.kind,
  caps: {
    tasksPerDay: caps.tasksPerDay,
    tokensPerTask: caps.outputTokensPerTask,
    tokensPerDay: caps.outputTokensPerDay,
    moneyPerDayCents: 0,
    concurrent: caps.concurrent,
    weeklyHours: allHours,
  },
  credentialTag: backend.kind === 'anthropic-api' ? credentialTag(federationId, backend.apiKey) : null,
})

/** Signed when the provider has read the text and said yes. */
export const giveConsent = (
  signer: Signer,
  federationId: Bytes32,
  backend: BackendSettings,
  caps: ServingCaps,
  nowMs: number,
): SignedConsent =>
  signConsent(signer, federationId, {
    ...consentFor(federationId, backend, caps),
    termsCheckedAtMs: consentText.termsCheckedAtMs,
    grantedAtMs: nowMs,
  })
