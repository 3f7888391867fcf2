import type { JudgedSettlement, Side } from '../facts/model.ts'
import type { Facts } from '../facts/service.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import type { EscrowTerms } from '../settlement/objects.ts'
import { contextOf } from './context.ts'
import { judge, type FactSource } from './judge.ts'
import { rankOf } from './ranking.ts'
import { dayMs, reputationHorizonMs, type Context, type Role, type Standing } from './model.ts'

export type ReputationDeps = {
  readonly facts: Facts
  /** Founder and first holders of the supply. */
  readonly genesis: readonly string[]
  readonly clock: Clock
  readonly random: Random
  readonly changed: (revision: number) => void
}
export type Reputation = ReturnType<typeof createReputation>

/** Older trades of one account weigh next to nothing beside so many newer ones. */
const maxTrades = 1_000
/** What is usual to pay is what these say. */
const maxPayments = 1_000
/** All standings rest on one ground, which reads every pair of the federation: renewed at most this often while trades come in. */
const renewEveryMs = 2_000

export type DayPoint = { readonly atMs: number; readonly standing: Standing }

/** Standings as of now, from this node's facts alone. */
export const createReputation = ({ facts, genesis, clock, random, changed }: ReputationDeps) => {
  const { store } = facts
  let ground: { readonly context: Context; readonly revision: number; readonly atMs: number } | null = null
  const salt = random.bytes(32)
  const standings = new Map<string, Standing>()
  let cancelTelling: (() => void) | null = null

  /** The newest ground, or one that is two seconds old at most. */
  const context = (): Context => {
    const nowMs = clock.nowMs()
    const isFresh = ground !== null && ground.revision === facts.revision() && isSameDay(ground.atMs, nowMs)
    if (ground !== null && (isFresh || (nowMs - ground.atMs < renewEveryMs && nowMs >= ground.atMs))) return ground.context
    const read = {
      pairs: store.pairs(),
      introductions: store.introductions(),
      payments: store.payments(maxPayments),
      genesis,
    }
    ground = { context: contextOf(read, nowMs), revision: facts.revision(), atMs: nowMs }
    standings.clear()
    return ground.context
  }
  const source: FactSource = {
    settlementsOf: (role, account) => store.settlementsOf(role, account, maxTrades),
    broughtInBy: (sponsor) => store.broughtInBy(sponsor, maxTrades),
  }
  const standing = (role: Role, account: string): Standing => {
    const now = context()
    const key = `${role} ${account}`
    const found = standings.get(key) ?? judge(role, account, source, now)
    standings.set(key, found)
    return found
  }

  const stopListening = facts.onChanged(() => {
    cancelTelling ??= clock.after(tellAfterMs, () => {
      cancelTelling = null
      changed(facts.revision())
    })
  })

  return {
    standing,
    /** How a bid with these terms ranks, beside what is locked with its provider already; null when that is too much. */
    rank: ({ provider, amountMicro, requestHash }: EscrowTerms, underWayMicro: AmountMicro): number | null =>
      rankOf(standing('provider', toHex(provider)), { amountMicro, underWayMicro, requestHash, account: provider, salt }),
    trustPpm: (account: string): number => context().trustOf(account),
    settlements: (side: Side, account: string): readonly JudgedSettlement[] => store.settlementsOf(side, account, maxTrades),
    /** Everybody who has traded on this side and is not forgotten, the last first. */
    parties: (side: Side, limit: number) => store.parties(side, clock.nowMs() - reputationHorizonMs, limit),
    /** As it would have been at the end of each of these days, with what is known of the federation today. */
    history: (role: Role, account: string, days: number): readonly DayPoint[] => {
      const now = context()
      const settlements = store.settlementsOf(role, account, maxTrades)
      const today = Math.floor(clock.nowMs() / dayMs)
      return Array.from({ length: days }, (_, index) => {
        const atMs = Math.min((today - days + index + 2) * dayMs - 1, clock.nowMs())
        const until: FactSource = {
          ...source,
          settlementsOf: (of, whom) => (whom === account ? settlements : source.settlementsOf(of, whom)).filter((one) => one.atMs <= atMs),
        }
        return { atMs, standing: judge(role, account, until, { ...now, nowMs: atMs }) }
      })
    },
    revision: facts.revision,
    stop: (): void => {
      stopListening()
      cancelTelling?.()
    },
  }
}

/** A screen that shows standings asks for all of them again: not after every trade of a busy federation. */
const tellAfterMs = 1_000

const isSameDay = (a: number, b: number): boolean => Math.floor(a / dayMs) === Math.floor(b / dayMs)
