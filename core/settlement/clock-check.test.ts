import { expect, it } from 'vitest'
import { createManualClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { createClockCheck } from './clock-check.ts'
import { committeeOf } from './testing/world.ts'

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Three other witnesses whose clocks differ by this much from this one's; null does not answer. */
const start = (aheadMs: readonly (number | null)[], roundTripMs = 0) => {
  const clock = createManualClock()
  const lines: string[] = []
  const ahead = [...aheadMs]
  let asked = 0
  const check = createClockCheck({
    others: () => ({ witnesses: committeeOf(4).witnesses.slice(1), faults: 1 }),
    clock,
    log: createLog((line) => lines.push(line), clock.nowMs),
    ask: async ({ peerId }) => {
      asked++
      const aheadByMs = ahead[Number(peerId.slice(-1)) - 1] ?? null
      const travel = (): Promise<void> => new Promise((resolve) => void clock.after(roundTripMs / 2, resolve))
      if (roundTripMs > 0) await travel()
      const theirsMs = aheadByMs === null ? null : clock.nowMs() + aheadByMs
      if (roundTripMs > 0) await travel()
      return theirsMs
    },
  })
  return {
    check,
    clock,
    ahead,
    asked: () => asked,
    events: () => lines.map((line) => (JSON.parse(line) as { readonly event: string }).event),
    settle,
    pass: async (roundMs: number): Promise<void> => {
      for (const halfMs of [roundMs / 2, roundMs / 2]) {
        clock.advance(halfMs)
        await settle()
      }
    },
  }
}

it('a clock is off when it differs by more than 2 s from the median of three others, whatever one of them says', async () => {
  const cases = [
    [1_000, 1_900, 2_000],
    [-86_400_000, 1_900, 2_000],
    [2_100, 2_200, 2_300],
    [-86_400_000, -2_100, 86_400_000],
  ]
  const verdicts = []
  for (const aheadMs of cases) {
    const { check, settle } = start(aheadMs)
    await settle()
    verdicts.push([check.offsetMs(), check.isOff()])
  }
  expect(verdicts).toEqual([
    [1_900, false],
    [1_900, false],
    [2_200, true],
    [-2_100, true],
  ])
})

it('with fewer than three answers, or slow ones, nothing is concluded', async () => {
  const silent = start([5_000, 5_000, null])
  const slow = start([5_000, 5_000, 5_000], 1_002)
  await silent.settle()
  await slow.pass(1_002)
  expect([silent.check.offsetMs(), slow.check.offsetMs()]).toEqual([null, null])
})

it('half of the round trip is counted', async () => {
  const { check, pass } = start([300, 300, 300], 800)
  await pass(800)
  expect(check.offsetMs()).toBe(300)
})

it('who is off says so once, looks again every minute, and says when it is right again', async () => {
  const { check, clock, ahead, settle, events } = start([3_000, 3_000, 3_000])
  await settle()
  clock.advance(60_000)
  await settle()
  ahead.fill(0)
  expect(check.isOff()).toBe(true)
  clock.advance(60_000)
  await settle()
  expect([check.isOff(), events()]).toEqual([false, ['clock off, not voting', 'clock right again']])
})

it('a clock that was right is looked at again after ten minutes, and only if it is needed', async () => {
  const { check, clock, asked, settle } = start([0, 0, 0])
  await settle()
  clock.advance(599_999)
  check.update()
  await settle()
  const early = asked()
  clock.advance(3_600_000)
  await settle()
  const unneeded = asked()
  check.update()
  await settle()
  expect([early, unneeded, asked()]).toEqual([3, 3, 6])
})
