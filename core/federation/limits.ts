import { microPerRuv } from '../platform/amount.ts'
import type { SettlementLimits } from '../settlement/rules.ts'

export type FederationKind = 'practice' | 'organisation' | 'community'

/** What a founder may set; everybody in the federation lives by it. */
export type FederationLimits = SettlementLimits & {
  /** Requests and offers one member may publish in a minute; more are not passed on. */
  readonly maxRequestsPerMinute: number
}

const secondMs = 1_000
const minuteMs = 60 * secondMs
const dayMs = 24 * 60 * minuteMs

/** Values of settlement.md §5.1 (deadlines), §5.4 (clocks), §5.5 (panels) and §6.5 (spam), unless the founder chooses others. */
const openWorld: FederationLimits = {
  maxClockSkewMs: 5 * secondMs,
  minReviewMs: 10 * minuteMs,
  maxReviewMs: 7 * dayMs,
  maxWorkMs: 7 * dayMs,
  minRuleMs: dayMs,
  maxRuleMs: 14 * dayMs,
  seatAnyAfterMs: 10 * minuteMs,
  giftPerDayMicro: 100n * microPerRuv,
  epochNoticeMs: 7 * dayMs,
  maxRequestsPerMinute: 20,
}

export const defaultLimits: Readonly<Record<FederationKind, FederationLimits>> = {
  community: openWorld,
  // Colleagues may pass tokens on as they like: nothing can be sold for them inside one customer account.
  organisation: { ...openWorld, giftPerDayMicro: null },
  // One computer has one clock, and whoever tries the app out does not wait for days.
  practice: {
    maxClockSkewMs: 500,
    minReviewMs: minuteMs,
    maxReviewMs: 60 * minuteMs,
    maxWorkMs: 60 * minuteMs,
    minRuleMs: 2 * minuteMs,
    maxRuleMs: 60 * minuteMs,
    seatAnyAfterMs: 10 * secondMs,
    giftPerDayMicro: null,
    epochNoticeMs: 0,
    maxRequestsPerMinute: 600,
  },
}

/** Bounds on what a founder may choose. */
export const limitBounds = {
  /** Below 100 ms no ordinary clock keeps up; a minute would keep money waiting for minutes after every deadline. */
  clockSkewMs: { min: 100, max: 60 * secondMs },
  /** No escrow may outlive the 45 days that a former witness still serves it (settlement.md §7). */
  durationMs: { min: secondMs, max: 14 * dayMs },
  /** Within a month everybody who takes part has been there; 0 for tries on one computer. */
  epochNoticeMs: { min: 0, max: 30 * dayMs },
  requestsPerMinute: { min: 1, max: 6_000 },
} as const
