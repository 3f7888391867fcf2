import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { claudeByLocalServer, isClaude } from '../compliance/policy.ts'
import type { Clock } from '../platform/clock.ts'
import { nodeHttp } from '../platform/http.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'
import {
  BackendError,
  executorFailure,
  type Backend,
  type BackendEvent,
  type Executor,
  type ExecutorErrorCode,
  type ExecutorTask,
} from './executor.ts'
import { localBaseUrl, lookupLocal, notLocalCode } from './local-address.ts'
import { createExecutor, type RunnerLimits } from './runner.ts'
import { dataLines } from './server-sent-events.ts'

/** Any OpenAI-compatible server on loopback or LAN: Ollama, llama.cpp, LM Studio, vLLM. */
export type LocalModelOptions = {
  readonly baseUrl: string
  readonly model: string
  readonly clock: Clock
  /** What the server's model can give at most. */
  readonly maxOutputTokens?: number
  readonly limits?: RunnerLimits
}

const defaultMaxOutputTokens = 8_192
const maxModelListBytes = 1024 * 1024

export const createLocalModelExecutor = (options: LocalModelOptions): Result<Executor, Failure<'invalid-url' | 'not-local'>> => {
  const baseUrl = localBaseUrl(options.baseUrl)
  if (!baseUrl.ok) return baseUrl
  const backend = localBackend(baseUrl.value, options.model, options.maxOutputTokens ?? defaultMaxOutputTokens)
  return ok(createExecutor(backend, options.clock, options.limits))
}

const localBackend = (baseUrl: URL, model: string, maxOutputTokens: number): Backend => ({
  id: 'local-model',
  capabilities: { model, maxOutputTokens, simulated: false },
  models: async (signal) => {
    const response = await send(baseUrl, 'GET', '/v1/models', null, signal)
    const { data } = modelList.parse(JSON.parse(await readAll(response, maxModelListBytes)))
    const claude = data.filter(({ id, owned_by: owner }) => isClaude(id, owner))
    if (claude.some(({ id }) => id === model)) throw notLocal()
    return data.filter((listed) => !claude.includes(listed)).map(({ id }) => id)
  },
  stream: (task, signal) => completion(baseUrl, model, task, signal),
})

const modelList = z.object({
  data: z.array(z.object({ id: z.string().max(200), owned_by: z.string().max(200).nullish() })).max(1_000),
})
const chunk = z.object({
  /** What really answers, whatever was asked for. */
  model: z.string().nullish(),
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish() }).optional(), finish_reason: z.string().nullish() }))
    .max(1)
    .default([]),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
  error: z.unknown().optional(),
})

/** The stranger's text is the one user turn; no system text, no tools. */
const bodyOf = (model: string, task: ExecutorTask) => ({
  model,
  messages: [{ role: 'user', content: task.prompt }],
  max_tokens: task.maxOutputTokens,
  stream: true,
  stream_options: { include_usage: true },
})

async function* completion(baseUrl: URL, model: string, task: ExecutorTask, signal: AbortSignal): AsyncGenerator<BackendEvent> {
  const response = await send(baseUrl, 'POST', '/v1/chat/completions', bodyOf(model, task), signal)
  let finish: string | null = null
  // The usage comes in an event of its own after the one that names the end, so the stop is told last.
  for await (const data of dataLines(response)) {
    if (data === '[DONE]') break
    const { choices, usage, error, model: answering } = chunk.parse(JSON.parse(data))
    if (isClaude(answering ?? '')) throw notLocal()
    if (error !== undefined) throw failed('broken-stream', 'The model server reported an error in the middle of its answer.')
    const [choice] = choices
    if (typeof choice?.delta?.content === 'string') yield { kind: 'text', text: choice.delta.content }
    finish = choice?.finish_reason ?? finish
    if (usage) yield { kind: 'usage', inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens }
  }
  if (finish !== null) yield { kind: 'stop', reason: finish === 'length' ? 'length' : finish === 'content_filter' ? 'refusal' : 'end' }
}

/** node:http follows no redirects and knows no proxy; `lookupLocal` refuses a name that leads outside. */
const send = async (
  baseUrl: URL,
  method: 'GET' | 'POST',
  path: string,
  body: object | null,
  signal: AbortSignal,
): Promise<IncomingMessage> => {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const url = new URL(`${baseUrl.pathname.replace(/\/$/, '')}${path}`, baseUrl)
    const headers = { accept: body === null ? 'application/json' : 'text/event-stream', 'content-type': 'application/json' }
    const outgoing = nodeHttp.request(url, { method, headers, signal, lookup: lookupLocal, agent: false }, resolve)
    outgoing.on('error', (error: NodeJS.ErrnoException) => reject(connectionFailure(error)))
    outgoing.end(body === null ? undefined : JSON.stringify(body))
  })
  if (response.statusCode === 200) return response
  response.resume()
  throw statusFailure(response.statusCode ?? 0)
}

const failed = (code: ExecutorErrorCode, message: string) => new BackendError(executorFailure(code, message))

const notLocal = () => failed('rejected', claudeByLocalServer)

const connectionFailure = (error: NodeJS.ErrnoException): BackendError =>
  error.code === notLocalCode
    ? failed('unreachable', 'The name of the model server leads outside of the local network, so it was not called.')
    : failed('unreachable', 'The model server does not answer. Start it, or check its address.')

const statusFailure = (status: number): BackendError => {
  if (status >= 300 && status < 400)
    return failed('rejected', 'The model server redirects elsewhere, which is not followed. Use its real address.')
  if (status === 401 || status === 403) return failed('unauthorised', 'The model server asks for a login.')
  if (status === 404) return failed('model-not-found', 'The model server does not have this model.')
  if (status === 429 || status === 503) return failed('overloaded', 'The model server is busy.')
  if (status >= 500) return failed('unavailable', 'The model server failed on its own side.')
  return failed('rejected', `The model server refused the task with status ${status}.`)
}

const readAll = async (response: IncomingMessage, maxBytes: number): Promise<string> => {
  const parts: Uint8Array[] = []
  let total = 0
  for await (const part of response as AsyncIterable<Uint8Array>) {
    total += part.length
    if (total > maxBytes) throw failed('broken-stream', 'The model server sent too much.')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
