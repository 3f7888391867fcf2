import type { Audit } from '../audit/service.ts'
import type { PolicyBackend, PolicyDecision } from '../compliance/policy.ts'
import { capRules } from '../compliance/caps.ts'
import type { Signer } from '../identity/signing.ts'
import type { OfferWish } from '../orders/handlers.ts'
import type { Offer, Signed } from '../orders/model.ts'
import type { Orders } from '../orders/service.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { approvalWaitMs } from './approvals.ts'
import { modelLabel, type ExecutorOf } from './backend-settings.ts'
import { createBackendWatch, type BackendWatch } from './backend-watch.ts'
import { createOffering } from './offering.ts'
import { createServingRules, decideOn, type Hold, type ServingRulesDeps, type ServingSettings } from './serving-rules.ts'

export type ServingDeps = ServingRulesDeps & {
  readonly orders: Orders
  readonly signer: Signer
  readonly executorOf: ExecutorOf
  readonly audit: Pick<Audit, 'note' | 'tally'>
  readonly changed: () => void
}
export type StartCode = 'already-running' | 'policy-refused' | 'consent-missing' | 'backend-unreachable' | 'invalid-backend'
export type PublishCode = 'provider-stopped' | 'policy-refused' | 'too-many-offers'

/** Null: until somebody resumes it. */
export type Pause = { readonly untilMs: number | null }
type On = { readonly settings: ServingSettings; readonly watch: BackendWatch }

/** How often hours, caps and consent are looked at again while nothing else happens. */
const lookEveryMs = 15_000
const emptyTag = new Uint8Array(32)

export type Serving = ReturnType<typeof createServing>

/** The switch of provider mode: nothing is offered before policy, consent, caps and backend have all said yes, or longer than they do. */
export const createServing = (deps: ServingDeps) => {
  const { provider, orders, clock, audit } = deps
  let on: On | null = null
  /** The start that is under way; a stop meanwhile calls it off. */
  let starting: ServingSettings | null = null
  let problem: string | null = null
  let pause: Pause | null = null
  let hold: Hold | null = null
  let cancelLook = (): void => undefined
  const offering = createOffering(orders, deps.signer.publicKey)

  const { decision, decisionFor, holdOf } = createServingRules(deps)

  const start = async (settings: ServingSettings, paused: Pause | null = null): Promise<Result<void, Failure<StartCode>>> => {
    if (on !== null || starting !== null) return fail('already-running', 'Provider mode is on already; stop it first.')
    const decided = decision(settings, deps.standingToAnyone())
    audit.note({ kind: 'policy', outcome: decided.verdict, rule: decided.rule })
    if (decided.rule === 'consent') return fail('consent-missing', decided.sentence)
    if (decided.verdict === 'refuse') return fail('policy-refused', decided.sentence)
    const executor = deps.executorOf(settings.backend, clock)
    if (!executor.ok) return fail('invalid-backend', executor.error.message)
    starting = settings
    deps.changed()
    const health = await executor.value.health(new AbortController().signal)
    if (starting !== settings) return fail('backend-unreachable', 'Provider mode was switched off before the backend had answered.')
    starting = null
    if (!health.ok) {
      deps.changed()
      return fail('backend-unreachable', health.error.message)
    }
    switchOn({ settings, watch: createBackendWatch(executor.value, clock, () => look()) }, paused)
    return ok(undefined)
  }
  const switchOn = (next: On, paused: Pause | null): void => {
    on = next
    problem = null
    pause = paused
    hold = null
    offering.begin(next.settings.offers)
    look()
  }

  /** Brings what is offered in line with pause, hours, caps, policy and consent, and tells whoever watches. */
  const look = (): void => {
    cancelLook()
    if (on === null) return deps.changed()
    if (pause !== null && pause.untilMs !== null && pause.untilMs <= clock.nowMs()) pause = null
    on.watch.look()
    hold = noted(hold, holdOf(on.settings) ?? holdByBackend(on.watch))
    if (pause === null && hold === null) open(on)
    else rest()
    cancelLook = clock.after(untilNextLook(pause, clock.nowMs()), look)
    deps.changed()
  }
  /** The first of its kind only: a rule that holds is asked again and again. */
  const noted = (before: Hold | null, now: Hold | null): Hold | null => {
    if (now?.rule === before?.rule) return now
    if (now === null) audit.tally({ kind: 'switch', outcome: 'open', rule: before?.rule ?? 'all' })
    else audit.tally({ kind: isCapRule(now.rule) ? 'cap' : 'switch', outcome: 'hold', rule: now.rule })
    return now
  }
  const open = ({ settings, watch: { executor } }: On): void => {
    if (!offering.isOpen())
      provider.start({
        executor,
        backend: settings.backend.kind,
        caps: settings.caps,
        decisionFor: (request) => decisionFor(settings, request),
      })
    problem = offering.open({
      backend: settings.backend.kind,
      modelLabel: modelLabel(settings.backend),
      maxOutputTokens: Math.min(settings.caps.outputTokensPerTask, executor.capabilities.maxOutputTokens),
      concurrent: settings.caps.concurrent,
      leftToday: () => settings.caps.tasksPerDay - provider.today().tasks,
      consentTag: settings.consentId ?? emptyTag,
      approvalMs: decision(settings, deps.standingToAnyone()).verdict === 'ask' ? approvalWaitMs : 0,
    })
  }
  const rest = (): void => {
    offering.rest()
    provider.pause()
  }
  const publish = (wish: OfferWish): Result<Signed<Offer>, Failure<PublishCode>> => {
    if (on === null) return fail('provider-stopped', 'Switch provider mode on before you publish an offer.')
    const { verdict, sentence } = decision(on.settings, deps.standingToAnyone())
    return verdict === 'refuse' ? fail('policy-refused', sentence) : offering.publish(wish)
  }

  return {
    start,
    publish,
    withdraw: offering.withdraw,
    look,
    /** Withdraws every offer and lets what runs finish. */
    pause: (next: Pause): Result<void, Failure<'provider-stopped'>> => {
      if (on === null) return fail('provider-stopped', 'Provider mode is off, so there is nothing to pause.')
      pause = next
      look()
      return ok(undefined)
    },
    unpause: (): void => {
      pause = null
      on?.watch.forgive()
      look()
    },
    /** Withdraws every offer, aborts what runs and refunds it. */
    stop: (): void => {
      on = null
      starting = null
      pause = null
      hold = null
      cancelLook()
      offering.end()
      provider.stop()
    },
    settings: () => on?.settings ?? null,
    state: (): 'stopped' | 'starting' | 'running' | 'paused' | 'stopping' => {
      if (on === null) return starting !== null ? 'starting' : provider.runningCount() > 0 ? 'stopping' : 'stopped'
      return pause === null ? 'running' : 'paused'
    },
    pausedUntilMs: () => pause?.untilMs ?? null,
    hold: () => hold,
    problem: () => problem ?? on?.watch.trouble()?.reason ?? null,
    decision: () => (on === null ? null : decision(on.settings, deps.standingToAnyone())),
    /** What the policy says of offering this to everyone in this federation. */
    decisionOn: (backend: PolicyBackend): PolicyDecision =>
      decideOn(backend, { ...deps.standingToAnyone(), vendorApproval: deps.vendorApproval(), consentValid: true, approvalWaived: false }),
    ownOffers: offering.own,
    resting: offering.resting,
  }
}

const isCapRule = (rule: string): boolean => (capRules as readonly string[]).includes(rule)

const holdByBackend = (watch: BackendWatch): Hold | null => {
  const trouble = watch.trouble()
  return trouble === null ? null : { rule: 'backend', reason: trouble.reason }
}

const untilNextLook = (pause: Pause | null, nowMs: number): number => {
  const untilMs = pause?.untilMs ?? null
  return untilMs === null ? lookEveryMs : Math.max(1, Math.min(lookEveryMs, untilMs - nowMs))
}
