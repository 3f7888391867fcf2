import { equalBytes } from '../platform/bytes.ts'
import { committeeNamed } from '../settlement/epochs.ts'
import type { Arbiter, Bytes32, Committee, EscrowState } from '../settlement/objects.ts'
import { guardMs, type SettlementRules } from '../settlement/rules.ts'

/** Who judges an escrow: drawn from the roster of the epoch it was born in. */
export const seatedOf = ({ epochs }: SettlementRules, { governance, panel }: EscrowState): readonly Arbiter[] => {
  const { arbiters } = committeeNamed(epochs, governance) ?? { arbiters: [] }
  return (panel ?? []).flatMap((place) => arbiters[place] ?? [])
}
export const isNamed = (arbiters: readonly Arbiter[], key: Bytes32): boolean => arbiters.some(({ publicKey }) => equalBytes(publicKey, key))

/**
 * The committees with this arbiter in their roster, newest first, each as long as an escrow that was born with it may be disputed: a new
 * roster takes nobody off a panel of the former one.
 */
export const judgesWith = ({ epochs, limits }: SettlementRules, arbiter: Bytes32, nowMs: number): readonly Committee[] => {
  const longestEscrowMs = limits.maxWorkMs + limits.maxReviewMs + limits.maxRuleMs + 3 * guardMs(limits)
  const newest = epochs.newest().committee.epoch
  return Array.from({ length: newest + 1 }, (_, back) => epochs.get(newest - back)).flatMap((epoch) => {
    const isOver = epoch === null || (epoch.closesAtMs !== null && epoch.closesAtMs + longestEscrowMs < nowMs)
    return isOver || !isNamed(epoch.committee.arbiters, arbiter) ? [] : [epoch.committee]
  })
}
