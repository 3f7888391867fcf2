import { expect, test } from 'vitest'
import { createReloadLimit } from './reload-limit.ts'

test('a page that keeps dying is left, and one that dies now and then is shown again however long the app runs', () => {
  let nowMs = 0
  const mayReload = createReloadLimit(() => nowMs)
  expect([mayReload(), mayReload(), mayReload(), mayReload()]).toEqual([true, true, true, false])
  const hourly = Array.from({ length: 10 }, () => {
    nowMs += 3_600_000
    return mayReload()
  })
  expect(hourly).toEqual(Array(10).fill(true))
})
