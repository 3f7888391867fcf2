import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assert } from '../platform/assert.ts'
import type { Migration } from '../storage/migrate.ts'
import { taskSearchMigration } from '../storage/migrations/0023-task-search.ts'
import { marketMigrations } from '../storage/migrations/index.ts'
import { openDatabase } from '../storage/open.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import type { Database } from '../storage/database.ts'
import { createTaskSearchStore, matchOf } from './search-store.ts'
import { createTaskStore } from './store.ts'

const idOf = (number: number): Uint8Array => new Uint8Array(32).fill(number)
const newTask = (number: number, prompt: string) => ({
  id: idOf(number),
  askedAtMs: number,
  prompt,
  salt: idOf(0),
  classKey: 'practice-small',
  maxOutputTokens: 100,
  maxPriceMicro: 1n,
  mode: 'first' as const,
  deadlineMs: 60_000,
  onlyProviderKey: null,
  standing: null,
  copy: null,
  hidden: [],
  hold: null,
})

/** Tasks 1, 2, … with these prompts, in a database in memory. */
const asked = (...prompts: readonly string[]) => {
  const db = openMemoryDatabase()
  const tasks = createTaskStore(db)
  prompts.forEach((prompt, index) => tasks.add(newTask(index + 1, prompt)))
  return { db, tasks, search: createTaskSearchStore(db) }
}
type Asked = ReturnType<typeof asked>
const found = ({ search }: Pick<Asked, 'search'>, words: string): readonly (number | undefined)[] =>
  search.page(words, Number.MAX_SAFE_INTEGER, 200).map(({ task }) => task[0])
const answerWith = ({ tasks }: Asked, number: number, answer: string): void => {
  const attempt = tasks.addAttempt(idOf(number), idOf(9))
  tasks.setProgress(attempt, { nextCounter: 1, transcriptHash: idOf(7), resultBytes: answer.length, finished: true, answer })
  for (const state of ['locking', 'running', 'settled'] as const) tasks.setState(idOf(number), state, null)
}

test('all words, or what begins like them, are found whatever their case and accents, newest first', () => {
  const history = asked('Why is the sky blue?', 'The Café at night', 'Skyline in blue and grey')
  expect([
    found(history, 'sky blue'),
    found(history, 'CAFE'),
    found(history, 'bl'),
    found(history, 'blue café'),
    found(history, 'lue'),
  ]).toEqual([[3, 1], [2], [3, 1], [], []])
})

test('an answer is found once its task has ended', () => {
  const history = asked('A question')
  const attempt = history.tasks.addAttempt(idOf(1), idOf(9))
  const save = (answer: string) =>
    history.tasks.setProgress(attempt, { nextCounter: 1, transcriptHash: null, resultBytes: 1, finished: false, answer })
  save('Rayleigh')
  expect(found(history, 'rayleigh')).toEqual([])
  save('Rayleigh scattering')
  history.tasks.setState(idOf(1), 'cancelled', null)
  expect(history.search.page('scatter', 99, 10)).toEqual([
    {
      number: 1,
      task: idOf(1),
      snippet: [
        { text: 'Rayleigh ', isHit: false },
        { text: 'scattering', isHit: true },
      ],
    },
  ])
})

test('of several attempts the answer with a receipt is found, as it is the one that is shown', () => {
  const history = asked('A question')
  const [first, second] = [history.tasks.addAttempt(idOf(1), idOf(8)), history.tasks.addAttempt(idOf(1), idOf(9))]
  const progress = { nextCounter: 1, transcriptHash: null, resultBytes: 1, finished: true }
  history.tasks.setProgress(first, { ...progress, answer: 'kept' })
  history.tasks.setReceipt(first, new Uint8Array([1]))
  history.tasks.setProgress(second, { ...progress, answer: 'dropped' })
  history.tasks.setState(idOf(1), 'cancelled', null)
  expect([found(history, 'kept'), found(history, 'dropped')]).toEqual([[1], []])
})

test('what stands behind a placeholder is not in the index', () => {
  const db = openMemoryDatabase()
  createTaskStore(db).add({ ...newTask(1, 'Mail [EMAIL-1]'), hidden: [{ placeholder: '[EMAIL-1]', value: 'ada@example.org' }] })
  const search = createTaskSearchStore(db)
  expect([found({ search }, 'ada'), found({ search }, 'mail')]).toEqual([[], [1]])
})

test('a task that goes takes its words out of the index', () => {
  const history = asked('sky', 'sky')
  answerWith(history, 1, 'blue')
  history.db.prepare('DELETE FROM task_attempt').run()
  history.db.prepare('DELETE FROM task WHERE id = ?').run(idOf(1))
  expect([found(history, 'sky'), found(history, 'blue'), history.search.count('sky')]).toEqual([[2], [], 1])
  expect(history.db.prepare(`SELECT count(*) AS left FROM task_search_data WHERE instr(block, 'blue') > 0`).get()).toEqual({ left: 0n })
})

test('a page goes on where the one before it ended', () => {
  const history = asked(...Array.from({ length: 7 }, () => 'sky'))
  const pages = [99, 5, 2].map((before) => history.search.page('sky', before, 3).map(({ number }) => number))
  expect([pages, history.search.count('sky')]).toEqual([[[7, 6, 5], [4, 3, 2], [1]], 7])
})

test('no words are an error: signs of the query language are looked for, or mean nothing', () => {
  const history = asked('NEAR the "blue" sky* (col:prompt) -not', 'nothing')
  for (const words of [
    '"blue',
    'blue"',
    'NEAR(blue sky)',
    'prompt:nothing',
    '-nothing',
    'sky*',
    '^near',
    '(blue',
    'a AND',
    'OR',
    '{prompt}:x',
    '\u0000',
    "';--",
  ])
    expect(() => found(history, words)).not.toThrow()
  expect([found(history, '"blue" sky*'), found(history, 'NEAR'), found(history, 'AND'), found(history, '*"(')]).toEqual([[1], [1], [], []])
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (words) => void found(history, words)),
    { numRuns: 300 },
  )
  expect(matchOf('🦊 … !')).toBeNull()
})

test('the migration finds what was asked and answered before it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'task-search-'))
  const open = (migrations: typeof marketMigrations | readonly Migration[]): Database => {
    const opened = openDatabase({ file: join(folder, 'market.db'), migrations })
    assert(opened.ok, 'the file opens')
    return opened.value
  }
  const before = open(marketMigrations.slice(0, taskSearchMigration.version - 1))
  const insert = (sql: string, ...values: readonly Uint8Array[]) => before.prepare(sql).run(...values)
  insert(`INSERT INTO task VALUES (?, 5, 'an old question', ?, 'c', 1, 1, 'first', 9, 'settled', NULL, 1)`, idOf(1), idOf(0))
  insert(`INSERT INTO task_attempt VALUES (?, 0, ?, NULL, NULL, NULL, NULL, 1, NULL, 1, 1, 'its answer', NULL, 1)`, idOf(1), idOf(9))
  before.close()
  const db = open(marketMigrations)
  const search = createTaskSearchStore(db)
  expect([found({ search }, 'old'), found({ search }, 'answer')]).toEqual([[1], [1]])
  db.close()
  await rm(folder, { recursive: true })
})
