import { consentDocumentFor } from '../../core/compliance/consent-text.ts'
import type { AnthropicApiKey } from '../../core/compliance/credential.ts'
import { createAnthropicExecutor } from '../../core/executors/anthropic-api.ts'
import type { Executor } from '../../core/executors/executor.ts'
import { createLocalModelExecutor } from '../../core/executors/local-model.ts'
import type { ServeConfig } from '../../core/node/nodes-config.ts'
import { offerOf, practiceClass, practiceServe, serveDefaults } from '../../core/node/practice.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../../core/platform/result.ts'

/** A null model takes the first that the backend names. */
export type RealBackend =
  | { readonly kind: 'local-model'; readonly baseUrl: string; readonly model: string | null }
  | { readonly kind: 'anthropic-api'; readonly baseUrl: string; readonly model: string | null; readonly apiKey: AnthropicApiKey }
export type DemoBackend = { readonly kind: 'practice' } | RealBackend

/** What the three providers run, by their number from 0. */
export type Served = {
  readonly classKey: string
  readonly serveOf: (provider: number) => ServeConfig
  /** What the person who started the demo has agreed to by starting it so. */
  readonly consent: string | null
}

const modelClass = 'demo-model'
const firstTokenMs = 30_000
const healthTimeoutMs = 10_000

/** A real backend is asked for its models first, so that one that cannot work is known before anything starts. */
export const serveWith = async (backend: DemoBackend): Promise<Result<Served, Failure>> => {
  if (backend.kind === 'practice') return ok({ classKey: practiceClass, serveOf: practiceServe, consent: null })
  const model = await modelOf(backend)
  if (!model.ok) return model
  const document = consentDocumentFor(backend.kind)
  return ok({
    classKey: modelClass,
    consent: `your own task runs on ${backend.baseUrl}, ${model.value} (${document?.documentId ?? ''}, version ${document?.version ?? 0})`,
    serveOf: (provider) => ({
      ...serveDefaults,
      backend: { ...backend, model: model.value },
      offers: [offerOf(modelClass, provider, firstTokenMs)],
      consented: true,
      approvalWaived: true,
    }),
  })
}

const modelOf = async (backend: RealBackend): Promise<Result<string, Failure>> => {
  const executor = executorFor(backend)
  if (!executor.ok) return executor
  const health = await executor.value.health(AbortSignal.timeout(healthTimeoutMs))
  if (!health.ok) return health
  const model = backend.model ?? health.value.models[0]
  return model === undefined ? fail('no-model', 'The backend has no model to offer.') : ok(model)
}

/** Refuses an address that the backend may not be reached at. */
export const executorFor = (backend: RealBackend): Result<Executor, Failure> => {
  const { baseUrl, model } = backend
  const options = { baseUrl, model: model ?? 'unknown', clock: systemClock }
  return backend.kind === 'local-model'
    ? createLocalModelExecutor(options)
    : createAnthropicExecutor({ ...options, apiKey: backend.apiKey })
}
