import { expect, test } from 'vitest'
import { slopeOf } from './slope.ts'

test('a straight line has its own slope, wherever it lies', () => {
  const points = [1, 2, 5, 9].map((x) => [x, 100 - 3 * x] as const)
  expect(slopeOf(points)).toBeCloseTo(-3)
})

test('what swings evenly about a line does not tilt it', () => {
  const points = [0, 1, 2, 3, 4].map((x) => [x, 2 * x + (x % 2 === 0 ? 1 : -1)] as const)
  expect(slopeOf(points)).toBeCloseTo(2)
})
