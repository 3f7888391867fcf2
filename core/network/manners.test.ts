import { expect, test } from 'vitest'
import { createManualClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { misbehaviour, redialFirstMs, redialMaxMs } from './limits.ts'
import { createRedial } from './redial.ts'
import { createStanding } from './standing.ts'
import { createTokenBuckets } from './token-bucket.ts'

test('a bucket gives its burst, then its rate, and never more than its burst', () => {
  const clock = createManualClock()
  const buckets = createTokenBuckets(clock, { perSecond: 10, burst: 3 })
  const take = (times: number) => Array.from({ length: times }, () => buckets.take('peer')).filter(Boolean).length
  expect(take(5)).toBe(3)
  clock.advance(99)
  expect(take(1)).toBe(0)
  clock.advance(1)
  expect(take(2)).toBe(1)
  clock.advance(60_000)
  expect(take(5)).toBe(3)
  expect(buckets.take('another peer')).toBe(true)
})

test('a bucket is not refilled by asking often, nor by a clock that goes back', () => {
  let nowMs = 1000
  const buckets = createTokenBuckets({ nowMs: () => nowMs, after: () => () => undefined }, { perSecond: 1, burst: 1 })
  expect(buckets.take('peer')).toBe(true)
  for (nowMs of [1100, 1300, 900, 1299]) expect(buckets.take('peer')).toBe(false)
})

test('buckets of peers that left are forgotten', () => {
  const clock = createManualClock()
  const buckets = createTokenBuckets(clock, { perSecond: 1, burst: 2 })
  for (let n = 0; n < 100_000; n++) {
    buckets.take(`peer ${n}`)
    if (n % 1000 === 0) clock.advance(2000)
  }
  expect(buckets.size()).toBeLessThan(2000)
})

test('misbehaviour adds up, fades, and ends in a ban that ends', () => {
  const clock = createManualClock()
  const standing = createStanding(clock, silentLog)
  const banned: string[] = []
  standing.onBan((peerId) => banned.push(peerId))
  standing.report('peer', misbehaviour.ban - 1, 'almost')
  clock.advance(10_000)
  standing.report('peer', 10, 'again')
  expect([standing.isBanned('peer'), standing.points('peer')]).toEqual([false, misbehaviour.ban - 1])
  standing.report('peer', 1, 'and again')
  expect([standing.isBanned('peer'), standing.isBanned('other')]).toEqual([true, false])
  standing.report('peer', misbehaviour.ban, 'while banned')
  clock.advance(misbehaviour.banMs)
  expect([standing.isBanned('peer'), standing.points('peer')]).toEqual([false, 0])
  expect(banned).toEqual(['peer'])
})

test('many peers that misbehave once do not lift the ban of another', () => {
  const standing = createStanding(createManualClock(), silentLog)
  standing.report('villain', misbehaviour.ban, 'enough')
  for (let n = 0; n < 3 * misbehaviour.maxRemembered; n++) standing.report(`peer ${n}`, 1, 'a little')
  expect(standing.isBanned('villain')).toBe(true)
})

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('a peer that cannot be reached is dialled less and less often, and at once after a long connection', async () => {
  const clock = createManualClock(0)
  const dialledAtMs: number[] = []
  let reachable = false
  let connected = false
  const redial = createRedial({
    peers: [{ peerId: 'witness', addresses: [] }],
    clock,
    isConnected: () => connected,
    dial: async () => {
      dialledAtMs.push(clock.nowMs())
      if (!reachable) throw new Error('no')
      connected = true
    },
  })
  const advanceTo = async (untilMs: number): Promise<void> => {
    clock.advance(0)
    await settle()
    while (clock.nowMs() < untilMs) {
      clock.advance(redialFirstMs / 2)
      await settle()
    }
  }
  redial.check()
  await advanceTo(5000)
  expect(dialledAtMs.slice(1).map((atMs, n) => atMs - (dialledAtMs[n] ?? 0))).toEqual([250, 500, 1000, 2000])

  reachable = true
  await advanceTo(10_000)
  expect(connected).toBe(true)
  // Dropped at once: not dialled in a circle.
  const before = dialledAtMs.length
  connected = false
  redial.check()
  await advanceTo(11_000)
  expect(dialledAtMs.length).toBe(before)
  await advanceTo(2 * redialMaxMs)
  expect(connected).toBe(true)

  await advanceTo(4 * redialMaxMs)
  connected = false
  const lostAtMs = clock.nowMs()
  redial.check()
  await advanceTo(lostAtMs + redialFirstMs)
  expect(connected).toBe(true)

  redial.stop()
  connected = false
  redial.check()
  const dials = dialledAtMs.length
  await advanceTo(8 * redialMaxMs)
  expect(dialledAtMs.length).toBe(dials)
})
