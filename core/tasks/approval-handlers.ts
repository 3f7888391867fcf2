import { maxApprovals, maxFindings } from '../contract/approvals.ts'
import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxReasonLength } from '../contract/provider.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import { record } from '../platform/codec.ts'
import { ok } from '../platform/result.ts'
import type { Interval } from '../reputation/model.ts'
import { runCommand } from '../storage/commands.ts'
import type { Database } from '../storage/database.ts'
import type { Approvals, WaitingTask } from './approvals.ts'
import type { JobStore } from './job-store.ts'

export type ApprovalHandlersDeps = {
  readonly approvals: Approvals
  readonly jobs: Pick<JobStore, 'historyWith'>
  readonly standingOfClient: (account: Uint8Array) => Interval & { readonly trades: number }
  readonly db: Database
  readonly nowMs: () => number
  readonly revision: () => number
}

const nothing = record<Record<string, never>>({})
const millicentsPerCent = 1_000

export const approvalHandlers = (deps: ApprovalHandlersDeps): Handlers<MarketContract>['approvals'] => {
  const { approvals, db, nowMs } = deps
  const rowOf = (task: WaitingTask) => {
    const history = deps.jobs.historyWith(task.requester)
    const { lowPpm, midPpm, highPpm, trades } = deps.standingOfClient(task.requester)
    return {
      id: toHex(task.escrowId),
      requester: toHex(task.requester),
      standing: { lowPpm, midPpm, highPpm, trades },
      tradesBefore: history.settled,
      failedBefore: history.failed,
      classKey: task.classKey,
      prompt: task.prompt,
      findings: task.findings.slice(0, maxFindings).map((finding) => finding.slice(0, maxReasonLength)),
      maxOutputTokens: task.maxOutputTokens,
      capMicro: task.capMicro,
      worstCostCents: Math.ceil(task.worstCostMillicents / millicentsPerCent),
      receivedAtMs: task.receivedAtMs,
      armedAtMs: task.armedAtMs,
      refuseAtMs: task.refuseAtMs,
    }
  }
  return {
    list: () => ok({ revision: deps.revision(), rows: approvals.waiting().slice(0, maxApprovals).map(rowOf) }),
    decide: ({ requestId, id, decision }) =>
      runCommand(db, { requestId, name: 'approvals.decide', input: { id, decision }, atMs: nowMs(), result: nothing }, () => {
        const decided = approvals.decide(fromHex(id), decision)
        return decided.ok ? ok({}) : decided
      }),
  }
}
