import type { Audit } from '../audit/service.ts'
import type { PolicyBackend, PolicyDecision } from '../compliance/policy.ts'
import { capRules } from '../compliance/caps.ts'
import type { Signer } from '../identity/signing.ts'
import type { OfferWish } from '../orders/handlers.ts'
import type { Offer, Signed } from '../orders/model.ts'
import type { Orders } from '../orders/service.ts'
import { equalBytes } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { approvalWaitMs } from './approvals.ts'
import { modelLabel, type ExecutorOf } from './backend-settings.ts'
import { createBackendWatch, type BackendWatch } from './backend-watch.ts'
import type { BackendId } from './choice-store.ts'
import { createOffering, type Offering } from './offering.ts'
import { createServingRules, decideOn, type Hold, type ServingRules, type ServingRulesDeps, type ServingSettings } from './serving-rules.ts'

export type ServingDeps = ServingRulesDeps & {
  readonly orders: Orders
  readonly signer: Signer
  readonly executorOf: ExecutorOf
  readonly audit: Pick<Audit, 'note' | 'tally'>
  readonly changed: () => void
}
export type StartCode = 'already-running' | 'class-taken' | 'policy-refused' | 'consent-missing' | 'backend-unreachable' | 'invalid-backend'
export type PublishCode = 'provider-stopped' | 'no-backend' | 'class-taken' | 'policy-refused' | 'too-many-offers'

/** Null: until somebody resumes it. */
export type Pause = { readonly untilMs: number | null }
type On = {
  readonly settings: ServingSettings
  readonly watch: BackendWatch
  readonly offering: Offering
  /** Why an offer could not be put up. */
  problem: string | null
  hold: Hold | null
}

/** How often hours, caps and consent are looked at again while nothing else happens. */
const lookEveryMs = 15_000
const emptyTag = new Uint8Array(32)

export type Serving = ReturnType<typeof createServing>

/** The backends that serve: each offers nothing before policy, consent, caps and backend have all said yes, or longer than they do. */
export const createServing = (deps: ServingDeps) => {
  const { provider, orders, clock, audit } = deps
  /** In the order in which they were switched on. */
  const on = new Map<BackendId, On>()
  /** The starts that are under way; a stop meanwhile calls one off. */
  const starting = new Map<BackendId, ServingSettings>()
  let pause: Pause | null = null
  let cancelLook = (): void => undefined

  const rules = createServingRules(deps)
  const { decision } = rules
  const lookAt = createLook(deps, rules, () => pause !== null)
  const ownOffers = (): readonly Signed<Offer>[] => orders.book.offers.ofMember(deps.signer.publicKey)

  /** `paused`: how it begins, when it is the first one that is on. */
  const start = async (settings: ServingSettings, paused: Pause | null = null): Promise<Result<void, Failure<StartCode>>> => {
    const { id } = settings
    if (starting.has(id) || isServed(settings)) return fail('already-running', 'This backend is on already; stop it first.')
    const taken = settings.offers.map(({ classKey }) => takenClass(classKey, settings)).find((reason) => reason !== null)
    if (taken !== undefined) return fail('class-taken', taken)
    const decided = decision(settings, deps.standingToAnyone())
    audit.note({ kind: 'policy', outcome: decided.verdict, rule: decided.rule })
    if (decided.rule === 'consent') return fail('consent-missing', decided.sentence)
    if (decided.verdict === 'refuse') return fail('policy-refused', decided.sentence)
    const executor = deps.executorOf(settings.backend, clock)
    if (!executor.ok) return fail('invalid-backend', executor.error.message)
    starting.set(id, settings)
    deps.changed()
    const health = await executor.value.health(new AbortController().signal)
    if (starting.get(id) !== settings) return fail('backend-unreachable', 'The backend was switched off before it had answered.')
    starting.delete(id)
    if (!health.ok) {
      deps.changed()
      return fail('backend-unreachable', health.error.message)
    }
    const watch = createBackendWatch(executor.value, clock, () => look())
    const offering = createOffering(orders, deps.signer.publicKey, settings.offers)
    if (on.size === 0) pause = paused
    on.set(id, { settings, watch, offering, problem: null, hold: null })
    look()
    return ok(undefined)
  }
  /** By itself, or by another that nobody could tell from it. */
  const isServed = ({ id, ...wanted }: ServingSettings): boolean =>
    on.has(id) ||
    [...on.values(), ...[...starting.values()].map((settings) => ({ settings }))].some(
      ({ settings }) =>
        settings.backend.kind === wanted.backend.kind &&
        modelLabel(settings.backend) === modelLabel(wanted.backend) &&
        equalBytes(settings.consentId ?? emptyTag, wanted.consentId ?? emptyTag),
    )

  /** A class is one kind and model of mine, so that whoever takes an offer is served by what it names. Why this would be another; null when it is not. */
  const takenClass = (classKey: string, { backend }: ServingSettings): string | null => {
    const others = [...[...on.values()].map(({ settings, offering }) => ({ settings, wishes: offering.wishes() })), ...startingWishes()]
    const other = others.find(
      ({ settings, wishes }) =>
        wishes.some((wish) => wish.classKey === classKey) &&
        (settings.backend.kind !== backend.kind || modelLabel(settings.backend) !== modelLabel(backend)),
    )
    return other === undefined
      ? null
      : `Your backend ${modelLabel(other.settings.backend)} offers ${classKey} already. Offer another model as another class.`
  }
  const startingWishes = () => [...starting.values()].map((settings) => ({ settings, wishes: settings.offers }))

  /** Brings what is offered in line with pause, hours, caps, policy and consent, and tells whoever watches. */
  const look = (): void => {
    cancelLook()
    if (on.size === 0) return deps.changed()
    if (pause !== null && pause.untilMs !== null && pause.untilMs <= clock.nowMs()) pause = null
    for (const one of on.values()) lookAt(one)
    withdrawStrays()
    cancelLook = clock.after(untilNextLook(pause, clock.nowMs()), look)
    deps.changed()
  }
  /** What is in the book and no backend stands behind, such as from before a crash, would be asked in vain. */
  const withdrawStrays = (): void => {
    for (const offer of ownOffers()) if (![...on.values()].some(({ offering }) => offering.has(offer))) orders.withdrawOffer(offer.id)
  }
  const publish = (wish: OfferWish, id: BackendId | null): Result<Signed<Offer>, Failure<PublishCode>> => {
    if (on.size === 0) return fail('provider-stopped', 'Switch provider mode on before you publish an offer.')
    const one = id !== null ? on.get(id) : on.size === 1 ? [...on.values()][0] : undefined
    if (one === undefined)
      return fail('no-backend', id === null ? 'Say which of your backends serves this offer.' : 'This backend is off. Switch it on first.')
    const taken = takenClass(wish.classKey, one.settings)
    if (taken !== null) return fail('class-taken', taken)
    const { verdict, sentence } = decision(one.settings, deps.standingToAnyone())
    return verdict === 'refuse' ? fail('policy-refused', sentence) : one.offering.publish(wish)
  }
  const stop = (id: BackendId): void => {
    const one = on.get(id)
    on.delete(id)
    starting.delete(id)
    if (on.size === 0) pause = null
    one?.offering.rest()
    provider.stop(id)
  }

  return {
    start,
    publish,
    withdraw: (offerId: Bytes32): Result<void, Failure<'not-my-offer'>> => {
      const offer = ownOffers().find(({ id }) => equalBytes(id, offerId))
      const one = offer === undefined ? undefined : [...on.values()].find(({ offering }) => offering.has(offer))
      return offer === undefined || one === undefined ? orders.withdrawOffer(offerId) : one.offering.withdraw(offer)
    },
    look,
    /** Withdraws every offer and lets what runs finish. */
    pause: (next: Pause): Result<void, Failure<'provider-stopped'>> => {
      if (on.size === 0) return fail('provider-stopped', 'Provider mode is off, so there is nothing to pause.')
      pause = next
      look()
      return ok(undefined)
    },
    unpause: (): void => {
      pause = null
      for (const { watch } of on.values()) watch.forgive()
      look()
    },
    /** Withdraws the offers of one backend, aborts what runs on it and refunds it. */
    stop,
    stopAll: (): void => {
      for (const id of [...on.keys(), ...starting.keys()]) stop(id)
      look()
    },
    state: (): 'stopped' | 'starting' | 'running' | 'paused' | 'stopping' => {
      if (on.size === 0) return starting.size > 0 ? 'starting' : provider.runningCount(null) > 0 ? 'stopping' : 'stopped'
      return pause === null ? 'running' : 'paused'
    },
    pausedUntilMs: () => pause?.untilMs ?? null,
    /** What the policy says of a backend as it is served. */
    decisionOf: (settings: ServingSettings): PolicyDecision => decision(settings, deps.standingToAnyone()),
    /** What the policy says of offering this to everyone in this federation. */
    decisionOn: (backend: PolicyBackend): PolicyDecision =>
      decideOn(backend, { ...deps.standingToAnyone(), vendorApproval: deps.vendorApproval(), consentValid: true, approvalWaived: false }),
    ownOffers,
    ...viewOf(on, starting),
  }
}

/** Puts up or takes down what one backend offers, as pause, hours, caps, policy and consent have it now. */
const createLook = ({ provider, audit, standingToAnyone }: ServingDeps, rules: ServingRules, isPaused: () => boolean) => {
  const { decision, decisionFor, holdOf, restOf } = rules
  /** The first of its kind only: a rule that holds is asked again and again. */
  const noted = (before: Hold | null, now: Hold | null): Hold | null => {
    if (now?.rule === before?.rule) return now
    if (now === null) audit.tally({ kind: 'switch', outcome: 'open', rule: before?.rule ?? 'all' })
    else audit.tally({ kind: isCapRule(now.rule) ? 'cap' : 'switch', outcome: 'hold', rule: now.rule })
    return now
  }
  const open = (one: On): void => {
    const { settings, offering } = one
    const { executor } = one.watch
    const { id, caps } = settings
    const backend = settings.backend.kind
    if (!offering.isOpen())
      provider.start({
        id,
        executor,
        backend,
        caps,
        offers: offering.own,
        decisionFor: (request) => decisionFor(settings, request),
        restsBecause: () => restOf(settings),
        isPaused,
      })
    one.problem = offering.open({
      backend,
      modelLabel: modelLabel(settings.backend),
      maxOutputTokens: Math.min(caps.outputTokensPerTask, executor.capabilities.maxOutputTokens),
      concurrent: caps.concurrent,
      leftToday: () => caps.tasksPerDay - provider.today(id).tasks,
      consentTag: settings.consentId ?? emptyTag,
      approvalMs: decision(settings, standingToAnyone()).verdict === 'ask' ? approvalWaitMs : 0,
    })
  }
  return (one: On): void => {
    one.watch.look()
    one.hold = noted(one.hold, holdOf(one.settings) ?? holdByBackend(one.watch))
    if (!isPaused() && one.hold === null) return open(one)
    one.offering.rest()
    provider.pause(one.settings.id)
  }
}

/** How the backends are; in the order in which they were switched on. */
const viewOf = (on: ReadonlyMap<BackendId, On>, starting: ReadonlyMap<BackendId, ServingSettings>) => {
  const all = (): readonly On[] => [...on.values()]
  return {
    isOn: (): boolean => on.size > 0,
    served: (): readonly ServingSettings[] => all().map(({ settings }) => settings),
    stateOf: (id: BackendId): 'off' | 'starting' | 'on' => (on.has(id) ? 'on' : starting.has(id) ? 'starting' : 'off'),
    holdOf: (id: BackendId): Hold | null => on.get(id)?.hold ?? null,
    /** Why nothing is offered by any of them; null as long as one may. */
    hold: (): Hold | null => (all().every(({ hold }) => hold !== null) ? (all()[0]?.hold ?? null) : null),
    /** The first that is wrong with one of them. */
    problem: (): string | null =>
      all()
        .map(problemIn)
        .find((reason) => reason !== null) ?? null,
    problemOf: (id: BackendId): string | null => {
      const one = on.get(id)
      return one === undefined ? null : problemIn(one)
    },
    offersOf: (id: BackendId): readonly Signed<Offer>[] => on.get(id)?.offering.own() ?? [],
    resting: () => all().flatMap(({ offering }) => offering.resting()),
  }
}

const problemIn = ({ problem, watch }: On): string | null => problem ?? watch.trouble()?.reason ?? null

const isCapRule = (rule: string): boolean => (capRules as readonly string[]).includes(rule)

const holdByBackend = (watch: BackendWatch): Hold | null => {
  const trouble = watch.trouble()
  return trouble === null ? null : { rule: 'backend', reason: trouble.reason }
}

const untilNextLook = (pause: Pause | null, nowMs: number): number => {
  const untilMs = pause?.untilMs ?? null
  return untilMs === null ? lookEveryMs : Math.max(1, Math.min(lookEveryMs, untilMs - nowMs))
}
