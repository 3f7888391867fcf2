import { expect, test } from 'vitest'
import { forecast, forecastDays, type EarningsDay } from './earnings.ts'

const days = (...earned: readonly number[]): readonly EarningsDay[] =>
  earned.map((micro, index) => ({ day: `day ${index}`, earnedMicro: BigInt(micro), tasks: 1 }))

test('nothing is forecast from less than a week and a day', () => {
  expect(forecast(days(...Array.from({ length: forecastDays }, () => 5)))).toBeNull()
})

test('steady days are forecast as they were, without error', () => {
  const steady = forecast(days(...Array.from({ length: 20 }, () => 100)))
  expect(steady).toEqual({ lowMicro: 100n, middleMicro: 100n, highMicro: 100n, meanErrorPpm: 0, testedDays: 13 })
})

test('one good day does not carry the forecast away, and the back-test says how wrong it was', () => {
  const made = forecast(days(10, 10, 10, 10, 10, 10, 10, 1_000))
  expect(made).toMatchObject({ middleMicro: 10n, meanErrorPpm: 990_000, testedDays: 1 })
})

test('days without earnings count, and a fall to nothing is seen within the week', () => {
  expect(forecast(days(50, 50, 50, 50, 50, 0, 0, 0, 0, 0, 0, 0))).toMatchObject({ lowMicro: 0n, middleMicro: 0n, highMicro: 0n })
})
