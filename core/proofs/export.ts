import { encodeFederation, type Federation } from '../federation/federation.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { encodeDecree } from '../settlement/encoding.ts'
import type { Epochs } from '../settlement/epochs.ts'
import type { AccountId, CreditId, Decree, ObjectId, TxHash } from '../settlement/objects.ts'
import { firstLine, renderRecord, type ProofRecord, type Subject } from './file.ts'

/** Where the parts of a proof come from: what this node keeps. */
export type ProofSources = {
  readonly federation: Federation
  readonly epochs: Epochs
  readonly accountId: AccountId
  /** −1 before the first. */
  readonly lastStep: () => number
  readonly ownDecree: (step: number) => Decree | null
  /** The decrees that prove a credit, none for one of the genesis document; null when it is not known here. */
  readonly proofOf: (credit: CreditId) => readonly Decree[] | null
  readonly escrowDecrees: (id: ObjectId) => readonly Decree[]
  readonly decreeOf: (txHash: TxHash) => Decree | null
}

export type ProofPage = { readonly part: string; readonly nextCursor: string | null }
export type ExportFailure = Failure<'not-found' | 'missing-proof' | 'invalid-input'>

/** A credit's proof may come on top, of at most 200,000 characters. */
const partCharacters = 400_000

/**
 * Where a page begins: what the proof ends with, so that it stays the same while the chain grows; the item and the part of it; and the
 * lines before.
 */
type Place = { readonly lastEpoch: number; readonly lastStep: number; item: number; unit: number; lines: number }

/** A piece of the file that is read at once; each record is a line. */
type Unit = () => Result<readonly ProofRecord[], ExportFailure>

/** The part of the proof that begins at `cursor`, null for the first; the parts of all pages are the file. */
export const readProof = (sources: ProofSources, subject: Subject, cursor: string | null): Result<ProofPage, ExportFailure> => {
  const steps = stepsOf(sources, subject)
  if (steps === null) return fail('not-found', 'There is nothing certified here that could be proven.')
  const place = cursor === null ? startOf(sources, steps.last) : parsePlace(cursor)
  if (place === null) return fail('invalid-input', 'That is no page of this proof. Start at the first one.')
  const itemCount = 1 + place.lastEpoch + (place.lastStep - steps.first + 1)
  let part = place.lines === 0 ? `${firstLine}\n` : ''
  let lines = Math.max(1, place.lines)
  for (let { item, unit } = place; item < itemCount; item++, unit = 0) {
    const units = unitsOf(sources, subject, steps, place, item)
    for (; unit < units.length; unit++) {
      if (part.length >= partCharacters) return ok({ part, nextCursor: renderPlace({ ...place, item, unit, lines }) })
      const records = units[unit]?.() ?? ok([])
      if (!records.ok) return records
      for (const record of records.value) part += `${renderRecord(record)}\n`
      lines += records.value.length
    }
  }
  return ok({ part: `${part}${renderRecord({ word: 'end', lines })}\n`, nextCursor: null })
}

const startOf = ({ epochs }: ProofSources, lastStep: number): Place => {
  const lastEpoch = epochs.head().step
  return { lastEpoch, lastStep, item: 0, unit: 0, lines: 0 }
}
const renderPlace = ({ lastEpoch, lastStep, item, unit, lines }: Place): string => [lastEpoch, lastStep, item, unit, lines].join('.')
const parsePlace = (cursor: string): Place | null => {
  const numbers = /^\d{1,9}(?:\.\d{1,9}){4}$/.test(cursor) ? cursor.split('.').map(Number) : []
  const [lastEpoch, lastStep, item, unit, lines] = numbers
  if (lastEpoch === undefined || lastStep === undefined || item === undefined || unit === undefined || lines === undefined) return null
  return { lastEpoch, lastStep, item, unit, lines }
}

type Steps = { readonly first: number; readonly last: number; readonly at: (step: number) => Decree | null }

/** Null when there are none. */
const stepsOf = (sources: ProofSources, { kind, id }: Subject): Steps | null => {
  if (kind === 'account') {
    const last = sources.lastStep()
    return last < 0 ? null : { first: 0, last, at: sources.ownDecree }
  }
  const found = kind === 'escrow' ? sources.escrowDecrees(id) : [sources.decreeOf(id)].flatMap((decree) => decree ?? [])
  return found.length === 0 ? null : { first: 0, last: found.length - 1, at: (step) => found[step] ?? null }
}

/** Item 0 is what comes before the epochs, then each epoch, then each step with the credits that it claims. */
const unitsOf = (sources: ProofSources, subject: Subject, steps: Steps, { lastEpoch }: Place, item: number): readonly Unit[] => {
  if (item === 0)
    return [
      () =>
        ok([
          { word: 'subject', subject },
          { word: 'genesis', bytes: encodeFederation(sources.federation) },
        ]),
    ]
  if (item <= lastEpoch) return [() => shown('epoch', sources.epochs.chain()[item - 1] ?? null)]
  const decree = steps.at(steps.first + item - 1 - lastEpoch)
  const claims = subject.kind === 'account' && decree?.tx.type === 'account' ? decree.tx.body.claims : []
  return [
    ...claims.map(
      (claim): Unit =>
        () =>
          creditsOf(sources, claim, decree?.tx.step ?? 0),
    ),
    () => shown('step', decree),
  ]
}

const shown = (word: 'epoch' | 'step', decree: Decree | null): Result<readonly ProofRecord[], ExportFailure> =>
  decree === null
    ? fail('missing-proof', 'A step of this proof is not stored here. Restore the account from its recovery phrase to fetch it again.')
    : ok([{ word, bytes: encodeDecree(decree) }])

const creditsOf = ({ proofOf }: ProofSources, claim: CreditId, step: number): Result<readonly ProofRecord[], ExportFailure> => {
  const proof = proofOf(claim)
  if (proof !== null) return ok(proof.map((decree) => ({ word: 'credit', bytes: encodeDecree(decree) })))
  return fail(
    'missing-proof',
    `Step ${step} of this account took in a credit whose proof is not stored here; another device of yours may hold it. Export there, or restore the account from its recovery phrase.`,
  )
}
