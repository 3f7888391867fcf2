import type { Clock } from '../platform/clock.ts'
import type { Rate } from './limits.ts'

export type TokenBuckets = {
  /** Takes one token of `key`; false when there is none. */
  readonly take: (key: string) => boolean
  readonly size: () => number
}

/** One bucket a key. A full bucket is forgotten, so memory is bounded by the keys active within the last refill. */
export const createTokenBuckets = (clock: Clock, rate: Rate): TokenBuckets => {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  const refilled = (bucket: { tokens: number; atMs: number }, nowMs: number): number =>
    Math.min(rate.burst, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1000) * rate.perSecond)
  const sweepOver = 1000
  const sweep = (nowMs: number): void => {
    for (const [key, bucket] of buckets) if (refilled(bucket, nowMs) >= rate.burst) buckets.delete(key)
  }
  return {
    size: () => buckets.size,
    take: (key) => {
      const nowMs = clock.nowMs()
      const known = buckets.get(key)
      const tokens = known === undefined ? rate.burst : refilled(known, nowMs)
      if (known === undefined && buckets.size >= sweepOver) sweep(nowMs)
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs })
      return tokens >= 1
    },
  }
}
