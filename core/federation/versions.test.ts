import { expect, test } from 'vitest'
import { agentOf, newerRelease, releaseOf } from './versions.ts'

test('a release that more than f witnesses run is told, with how many run it or a later one', () => {
  expect(newerRelease('0.2.0', ['0.3.0', '0.3.0', '0.2.0', '0.2.0'], 1)).toEqual({ version: '0.3.0', witnesses: 2 })
  expect(newerRelease('0.2.0', ['0.3.0', '0.3.0', '0.3.0', '0.4.0'], 1)).toEqual({ version: '0.3.0', witnesses: 4 })
  expect(newerRelease('0.2.0', ['1.0.0', '0.4.0', '0.3.0', null, null, null, null], 2)).toEqual({ version: '0.3.0', witnesses: 3 })
})

test('what no more than f witnesses say is told to nobody, and they make a release out no newer than an honest one runs', () => {
  expect(newerRelease('0.2.0', ['9.0.0', '0.2.0', '0.2.0', '0.2.0'], 1)).toBeNull()
  expect(newerRelease('0.2.0', ['9.0.0', '0.3.0', '0.2.0', '0.2.0'], 1)).toEqual({ version: '0.3.0', witnesses: 2 })
  expect(newerRelease('0.2.0', ['9.0.0', null, null, null], 1)).toBeNull()
  expect(newerRelease('0.2.0', ['0.3.0', null, null, null], 0)).toEqual({ version: '0.3.0', witnesses: 1 })
})

test('older and equal ones are no news, and a program that is no release itself compares itself with none', () => {
  expect(newerRelease('0.3.0', ['0.3.0', '0.2.0', '0.1.9', '0.3.0'], 1)).toBeNull()
  expect(newerRelease('0.2.0-beta', ['0.3.0', '0.3.0', '0.3.0', '0.3.0'], 1)).toBeNull()
})

test('of what a peer says only a release of this program counts', () => {
  expect(releaseOf(agentOf('0.3.0'))).toBe('0.3.0')
  const hostile = [
    null,
    '',
    '0.3.0',
    'claude-market',
    'claude-market/',
    'other/0.3.0',
    'claude-market/0.3.0 node/24',
    agentOf('0.3.0-beta'),
  ]
  expect(hostile.map(releaseOf)).toEqual(hostile.map(() => null))
  expect(releaseOf(agentOf(`0.3.0\u202e`))).toBeNull()
  expect(releaseOf(agentOf('9'.repeat(100_000)))).toBeNull()
})
