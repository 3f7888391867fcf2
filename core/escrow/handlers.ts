import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { txHash } from '../settlement/encoding.ts'
import { committeeNamed, type Epochs } from '../settlement/epochs.ts'
import type { AccountId, AuthorisedTx, Decree, ObjectId } from '../settlement/objects.ts'
import type { EscrowExit } from './exits.ts'
import { ruledMicro, type MoveKind } from './model.ts'
import { canBeSeated } from './panel.ts'
import type { Escrows } from './service.ts'
import { splitOfferOf } from './splits.ts'
import type { EscrowPosition, TrackedEscrow } from './store.ts'

export type EscrowHandlersDeps = {
  readonly escrows: Escrows
  readonly epochs: Epochs
  /** The task an escrow pays for; null when it is another node's. */
  readonly taskOf?: (escrowId: ObjectId) => Uint8Array | null
  /** Hands a half-signed split to the other side; false when it cannot be reached. */
  readonly sendSplit?: (order: AuthorisedTx, to: AccountId) => Promise<boolean>
}

/** A dispute's calls are beside the rest of it, in disputes/handlers.ts. */
type EscrowCalls = Omit<Handlers<MarketContract>['escrow'], 'dispute' | 'respond' | 'getDispute'>

export const escrowHandlers = (deps: EscrowHandlersDeps): EscrowCalls => {
  const { escrows, epochs } = deps
  const rowOf = (tracked: TrackedEscrow) => escrowRow(tracked, deps)

  return {
    list: ({ cursor, limit }) => {
      const after = cursor === null ? null : positionOf(cursor)
      if (after === undefined) return fail('invalid-input', 'That is no page of this list. Start at the first one.')
      const found = escrows.page(after, limit + 1)
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      const nextCursor = found.length > limit && last !== undefined ? cursorOf(last) : null
      return ok({ revision: escrows.revision(), page: { rows: shown.map(rowOf), nextCursor, total: escrows.count() } })
    },
    get: ({ escrowId }) => {
      const id = fromHex(escrowId)
      const tracked = escrows.get(id)
      if (tracked === null) return fail('not-found', 'There is no such escrow in this wallet.')
      const times = escrows.stepTimes(id)
      const certificates = escrows.decrees(id).map((decree, step) => certificateOf(decree, step, times[step] ?? null, epochs))
      const { state } = tracked
      const committee = committeeNamed(epochs, state.governance)
      const hasJudges = committee !== null && canBeSeated(state, committee)
      const { quorum, size } = state.terms.panel
      const panel = { quorum, seats: size, hasJudges }
      return ok({ ...rowOf(tracked), revision: escrows.revision(), certificates, panel, ruleMs: state.terms.ruleMs })
    },
    release: async ({ escrowId }) => certified(await escrows.release(fromHex(escrowId))),
    refund: async ({ escrowId }) => certified(await escrows.refund(fromHex(escrowId))),
    proposeSplit: async ({ escrowId, toProviderMicro }) => {
      const id = fromHex(escrowId)
      const tracked = escrows.get(id)
      const offer = escrows.proposeSplit(id, toProviderMicro)
      if (tracked === null || !offer.ok) return offer.ok ? fail('not-found', 'There is no such escrow in this wallet.') : offer
      return (await deps.sendSplit?.(offer.value, otherSideOf(tracked))) === true
        ? ok({})
        : fail('counterparty-unreachable', 'The other side cannot be reached now. The offer is kept; make it again when they are online.')
    },
    acceptSplit: async ({ escrowId, toProviderMicro }) => certified(await escrows.acceptSplit(fromHex(escrowId), toProviderMicro)),
  }
}

const certified = <E>(made: Result<Decree, E>) => (made.ok ? ok({ txHash: toHex(txHash(made.value.tx)), step: made.value.tx.step }) : made)

const otherSideOf = ({ state, role }: TrackedEscrow): AccountId => (role === 'client' ? state.terms.provider : state.terms.client)
const priceOf = ({ state, receipt }: TrackedEscrow): bigint | null => state.deliveredPriceMicro ?? receipt?.receipt.priceMicro ?? null

const escrowRow = (tracked: TrackedEscrow, { escrows, taskOf }: EscrowHandlersDeps) => {
  const { state, role } = tracked
  const { terms, payout } = state
  const taskId = taskOf?.(state.id) ?? null
  return {
    id: toHex(state.id),
    phase: state.phase,
    role,
    classKey: terms.classKey,
    amountMicro: terms.amountMicro,
    priceMicro: priceOf(tracked),
    counterparty: toHex(otherSideOf(tracked)),
    taskId: taskId === null ? null : toHex(taskId),
    openedAtMs: tracked.openedAtMs,
    deliverByMs: terms.deliverByMs,
    reviewByMs: state.reviewByMs,
    exits: escrows.exits(tracked).flatMap((exit) => exitOf(exit, tracked, escrows.nowMs())),
    payout: payout === null ? null : { providerMicro: payout.providerMicro, clientMicro: payout.clientMicro },
    settledBy: payout?.by ?? null,
    splitOffer: splitOfferOf(tracked),
  }
}

const exitOf = ({ move, alone, opensAtMs, closesAtMs }: EscrowExit, tracked: TrackedEscrow, nowMs: number) =>
  alone && (closesAtMs === null || closesAtMs >= nowMs)
    ? [{ move, fromMs: opensAtMs <= nowMs ? null : opensAtMs, untilMs: closesAtMs, pays: paysOf(move, tracked) }]
    : []

const paysOf = (move: MoveKind, tracked: TrackedEscrow) => {
  const { amountMicro } = tracked.state.terms
  const toProvider = (providerMicro: bigint) => ({ providerMicro, clientMicro: amountMicro - providerMicro })
  if (move === 'release' || move === 'expire-release') return toProvider(priceOf(tracked) ?? amountMicro)
  if (move === 'expire-default') return toProvider(ruledMicro('half', priceOf(tracked) ?? amountMicro))
  return move === 'refund' || move === 'expire-refund' ? toProvider(0n) : null
}

const certificateOf = ({ tx, certificate }: Decree, step: number, knownAtMs: number | null, epochs: Epochs) => ({
  step,
  move: tx.type === 'escrow' ? tx.body.kind : ('open' as const),
  atMs: tx.type === 'escrow' && 'atMs' in tx.body ? tx.body.atMs : knownAtMs,
  txHash: toHex(txHash(tx)),
  epoch: certificate.statement.governance.epoch,
  view: certificate.statement.view,
  signers: certificate.signatures.map(({ witnessIndex }) => witnessIndex),
  quorum: certificate.signatures.length,
  committeeSize: committeeNamed(epochs, certificate.statement.governance)?.witnesses.length ?? certificate.signatures.length,
})

const cursorOf = ({ state, openedAtMs }: TrackedEscrow): string => `${state.phase === 'settled' ? 1 : 0}.${openedAtMs}.${toHex(state.id)}`

const positionOf = (cursor: string): EscrowPosition | undefined => {
  const match = /^([01])\.(\d{1,13})\.([0-9a-f]{64})$/.exec(cursor)
  const [, settled, openedAtMs, id] = match ?? []
  return id === undefined ? undefined : { settled: settled === '1', openedAtMs: Number(openedAtMs), id: fromHex(id) }
}
