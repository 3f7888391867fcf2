import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

it('20,000 hostile inputs make no reader throw, hang or keep memory, and are refused with a reason', () => {
  const { inputs, accepted, findings, heldBytes } = fuzz(1, 20_000)
  expect(inputs).toBe(20_000)
  expect(findings).toEqual([])
  // Readers that have good samples have to take some of them, or nothing was tried.
  expect(
    [
      'settlement question',
      'settlement answer',
      'decree with its certificate',
      'genesis document',
      'genesis file',
      'invite link',
      'secrets of a key file',
      'key file',
    ].filter((name) => accepted.get(name) === 0),
  ).toEqual([])
  expect(heldBytes).toBeLessThan(64 * 1024 * 1024)
}, 120_000)
