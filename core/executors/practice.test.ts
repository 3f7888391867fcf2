import { expect, test } from 'vitest'
import { systemClock } from '../platform/clock.ts'
import { collect, describeExecutor } from './executor-compliance.ts'
import { createPracticeExecutor, practiceLabel } from './practice.ts'

describeExecutor('practice', async (mode, clock) => ({
  executor: createPracticeExecutor({ seed: 'suite', clock, behaviour: mode }),
  expectedText: null,
  bodies: null,
  stop: () => Promise.resolve(),
}))

const answerOf = async (seed: string, maxOutputTokens: number) => {
  const executor = createPracticeExecutor({ seed, clock: systemClock })
  return (await collect(executor, { prompt: 'Write a poem.', maxOutputTokens })).pieces.join('')
}

test('every answer says that it is simulated, however small its cap', async () => {
  for (const cap of [3, 20, 400]) expect((await answerOf('a', cap)).startsWith(practiceLabel)).toBe(true)
})

test('the same seed and prompt give the same answer, another seed another one', async () => {
  expect(await answerOf('a', 400)).toBe(await answerOf('a', 400))
  expect(await answerOf('a', 400)).not.toBe(await answerOf('b', 400))
})
