import { z } from 'zod'
import { BackendError, executorFailure, type BackendEvent, type ExecutorFailure } from './executor.ts'

/**
 * What the Claude Code program prints, line by line, as the events of a backend. It wraps the API's own stream; `is_error` tells
 * whether it failed, because `subtype` says "success" either way.
 */
const usage = z.object({
  input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
  cache_creation_input_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
})
const apiEvent = z.object({
  type: z.string(),
  message: z.object({ usage }).optional(),
  delta: z.object({ type: z.string().optional(), text: z.string().optional(), stop_reason: z.string().nullish() }).optional(),
  usage: usage.optional(),
})
const printed = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stream_event'), event: apiEvent }),
  z.object({ type: z.literal('assistant'), error: z.string().nullish() }),
  z.object({ type: z.literal('system'), subtype: z.string() }),
  z.object({ type: z.literal('result'), is_error: z.boolean(), api_error_status: z.number().nullish() }),
])
type ApiEvent = z.output<typeof apiEvent>

/** Ends with the first answer: whatever the program would do next, such as asking for more after a cut answer, costs again. */
export async function* cliEvents(lines: AsyncIterable<string>): AsyncGenerator<BackendEvent> {
  let error: string | null = null
  let answers = 0
  for await (const line of lines) {
    const parsed = parse(line)
    if (parsed === null) continue
    if (parsed.type === 'assistant') error = parsed.error ?? error
    else if (parsed.type === 'system') {
      if (parsed.subtype.startsWith('model_refusal')) yield { kind: 'stop', reason: 'refusal' }
    } else if (parsed.type === 'result') {
      if (parsed.is_error) throw new BackendError(failureOf(error, parsed.api_error_status ?? null))
    } else {
      if (parsed.event.type === 'message_start' && ++answers > 1) throw new BackendError(secondAnswer)
      yield* eventsOf(parsed.event)
    }
  }
}

/** Lines of other kinds, and what is no line of this program at all, say nothing about the answer. */
const parse = (line: string): z.output<typeof printed> | null => {
  if (!line.startsWith('{')) return null
  try {
    const parsed = printed.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function* eventsOf(event: ApiEvent): Generator<BackendEvent> {
  const input = event.message?.usage
  if (event.type === 'message_start' && input !== undefined)
    yield {
      kind: 'usage',
      inputTokens: (input.input_tokens ?? 0) + (input.cache_creation_input_tokens ?? 0) + (input.cache_read_input_tokens ?? 0),
      outputTokens: null,
    }
  if (event.type === 'content_block_delta' && event.delta?.type === 'text_delta') yield { kind: 'text', text: event.delta.text ?? '' }
  if (event.type !== 'message_delta') return
  yield { kind: 'usage', inputTokens: null, outputTokens: event.usage?.output_tokens ?? null }
  const reason = event.delta?.stop_reason ?? null
  if (reason !== null) yield { kind: 'stop', reason: reasonOf(reason) }
}

const reasonOf = (reason: string): 'end' | 'length' | 'refusal' =>
  reason === 'refusal' ? 'refusal' : reason === 'max_tokens' || reason === 'model_context_window_exceeded' ? 'length' : 'end'

const secondAnswer = executorFailure('broken-stream', 'The Claude Code program began its answer again, so it was stopped.')

/** The words are the program's own. */
const failureOf = (error: string | null, status: number | null): ExecutorFailure => {
  switch (error) {
    case 'authentication_failed':
    case 'oauth_org_not_allowed':
      return executorFailure('unauthorised', 'The Claude API does not accept this key. Check it in the Claude Console.')
    case 'billing_error':
      return executorFailure('spend-limit', "The account's spending limit is reached. Offers stay withdrawn until it is raised.")
    case 'rate_limit':
      return executorFailure('rate-limited', 'The account sends too much at once, or its limit is reached.')
    case 'model_not_found':
      return executorFailure('model-not-found', 'The API does not have this model for this key. Choose another.')
    case 'invalid_request':
      return executorFailure('rejected', 'The API refused the form of this task.')
    case 'server_error':
      return status === 529
        ? executorFailure('overloaded', 'The API is overloaded at the moment.')
        : executorFailure('unavailable', 'The API failed on its own side.')
    default:
      return executorFailure('broken-stream', 'The Claude Code program broke off in the middle of its answer.')
  }
}
