import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { fakeWords, startFakeAnthropic, type FakeAnthropicMode } from '../core/executors/fixtures/fake-anthropic.ts'
import { fakeLocalWords, startFakeOpenAi } from '../core/executors/fixtures/fake-openai.ts'
import { containing, matching } from '../core/contract/testing/matching.ts'
import { createBench, type Bench, type Ended } from './testing/program.ts'

let bench: Bench
beforeAll(() => {
  bench = createBench()
})
afterAll(() => bench.end())
const demo = (args: readonly string[], env?: NodeJS.ProcessEnv) => bench.cli(['demo', ...args], env)

const amount = z.string().regex(/^\d+$/).transform(BigInt)
const party = z.strictObject({ name: z.string(), beforeMicro: amount, afterMicro: amount, note: z.string() })
const escrow = z.strictObject({
  id: z.string().length(64),
  phase: z.literal('settled'),
  provider: z.string(),
  paidMicro: amount,
  certifiedBy: z.array(z.string()).min(3),
})
const document = z.strictObject({
  ok: z.boolean(),
  problem: z.string().nullable(),
  steps: z.array(z.strictObject({ atMs: z.int(), name: z.string(), detail: z.string() })),
  parties: z.array(party),
  supplyMicro: amount,
  conserved: z.literal(true),
  answer: z.string(),
  escrows: z.array(escrow),
})

const readDocument = ({ stdout }: Ended) => document.parse(JSON.parse(stdout))
type Document = z.output<typeof document>
const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((total, each) => total + each, 0n)
const changes = ({ parties }: Document) =>
  Object.fromEntries(parties.map(({ name, beforeMicro, afterMicro }) => [name, afterMicro - beforeMicro]))

/** What holds of every trade that ended well. */
const expectSettled = (ended: Ended): Document => {
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  const trade = readDocument(ended)
  expect(trade).toMatchObject({ ok: true, problem: null })
  expect(sumOf(trade.parties.map(({ beforeMicro }) => beforeMicro))).toBe(trade.supplyMicro)
  expect(sumOf(trade.parties.map(({ afterMicro }) => afterMicro))).toBe(trade.supplyMicro)
  const [paid, ...others] = trade.escrows.filter(({ paidMicro }) => paidMicro > 0n)
  expect(others).toEqual([])
  const price = paid?.paidMicro ?? 0n
  const unchanged = { treasury: 0n, 'provider-1': 0n, 'provider-2': 0n, 'provider-3': 0n }
  expect(changes(trade)).toEqual({ ...unchanged, [paid?.provider ?? '']: price, requester: -price })
  expect(trade.parties.find(({ note }) => note === 'ran the task')?.name).toBe(paid?.provider)
  expectNothingLeft()
  return trade
}
const expectNothingLeft = (): void =>
  expect({ processes: bench.processes(), folders: bench.leftovers() }).toEqual({ processes: [], folders: [] })
const namesOf = ({ steps }: Document): readonly string[] => steps.map(({ name }) => name)

describe('a trade between eight processes', () => {
  test('a file as the task: every step in its order, one provider paid, nothing lost or made', async () => {
    const trade = expectSettled(await demo(['--task', 'README.md', '--json']).ended)
    expect(trade.answer).toContain(`The task has ${readFileSync(join(import.meta.dirname, '../README.md'), 'utf8').length} characters`)
    const steps = 'founded started book requested bids locked sent received running delivered settled'
    expect(namesOf(trade).join(' ')).toBe(steps)
    const times = trade.steps.map(({ atMs }) => atMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  test('standard input as the task, told to a person', async () => {
    const { child, ended } = demo(['--task', '-'])
    child.stdin?.end('Wie geht es dir? 🐟')
    const { code, stdout, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^ +\d+\.\d\d s {2}founded {4}federation “Practice” of kind practice, id [0-9a-f]{12}…$/m)
    expect(stdout).toMatch(/^Answer, \d+ characters:\n {2}\[Simulated answer/m)
    expect(stdout).toMatch(
      /^Escrow [0-9a-f]{12}… {2}0\.\d+ RUV to provider-[123]; certified by witness-[1-4], witness-[1-4], witness-[1-4]$/m,
    )
    expect(stdout).toMatch(/^requester +1000\.000000 +999\.\d{6} +-0\.\d{6} {2}asked$/m)
    expect(stdout).toMatch(/^sum +1000000\.000000 +1000000\.000000 +supply 1000000$/m)
    expect(stdout).toMatch(/^Conservation: holds\./m)
    expectNothingLeft()
  })

  test('a witness that is killed in the middle does not matter', async () => {
    const trade = expectSettled(await demo(['--kill-witness', '--json']).ended)
    expect(namesOf(trade)).toContain('killed')
    expect(trade.escrows.map(({ certifiedBy }) => certifiedBy)).toEqual([['witness-1', 'witness-3', 'witness-4']])
  })

  test('a provider that is killed while it answers: another one does, and the money of the first comes back by itself', async () => {
    const trade = expectSettled(await demo(['--kill-provider', '--json']).ended)
    expect(namesOf(trade)).toEqual(expect.arrayContaining(['killed', 'failed', 'settled', 'restarted']))
    expect(trade.escrows.filter(({ paidMicro }) => paidMicro === 0n)).toHaveLength(1)
  })
})

const fakeKey = { DEMO_TEST_KEY: `sk-ant-api03-${'k'.repeat(40)}` }
const withFakeAnthropic = async (mode: FakeAnthropicMode) => {
  const server = await startFakeAnthropic({ mode })
  onTestFinished(server.close)
  return { server, args: ['--backend', 'anthropic', '--url', server.url, '--key-env', 'DEMO_TEST_KEY', '--json'] }
}

describe('real backends', () => {
  test('the Claude API serves a federation of kind organisation, through its own SDK', async () => {
    const { server, args } = await withFakeAnthropic('answer')
    const trade = expectSettled(await demo(args, fakeKey).ended)
    expect(trade.answer).toBe(fakeWords.join(''))
    expect(trade.steps.find(({ name }) => name === 'founded')?.detail).toContain('of kind organisation')
    expect(server.requests.filter(({ path }) => path === '/v1/messages')).toHaveLength(1)
  })

  test('a local model serves', async () => {
    const server = await startFakeOpenAi()
    onTestFinished(server.close)
    const trade = expectSettled(await demo(['--backend', 'local', '--url', server.url, '--json']).ended)
    expect(trade.answer).toBe(fakeLocalWords.join(''))
  })

  test('a key that the API refuses is told before anything starts', async () => {
    const { args } = await withFakeAnthropic('unauthorised')
    const { code, stdout } = await demo(args, fakeKey).ended
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ ok: false, problem: matching(/key/i), steps: [] })
    expectNothingLeft()
  })

  test.each(['rate-limited', 'overloaded'] as const)('a backend that is %s: a sentence, and nobody is charged', async (mode) => {
    const { args } = await withFakeAnthropic(mode)
    const ended = await demo(args, fakeKey).ended
    expect(ended.code).toBe(1)
    const trade = readDocument(ended)
    expect(trade).toMatchObject({ ok: false, problem: matching(/^[A-Z].+\. Nobody was charged\.$/) })
    expect(new Set(Object.values(changes(trade)))).toEqual(new Set([0n]))
    expect(trade.escrows.every(({ paidMicro }) => paidMicro === 0n)).toBe(true)
    expectNothingLeft()
  })
})

describe('wrong options end with one sentence and exit code 2', () => {
  const login = `sk-ant-oat01-${'x'.repeat(40)}`
  test.each([
    ['an unknown option', ['--fast'], "Unknown option '--fast'"],
    ['an unknown word', ['now'], 'Unknown word “now”.'],
    ['an unknown backend', ['--backend', 'cloud'], 'There is no backend “cloud”.'],
    ['a missing file', ['--task', 'nowhere.md'], 'The task file nowhere.md cannot be read.'],
    ['a folder', ['--task', 'headless'], 'The task file headless cannot be read.'],
    ['an empty file', ['--task', '/dev/null'], 'The task is empty.'],
    ['an endless file', ['--task', '/dev/zero'], 'The task has more than '],
    ['no key', ['--backend', 'anthropic', '--key-env', 'NO_SUCH_KEY'], 'The variable NO_SUCH_KEY holds no key.'],
    ['a personal login', ['--backend', 'anthropic', '--key-env', 'LOGIN'], 'This is a token of a personal login'],
    ['no address', ['--backend', 'local', '--url', 'model'], 'Write the address of the model server'],
    ['a model in the internet', ['--backend', 'local', '--url', 'http://8.8.8.8'], 'Only a model server on this computer'],
    ['a key in the clear', ['--backend', 'anthropic', '--key-env', 'KEY', '--url', 'http://8.8.8.8'], 'plain http only on this computer'],
    ['a URL for practice', ['--url', 'http://127.0.0.1'], '--url, --key-env and --model belong to'],
  ])('%s', async (_what, args, sentence) => {
    const env = { LOGIN: login, KEY: fakeKey.DEMO_TEST_KEY }
    const { code, stdout, stderr } = await demo(args, env).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(stderr).not.toContain(login)
  })
})

test('a task that is no text is refused', async () => {
  const path = join(bench.folder, 'picture')
  writeFileSync(path, new Uint8Array([0x89, 0x50, 0xff, 0xfe]))
  expect(await demo(['--task', path]).ended).toMatchObject({ code: 2, stderr: containing('The task is not UTF-8 text.') })
})

describe('interrupted', () => {
  const started = (line: string): boolean => line.includes('started')

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends everything and removes what was there', async (signal, code) => {
    const { child, ended, line } = demo([])
    await line((text) => text.includes('founded'))
    child.kill(signal)
    expect(await ended).toMatchObject({ code, stderr: '' })
    expectNothingLeft()
  })

  test.runIf(process.platform === 'linux')('SIGKILL: the others end by themselves, and the next demo removes the folder', async () => {
    const { child, ended, line } = demo([])
    await line(started)
    child.kill('SIGKILL')
    await ended
    await vi.waitFor(() => expect(bench.processes()).toEqual([]), { timeout: 10_000 })
    expect(bench.leftovers()).toHaveLength(1)
    const { args } = await withFakeAnthropic('unauthorised')
    await demo(args, fakeKey).ended
    expect(bench.leftovers()).toEqual([])
  })
})
