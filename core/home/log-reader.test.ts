import { expect, test } from 'vitest'
import { createLog } from '../platform/log.ts'
import { readLog } from './log-reader.ts'

const written: string[] = []
let nowMs = Date.UTC(2026, 0, 5)
const log = createLog(
  (line) => written.push(line),
  () => nowMs,
  'app',
)
log.write('debug', 'looked', { peers: 4 })
nowMs += 1_000
log.child('network').write('warn', 'peer banned', { peerId: '12D3', forMs: 60_000 })
nowMs += 1_000
log.write('error', 'call-failed', { error: 'Error: first line\n  at second line' })
const current = written.slice(1).join('\n')
const older = written.slice(0, 1).join('\n')
const everything = { least: 'debug', words: '' } as const
const eventsOf = (contents: readonly string[], wish: Parameters<typeof readLog>[1]) =>
  readLog(contents, wish).rows.map(({ event }) => event)

test('the newest lines come first, over both files, with their fields in words', () => {
  expect(readLog([current, older], everything)).toEqual({
    hasMore: false,
    rows: [
      { atMs: nowMs, level: 'error', domain: 'app', event: 'call-failed', detail: 'error: Error: first line\n  at second line' },
      { atMs: nowMs - 1_000, level: 'warn', domain: 'network', event: 'peer banned', detail: 'peerId: 12D3\nforMs: 60000' },
      { atMs: nowMs - 2_000, level: 'debug', domain: 'app', event: 'looked', detail: 'peers: 4' },
    ],
  })
})

test.each([
  ['what is at least a warning', { least: 'warn', words: '' }, ['call-failed', 'peer banned']],
  ['a word of the domain', { least: 'debug', words: ' Network ' }, ['peer banned']],
  ['a word of a field', { least: 'debug', words: 'SECOND line' }, ['call-failed']],
  ['words that are nowhere', { least: 'debug', words: 'nowhere' }, []],
] as const)('only %s is read where it was asked for', (_what, wish, events) => {
  expect(eventsOf([current, older], wish)).toEqual(events)
})

test('a line that is cut off, of another program or too long stops nothing', () => {
  const long = JSON.stringify({
    at: '2026-01-05T00:00:00.000Z',
    level: 'info',
    domain: 'd'.repeat(500),
    event: 'long',
    detail: 'x'.repeat(9_000),
  })
  const read = readLog([`${current.slice(20)}\n{"at":"yesterday","level":"info"}\nnull\n[1]\n${long}\n`], everything)
  expect(read.rows.map(({ domain, event, detail }) => [domain.length, event, detail.length])).toEqual([
    [100, 'long', 4_000],
    [3, 'call-failed', 41],
  ])
})

test('more than a page is said to be more', () => {
  const lines = Array.from({ length: 600 }, () => older).join('\n')
  const { rows, hasMore } = readLog([lines], everything)
  expect([rows.length, hasMore]).toEqual([500, true])
})
