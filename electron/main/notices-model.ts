/** What the owner is told about while the window is away; a function of values, so that every rule can be tested without a desktop. */
import type { Settings } from '../../core/home/settings.ts'
import { formatRuv } from '../../core/platform/amount.ts'
import type { Texts } from './texts.ts'
import { backendInTrouble, type Approval, type ProviderStatus } from './tray-model.ts'

export type NoticeChoice = Pick<Settings, 'notifyApprovals' | 'notifyProblems' | 'notifyPayments' | 'quietFromHour' | 'quietUntilHour'>
export type NoticeState = {
  readonly provider: ProviderStatus | null
  readonly approvals: readonly Approval[]
  readonly choice: NoticeChoice
  readonly nowMs: number
  readonly localHour: number
  readonly words: Texts['notices']
}
export type Notice = {
  /** The next one with the same key replaces it. */
  readonly key: string
  readonly title: string
  readonly body: string
  /** Where a click leads. */
  readonly place: string
  /** The task that can be decided from the notification itself, where the platform has buttons for it. */
  readonly approvalId: string | null
}
/** What was said already. */
export type NoticeMemory = {
  readonly approvals: readonly string[]
  readonly problem: string | null
  /** Of what was earned in all; null until it is known. */
  readonly toldEarnedMicro: bigint | null
  readonly toldAtMs: number
}
export type NoticeStep = { readonly memory: NoticeMemory; readonly show: readonly Notice[]; readonly close: readonly string[] }

export const nothingSaid: NoticeMemory = { approvals: [], problem: null, toldEarnedMicro: null, toldAtMs: 0 }
/** Small payments are told together. */
const paymentsEveryMs = 3_600_000
const problemKey = 'problem'
const approvalKey = (id: string): string => `approval ${id}`

/** From one hour to another, also across midnight; the same hour twice is never. */
export const isQuiet = ({ quietFromHour: from, quietUntilHour: until }: NoticeChoice, hour: number): boolean =>
  from <= until ? from <= hour && hour < until : hour >= from || hour < until

export const nextNotices = (memory: NoticeMemory, state: NoticeState): NoticeStep => {
  const quiet = isQuiet(state.choice, state.localHour)
  const may = (wish: Settings['notifyApprovals']): boolean => wish === 'always' || (wish === 'outside-quiet-hours' && !quiet)
  const approvals = approvalNotices(memory, state, may(state.choice.notifyApprovals))
  const problem = problemNotice(memory, state, may(state.choice.notifyProblems))
  const payment = paymentNotice(memory, state, may(state.choice.notifyPayments))
  return {
    memory: { ...approvals.memory, ...problem.memory, ...payment.memory },
    show: [...approvals.show, ...problem.show, ...payment.show],
    close: [...approvals.close, ...problem.close],
  }
}

/** Whoever sleeps is not asked: silence refuses long before the morning. The text is not shown, because desktops keep what they showed. */
const approvalNotices = (memory: NoticeMemory, { approvals, words }: NoticeState, may: boolean) => {
  const ids = approvals.map(({ id }) => id)
  const fresh = approvals.filter(({ id }) => !memory.approvals.includes(id))
  return {
    memory: { approvals: ids },
    show: (may ? fresh : []).map(({ id, classKey, capMicro }): Notice => ({
      key: approvalKey(id),
      title: words.approval,
      body: words.approvalBody(classKey, formatRuv(capMicro)),
      place: '#/provide',
      approvalId: id,
    })),
    close: memory.approvals.filter((id) => !ids.includes(id)).map(approvalKey),
  }
}

/** One that begins in quiet hours is told after them, if it is still there. */
const problemNotice = (memory: NoticeMemory, { provider, words }: NoticeState, may: boolean) => {
  const problem = provider?.state === 'running' ? (backendInTrouble(provider)?.problem ?? null) : null
  if (problem === null) return { memory: { problem }, show: [], close: memory.problem === null ? [] : [problemKey] }
  if (!may || problem === memory.problem) return { memory: { problem: memory.problem }, show: [], close: [] }
  const notice: Notice = {
    key: problemKey,
    title: words.problem,
    body: words.problemBody(problem),
    place: '#/provide',
    approvalId: null,
  }
  return { memory: { problem }, show: [notice], close: [] }
}

const paymentNotice = (memory: NoticeMemory, { provider, nowMs, words }: NoticeState, may: boolean) => {
  const { toldEarnedMicro, toldAtMs } = memory
  if (provider === null) return { memory: { toldEarnedMicro, toldAtMs }, show: [] }
  const { earnedMicro } = provider
  const gained = earnedMicro - (toldEarnedMicro ?? earnedMicro)
  // What there was at the start is no news, and a database that was put back earns nothing twice.
  if (gained <= 0n) return { memory: { toldEarnedMicro: earnedMicro, toldAtMs }, show: [] }
  if (!may || nowMs < toldAtMs + paymentsEveryMs) return { memory: { toldEarnedMicro, toldAtMs }, show: [] }
  const notice: Notice = {
    key: 'paid',
    title: words.paid,
    body: words.paidBody(formatRuv(gained)),
    place: '#/provide',
    approvalId: null,
  }
  return { memory: { toldEarnedMicro: earnedMicro, toldAtMs: nowMs }, show: [notice] }
}
