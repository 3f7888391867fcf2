import type { Audit } from '../audit/service.ts'
import { maxModels, maxReasonLength } from '../contract/provider.ts'
import { maxModelLength } from '../contract/orders.ts'
import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import {
  backends,
  describeCell,
  policyTable,
  relations,
  termsReview,
  type PolicyBackend,
  type PolicyDecision,
  type Relation,
} from '../compliance/policy.ts'
import { capDayMs, capMonthMs, costMillicents as costMillicentsOf } from '../compliance/caps.ts'
import type { FoundServer } from '../executors/discover.ts'
import type { Usage } from '../orders/metering.ts'
import type { Clock } from '../platform/clock.ts'
import type { OwnerSignals } from '../platform/owner-signals.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Approvals } from './approvals.ts'
import { backendSettingsOf, type BackendSources, type ExecutorOf } from './backend-settings.ts'
import type { OwnerStore } from './owner-store.ts'
import type { Provider } from './provider.ts'
import { cents, providerStatus, verdicts } from './provider-status.ts'
import { notThere, type ProviderMode, type SwitchOnFailure } from './provider-mode.ts'
import type { Serving } from './serving.ts'
import { tryOut, type TryOutDeps } from './try-out.ts'

export type ProviderHandlersDeps = {
  readonly mode: ProviderMode
  readonly serving: Serving
  readonly provider: Provider
  readonly approvals: Approvals
  readonly clock: Clock
  readonly executorOf: ExecutorOf
  readonly sources: BackendSources
  readonly owner: OwnerStore
  readonly audit: Pick<Audit, 'note'>
  readonly ownerSignals: OwnerSignals
  readonly relation: Relation
  /** The secret guard, before words go to a backend. */
  readonly inspect: (text: string) => Promise<Result<void, Failure>>
  /** The same, before what a backend says is shown. */
  readonly inspectAnswer: TryOutDeps['inspectAnswer']
  readonly findLocalServers: () => Promise<readonly FoundServer[]>
  readonly revision: () => number
}
type ProviderCalls = Omit<Handlers<MarketContract>['provider'], 'diagnosis' | 'earnings'>

export const providerHandlers = (deps: ProviderHandlersDeps): ProviderCalls => ({
  status: () => ok(providerStatus(deps)),
  start: async ({ backend, consentRef, caps, offers, approveEachTask }) =>
    answered(await deps.mode.switchOn({ backend, consentRef, caps, offers, approveEachTask }), (backendId) => ({ backendId })),
  stop: ({ backendId }) => {
    if (backendId === undefined) deps.mode.switchAllOff()
    else deps.mode.switchOff(backendId)
    return ok({})
  },
  remove: ({ backendId }) => {
    const removed = deps.mode.remove(backendId)
    return removed.ok ? ok({}) : removed
  },
  pause: ({ forMs }) => {
    const paused = deps.mode.pause(forMs)
    return paused.ok ? ok({}) : paused
  },
  resume: async ({ backendId }) => {
    const resumed = await (backendId === undefined ? deps.mode.resumeAll() : deps.mode.resume(backendId))
    if (!resumed.ok && resumed.error.code === 'not-configured') return fail(resumed.error.code, resumed.error.message)
    return answered(resumed, () => ({}))
  },
  check: async ({ backend }) => {
    const settings = await backendSettingsOf(backend, deps.sources)
    if (!settings.ok) {
      const { code, message } = settings.error
      return code === 'key-missing' ? fail(code, message) : unhealthy(message)
    }
    const executor = deps.executorOf(settings.value, deps.clock)
    if (!executor.ok) return fail('invalid-input', executor.error.message)
    const health = await executor.value.health(new AbortController().signal)
    return health.ok ? ok({ healthy: true, problem: null, models: shownModels(health.value.models) }) : unhealthy(health.error.message)
  },
  rules: () => {
    const { owner, ownerSignals, clock } = deps
    const used = owner.usedSince(clock.nowMs() - capDayMs)
    return ok({
      revision: deps.revision(),
      rules: owner.rules(),
      known: {
        idle: ownerSignals.idleMs() !== null,
        battery: ownerSignals.isOnBattery() !== null,
        metered: ownerSignals.isMetered() !== null,
      },
      ownToday: { tasks: used.tasks, outputTokens: used.outputTokens, moneyCents: cents(used.costMillicents) },
    })
  },
  setRules: ({ requestId: _id, ...rules }) => {
    deps.owner.setRules(rules)
    deps.audit.note({ kind: 'rules', outcome: 'set', rule: 'owner' })
    deps.serving.look()
    return ok({})
  },
  discover: async () => {
    const [servers, claude] = await Promise.all([deps.findLocalServers(), deps.sources.findClaude()])
    return ok({ servers: servers.map((server) => ({ ...server, models: shownModels(server.models) })), claude })
  },
  tryOut: async ({ backend, prompt, maxOutputTokens }) => {
    const inspected = await deps.inspect(prompt)
    if (!inspected.ok) {
      deps.audit.note({ kind: 'guard', outcome: 'stop', rule: 'secret-found' })
      return fail('secret-found', inspected.error.message)
    }
    const settings = await backendSettingsOf(backend, deps.sources)
    if (!settings.ok) return notThere(settings.error)
    const tried = await tryOut({ ...deps, reserve: reserveOwnUse(deps) }, settings.value, { prompt, maxOutputTokens })
    deps.audit.note({ kind: 'policy', outcome: tried.ok ? 'own-task' : tried.error.code, rule: 'own' })
    if (tried.ok) return tried
    const { code, message } = tried.error
    return code === 'invalid-backend' ? fail('invalid-input', message) : fail(code, message)
  },
  policy: () =>
    ok({
      revision: deps.revision(),
      termsReadOn: termsReview.readOn,
      sources: termsReview.sources,
      relation: deps.relation,
      rows: backends.map((backend) => policyRow(backend, deps.serving.decisionOn(backend))),
    }),
})

/**
 * What the owner uses of a backend counts against the caps of those of its kind that serve others: at its worst while it runs, so that
 * nobody else is given the same room.
 */
const reserveOwnUse =
  ({ serving, owner, clock }: ProviderHandlersDeps): TryOutDeps['reserve'] =>
  ({ kind }, worst) => {
    const served = serving.served().find(({ backend }) => backend.kind === kind)
    if (served === undefined) return () => undefined
    const useOf = (usage: Usage) => ({ outputTokens: usage.outputTokens, costMillicents: costMillicentsOf(served.caps, usage) })
    const id = owner.addUse({ atMs: clock.nowMs(), backend: kind, ...useOf(worst) }, clock.nowMs() - capMonthMs)
    return (billed) => {
      owner.correctUse(id, useOf(billed))
      serving.look()
    }
  }

const policyRow = (backend: PolicyBackend, { verdict, rule, sentence }: PolicyDecision) => ({
  backend,
  cells: relations.map((relation) => {
    const cell = policyTable[backend][relation]
    return { relation, rule: `${backend}/${relation}`, kind: cell.kind, sentence: describeCell(cell) }
  }),
  now: { verdict: verdicts[verdict], rule, reason: sentence.slice(0, maxReasonLength) },
})

const unhealthy = (problem: string) => ok({ healthy: false, problem: problem.slice(0, maxReasonLength), models: [] })

/** A backend may call its models what it likes; what cannot be shown on a line cannot be chosen. */
const shownModels = (models: readonly string[]): readonly string[] =>
  models.filter((model) => model.length <= maxModelLength && /^[\x21-\x7e]+$/.test(model)).slice(0, maxModels)

const answered = <T, R>(started: Result<T, SwitchOnFailure | Failure<'not-configured'>>, of: (value: T) => R) => {
  if (started.ok) return ok(of(started.value))
  const { code, message } = started.error
  return code === 'invalid-backend' || code === 'not-configured' ? fail('invalid-input', message) : fail(code, message)
}
