import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { parseApiKey } from '../../core/compliance/credential.ts'
import { anthropicBaseUrl } from '../../core/executors/anthropic-api.ts'
import { concatBytes, fromUtf8 } from '../../core/platform/bytes.ts'
import { fail, ok, type Result } from '../../core/platform/result.ts'
import { maxTaskBytes } from '../../core/tasks/sealing.ts'
import { parseOptions, textOption, type UsageFailure } from '../options.ts'
import { executorFor, type DemoBackend, type RealBackend } from './backend.ts'

export type DemoOptions = {
  readonly prompt: string
  readonly backend: DemoBackend
  readonly killWitness: boolean
  readonly killProvider: boolean
  readonly json: boolean
}

const help =
  'Options: --task FILE (or - for standard input), --backend practice|local|anthropic, --url URL, --key-env NAME, --model NAME, --kill-witness, --kill-provider, --json.'
const exampleTask = 'Explain in three sentences why a certificate signed by 2f+1 of 3f+1 witnesses is final.'
const ollamaUrl = 'http://127.0.0.1:11434'

const spec = {
  task: { type: 'string' },
  backend: { type: 'string' },
  url: { type: 'string' },
  'key-env': { type: 'string' },
  model: { type: 'string' },
  'kill-witness': { type: 'boolean' },
  'kill-provider': { type: 'boolean' },
  json: { type: 'boolean' },
} as const

const usage = (message: string): Result<never, UsageFailure> => fail('usage', `${message} ${help}`)

export const readDemoOptions = async (args: readonly string[]): Promise<Result<DemoOptions, UsageFailure>> => {
  const parsed = parseOptions(args, spec, help)
  if (!parsed.ok) return parsed
  const { values } = parsed.value
  const backend = readBackend({
    kind: textOption(values, 'backend') ?? 'practice',
    url: textOption(values, 'url'),
    keyName: textOption(values, 'key-env'),
    model: textOption(values, 'model'),
  })
  if (!backend.ok) return backend
  const prompt = await readPrompt(textOption(values, 'task'))
  if (!prompt.ok) return prompt
  return ok({
    prompt: prompt.value,
    backend: backend.value,
    killWitness: values['kill-witness'] === true,
    killProvider: values['kill-provider'] === true,
    json: values['json'] === true,
  })
}

type Wish = { readonly kind: string; readonly url: string | null; readonly keyName: string | null; readonly model: string | null }

const readBackend = ({ kind, url, keyName, model }: Wish): Result<DemoBackend, UsageFailure> => {
  switch (kind) {
    case 'practice':
      return url === null && keyName === null && model === null
        ? ok({ kind })
        : usage('--url, --key-env and --model belong to --backend local or anthropic.')
    case 'local':
      return keyName === null
        ? checked({ kind: 'local-model', baseUrl: url ?? ollamaUrl, model })
        : usage('--key-env belongs to --backend anthropic.')
    case 'anthropic': {
      const variable = (keyName ?? 'ANTHROPIC_API_KEY').slice(0, 60)
      const key = process.env[variable] ?? ''
      if (key === '') return usage(`The variable ${variable} holds no key. Put the key there and name it with --key-env.`)
      const apiKey = parseApiKey(key)
      return apiKey.ok
        ? checked({ kind: 'anthropic-api', baseUrl: url ?? anthropicBaseUrl, model, apiKey: apiKey.value })
        : usage(apiKey.error.message)
    }
    default:
      return usage(`There is no backend “${kind.slice(0, 40)}”.`)
  }
}

const checked = (backend: RealBackend): Result<DemoBackend, UsageFailure> => {
  const executor = executorFor(backend)
  return executor.ok ? ok(backend) : usage(executor.error.message)
}

const readPrompt = async (path: string | null): Promise<Result<string, UsageFailure>> => {
  if (path === null) return ok(exampleTask)
  const bytes = await readUpTo(path === '-' ? process.stdin : createReadStream(path), maxTaskBytes)
  if (bytes === null) return usage(`The task file ${path} cannot be read.`)
  if (bytes.length > maxTaskBytes) return usage(`The task has more than ${maxTaskBytes} bytes. Shorten it or split it.`)
  try {
    const prompt = fromUtf8(bytes)
    return prompt.trim() === '' ? usage('The task is empty.') : ok(prompt)
  } catch {
    return usage('The task is not UTF-8 text.')
  }
}

/** Stops reading where it is too much anyway; null for what cannot be read. */
const readUpTo = async (source: Readable, maxBytes: number): Promise<Uint8Array | null> => {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of source as AsyncIterable<Uint8Array>) {
      parts.push(part)
      length += part.length
      if (length > maxBytes) break
    }
    return concatBytes(...parts)
  } catch {
    return null
  }
}
