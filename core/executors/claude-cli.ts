import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AnthropicApiKey } from '../compliance/credential.ts'
import type { Clock } from '../platform/clock.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'
import { checkedBaseUrl, listModelsOf } from './anthropic-api.ts'
import { cliEvents } from './claude-cli-events.ts'
import { BackendError, executorFailure, type Backend, type BackendEvent, type Executor, type ExecutorTask } from './executor.ts'
import { createExecutor, type RunnerLimits } from './runner.ts'
import { linesOf } from './server-sent-events.ts'

/**
 * The user's own Claude Code program, as it is installed; it is never part of this one. With an API key it runs in a world of its
 * own: an empty home, an empty folder, no variables but the ones below. With the user's login it can only run what the user starts
 * (policy.ts), because the login is the program's to read and not ours.
 */
export type CliLogin =
  | { readonly kind: 'api-key'; readonly apiKey: AnthropicApiKey; readonly baseUrl: string }
  | { readonly kind: 'own'; readonly home: string }

export type ClaudeCliOptions = {
  /** Absolute path of the program. */
  readonly path: string
  readonly model: string
  readonly login: CliLogin
  readonly clock: Clock
  readonly maxOutputTokens?: number
  readonly limits?: RunnerLimits
}

const defaultMaxOutputTokens = 8_192
/**
 * By its own count in US dollars; it looks after each request, and none is this cheap. So it never makes a second one, such as for
 * the rest of an answer that was cut.
 */
const maxBudgetUsd = '0.000001'
/** It repeats the whole answer on one line; six characters of JSON for each of the largest. */
const maxCliLineBytes = 8 * 1024 * 1024
/** Replaces the program's own instructions, which would tell the model about this computer. */
const systemPrompt = 'Answer the message of the user.'

export const createClaudeCliExecutor = (options: ClaudeCliOptions): Result<Executor, Failure<'invalid-url'>> => {
  const { login, model, path } = options
  const baseUrl = login.kind === 'api-key' ? checkedBaseUrl(login.baseUrl) : ok('')
  if (!baseUrl.ok) return baseUrl
  const checked = login.kind === 'api-key' ? { ...login, baseUrl: baseUrl.value } : login
  const backend: Backend = {
    id: 'claude-cli',
    capabilities: { model, maxOutputTokens: options.maxOutputTokens ?? defaultMaxOutputTokens, simulated: false },
    // The program has no list of its own; with a login the model is what its user writes.
    models: (signal) => (checked.kind === 'api-key' ? listModelsOf(checked, signal) : Promise.resolve(model === '' ? [] : [model])),
    stream: (task, signal) => cliStream(path, model, checked, task, signal),
  }
  return ok(createExecutor(backend, options.clock, options.limits))
}

/**
 * `--tools ""` alone would still replace `@/path` in a prompt by that file: only together with the variable of `environmentOf`, and
 * with `--bare` or the rule below, nothing of this computer is read (scripts/claude-cli.integration.test.ts holds it to that).
 */
const argumentsOf = (model: string, login: CliLogin): readonly string[] => [
  '-p',
  '--output-format',
  'stream-json',
  '--verbose',
  '--include-partial-messages',
  '--tools',
  '',
  '--strict-mcp-config',
  '--disable-slash-commands',
  '--no-session-persistence',
  '--permission-mode',
  'dontAsk',
  '--permission-prompts',
  'none',
  '--max-turns',
  '1',
  '--max-budget-usd',
  maxBudgetUsd,
  '--model',
  model,
  '--system-prompt',
  systemPrompt,
  ...(login.kind === 'api-key' ? ['--bare', '--restricted'] : ['--settings', '{"permissions":{"deny":["Read(//**)"]}}']),
]

/** Nothing is inherited: a variable of the user's could hold another key or switch something on. */
const environmentOf = (login: CliLogin, home: string, task: ExecutorTask): NodeJS.ProcessEnv => ({
  PATH: process.platform === 'win32' ? (process.env['PATH'] ?? '') : '/usr/bin:/bin',
  ...(process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] ?? '', TEMP: home, TMP: home } : { TMPDIR: home }),
  ...(login.kind === 'api-key'
    ? { HOME: home, CLAUDE_CONFIG_DIR: join(home, 'config'), ANTHROPIC_API_KEY: login.apiKey, ANTHROPIC_BASE_URL: login.baseUrl }
    : { HOME: login.home }),
  CLAUDE_CODE_DISABLE_ATTACHMENTS: '1',
  CLAUDE_CODE_DISABLE_FILE_MENTIONS: '1',
  CLAUDE_CODE_DISABLE_CLAUDE_MDS: '1',
  CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  // A second request for one task would be paid twice.
  CLAUDE_CODE_MAX_RETRIES: '0',
  CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1',
  CLAUDE_CODE_DISABLE_REFUSAL_RETRY: '1',
  CLAUDE_CODE_DISABLE_REFUSAL_FALLBACK: '1',
  CLAUDE_CODE_NO_MODEL_FALLBACK: '1',
  CLAUDE_CODE_DISABLE_THINKING: '1',
  CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(task.maxOutputTokens),
})

async function* cliStream(
  path: string,
  model: string,
  login: CliLogin,
  task: ExecutorTask,
  signal: AbortSignal,
): AsyncGenerator<BackendEvent> {
  const home = mkdtempSync(join(tmpdir(), 'claude-market-task-'))
  const emptyFolder = join(home, 'empty')
  mkdirSync(emptyFolder)
  const child = spawn(path, argumentsOf(model, login), {
    cwd: emptyFolder,
    env: environmentOf(login, home, task),
    stdio: ['pipe', 'pipe', 'ignore'],
    // A group of its own, so that whatever it starts ends with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const stop = (): void => endGroup(child)
  signal.addEventListener('abort', stop, { once: true })
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  const started = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', () => reject(new BackendError(notStarted)))
  })
  try {
    await started
    // A program that ends early closes its input; what it says about that on its output is what counts.
    child.stdin.on('error', () => undefined)
    child.stdin.end(task.prompt)
    yield* cliEvents(linesOf(child.stdout, maxCliLineBytes))
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
    void ended.then(() => rmSync(home, { recursive: true, force: true }))
  }
}

const notStarted = executorFailure('unreachable', 'The Claude Code program cannot be started. Check that it is still installed.')

const endGroup = (child: ChildProcess): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    if (process.platform === 'win32') child.kill()
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}
