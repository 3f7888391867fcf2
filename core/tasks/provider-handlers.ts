import { maxReasonLength } from '../contract/provider.ts'
import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { parseApiKey } from '../compliance/credential.ts'
import type { SignedConsent } from '../compliance/consent.ts'
import { contractBackend } from '../orders/handlers.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Provider } from './provider.ts'
import { modelOf, type BackendSettings, type Serving } from './serving.ts'

export type ProviderHandlersDeps = {
  readonly serving: Serving
  readonly provider: Provider
  readonly revision: () => number
  /** A credential from the key store; it never crosses the contract. */
  readonly credential: (keyRef: string) => string | null
  readonly consent: (consentRef: string) => SignedConsent | null
}

type Input = Parameters<Handlers<MarketContract>['provider']['start']>[0]

/** How long an offer stands before its maker announces it anew. */
const offerLifeMs = 3_600_000
const practiceDefaults = { seed: 'practice', firstTokenMs: 300, tokenMs: 25, words: 60 }
const verdicts = { allow: 'allow', ask: 'ask-each-time', refuse: 'refuse' } as const

export const providerHandlers = (deps: ProviderHandlersDeps): Handlers<MarketContract>['provider'] => ({
  status: () => {
    const settings = deps.serving.settings()
    const today = deps.provider.today()
    const decided = deps.serving.decision()
    return ok({
      revision: deps.revision(),
      state: settings === null ? 'stopped' : 'running',
      pausedUntilMs: null,
      configured: null,
      backend:
        settings === null
          ? null
          : {
              kind: contractBackend[settings.backend.kind],
              model: modelOf(settings.backend),
              healthy: deps.serving.problem() === null,
              problem: deps.serving.problem(),
            },
      policy: decided === null ? null : { verdict: verdicts[decided.verdict], reason: decided.sentence.slice(0, maxReasonLength) },
      caps: settings?.caps ?? null,
      activeOffers: deps.serving.ownOffers().length,
      runningTasks: deps.provider.runningCount(),
      tasksToday: today.tasks,
      outputTokensToday: today.outputTokens,
      earnedMicro: deps.provider.earnedMicro(),
    })
  },
  start: async ({ backend, consentRef, caps, offers }) => {
    const settings = backendOf(backend, deps)
    if (!settings.ok) return settings
    const started = await deps.serving.start({
      backend: settings.value,
      caps,
      offers: offers.map((offer) => ({
        classKey: offer.classKey,
        pricing: offer.pricing,
        ...offer.promise,
        concurrent: caps.concurrent,
        leftToday: caps.tasksPerDay,
        validForMs: offerLifeMs,
      })),
      consent: consentRef === null ? null : deps.consent(consentRef),
      approvalWaived: false,
    })
    if (started.ok) return ok({})
    const { code, message } = started.error
    return code === 'invalid-backend' ? fail('invalid-input', message) : fail(code, message)
  },
  stop: () => {
    deps.serving.stop()
    return ok({})
  },
  pause: () => fail('unavailable', 'This version cannot pause yet.'),
  resume: () => fail('unavailable', 'This version cannot resume yet.'),
  check: () => fail('unavailable', 'This version cannot check a backend yet.'),
})

const backendOf = (backend: Input['backend'], deps: ProviderHandlersDeps): Result<BackendSettings, Failure<'key-missing'>> => {
  if (backend.kind === 'practice') return ok({ kind: 'practice', ...practiceDefaults })
  if (backend.kind === 'local') return ok({ kind: 'local-model', baseUrl: backend.baseUrl, model: backend.model })
  const secret = deps.credential(backend.keyRef)
  if (secret === null) return fail('key-missing', `The key store holds no key named “${backend.keyRef}”. Add it first.`)
  const apiKey = parseApiKey(secret)
  return apiKey.ok
    ? ok({ kind: 'anthropic-api', baseUrl: backend.baseUrl, model: backend.model, apiKey: apiKey.value })
    : fail('key-missing', apiKey.error.message)
}
