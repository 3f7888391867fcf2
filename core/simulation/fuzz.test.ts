import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

it('20,000 hostile inputs make no reader throw, hang or keep memory, and are refused with a reason', () => {
  const { inputs, accepted, findings, heldBytes } = fuzz(1, 20_000)
  expect(inputs).toBe(20_000)
  expect(findings).toEqual([])
  // Each has a good sample and has to take it, or its bad ones proved nothing.
  expect([...accepted].filter(([, taken]) => taken === 0)).toEqual([])
  expect(heldBytes).toBeLessThan(64 * 1024 * 1024)
}, 120_000)
