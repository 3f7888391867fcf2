import { assert } from '../platform/assert.ts'
import { equalBytes } from '../platform/bytes.ts'
import { decreeProblem } from './certificate.ts'
import { txHash } from './encoding.ts'
import type { Epoch, Epochs } from './epochs.ts'
import { applyEpochTx, type FederationState } from './federation-chain.ts'
import type { Decree } from './objects.ts'
import type { RefusalCode } from './refusals.ts'
import type { SettlementLimits } from './rules.ts'

export type EpochBook = Epochs & {
  /** After every epoch that was not known before. */
  readonly onTaken: (listener: (decree: Decree) => void) => void
}

/** The epochs as this node learns of them: each proven by the committee before it, back to the genesis document. */
export const createEpochBook = (founded: FederationState, limits: SettlementLimits): EpochBook => {
  const states: FederationState[] = [founded]
  const decrees: Decree[] = []
  const listeners: ((decree: Decree) => void)[] = []

  const head = (): FederationState => states.at(-1) ?? founded
  const get = (number: number): Epoch | null => {
    const state = states[number]
    if (state === undefined) return null
    const next = states[number + 1]
    const closesAtMs = next === undefined ? null : next.startsAtMs + limits.epochNoticeMs
    return { committee: state.committee, startsAtMs: state.startsAtMs, closesAtMs }
  }

  const take = (decree: Decree): RefusalCode | null => {
    const { tx, authorisations } = decree
    if (tx.type !== 'federation') return 'wrong-object'
    if (tx.step > head().step + 1) return 'missing-history'
    const problem = decreeProblem(decree, book)
    if (problem !== null) return problem
    const known = states[tx.step]
    if (known !== undefined) {
      assert(equalBytes(known.headHash, txHash(tx)), 'two final decrees for one step: more than f witnesses of this federation lie')
      return null
    }
    const applied = applyEpochTx(head(), { tx, authorisations }, { limits, isConvicted: () => false, nowMs: null })
    if (!applied.ok) return applied.error.code
    states.push(applied.value)
    decrees.push(decree)
    for (const listener of listeners) listener(decree)
    return null
  }

  const book: EpochBook = {
    federationId: founded.id,
    get,
    newest: () => get(head().step) ?? { ...founded, closesAtMs: null },
    head,
    chain: () => [...decrees],
    take,
    onTaken: (listener) => void listeners.push(listener),
  }
  return book
}
