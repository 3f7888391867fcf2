import { Anthropic, APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk'
import type { AnthropicApiKey } from '../compliance/credential.ts'
import { BackendError, executorFailure, type BackendEvent, type ExecutorFailure, type ExecutorTask } from './executor.ts'
import { maxEventStreamBytes } from './server-sent-events.ts'

/** All that the market asks of the official SDK. */
export type AnthropicClient = {
  readonly models: (signal: AbortSignal) => Promise<readonly string[]>
  readonly stream: (model: string, task: ExecutorTask, signal: AbortSignal) => AsyncIterable<BackendEvent>
}

export const createAnthropicClient = (apiKey: AnthropicApiKey, baseUrl: string, timeoutMs: number): AnthropicClient => {
  const client = createClient(apiKey, baseUrl, timeoutMs)
  return {
    models: (signal) => listModels(client, signal),
    stream: (model, task, signal) => messageStream(client, model, task, signal),
  }
}

/** Everything is said explicitly, because the SDK otherwise reads the environment. No retries: a retry could cost twice. */
const createClient = (apiKey: AnthropicApiKey, baseURL: string, timeout: number): Anthropic =>
  new Anthropic({
    apiKey,
    authToken: null,
    baseURL,
    maxRetries: 0,
    timeout,
    webhookKey: null,
    logLevel: 'off',
    openTelemetry: false,
    fetch: (input, init) => boundedFetch(apiKey, input, init),
  })

/**
 * Sends these headers and no others, because the SDK adds what ANTHROPIC_CUSTOM_HEADERS holds, were it the cookie of a subscription.
 * Follows no redirect, and bounds the answer, which the SDK buffers line by line without limit.
 */
const boundedFetch = async (apiKey: AnthropicApiKey, input: string | URL | Request, init: RequestInit | undefined): Promise<Response> => {
  const headers = new Headers({ accept: 'application/json', 'content-type': 'application/json', 'anthropic-version': '2023-06-01' })
  headers.set('authorization', `Bearer ${apiKey}`)
  const response = await fetch(input, { ...init, headers, redirect: 'error' })
  let total = 0
  const bounded = response.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (part, controller) => {
        total += part.length
        if (total > maxEventStreamBytes) controller.error(new RangeError('answer too long'))
        else controller.enqueue(part)
      },
    }),
  )
  return new Response(bounded ?? null, { status: response.status, statusText: response.statusText, headers: response.headers })
}

/** More models than this nobody chooses from. */
const maxModels = 200

const listModels = async (client: Anthropic, signal: AbortSignal): Promise<readonly string[]> => {
  try {
    const page = await client.models.list({ limit: maxModels }, { signal })
    return page.data.slice(0, maxModels).map(({ id }) => id)
  } catch (error) {
    throw new BackendError(failureOf(error))
  }
}

/** The stranger's text is the one user turn; no system text, no tools, no sampling parameters (the API refuses those). */
async function* messageStream(client: Anthropic, model: string, task: ExecutorTask, signal: AbortSignal): AsyncGenerator<BackendEvent> {
  try {
    const body = {
      model,
      max_tokens: task.maxOutputTokens,
      messages: [{ role: 'user' as const, content: task.prompt }],
      stream: true as const,
    }
    let stop: Anthropic.StopReason | null = null
    for await (const event of await client.messages.create(body, { signal })) {
      if (event.type === 'message_start') yield inputUsage(event.message.usage)
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield { kind: 'text', text: event.delta.text }
      if (event.type === 'message_delta') {
        stop = event.delta.stop_reason
        yield outputUsage(event.usage)
      }
      if (event.type === 'message_stop' && stop !== null) yield { kind: 'stop', reason: reasonOf(stop) }
    }
  } catch (error) {
    throw new BackendError(failureOf(error))
  }
}

const reasonOf = (stop: Anthropic.StopReason): 'end' | 'length' | 'refusal' =>
  stop === 'refusal' ? 'refusal' : stop === 'max_tokens' || stop === 'model_context_window_exceeded' ? 'length' : 'end'

/** The sum of the three is the input (the SDK's own note on usage). */
const inputUsage = (usage: Anthropic.Usage): BackendEvent => ({
  kind: 'usage',
  inputTokens: usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0),
  outputTokens: null,
})

/** The client can only check what it sees, so reasoning that stays hidden is not charged to it; the vendor bills it all the same. */
const outputUsage = (usage: Anthropic.MessageDeltaUsage): BackendEvent => {
  const hiddenTokens = usage.output_tokens_details?.thinking_tokens ?? 0
  return { kind: 'usage', inputTokens: null, outputTokens: usage.output_tokens - hiddenTokens, hiddenTokens }
}

const failureOf = (error: unknown): ExecutorFailure => {
  if (error instanceof APIConnectionTimeoutError) return executorFailure('timeout', 'The API took too long to answer.')
  if (error instanceof APIConnectionError)
    return executorFailure('unreachable', 'The API cannot be reached. Check the connection and the address.')
  if (isApiError(error)) return apiFailure(error)
  return executorFailure('broken-stream', 'The API broke off in the middle of its answer.')
}

/** `instanceof` alone would leave the class's type parameters open. */
const isApiError = (error: unknown): error is APIError => error instanceof APIError

const apiFailure = (error: APIError): ExecutorFailure => {
  if (error.errorCode === 'enforced_spend_limit_reached' || error.type === 'billing_error')
    return executorFailure('spend-limit', "The account's spending limit is reached. Offers stay withdrawn until it is raised.")
  switch (error.type) {
    case 'authentication_error':
    case 'permission_error':
      return executorFailure('unauthorised', 'The API does not accept this key. Check it in the Claude Console.')
    case 'not_found_error':
      return executorFailure('model-not-found', 'The API does not have this model for this key. Choose another from its list.')
    case 'rate_limit_error':
      return executorFailure('rate-limited', 'The account sends too much at once. It must wait.', retryAfterMs(error.headers))
    case 'overloaded_error':
      return executorFailure('overloaded', 'The API is overloaded at the moment.', retryAfterMs(error.headers))
    case 'invalid_request_error':
      return executorFailure('rejected', 'The API refused the form of this task.')
    case 'timeout_error':
      return executorFailure('timeout', 'The API took too long to answer.')
    default:
      return executorFailure('unavailable', 'The API failed on its own side.')
  }
}

/** Seconds in the header; at most an hour is believed. */
const retryAfterMs = (headers: Headers | undefined): number | null => {
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : null
}
