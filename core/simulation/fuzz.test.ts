import { expect, it } from 'vitest'
import { judge, fuzz } from './fuzz.ts'
import { subjects } from './fuzz-subjects.ts'

it.each(subjects(1))('$name is taken in every kind, or its damaged ones prove nothing', (subject) => {
  expect(subject.samples.length).toBeGreaterThan(0)
  expect(subject.samples.map((sample) => judge(subject, sample))).toEqual(subject.samples.map(() => 'accepted'))
})

it('20,000 hostile inputs make no reader throw, hang or keep memory, and are refused with a reason', () => {
  const { inputs, findings, heldBytes } = fuzz(1, 20_000)
  expect(inputs).toBe(20_000)
  expect(findings).toEqual([])
  expect(heldBytes).toBeLessThan(64 * 1024 * 1024)
}, 120_000)
