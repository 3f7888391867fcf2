import { toHex } from '../platform/bytes.ts'
import type { ObjectId } from '../settlement/objects.ts'
import type { Running } from './party-process.ts'
import type { Concession } from './plan.ts'
import type { World } from './world.ts'

type Sides = { readonly client: number; readonly provider: number }
type Later = (afterMs: number, who: number, act: (running: Running) => void) => void

/** The honest side of a dispute that gives in as soon as the plan says so, whatever the arbiters would have said. */
export const createConcessions = ({ auditor, federation, note, plan }: World, later: Later) => {
  const begun = new Map<string, Sides>()
  const told = ({ ok }: { readonly ok: boolean }): void => note(`concession: ${ok ? 'done' : 'not done'}`)
  /** Each side first looks at what the other has done. */
  const split = (id: ObjectId, { client, provider }: Sides): void => {
    const providerMicro = (auditor.ledger.escrow(id)?.terms.amountMicro ?? 0n) / 3n
    const payee = federation.parties[provider]?.account
    later(0, provider, ({ escrows }) => void escrows.refresh(id))
    later(0, client, ({ escrows }) => void escrows.refresh(id))
    later(700, client, ({ escrows, tell }) => {
      const proposed = escrows.proposeSplit(id, providerMicro)
      if (proposed.ok && payee !== undefined) tell(payee, { kind: 'split', order: proposed.value })
    })
    later(1_500, provider, ({ escrows }) => void escrows.acceptSplit(id, providerMicro).then(told))
  }
  const concede = (id: ObjectId, sides: Sides, { kind }: Concession): void => {
    if (kind === 'split') return split(id, sides)
    later(0, kind === 'release' ? sides.client : sides.provider, ({ escrows }) => {
      const conceded = escrows.refresh(id).then(() => escrows[kind](id))
      void conceded.then(told)
    })
  }

  return {
    begin: (id: ObjectId, sides: Sides): void => void begun.set(toHex(id), sides),
    moved: (id: ObjectId): void => {
      const sides = begun.get(toHex(id))
      const { concession } = plan.court
      if (sides !== undefined && concession !== null && concession.phase === auditor.ledger.escrow(id)?.phase)
        concede(id, sides, concession)
    },
  }
}
