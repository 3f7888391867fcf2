import { expect, test } from 'vitest'
import { compareReleases, releasePattern } from './version.ts'

test('releases are ordered by their numbers, not by their letters', () => {
  const inOrder = ['0.0.0', '0.2.9', '0.2.10', '0.10.0', '1.0.0', '10.0.0']
  expect(inOrder.toReversed().toSorted(compareReleases)).toEqual(inOrder)
  expect(compareReleases('0.2.0', '0.2.0')).toBe(0)
})

test.each(['', '1', '1.2', '1.2.3.4', '01.2.3', '1.2.3-beta', '1.2.3+build', ' 1.2.3', '1.2.3\n', '1.2.٣', '1.2.100000', '-1.2.3'])(
  '%j is the version of no release',
  (version) => expect(releasePattern.test(version)).toBe(false),
)
