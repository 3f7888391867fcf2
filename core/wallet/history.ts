import { toHex } from '../platform/bytes.ts'
import { creditIdOf } from '../settlement/account-id.ts'
import { txHash } from '../settlement/encoding.ts'
import type { CreditId, Decree } from '../settlement/objects.ts'

/** What pays an account or ends one of its escrows: a transfer alone, or an escrow's steps from its opening on. */
export type Affair = {
  readonly decrees: readonly Decree[]
  /** The hash of its last step, which is also what the history shows. */
  readonly hash: string
  /** What its last step may have made. */
  readonly credits: readonly CreditId[]
}

/** Groups decrees as witnesses show them, in any order and several times. Openings of escrows without a later step are none. */
export const affairsOf = (decrees: readonly Decree[]): readonly Affair[] => {
  const escrows = new Map<string, Map<number, Decree>>()
  for (const decree of decrees) {
    if (decree.tx.type !== 'escrow') continue
    const name = toHex(decree.tx.objectId)
    escrows.set(name, (escrows.get(name) ?? new Map<number, Decree>()).set(decree.tx.step, decree))
  }
  const transfers = new Map<string, Affair>()
  for (const decree of decrees) {
    const hash = txHash(decree.tx)
    const name = toHex(hash)
    if (decree.tx.type === 'account' && decree.tx.body.operation.kind === 'transfer')
      transfers.set(name, { decrees: [decree], hash: name, credits: [creditIdOf(hash, 0)] })
    escrows.get(name)?.set(0, decree)
  }
  return [...transfers.values(), ...[...escrows.values()].map(affairOfEscrow)]
}

const affairOfEscrow = (steps: ReadonlyMap<number, Decree>): Affair => {
  const inOrder = [...steps].toSorted(([a], [b]) => a - b).map(([, decree]) => decree)
  const last = inOrder.at(-1)
  const hash = last === undefined ? new Uint8Array(32) : txHash(last.tx)
  return { decrees: inOrder, hash: toHex(hash), credits: [0, 1].map((index) => creditIdOf(hash, index)) }
}

/**
 * In which order an account's own steps and the affairs around them are taken in: each affair before the first own step that came
 * after it, at the latest before the step that claims its credit; so the history reads as it happened, as far as times are known.
 */
export const inOrder = (
  own: readonly Decree[],
  affairs: readonly Affair[],
  timeOf: (hash: string) => number | null,
): readonly (Decree | Affair)[] => {
  const waiting = affairs.toSorted((a, b) => (timeOf(a.hash) ?? Infinity) - (timeOf(b.hash) ?? Infinity))
  const ordered: (Decree | Affair)[] = []
  for (const decree of own) {
    const claims = decree.tx.type === 'account' ? new Set(decree.tx.body.claims.map(toHex)) : new Set<string>()
    const atMs = timeOf(toHex(txHash(decree.tx))) ?? -Infinity
    const isDue = (affair: Affair): boolean =>
      (timeOf(affair.hash) ?? Infinity) < atMs || affair.credits.some((credit) => claims.has(toHex(credit)))
    ordered.push(...waiting.filter(isDue), decree)
    const left = waiting.filter((affair) => !isDue(affair))
    waiting.splice(0, waiting.length, ...left)
  }
  return [...ordered, ...waiting]
}
