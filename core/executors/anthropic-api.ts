import type { AnthropicApiKey } from '../compliance/credential.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { AnthropicClient } from './anthropic-client.ts'
import type { Backend, Executor } from './executor.ts'
import { createExecutor, defaultRunnerLimits, type RunnerLimits } from './runner.ts'

/** Claude through the official SDK with an API key, directly or through a gateway that the organisation runs. */
export type AnthropicApiOptions = {
  readonly apiKey: AnthropicApiKey
  readonly baseUrl?: string
  /** An id out of `health().models`; the list is the API's, never ours. */
  readonly model: string
  readonly clock: Clock
  readonly maxOutputTokens?: number
  readonly limits?: RunnerLimits
}

export const anthropicBaseUrl = 'https://api.anthropic.com'
/** What every model of the API allows; a larger cap can be set for a model that gives more. */
const defaultMaxOutputTokens = 8_192

export const createAnthropicExecutor = (options: AnthropicApiOptions): Result<Executor, Failure<'invalid-url'>> => {
  const baseUrl = checkedBaseUrl(options.baseUrl ?? anthropicBaseUrl)
  if (!baseUrl.ok) return baseUrl
  const client = lazyClient(options.apiKey, baseUrl.value, (options.limits ?? defaultRunnerLimits).totalTimeoutMs)
  const backend: Backend = {
    id: 'anthropic-api',
    capabilities: { model: options.model, maxOutputTokens: options.maxOutputTokens ?? defaultMaxOutputTokens, simulated: false },
    models: async (signal) => (await client()).models(signal),
    async *stream(task, signal) {
      yield* (await client()).stream(options.model, task, signal)
    },
  }
  return ok(createExecutor(backend, options.clock, options.limits))
}

/** The SDK is a megabyte of code: it is loaded by whoever has such a backend, when it is first used. */
const lazyClient = (apiKey: AnthropicApiKey, baseUrl: string, timeoutMs: number): (() => Promise<AnthropicClient>) => {
  let client: Promise<AnthropicClient> | null = null
  const load = async (): Promise<AnthropicClient> => {
    const { createAnthropicClient } = await import('./anthropic-client.ts')
    return createAnthropicClient(apiKey, baseUrl, timeoutMs)
  }
  return () => (client ??= load())
}

/** The key travels with every request: so encrypted, or not over a wire at all. */
export const checkedBaseUrl = (text: string): Result<string, Failure<'invalid-url'>> => {
  const url = text.length <= 512 && URL.canParse(text) ? new URL(text) : null
  const isLoopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) || url.username !== '' || url.search !== '')
    return fail('invalid-url', 'Write the address of the API or gateway like https://api.anthropic.com; plain http only on this computer.')
  return ok(url.href.replace(/\/+$/, ''))
}

/** The models of a key, for a backend that has no list of its own. */
export const listModelsOf = async (
  { apiKey, baseUrl }: { readonly apiKey: AnthropicApiKey; readonly baseUrl: string },
  signal: AbortSignal,
): Promise<readonly string[]> => (await lazyClient(apiKey, baseUrl, defaultRunnerLimits.healthTimeoutMs)()).models(signal)
