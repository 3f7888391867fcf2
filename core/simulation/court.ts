import { seatAnyFromMs } from '../escrow/model.ts'
import { orderFor } from '../escrow/mover.ts'
import { toHex } from '../platform/bytes.ts'
import { silentLog } from '../platform/log.ts'
import { createDriver } from '../settlement/driver.ts'
import type { AuthorisedTx, Decree, EscrowMove, EscrowState, ObjectId, RulingOutcome } from '../settlement/objects.ts'
import { guardMs } from '../settlement/rules.ts'
import { authorise } from '../settlement/signatures.ts'
import { replayEscrow } from '../settlement/verify.ts'
import { judgesOf } from './audit-panel.ts'
import { decisionBoundMs } from './bounds.ts'
import { createLife } from './life.ts'
import type { World } from './world.ts'

/**
 * What follows a dispute: somebody asks for the shares and seats the panel, and the arbiters rule, as far as they are there. Some
 * are absent for good; some, always fewer than k, sign whatever they are told.
 */
export const createCourt = (world: World) => {
  const { auditor, federation, network, plan, scheduler } = world
  const { arbiterSigners, committee, epochs, genesis, rules } = federation
  const life = createLife(scheduler, 0, () => undefined)
  const driver = createDriver({ network: network.addNode('court', { life }), epochs, clock: life.clock, log: silentLog })
  const verifying = { rules, genesisCredits: genesis }

  const stateOf = (id: ObjectId): { readonly state: EscrowState; readonly chain: readonly Decree[] } | null => {
    const chain = auditor.ledger.chainOf(id)
    const replayed = replayEscrow(chain, verifying)
    return replayed.ok ? { state: replayed.value, chain } : null
  }
  const anyonesMove = (state: EscrowState, body: EscrowMove): AuthorisedTx => {
    const { id, step, headHash, governance } = state
    const position = { objectId: id, step: step + 1, previousHash: headHash, governance, next: governance }
    return { tx: { version: 1, type: 'escrow', ...position, body }, authorisations: [] }
  }

  const ruling = ({ panel, terms, ...state }: EscrowState, outcome: RulingOutcome, places: readonly number[]): AuthorisedTx => {
    const order = anyonesMove({ panel, terms, ...state }, { kind: 'rule', outcome })
    const signers = (panel ?? []).filter((place) => places.includes(place)).slice(0, terms.panel.quorum)
    return {
      ...order,
      authorisations: signers.flatMap((place) => {
        const signer = arbiterSigners[place]
        return signer === undefined ? [] : [authorise(order.tx, 'arbiter', signer)]
      }),
    }
  }

  const rule = async (id: ObjectId): Promise<void> => {
    const found = stateOf(id)
    // A side that gives in is not kept waiting.
    if (found === null || found.state.phase !== 'panel' || plan.court.concession?.phase === 'panel') return
    const { state, chain } = found
    const places = committee.arbiters.map((_, place) => place)
    const { absentArbiters, bribedArbiters, outcome } = plan.court
    // Too few for a ruling: the witnesses have to refuse it.
    const bribed = ruling(state, outcome === 'refund' ? 'release' : 'refund', bribedArbiters)
    if (bribedArbiters.length > 0) await driver.decide(bribed, chain)
    const honest = places.filter((place) => !absentArbiters.includes(place) && !bribedArbiters.includes(place))
    const order = ruling(state, outcome, honest)
    if (order.authorisations.length < state.terms.panel.quorum) return
    const decided = await driver.decide(order, chain)
    if (!decided.ok && decided.error.code !== 'refused') later(retryMs, () => rule(id))
  }

  const seat = async (id: ObjectId): Promise<void> => {
    const found = stateOf(id)
    if (found?.state.phase === 'panel') return later(1_000, () => rule(id))
    if (found === null || found.state.phase !== 'disputed') return
    const { state, chain } = found
    const shares = await driver.fetchShares(state, chain)
    if (!shares.ok) return later(retryMs, () => seat(id))
    const order = anyonesMove(state, { kind: 'seat-panel', shares: shares.value.slice(0, committee.faults + 1) })
    const decided = await driver.decide(order, chain)
    if (decided.ok) later(1_000, () => rule(id))
    else if (decided.error.code === 'refused' && decided.error.reason === 'too-early')
      later(Math.max(seatAnyFromMs(state, rules.limits) - life.clock.nowMs() + rules.limits.maxClockSkewMs, retryMs), () => seat(id))
    else if (decided.error.code !== 'refused') later(retryMs, () => seat(id))
  }

  let isCalm = false
  /** Shares that are kept back make it wait until any will do, and no longer: then it takes one decision, whose leader may have to wait. */
  const expectPanel = (id: ObjectId): void => {
    const { dispute, terms, recused } = auditor.ledger.escrow(id) ?? { dispute: null, terms: null, recused: [] }
    if (dispute === null || terms === null || !plan.court.isCalled) return
    if (judgesOf(committee.arbiters, terms, recused).length < terms.panel.size) return
    // By every honest clock, one of which may be behind; a leader waits for another guard.
    const { seatAnyAfterMs, maxClockSkewMs } = rules.limits
    const anyFromMs = dispute.atMs + seatAnyAfterMs + guardMs(rules.limits) + maxClockSkewMs
    const boundMs = guardMs(rules.limits) + decisionBoundMs(plan, auditor.votes.highestView())
    scheduler.at(Math.max(scheduler.nowMs(), anyFromMs) + boundMs, () => {
      if (auditor.ledger.escrow(id)?.phase === 'disputed')
        auditor.violate('panels', `none was drawn for ${toHex(id)} within ${boundMs} ms of the time when any shares do`)
    })
  }

  const later = (afterMs: number, work: () => Promise<void>): void =>
    void scheduler.at(scheduler.nowMs() + afterMs, () => {
      work().catch((error: unknown) => auditor.violate('thrown', String(error)))
    })

  return {
    /** Once a dispute is final. */
    open: (id: ObjectId): void => {
      if (plan.court.isCalled) later(500, () => seat(id))
      if (isCalm) expectPanel(id)
    },
    /** From now on nothing but liars is in the way. */
    calm: (): void => {
      isCalm = true
      for (const { id, phase } of auditor.ledger.escrows()) if (phase === 'disputed') expectPanel(id)
    },
  }
}
export type Court = ReturnType<typeof createCourt>

const retryMs = 2_000

/** The client's complaint; the app has no button for it here. */
export const disputeOf = (state: EscrowState, atMs: number, signer: Parameters<typeof orderFor>[2]): AuthorisedTx =>
  orderFor(state, { kind: 'dispute', atMs, reasonHash: state.id, recused: [] }, signer, 'client')
