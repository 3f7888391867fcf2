import { maxReasonLength, type ProviderChoice } from '../contract/provider.ts'
import type { PolicyDecision } from '../compliance/policy.ts'
import { contractBackend } from '../orders/handlers.ts'
import type { Approvals } from './approvals.ts'
import { modelLabel, policyBackendByName, practiceLabel } from './backend-settings.ts'
import type { BackendId } from './choice-store.ts'
import type { Provider } from './provider.ts'
import type { ProviderMode } from './provider-mode.ts'
import type { Serving } from './serving.ts'
import type { Hold, ServingSettings } from './serving-rules.ts'

export type ProviderStatusDeps = {
  readonly mode: ProviderMode
  readonly serving: Serving
  readonly provider: Provider
  readonly approvals: Approvals
  readonly revision: () => number
}

export const verdicts = { allow: 'allow', ask: 'ask-each-time', refuse: 'refuse' } as const
const millicentsPerCent = 1_000
export const cents = (millicents: number): number => Math.ceil(millicents / millicentsPerCent)

/** How provider mode is: each backend that is kept or served, and what they come to together. */
export const providerStatus = (deps: ProviderStatusDeps) => {
  const { mode, serving, provider } = deps
  const served = serving.served()
  const kept = mode.backends()
  const passing = served.filter(({ id }) => !kept.some((one) => one.id === id))
  const waitsFor = serving.isOn() ? null : mode.waits()
  const { tasks, ...used } = useOf(provider, null)
  return {
    revision: deps.revision(),
    state: waitsFor === null ? serving.state() : ('starting' as const),
    pausedUntilMs: serving.pausedUntilMs(),
    hold: waitsFor === null ? shownHold(serving.hold()) : backendHold(waitsFor),
    backends: [
      ...kept.map(({ id, choice }) => keptRow(deps, id, choice, served.find((one) => one.id === id) ?? null)),
      ...passing.map((settings) => servedRow(deps, settings, null)),
    ],
    activeOffers: serving.ownOffers().length,
    runningTasks: tasks,
    approvalsWaiting: deps.approvals.waiting().length,
    ...used,
    earnedTodayMicro: provider.today(null).earnedMicro,
    earnedMicro: provider.earnedMicro(),
  }
}

const servedRow = (deps: ProviderStatusDeps, settings: ServingSettings, choice: ProviderChoice | null) => ({
  kind: contractBackend[settings.backend.kind],
  model: modelLabel(settings.backend),
  choice,
  caps: settings.caps,
  ...rowOf(deps, settings.id, deps.serving.decisionOf(settings)),
})
const keptRow = (deps: ProviderStatusDeps, id: BackendId, choice: ProviderChoice, served: ServingSettings | null) => {
  if (served !== null) return servedRow(deps, served, choice)
  const { backend, caps } = choice
  return {
    kind: backend.kind,
    model: backend.kind === 'practice' ? practiceLabel : backend.model,
    choice,
    caps,
    ...rowOf(deps, id, deps.serving.decisionOn(policyBackendByName(backend))),
  }
}
const rowOf = ({ mode, serving, provider }: ProviderStatusDeps, id: BackendId, { verdict, sentence }: PolicyDecision) => {
  const waitsFor = mode.waitsFor(id)
  const { tasks: runningTasks, ...used } = useOf(provider, id)
  return {
    id,
    state: waitsFor === null ? serving.stateOf(id) : ('starting' as const),
    hold: waitsFor === null ? shownHold(serving.holdOf(id)) : backendHold(waitsFor),
    problem: serving.problemOf(id)?.slice(0, maxReasonLength) ?? null,
    policy: { verdict: verdicts[verdict], reason: sentence.slice(0, maxReasonLength) },
    activeOffers: serving.offersOf(id).length,
    runningTasks,
    ...used,
  }
}
const useOf = (provider: Provider, id: BackendId | null) => {
  const [today, month] = [provider.today(id), provider.thisMonth(id)]
  return {
    tasks: provider.runningCount(id),
    tasksToday: today.tasks,
    outputTokensToday: today.outputTokens,
    moneyTodayCents: cents(today.costMillicents),
    moneyThisMonthCents: cents(month.costMillicents),
  }
}

const shownHold = (hold: Hold | null): Hold | null =>
  hold === null ? null : { rule: hold.rule, reason: hold.reason.slice(0, maxReasonLength) }
const backendHold = (reason: string): Hold => ({ rule: 'backend', reason: reason.slice(0, maxReasonLength) })
