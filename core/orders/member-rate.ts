import { toHex } from '../platform/bytes.ts'

/** At most this many members are remembered; the longest silent is forgotten first. */
const maxRemembered = 10_000

export type MemberRate = ReturnType<typeof createMemberRate>

/** A token bucket a member: `perMinute` orders at once, refilled evenly over a minute. */
export const createMemberRate = (perMinute: number) => {
  const buckets = new Map<string, { readonly tokens: number; readonly atMs: number }>()
  return {
    /** Whether this member may send one more order now. */
    take: (member: Uint8Array, nowMs: number): boolean => {
      const key = toHex(member)
      const bucket = buckets.get(key) ?? { tokens: perMinute, atMs: nowMs }
      const tokens = Math.min(perMinute, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) * perMinute) / 60_000)
      buckets.delete(key)
      buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, atMs: nowMs })
      const oldest = buckets.keys().next().value
      if (buckets.size > maxRemembered && oldest !== undefined) buckets.delete(oldest)
      return tokens >= 1
    },
  }
}
