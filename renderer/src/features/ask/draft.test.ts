import { expect, test } from 'vitest'
import { readDraft, type Draft } from './draft.ts'
import { cheapestQuoteMicro } from './quote.ts'
import { taskText } from './task-text.ts'

const draft: Draft = {
  prompt: 'Why is the sky blue?',
  files: [],
  classKey: 'practice-small',
  cap: '1.50',
  mode: 'first',
  maxOutputTokens: 256,
  deadlineMs: 60_000,
  placeholders: true,
  standsForMs: 0,
  copies: 1,
  byHand: null,
}
const problemField = (changed: Partial<Draft>) => {
  const read = readDraft({ ...draft, ...changed })
  return 'problem' in read ? read.problem.field : null
}

test('a complete draft becomes a question with its cap in micro-RUV', () => {
  const { files: _files, cap: _cap, standsForMs: _stands, copies: _copies, byHand: _byHand, ...rest } = draft
  const ask = { ...rest, maxPriceMicro: 1_500_000n }
  expect(readDraft(draft)).toEqual({ ask })
  const chosen = { standsForMs: 60_000, copies: 3, byHand: true }
  expect(readDraft({ ...draft, ...chosen })).toEqual({ ask: { ...ask, ...chosen } })
})

test('what is asked is the question with its files, and both count for its length', () => {
  const files = [{ name: 'a.txt', text: 'x'.repeat(262_000) }]
  expect(readDraft({ ...draft, files })).toMatchObject({ ask: { prompt: taskText({ prompt: draft.prompt, files }) } })
  expect(problemField({ files, prompt: 'y'.repeat(200) })).toBe('prompt')
})

test('what is missing or impossible is named by its field', () => {
  expect(problemField({ prompt: ' \n' })).toBe('prompt')
  expect(problemField({ prompt: 'x'.repeat(300_000) })).toBe('prompt')
  expect(problemField({ classKey: '' })).toBe('classKey')
  for (const cap of ['', '0', '0.00', '-1', 'much']) expect(problemField({ cap })).toBe('cap')
})

test('the quote is the cheapest offer of another member that is wanted for this very task, and never below its minimum', () => {
  const none = { perTaskMicro: 0n, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 0n, minimumMicro: 0n }
  const own = { own: true, provider: 'me', pricing: none }
  const byTask = { own: false, provider: 'ann', pricing: { ...none, perTaskMicro: 300_000n } }
  const byToken = { own: false, provider: 'ben', pricing: { ...none, perThousandOutputTokensMicro: 1_000_000n, minimumMicro: 100_000n } }
  const quote = (offers: Parameters<typeof cheapestQuoteMicro>[0], maxOutputTokens: number, never: readonly string[] = []) =>
    cheapestQuoteMicro(offers, new Set(never), { promptBytes: 30, maxOutputTokens })
  expect(quote([own, byTask, byToken], 1_000)).toBe(300_000n)
  expect(quote([byTask, byToken], 50)).toBe(100_000n)
  expect(quote([byTask, byToken], 50, ['ben'])).toBe(300_000n)
  for (const others of [[], [own]]) expect(quote(others, 50)).toBeNull()
  expect(quote([own, byTask], 50, ['ann'])).toBeNull()
})
