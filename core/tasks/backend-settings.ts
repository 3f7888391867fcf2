import { credentialTag, type ConsentSubject } from '../compliance/consent.ts'
import { parseApiKey, type AnthropicApiKey } from '../compliance/credential.ts'
import { createAnthropicExecutor } from '../executors/anthropic-api.ts'
import type { Executor } from '../executors/executor.ts'
import { createLocalModelExecutor } from '../executors/local-model.ts'
import { createPracticeExecutor, practiceModel, type PracticeOptions } from '../executors/practice.ts'
import type { BackendAddress } from '../contract/provider.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'

/** A backend with everything that it needs to run, its key included. */
export type BackendSettings =
  | ({ readonly kind: 'practice' } & Pick<PracticeOptions, 'seed' | 'firstTokenMs' | 'tokenMs' | 'words' | 'behaviour'>)
  | { readonly kind: 'local-model'; readonly baseUrl: string; readonly model: string }
  | { readonly kind: 'anthropic-api'; readonly baseUrl: string; readonly model: string; readonly apiKey: AnthropicApiKey }

const practiceDefaults = { seed: 'practice', firstTokenMs: 300, tokenMs: 25, words: 60 }

/** What the contract names, with its key from the key store. A backend whose model is not chosen yet has an empty one. */
export const backendSettingsOf = (
  backend: BackendAddress & { readonly model?: string },
  credential: (keyRef: string) => string | null,
): Result<BackendSettings, Failure<'key-missing'>> => {
  const model = backend.model ?? ''
  if (backend.kind === 'practice') return ok({ kind: 'practice', ...practiceDefaults })
  if (backend.kind === 'local') return ok({ kind: 'local-model', baseUrl: backend.baseUrl, model })
  const secret = credential(backend.keyRef)
  if (secret === null) return fail('key-missing', `The key store holds no key named “${backend.keyRef}”. Add it first.`)
  const apiKey = parseApiKey(secret)
  return apiKey.ok
    ? ok({ kind: 'anthropic-api', baseUrl: backend.baseUrl, model, apiKey: apiKey.value })
    : fail('key-missing', apiKey.error.message)
}

export type ExecutorOf = (backend: BackendSettings, clock: Clock) => Result<Executor, Failure>

export const executorOf: ExecutorOf = (backend, clock) => {
  if (backend.kind === 'practice') return ok(createPracticeExecutor({ ...backend, clock }))
  if (backend.kind === 'local-model') return createLocalModelExecutor({ ...backend, clock })
  return createAnthropicExecutor({ ...backend, clock })
}

/** What offers and screens call it. */
export const modelLabel = (backend: BackendSettings): string => (backend.kind === 'practice' ? 'practice (simulated)' : backend.model)

/** What a consent for this backend must be about. */
export const consentSubjectOf = (backend: BackendSettings, federationId: Bytes32): ConsentSubject => ({
  backend: backend.kind,
  baseUrl: backend.kind === 'practice' ? '' : backend.baseUrl,
  model: backend.kind === 'practice' ? practiceModel : backend.model,
  credentialTag: backend.kind === 'anthropic-api' ? credentialTag(federationId, backend.apiKey) : null,
})
