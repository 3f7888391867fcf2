import { expect, test } from 'vitest'
import { formatBytes, formatCount, formatPercent } from './number.ts'
import { languageFor, localeFor, setLocale } from './locale.ts'
import { formatDuration, formatLeft, formatLimit, formatWhen } from './time.ts'

test('a measured duration has three significant digits', () => {
  expect([0, 40, 1_254, 12_340, 59_949, 245_000].map(formatDuration)).toEqual(['0ms', '40ms', '1.25s', '12.3s', '59.9s', '4m 5s'])
})

test('what is left is rounded up, in at most two units, and never below zero', () => {
  expect([-5, 1, 1_001, 60_000, 3_599_001, 5_400_000, 90_000_000].map(formatLeft)).toEqual([
    '0s',
    '1s',
    '2s',
    '1m',
    '1h',
    '1h 30m',
    '1d 1h',
  ])
})

test('a limit is written round', () => expect([500, 2_000, 60_000].map(formatLimit)).toEqual(['500ms', '2s', '1m']))

test('a moment is the time today, the day this year, the date before', () => {
  const now = new Date(2026, 5, 15, 12).getTime()
  const at = [new Date(2026, 5, 15, 9, 5), new Date(2026, 1, 3, 9), new Date(2025, 11, 31)].map((moment) => moment.getTime())
  expect(at.map((atMs) => formatWhen(atMs, now))).toEqual(['09:05', '3 Feb', '31 Dec 2025'])
})

test('counts, shares and sizes', () => {
  expect([formatCount(12_345), formatPercent(806_000), formatBytes(0), formatBytes(1_500), formatBytes(123_456_789)]).toEqual([
    '12,345',
    '81%',
    '0B',
    '1.5kB',
    '123MB',
  ])
})

test('the region comes from the system where it speaks the language of the texts', () => {
  expect([localeFor('en', ['fr-FR', 'en-AU', 'en-US']), localeFor('en', ['fr-FR'])]).toEqual(['en-AU', 'en-GB'])
  expect([localeFor('de', ['en-US', 'de-CH']), localeFor('de', [])]).toEqual(['de-CH', 'de-DE'])
})

test('the language is the first one the system prefers in which there are texts, and otherwise English', () => {
  expect([['fr-FR', 'de-AT', 'en-US'], ['en-US', 'de'], ['DE'], ['deu'], ['ja'], []].map(languageFor)).toEqual([
    'de',
    'en',
    'de',
    'en',
    'en',
    'en',
  ])
})

test('German writes amounts of time and dates in its own way', () => {
  setLocale('de-DE')
  const now = new Date(2026, 5, 15, 12).getTime()
  expect([
    formatDuration(1_254),
    formatLeft(5_400_000),
    formatWhen(new Date(2026, 1, 3, 9).getTime(), now),
    formatPercent(806_000),
  ]).toEqual(['1,25\u00a0s', '1\u00a0h 30\u00a0min', '3. Feb.', '81\u00a0%'])
  setLocale('en-GB')
})
