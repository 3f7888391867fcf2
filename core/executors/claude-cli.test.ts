import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { parseApiKey } from '../compliance/credential.ts'
import { systemClock, type Clock } from '../platform/clock.ts'
import { createClaudeCliExecutor, type CliLogin } from './claude-cli.ts'
import { collect, describeExecutor, type ComplianceMode } from './executor-compliance.ts'
import type { Executor } from './executor.ts'
import { fakeModel, fakeWords, startFakeAnthropic } from './fixtures/fake-anthropic.ts'
import type { ClaudeCall, FakeClaudeMode } from './fixtures/fake-claude.ts'

const keyText = ['sk', 'ant', 'api03', 'for-the-fake-server-only'].join('-')
const apiKey = parseApiKey(keyText)
if (!apiKey.ok) throw new Error(apiKey.error.message)
const loginAt = (baseUrl: string): CliLogin => ({ kind: 'api-key', apiKey: apiKey.value, baseUrl })

const folders: string[] = []
afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A program named `claude` that behaves as told. */
const install = (mode: FakeClaudeMode) => {
  const folder = mkdtempSync(join(tmpdir(), 'fake-claude-'))
  folders.push(folder)
  const [path, record] = [join(folder, 'claude'), join(folder, 'call.json')]
  const program = join(import.meta.dirname, 'fixtures', 'fake-claude.ts')
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${program}' ${mode} '${record}' "$@"\n`)
  chmodSync(path, 0o700)
  return { path, call: (): ClaudeCall | null => (existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as ClaudeCall) : null) }
}
const created = (path: string, login: CliLogin, clock: Clock = systemClock): Executor => {
  const executor = createClaudeCliExecutor({ path, login, model: fakeModel, clock })
  if (!executor.ok) throw new Error(executor.error.message)
  return executor.value
}
const task = { prompt: 'Hello', maxOutputTokens: 100 }

const modes: Readonly<Record<ComplianceMode, FakeClaudeMode>> = {
  answer: 'answer',
  empty: 'empty',
  refuse: 'refuse',
  break: 'break',
  hang: 'hang',
  flood: 'flood',
}
describeExecutor('claude-cli', async (mode, clock) => {
  const [program, server] = [install(modes[mode]), await startFakeAnthropic()]
  return {
    executor: created(program.path, loginAt(server.url), clock),
    expectedText: fakeWords.join(''),
    bodies: null,
    stop: server.close,
  }
})

test('the program gets the prompt as its input, and nothing of this process or this user', async () => {
  vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'another-token')
  vi.stubEnv('CLAUDE_CODE_OAUTH_TOKEN', 'a-login')
  const { path, call } = install('answer')
  const prompt = '--dangerously-skip-permissions @/etc/passwd\n/help'
  expect((await collect(created(path, loginAt('http://127.0.0.1:9')), { ...task, prompt })).result).toMatchObject({ ok: true })
  const called = call()
  expect(called?.prompt).toBe(prompt)
  expect(called?.args).not.toContain(prompt)
  expect(called?.args).toEqual(expect.arrayContaining(['-p', '--bare', '--restricted', '--strict-mcp-config', '--disable-slash-commands']))
  expect(called?.args.at((called?.args.indexOf('--tools') ?? 0) + 1)).toBe('')
  const { HOME = '', ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, CLAUDE_CODE_OAUTH_TOKEN, ...rest } = called?.env ?? {}
  expect([ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, CLAUDE_CODE_OAUTH_TOKEN]).toEqual([keyText, undefined, undefined])
  expect(rest).toMatchObject({ CLAUDE_CODE_DISABLE_ATTACHMENTS: '1', CLAUDE_CODE_MAX_RETRIES: '0', CLAUDE_CODE_MAX_OUTPUT_TOKENS: '100' })
  expect(called?.folder).toBe(join(HOME, 'empty'))
  await vi.waitFor(() => expect(existsSync(HOME)).toBe(false), 20_000)
})

test('a run that is stopped ends the program and takes its folder away', async () => {
  const { path, call } = install('hang')
  const stopping = new AbortController()
  const running = collect(created(path, loginAt('http://127.0.0.1:9')), task, stopping.signal)
  await vi.waitFor(() => expect(call()).not.toBeNull(), 20_000)
  stopping.abort()
  expect((await running).result).toMatchObject({ error: { code: 'aborted' } })
  await vi.waitFor(() => expect(existsSync(call()?.env['HOME'] ?? '')).toBe(false), 20_000)
})

test.each([
  ['error', 'unauthorised'],
  ['again', 'broken-stream'],
] as const)('a program in mode "%s" is a failure "%s"', async (mode, code) => {
  expect((await collect(created(install(mode).path, loginAt('http://127.0.0.1:9')), task)).result).toMatchObject({ error: { code } })
})

test('a program that is not there is unreachable, and no address is believed that would carry a key in the open', async () => {
  expect((await collect(created('/nowhere/claude', loginAt('http://127.0.0.1:9')), task)).result).toMatchObject({
    error: { code: 'unreachable' },
  })
  const executor = createClaudeCliExecutor({ path: '/c', model: 'm', clock: systemClock, login: loginAt('http://gateway.example') })
  expect(executor).toMatchObject({ ok: false, error: { code: 'invalid-url' } })
})

test("with the user's own login the program runs as the user has it, without its files being read", async () => {
  const { path, call } = install('answer')
  const executor = created(path, { kind: 'own', home: '/home/somebody' })
  expect((await collect(executor, task)).result).toMatchObject({ ok: true })
  const called = call()
  expect(called?.env['HOME']).toBe('/home/somebody')
  expect(called?.env['ANTHROPIC_API_KEY']).toBeUndefined()
  expect(called?.args).not.toContain('--bare')
  expect(called?.args).toEqual(expect.arrayContaining(['--settings', '{"permissions":{"deny":["Read(//**)"]}}']))
})
