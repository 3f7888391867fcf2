import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxCases } from '../contract/arbiter.ts'
import type { Escrows } from '../escrow/service.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import { fail, ok } from '../platform/result.ts'
import { txHash } from '../settlement/encoding.ts'
import type { EscrowState, SignedUsageReceipt } from '../settlement/objects.ts'
import type { Case, Desk, Shown } from './desk.ts'
import type { Parties } from './parties.ts'

export const arbiterHandlers = (desk: Desk, revision: () => number): Handlers<MarketContract>['arbiter'] => ({
  list: () => {
    desk.lookAgain()
    return ok({
      revision: revision(),
      onRoster: desk.isArbiter(),
      rows: desk
        .cases()
        .slice(0, maxCases)
        .map((one) => rowOf(one, desk)),
    })
  },
  get: async ({ escrowId }) => {
    const known = desk.case(fromHex(escrowId))
    if (known === null) return fail('not-found', 'You are not on the panel of such a dispute.')
    const shown = await desk.shownIn(known)
    return ok({
      ...rowOf(known, desk),
      revision: revision(),
      taskCommit: toHex(known.state.terms.taskCommit),
      resultHash: resultHashOf(known),
      exhibits: shown.map((one) => exhibitOf(one, known.state)),
    })
  },
  rule: async ({ escrowId, outcome }) => {
    const ruled = await desk.rule(fromHex(escrowId), outcome)
    return ruled.ok ? ok({}) : ruled
  },
})

const rowOf = ({ state }: Case, desk: Desk) => ({
  escrowId: toHex(state.id),
  phase: state.phase === 'settled' ? ('settled' as const) : ('panel' as const),
  classKey: state.terms.classKey,
  amountMicro: state.terms.amountMicro,
  priceMicro: state.deliveredPriceMicro ?? state.terms.amountMicro,
  client: toHex(state.terms.client),
  provider: toHex(state.terms.provider),
  disputedAtMs: state.dispute?.atMs ?? 0,
  ruleByMs: state.ruleByMs ?? 0,
  quorum: state.terms.panel.quorum,
  seats: state.terms.panel.size,
  ownRuling: desk.ownRuling(state.id),
  paidToProviderMicro: state.payout?.providerMicro ?? null,
})

const resultHashOf = ({ chain }: Case): string => {
  const body = chain.flatMap(({ tx }) => (tx.type === 'escrow' && tx.body.kind === 'deliver' ? [tx.body] : []))[0]
  return toHex(body?.resultHash ?? new Uint8Array(32))
}

const exhibitOf = ({ role, madeAtMs, exhibit, checks }: Shown, { terms }: EscrowState) => ({
  role,
  madeAtMs,
  statement: exhibit.statement,
  reasonAsGiven: checks.isReasonAsGiven,
  prompt: exhibit.task?.prompt ?? null,
  promptAsAsked: checks.isTaskAsAsked,
  answer: exhibit.answer,
  answerAsDelivered: checks.isAnswerAsDelivered,
  receipt: exhibit.receipt === null ? null : receiptOf(exhibit.receipt, terms.provider),
})

const receiptOf = ({ receipt: { escrowId: _escrowId, transcriptHash, ...facts } }: SignedUsageReceipt, provider: Uint8Array) => ({
  provider: toHex(provider),
  transcriptHash: toHex(transcriptHash),
  ...facts,
})

type DisputeCalls = Pick<Handlers<MarketContract>['escrow'], 'dispute' | 'respond' | 'getDispute'>

/** The parties' calls, beside the escrow's own. */
export const disputeHandlers = (parties: Parties, escrows: Escrows): DisputeCalls => ({
  dispute: async ({ escrowId, statement, showTask, showAnswer }) => {
    const opened = await parties.open(fromHex(escrowId), { statement, showsTask: showTask, showsAnswer: showAnswer })
    return opened.ok ? ok({ txHash: toHex(txHash(opened.value.tx)), step: opened.value.tx.step }) : opened
  },
  respond: ({ escrowId, statement, showAnswer }) => {
    const said = parties.respond(fromHex(escrowId), { statement, showsTask: false, showsAnswer: showAnswer })
    return said.ok ? ok({}) : said
  },
  getDispute: ({ escrowId }) => {
    const tracked = escrows.get(fromHex(escrowId))
    const { dispute, ruleByMs, terms } = tracked?.state ?? { dispute: null, ruleByMs: null, terms: null }
    if (tracked === null || dispute === null || terms === null) return fail('not-found', 'This escrow is not disputed.')
    const said = parties.said(tracked.state.id)
    return ok({
      revision: escrows.revision(),
      openedAtMs: dispute.atMs,
      ruleByMs: ruleByMs ?? 0,
      quorum: terms.panel.quorum,
      seats: terms.panel.size,
      panel: parties.seatedOf(tracked.state).map(({ name, operator, account }) => ({ name, operator, accountId: toHex(account) })),
      statement: said?.statement ?? '',
      showsTask: said?.showsTask ?? false,
      showsAnswer: said?.showsAnswer ?? false,
      readers: said?.readers ?? 0,
    })
  },
})
