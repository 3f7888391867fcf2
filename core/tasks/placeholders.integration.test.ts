import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Executor } from '../executors/executor.ts'
import { createExecutor } from '../executors/runner.ts'
import { assert } from '../platform/assert.ts'
import { createManualClock } from '../platform/clock.ts'
import { nextRequestId } from './testing/provider-mode.ts'
import { ask, askOf, ended, taskOf } from './testing/trade.ts'
import { createWorld, type World } from './testing/world.ts'

let world: World
let read: string[]
const key = ['sk', 'ant', 'api03', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('-')
const prompt = `Write to ada@example.org and bob@example.org with ${key}; then to ada@example.org again.`
const concealed = 'Write to [EMAIL-1] and [EMAIL-2] with [SECRET-1]; then to [EMAIL-1] again.'

/** Says back what it read, three characters at a time, so that every placeholder comes in pieces. */
const echo = (): Executor =>
  createExecutor(
    {
      id: 'practice',
      capabilities: { model: 'echo', maxOutputTokens: 4_096, simulated: true },
      models: () => Promise.resolve(['echo']),
      stream: async function* (task) {
        read.push(task.prompt)
        yield { kind: 'usage', inputTokens: 10, outputTokens: null }
        for (let from = 0; from < task.prompt.length; from += 3) {
          yield { kind: 'text', text: task.prompt.slice(from, from + 3) }
          // Each piece is a chunk of its own.
          await new Promise<void>((resolve) => void world.clock.after(30, resolve))
        }
        yield { kind: 'text', text: ' [EMAIL' }
        yield { kind: 'usage', inputTokens: null, outputTokens: 20 }
        yield { kind: 'stop', reason: 'end' }
      },
    },
    createManualClock(),
  )

beforeEach(async () => {
  read = []
  world = await createWorld([{ executor: echo() }])
})
afterEach(async () => world.stop())

test('the provider reads placeholders, the requester reads what it wrote, and the preview is exactly what the provider reads', async () => {
  const { client } = world.requester
  const preview = await client().tasks.preview({ prompt, placeholders: true })
  assert(preview.ok, 'the preview answers')
  expect(preview.value).toMatchObject({ reads: concealed, problem: null })
  expect(preview.value.findings.map(({ kind }) => kind)).toEqual(['email', 'email', 'anthropic-key', 'email'])

  const taskId = await ask(world, { prompt, placeholders: true })
  const pieces: { readonly offset: number; readonly text: string }[] = []
  const stop = client().tasks.output((piece) => void pieces.push(piece))
  await ended(world, taskId)
  stop()
  expect(read).toEqual([preview.value.reads])
  const task = await taskOf(world, taskId)
  expect(task).toMatchObject({ prompt, reads: concealed, answer: `${prompt} [EMAIL`, promptStart: prompt.slice(0, 80), state: 'settled' })
  // Piece by piece, each where it belongs: what may be the beginning of a placeholder waits, and comes with the snapshot at the end.
  let streamed = ''
  for (const { offset, text } of pieces) {
    expect(offset).toBe(streamed.length)
    streamed += text
  }
  expect(streamed).toBe(`${prompt} `)
  expect(pieces.length).toBeGreaterThan(10)
})

test('nothing of what was hidden is in anything that leaves, nor in the provider’s files', async () => {
  const provider = world.providerAt(0)
  const taskId = await ask(world, { prompt, placeholders: true })
  await ended(world, taskId)
  const dump = (db: ReturnType<typeof provider.db>): string => {
    const tables = db.prepare<[], { readonly name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all()
    return JSON.stringify(
      tables.map(({ name }) => db.prepare(`SELECT * FROM "${name}"`).all()),
      (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value),
    )
  }
  for (const hidden of ['ada@example', 'bob@example', key]) expect(dump(provider.db())).not.toContain(hidden)
  expect(dump(world.requester.db())).toContain('ada@example')
})

test('after a restart in the middle of an answer what comes is filled in where it belongs', async () => {
  const taskId = await ask(world, { prompt, placeholders: true })
  await world.until(async () => (await taskOf(world, taskId)).answer.length > 20, 'a part of the answer is there')
  world.requester.crash()
  await world.requester.restart()
  const task = await ended(world, taskId)
  expect([task.answer, task.prompt, task.reads]).toEqual([`${prompt} [EMAIL`, prompt, concealed])
})

test('as it was written it is stopped by a secret and by nothing else, and a retry under the same id is the same task', async () => {
  const { client } = world.requester
  expect(await client().tasks.ask(askOf({ prompt }))).toMatchObject({ ok: false, error: { code: 'secret-found' } })
  const requestId = nextRequestId()
  const first = await client().tasks.ask(askOf({ prompt, placeholders: true, requestId }))
  expect(await client().tasks.ask(askOf({ prompt, placeholders: true, requestId }))).toEqual(first)
  const plain = await ask(world, { prompt: 'Mail ada@example.org.' })
  const task = await ended(world, plain)
  expect([task.reads, read.at(-1)]).toEqual([null, 'Mail ada@example.org.'])
})
