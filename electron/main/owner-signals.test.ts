import { expect, test } from 'vitest'
import { createOwnerSignals, readConnectionCost, readNetworkManager } from './owner-signals.ts'

test.each([
  ['u 0\n', null],
  ['u 1\n', true],
  ['u 2\n', false],
  ['u 3\n', true],
  ['u 4\n', false],
  ['', null],
  ['Failed to get property', null],
] as const)('NetworkManager’s word %j is read as %s', (text, metered) => {
  expect(readNetworkManager(text)).toBe(metered)
})

test.each([
  ['Unrestricted\r\n', false],
  ['Fixed\r\n', true],
  ['Variable\r\n', true],
  ['Unknown\r\n', null],
  ['', null],
] as const)('Windows’ word %j is read as %s', (text, metered) => {
  expect(readConnectionCost(text)).toBe(metered)
})

test('idle time, battery and connection are told as the system knows them, and the connection is asked for at most once a minute', async () => {
  let [nowMs, asked, metered] = [0, 0, true]
  const signals = createOwnerSignals({
    power: { getSystemIdleTime: () => 90, isOnBatteryPower: () => true },
    nowMs: () => nowMs,
    readMetered: () => {
      asked++
      return Promise.resolve(metered)
    },
  })
  expect([signals.idleMs(), signals.isOnBattery(), signals.isMetered()]).toEqual([90_000, true, null])
  await Promise.resolve()
  metered = false
  nowMs = 59_999
  expect([signals.isMetered(), asked]).toEqual([true, 1])
  nowMs = 60_000
  signals.isMetered()
  await Promise.resolve()
  expect([signals.isMetered(), asked]).toEqual([false, 2])
})
