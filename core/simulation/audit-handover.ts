import { toHex } from '../platform/bytes.ts'
import type { AuthorisedTx, Statement } from '../settlement/objects.ts'
import { registerKey, type Place } from './audit-steps.ts'
import type { Seats } from './audit-seats.ts'

/** Where a step was notarized: the later epoch counts, then the later view. */
type Notarized = { readonly epoch: number; readonly view: number }
const isAfter = (a: Notarized, b: Notarized): boolean => a.epoch > b.epoch || (a.epoch === b.epoch && a.view > b.view)

/** What an honest witness leaves open, and from how many witnesses of the epoch before it has taken over. */
export type Closing = { readonly epoch: number; readonly left: readonly Statement[]; readonly takenOver: number }

/**
 * What one committee may decide of a step that the one before it left open (H3 of settlement/handover.ts), written once more without its
 * code: only what a quorum of the former witnesses leaves possible, as they said when they closed. Of liars anything may be shown.
 */
export const createHandoverAudit = (
  seatsOf: (epoch: number) => Seats | null,
  violate: (rule: string, detail: string) => void,
  isNotarized: (place: Place, view: number, tx: string) => boolean,
) => {
  /** By epoch and witness: the latest notarization of each step it left open. */
  const closings = new Map<string, ReadonlyMap<string, Notarized>>()
  let highestView = 0

  const notarizedBefore = ({ governance, objectId, step, txHash }: Statement, at: Notarized): boolean => {
    const place = { governance: { ...governance, epoch: at.epoch }, objectId, step }
    const views = Array.from({ length: highestView + 1 }, (_, view) => view)
    return views.some((view) => view >= at.view && isNotarized(place, view, toHex(txHash)))
  }
  const isPossible = (statement: Statement): boolean => {
    const { epoch } = statement.governance
    const former = seatsOf(epoch - 1)
    if (former === null) return false
    const isNotarizedSince = (latest: Notarized): boolean =>
      Array.from({ length: epoch }, (_, at) => ({ epoch: at, view: at === latest.epoch ? latest.view : 0 })).some(
        (at) => !isAfter(latest, at) && notarizedBefore(statement, at),
      )
    const leaves = former.witnesses.filter((witness, seat) => {
      if (former.liars.includes(seat)) return true
      const closing = closings.get(`${epoch - 1} ${witness}`)
      const latest = closing?.get(registerKey(statement))
      return closing !== undefined && (latest === undefined || isNotarizedSince(latest))
    })
    return leaves.length >= former.quorum
  }

  return {
    close: (witness: number, { epoch, left, takenOver }: Closing): void => {
      if (takenOver < (seatsOf(epoch - 1)?.quorum ?? 0))
        violate('H1', `witness ${witness} closes epoch ${epoch} and has taken over from ${takenOver} of the one before`)
      highestView = Math.max(highestView, ...left.map(({ view }) => view))
      const places = left.map((one) => [registerKey(one), { epoch: one.governance.epoch, view: one.view }] as const)
      closings.set(`${epoch} ${witness}`, new Map(places))
    },
    /** A step that names this committee is free. */
    mayDecide: (statement: Statement, order: AuthorisedTx | null): boolean =>
      order === null || order.tx.governance.epoch >= statement.governance.epoch || isPossible(statement),
  }
}
