import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxReasonLength } from '../contract/provider.ts'
import { contractBackend } from '../orders/handlers.ts'
import type { Offer, Signed } from '../orders/model.ts'
import type { Orders } from '../orders/service.ts'
import { equalBytes, fromHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { ok } from '../platform/result.ts'
import type { AccountId } from '../settlement/objects.ts'
import { modelLabel, practiceLabel } from './backend-settings.ts'
import { diagnose, type BackendFacts, type DiagnosedBackend, type DiagnosisFacts } from './diagnosis.ts'
import { forecast, sumOfTrades, type EarningsDay, type PaidTrade } from './earnings.ts'
import type { JobStore } from './job-store.ts'
import type { Provider } from './provider.ts'
import type { ProviderMode } from './provider-mode.ts'
import type { Serving } from './serving.ts'
import type { Hold } from './serving-rules.ts'

export type OutlookDeps = {
  readonly serving: Serving
  readonly mode: ProviderMode
  readonly provider: Provider
  readonly jobs: JobStore
  readonly orders: Orders
  readonly accountId: AccountId
  readonly clock: Clock
  readonly connectedPeers: () => number
  readonly reputationPpm: (account: AccountId) => number
  /** Newest first; each is named by its escrow. */
  readonly tradesAsProvider: (limit: number) => readonly (PaidTrade & { readonly id: string })[]
  readonly revision: () => number
}

const dayMs = 24 * 3_600_000
const shownDays = 60
/** Whoever is not among so many is not seen by requesters either. */
const comparedOffers = 200
/** More than a provider of many computers settles in the days that are shown. */
const lookedAtTrades = 20_000
const millicentsPerCent = 1_000

/** How it goes and why: earnings, forecast, and the reason for getting no work. */
export const outlookHandlers = (deps: OutlookDeps): Pick<Handlers<MarketContract>['provider'], 'diagnosis' | 'earnings'> => ({
  diagnosis: () => {
    const facts = factsOf(deps)
    const checks = diagnose(facts).map((check) => ({ ...check, finding: check.finding.slice(0, maxReasonLength) }))
    return ok({
      revision: deps.revision(),
      checks,
      demand: facts.demand.slice(0, 40).map((one) => ({ ...one, outcome: one.outcome.slice(0, 40) })),
    })
  },
  earnings: () => {
    const sinceMs = deps.clock.nowMs() - shownDays * dayMs
    const days = withEmptyDays(deps.jobs.earningsByDay(sinceMs), deps.clock.nowMs())
    const byBackend = deps.jobs.earningsByBackend(sinceMs).flatMap(({ backend, costMillicents, ...rest }) => {
      const kind = Object.entries(contractBackend).find(([name]) => name === backend)?.[1]
      return kind === undefined ? [] : [{ backend: kind, ...rest, costCents: Math.ceil(costMillicents / millicentsPerCent) }]
    })
    const notHere = deps.tradesAsProvider(lookedAtTrades).filter(({ id }) => deps.jobs.get(fromHex(id)) === null)
    const elsewhere = sumOfTrades(notHere, sinceMs)
    // Today is not over, so it says nothing about a whole day.
    return ok({ revision: deps.revision(), days, byBackend, elsewhere, forecast: forecast(days.slice(0, -1)) })
  },
})

const factsOf = (deps: OutlookDeps): DiagnosisFacts => {
  const { serving, mode, provider } = deps
  // What was on when the program ended and is not on again yet.
  const waiting = mode.backends().flatMap(({ id, choice: { backend } }) => {
    const reason = mode.waitsFor(id)
    const model = backend.kind === 'practice' ? practiceLabel : backend.model
    return reason === null ? [] : [factsOfBackend(deps, { id, kind: backend.kind, model }, { rule: 'backend', reason })]
  })
  const served = serving
    .served()
    .map(({ id, backend }) =>
      factsOfBackend(deps, { id, kind: contractBackend[backend.kind], model: modelLabel(backend) }, serving.holdOf(id)),
    )
  return {
    state: waiting.length > 0 && !serving.isOn() ? 'starting' : serving.state(),
    connectedPeers: deps.connectedPeers(),
    activeOffers: serving.ownOffers().length,
    reputationPpm: deps.reputationPpm(deps.accountId),
    demand: provider.demand(null),
    backends: [...served, ...waiting],
  }
}

const factsOfBackend = (deps: OutlookDeps, backend: DiagnosedBackend, hold: Hold | null): BackendFacts => {
  const { serving, provider, orders, accountId } = deps
  const own = serving.offersOf(backend.id)
  const classKey = own[0]?.value.classKey
  const rivals = classKey === undefined ? [] : orders.book.offers.page(classKey, 0, comparedOffers)
  const others = rivals.filter(({ value }) => !equalBytes(value.provider, accountId)).map(({ value }) => deps.reputationPpm(value.provider))
  return {
    ...backend,
    hold,
    problem: serving.problemOf(backend.id),
    priceRank: classKey === undefined ? null : rankOf(rivals, own, classKey),
    bestReputationPpm: others.length === 0 ? null : Math.max(...others),
    demand: provider.demand(backend.id),
  }
}

/** The book is cheapest first. */
const rankOf = (rivals: readonly Signed<Offer>[], own: readonly Signed<Offer>[], classKey: string): BackendFacts['priceRank'] => {
  const place = rivals.findIndex(({ id }) => own.some((offer) => equalBytes(offer.id, id)))
  return { rank: place === -1 ? rivals.length + 1 : place + 1, of: Math.max(rivals.length, 1), classKey }
}

/** From the first day with a task to today, each day once. */
const withEmptyDays = (days: readonly EarningsDay[], nowMs: number): readonly EarningsDay[] => {
  const [first] = days
  if (first === undefined) return []
  const byDay = new Map(days.map((day) => [day.day, day]))
  const all: EarningsDay[] = []
  for (let atMs = Date.parse(`${first.day}T00:00:00Z`); atMs <= nowMs && all.length <= shownDays; atMs += dayMs) {
    const day = new Date(atMs).toISOString().slice(0, 10)
    all.push(byDay.get(day) ?? { day, earnedMicro: 0n, tasks: 0 })
  }
  return all
}
