import { homedir } from 'node:os'
import { credentialTag, type ConsentSubject } from '../compliance/consent.ts'
import { parseApiKey, type AnthropicApiKey } from '../compliance/credential.ts'
import { isClaude, type PolicyBackend } from '../compliance/policy.ts'
import { createAnthropicExecutor } from '../executors/anthropic-api.ts'
import { createClaudeCliExecutor, type CliLogin } from '../executors/claude-cli.ts'
import type { ClaudeLogin, FoundClaude } from '../executors/discover.ts'
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
  | {
      readonly kind: 'claude-cli'
      readonly path: string
      readonly model: string
      /** Null: the user's own login, whose kind the program says. */
      readonly key: { readonly apiKey: AnthropicApiKey; readonly baseUrl: string } | null
      readonly login: ClaudeLogin
    }

export type BackendSources = {
  /** A credential from the key store; it never crosses the contract. */
  readonly credential: (keyRef: string) => string | null
  readonly findClaude: () => Promise<FoundClaude | null>
}
export type BackendFailure = Failure<'key-missing' | 'not-installed'>
export type BackendWish = BackendAddress & { readonly model?: string }

const practiceDefaults = { seed: 'practice', firstTokenMs: 300, tokenMs: 25, words: 60 }

/** What the contract names, with its key from the key store. A backend whose model is not chosen yet has an empty one. */
export const backendSettingsOf = async (
  backend: BackendWish,
  { credential, findClaude }: BackendSources,
): Promise<Result<BackendSettings, BackendFailure>> => {
  const { model = '' } = backend
  if (backend.kind === 'practice') return ok({ kind: 'practice', ...practiceDefaults })
  if (backend.kind === 'local') return ok({ kind: 'local-model', baseUrl: backend.baseUrl, model })
  if (backend.kind === 'anthropic') {
    const apiKey = apiKeyOf(backend.keyRef, credential)
    return apiKey.ok ? ok({ kind: 'anthropic-api', baseUrl: backend.baseUrl, model, apiKey: apiKey.value }) : apiKey
  }
  const apiKey = backend.key === null ? null : apiKeyOf(backend.key.keyRef, credential)
  if (apiKey?.ok === false) return apiKey
  const found = await findClaude()
  if (found === null)
    return fail('not-installed', 'The Claude Code program is not installed on this computer, or not where it is looked for.')
  const key = backend.key === null || apiKey === null ? null : { apiKey: apiKey.value, baseUrl: backend.key.baseUrl }
  return ok({ kind: 'claude-cli', path: found.path, login: found.login, model, key })
}

const apiKeyOf = (keyRef: string, credential: BackendSources['credential']): Result<AnthropicApiKey, Failure<'key-missing'>> => {
  const secret = credential(keyRef)
  if (secret === null) return fail('key-missing', `The key store holds no key named “${keyRef}”. Add it first.`)
  const apiKey = parseApiKey(secret)
  return apiKey.ok ? apiKey : fail('key-missing', apiKey.error.message)
}

/** The name of the key that a backend uses; null for one without. */
export const keyRefOf = (backend: BackendAddress): string | null =>
  backend.kind === 'anthropic' ? backend.keyRef : backend.kind === 'claude-cli' ? (backend.key?.keyRef ?? null) : null

export type ExecutorOf = (backend: BackendSettings, clock: Clock) => Result<Executor, Failure>

export const executorOf: ExecutorOf = (backend, clock) => {
  switch (backend.kind) {
    case 'practice':
      return ok(createPracticeExecutor({ ...backend, clock }))
    case 'local-model':
      return createLocalModelExecutor({ ...backend, clock })
    case 'anthropic-api':
      return createAnthropicExecutor({ ...backend, clock })
    case 'claude-cli': {
      const { path, model, key } = backend
      const login: CliLogin = key === null ? { kind: 'own', home: homedir() } : { kind: 'api-key', ...key }
      return createClaudeCliExecutor({ path, model, login, clock })
    }
  }
}

/** Its row in the policy table. A login that is not known to be a seat counts as personal, which may do least. */
export const policyBackendOf = (backend: BackendSettings): PolicyBackend => {
  if (backend.kind === 'local-model') return localRow(backend.model)
  if (backend.kind !== 'claude-cli') return backend.kind
  if (backend.key !== null) return 'claude-cli-api-key'
  return backend.login === 'seat' || backend.login === 'other' ? 'claude-cli-seat-login' : 'claude-cli-personal-login'
}

const localRow = (model: string): PolicyBackend => (isClaude(model) ? 'claude-by-local-server' : 'local-model')

/** The same from what the contract names, without asking the program for its login. */
export const policyBackendByName = (backend: BackendWish): PolicyBackend => {
  switch (backend.kind) {
    case 'practice':
      return 'practice'
    case 'local':
      return localRow(backend.model ?? '')
    case 'anthropic':
      return 'anthropic-api'
    case 'claude-cli':
      return backend.key === null ? 'claude-cli-personal-login' : 'claude-cli-api-key'
  }
}

/** What offers and screens call it. */
export const practiceLabel = 'practice (simulated)'
export const modelLabel = (backend: BackendSettings): string => (backend.kind === 'practice' ? practiceLabel : backend.model)

export const keyOf = (backend: BackendSettings): AnthropicApiKey | null =>
  backend.kind === 'anthropic-api' ? backend.apiKey : backend.kind === 'claude-cli' ? (backend.key?.apiKey ?? null) : null
const addressOf = (backend: BackendSettings): string =>
  backend.kind === 'practice' ? '' : backend.kind === 'claude-cli' ? (backend.key?.baseUrl ?? '') : backend.baseUrl

/** What a consent for this backend must be about. */
export const consentSubjectOf = (backend: BackendSettings, federationId: Bytes32): ConsentSubject => {
  const apiKey = keyOf(backend)
  return {
    backend: policyBackendOf(backend),
    baseUrl: addressOf(backend),
    model: backend.kind === 'practice' ? practiceModel : backend.model,
    credentialTag: apiKey === null ? null : credentialTag(federationId, apiKey),
  }
}
