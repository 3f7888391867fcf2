import { toHex } from '../platform/bytes.ts'
import type { ObjectId, Statement } from '../settlement/objects.ts'

export const registerKey = ({ objectId, step }: Pick<Statement, 'objectId' | 'step'>): string => `${toHex(objectId)}/${step}`
/** A step has one register in every epoch in which it is tried. */
export type Place = Pick<Statement, 'governance' | 'objectId' | 'step'>
export const placeKey = (place: Place): string => `${registerKey(place)} in ${place.governance.epoch}`

export type OpenRegister = { readonly key: string; readonly epoch: number; readonly objectId: ObjectId }

export type StepAuditDeps = {
  readonly violate: (rule: string, detail: string) => void
  readonly reach: (state: string) => void
}

/** What became of each step, whatever committee decided it: decided at most once, and whatever was begun comes to its end. */
export const createStepAudit = ({ violate, reach }: StepAuditDeps) => {
  const decided = new Map<string, string>()
  const skipped = new Map<string, { readonly open: OpenRegister; readonly by: Set<number> }>()
  const kept = new Set<string>()
  const unkept = new Set<string>()
  return {
    decide: (place: Place, tx: string): void => {
      const step = registerKey(place)
      const before = decided.get(step)
      if (before !== undefined && before !== tx) violate('two finals', `${step} was decided in two epochs`)
      decided.set(step, tx)
      for (const [key, { open }] of skipped) if (open.key === step) skipped.delete(key)
      if (place.governance.epoch > 0) reach('final in a later epoch')
    },
    /** An honest witness gave up a view of it. */
    skip: (place: Place, witness: number): void => {
      const key = registerKey(place)
      if (decided.has(key)) return
      const open = { key, epoch: place.governance.epoch, objectId: place.objectId }
      const { by } = skipped.get(placeKey(place)) ?? { by: [] }
      skipped.set(placeKey(place), { open, by: new Set([...by, witness]) })
    },
    /** With its disk it lost what it had to see through. */
    forget: (witness: number): void => {
      for (const [key, { by }] of skipped) if (by.delete(witness) && by.size === 0) skipped.delete(key)
    },
    /** A quorum has finalized it, so somebody may hold its certificate. */
    rely: (place: Place): void => {
      if (!kept.has(registerKey(place))) unkept.add(registerKey(place))
    },
    /** An honest witness has its decree. */
    keep: (step: string): void => {
      kept.add(step)
      unkept.delete(step)
    },
    skipped: (): readonly OpenRegister[] => [...skipped.values()].map(({ open }) => open),
    unkept: (): readonly string[] => [...unkept],
  }
}
