import { expect, test } from 'vitest'
import { createSecretGuard } from '../compliance/secret-guard.ts'
import { executorFailure, type Executor } from '../executors/executor.ts'
import { createManualClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { ok } from '../platform/result.ts'
import type { EscrowTerms } from '../settlement/objects.ts'
import { beginStream, openChunk, type Chunk } from './chunk-stream.ts'
import { runJob, type JobInput } from './job.ts'

const bytes32 = new Uint8Array(32)
const free = { perTaskMicro: 0n, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 1_000n, minimumMicro: 0n }
const terms: EscrowTerms = {
  client: bytes32,
  clientKey: bytes32,
  provider: bytes32,
  providerKey: bytes32,
  amountMicro: 100n,
  classKey: 'class',
  pricing: free,
  taskCommit: bytes32,
  requestHash: bytes32,
  firstTokenMs: 1_000,
  totalMs: 10_000,
  lateReductionPpm: 200_000,
  deliverByMs: 1,
  reviewMs: 1,
  ruleMs: 1,
  panel: { size: 7, quorum: 5 },
  defaultOutcome: 'split-half',
  acceptValidUntilMs: 1,
  nonce: new Uint8Array(16),
}

/** A backend that says these pieces; between them, the clock goes on so far that each is sealed by itself. */
const run = async (pieces: readonly string[], changes: Partial<JobInput> = {}) => {
  const clock = createManualClock()
  let aborted = false
  const executor: Executor = {
    id: 'practice',
    capabilities: { model: 'test', maxOutputTokens: 4_096, simulated: true },
    estimate: () => ({ inputTokens: 1, outputTokens: 1 }),
    health: async () => ok({ models: [] }),
    run: async (_task, { signal, onText }) => {
      for (const piece of pieces) {
        if (signal.aborted) break
        await onText(piece)
        clock.advance(25)
      }
      aborted = signal.aborted
      return aborted
        ? { ok: false, error: executorFailure('aborted', 'stopped') }
        : ok({ usage: { inputTokens: 1, outputTokens: 2 }, billed: { inputTokens: 1, outputTokens: 9 }, usageFrom: 'backend', stop: 'end' })
    },
  }
  const chunks: Chunk[] = []
  const stream = beginStream(bytes32, bytes32, new Uint8Array(16))
  const result = await runJob({
    executor,
    clock,
    terms,
    stream,
    prompt: 'task',
    maxOutputTokens: 100,
    log: silentLog,
    escrowId: bytes32,
    signal: new AbortController().signal,
    inspect: (text) => createSecretGuard().inspectBytes(text),
    onChunk: (chunk) => void chunks.push(chunk),
    ...changes,
  })
  let client = stream
  let text = ''
  for (const chunk of chunks) {
    const opened = openChunk(client, chunk)
    if (!opened.ok) throw new Error(opened.error.message)
    client = opened.value.stream
    text += opened.value.text
  }
  return { result, text, aborted, isFinished: client.finished, client }
}

test('the answer leaves whole, in order, and with its end; the receipt is for exactly it, and the bill is told beside it', async () => {
  const { result, text, isFinished, client } = await run(['Some ', 'words', ' follow.'])
  expect({ text, isFinished }).toEqual({ text: 'Some words follow.', isFinished: true })
  expect(result).toMatchObject({
    ok: true,
    value: { receipt: { transcriptHash: client.transcriptHash, priceMicro: 2n }, billed: { outputTokens: 9 } },
  })
})

test('an answer that breaks its promise is billed with the agreed part off', async () => {
  const { result } = await run(['Some ', 'words.'], { terms: { ...terms, totalMs: 49, lateReductionPpm: 500_000 } })
  expect(result).toMatchObject({ ok: true, value: { receipt: { priceMicro: 1n } } })
})

const key = 'sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz'
test.each([
  ['in one piece', [`My key is ${key}, take it.`]],
  ['cut in two', ['My key is sk-ant-api03-AbCd', 'EfGhIjKlMnOpQrStUvWxYz', ' and more']],
  ['letter by letter', key.split('')],
])('a secret in the answer, %s, never leaves whole, and the job fails as the provider’s fault', async (_name, pieces) => {
  const { result, text, isFinished, aborted } = await run([...pieces, ' And', ' so', ' on.'])
  expect(result).toMatchObject({ ok: false, error: { code: 'secret-found', fault: 'provider' } })
  expect({ isFinished, aborted }).toEqual({ isFinished: false, aborted: true })
  expect(text).not.toContain(key.slice(0, 34))
  expect(text).not.toContain('so on')
})

test('a disk that takes no more ends the run at once, in a chunk or at the end, and the job fails cleanly', async () => {
  for (const failing of [0, 1, 2]) {
    let count = 0
    const onChunk = (): void => {
      if (count++ === failing) throw new Error('database or disk is full')
    }
    const { result } = await run(['Some ', 'words.'], { onChunk })
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'internal', fault: 'provider', billed: { outputTokens: [2, 4, 9][failing] } },
    })
    expect(count).toBe(failing + 1)
  }
})

test('an executor that throws is an error of the provider’s program', async () => {
  const executor = { run: () => Promise.reject(new Error('bug')) } as unknown as Executor
  expect((await run([], { executor })).result).toMatchObject({ ok: false, error: { code: 'internal', fault: 'provider' } })
})
