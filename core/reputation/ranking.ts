import type { AmountMicro } from '../platform/amount.ts'
import { microPerRuv } from '../platform/amount.ts'
import { sha256 } from '../platform/bytes.ts'
import { ppm } from '../platform/fixed-point.ts'
import type { Standing } from './model.ts'

/**
 * How a client ranks a bidder (settlement.md §10): by the lower bound of its standing, so that a newcomer seldom wins against members. So that
 * newcomers find work at all, a tenth of the small tasks goes through a lane of their own: there every bidder is ranked by a draw from its
 * interval (Thompson sampling), and whoever is little known has a wide one.
 */
export type Ranked = {
  readonly amountMicro: AmountMicro
  /** What the client has under way with this bidder already. */
  readonly underWayMicro: AmountMicro
  readonly requestHash: Uint8Array
  readonly account: Uint8Array
  /** The client's own secret: no bidder can tell which lane a request is in, or what it will draw. */
  readonly salt: Uint8Array
}

const laneMicro = 10n * microPerRuv
/** Of 256. */
const laneShare = 26

/** Null: more than may be under way with it at a time. */
export const rankOf = (standing: Standing, { amountMicro, underWayMicro, requestHash, account, salt }: Ranked): number | null => {
  if (underWayMicro + amountMicro > standing.exposureMicro) return null
  const isLane = amountMicro <= laneMicro && byteOf(sha256(salt, requestHash), 0) < laneShare
  if (!isLane) return standing.lowPpm
  const draw = sha256(salt, requestHash, account)
  const drawnPpm = Math.floor(((byteOf(draw, 0) * 256 + byteOf(draw, 1)) * ppm) / 65_536)
  return standing.lowPpm + Math.floor(((standing.highPpm - standing.lowPpm) * drawnPpm) / ppm)
}
const byteOf = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0
