import { err, ok, type Failure, type Result } from '../platform/result.ts'
import { findPersonalData, type PersonalKind } from './personal-data.ts'
import { conceal, mergePlaces, type Concealed, type Place } from './placeholders.ts'
import type { SecretGuard, SecretKind } from './secret-guard.ts'

export type OutgoingFinding = Place & { readonly kind: SecretKind | PersonalKind }
export type Looked = Concealed & {
  /** Where in what was written. */
  readonly findings: readonly OutgoingFinding[]
  /** Why it would not leave. */
  readonly stopped: Failure<'secret-found'> | null
}

/** What is hidden is stored and shown; nobody has so much of it in one task. */
export const maxHidden = 1_000
/** Replacing can bring two halves of a secret together; after so many rounds it is no accident. */
const maxRounds = 4

const personalKinds: readonly string[] = [
  'email',
  'phone',
  'iban',
  'card',
  'passport',
  'identity-number',
  'birth-date',
] satisfies readonly PersonalKind[]
/** No placeholder tells the provider which kind of secret stood there. */
const nameOf = (place: Place): Place => (personalKinds.includes(place.kind) ? place : { ...place, kind: 'secret' })

export type Outgoing = ReturnType<typeof createOutgoing>

/** What somebody wrote, on its way to somebody else: what is found in it, and what is left when that is replaced. */
export const createOutgoing = (guard: Pick<SecretGuard, 'inspectPrompt'>) => {
  const findIn = async (text: string) => {
    const secrets = await guard.inspectPrompt(text)
    const places: readonly OutgoingFinding[] = [...(secrets.ok ? [] : secrets.error.findings), ...findPersonalData(text)]
    return { secrets, places: mergePlaces(places) }
  }
  /** Everything that is found, replaced; a secret that comes about by replacing is replaced too. */
  const concealed = async (text: string) => {
    let now: Concealed = { text, hidden: [] }
    for (let round = 0; ; round++) {
      const { places, secrets } = await findIn(now.text)
      if (places.length === 0 || round === maxRounds) return { ...now, secrets }
      now = conceal(now.text, places.map(nameOf), now.hidden)
    }
  }

  /** What would be read of it, and what was found. */
  const look = async (written: string, isConcealed: boolean): Promise<Looked> => {
    const { places: findings, secrets: inWritten } = await findIn(written)
    const { secrets, text, hidden } = isConcealed ? await concealed(written) : { secrets: inWritten, text: written, hidden: [] }
    const stopped = secrets.ok ? (hidden.length > maxHidden ? tooMany : null) : secrets.error
    return { text, hidden, findings, stopped }
  }
  return {
    look,
    /** What may leave; otherwise why nothing does. */
    pass: async (written: string, isConcealed: boolean): Promise<Result<Concealed, Failure<'secret-found'>>> => {
      const { text, hidden, stopped } = await look(written, isConcealed)
      return stopped === null ? ok({ text, hidden }) : err(stopped)
    },
  }
}

const tooMany: Failure<'secret-found'> = {
  code: 'secret-found',
  message: `More than ${maxHidden} places would have to be replaced. Shorten the text or split it.`,
}
