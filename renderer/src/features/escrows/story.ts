/** An escrow as a story that can be read aloud: what happened, where it stands, what comes by itself. */
import type { EscrowDetail, EscrowRow } from '../../store/types.ts'

type Certificate = EscrowDetail['certificates'][number]
export type Exit = EscrowRow['exits'][number]
type Ending = NonNullable<EscrowRow['settledBy']>
type Standing = Exclude<EscrowRow['phase'], 'settled'>

export type StoryEvent =
  | { readonly kind: 'happened'; readonly move: 'open' | 'deliver' | 'dispute' | 'seat-panel'; readonly certificate: Certificate }
  | { readonly kind: 'settled'; readonly by: Ending; readonly certificate: Certificate | null }
  | { readonly kind: 'now'; readonly phase: Standing; readonly untilMs: number | null }
  | { readonly kind: 'ahead'; readonly exit: Exit }

const BEGINNINGS = ['open', 'deliver', 'dispute', 'seat-panel'] as const
const isBeginning = (move: Certificate['move']): move is (typeof BEGINNINGS)[number] => BEGINNINGS.some((one) => one === move)
const BY_ITSELF = ['expire-refund', 'expire-release', 'expire-default'] as const

export type ByItself = (typeof BY_ITSELF)[number]
export const happensByItself = (move: Exit['move']): move is ByItself => BY_ITSELF.some((one) => one === move)

export const storyOf = (escrow: EscrowDetail): readonly StoryEvent[] => {
  const happened = escrow.certificates.flatMap((certificate) =>
    isBeginning(certificate.move) ? [{ kind: 'happened' as const, move: certificate.move, certificate }] : [],
  )
  if (escrow.phase === 'settled') {
    const last = escrow.certificates.at(-1) ?? null
    const by = escrow.settledBy ?? 'release'
    return [...happened, { kind: 'settled', by, certificate: last !== null && isBeginning(last.move) ? null : last }]
  }
  const ahead = escrow.exits.flatMap((exit) => (happensByItself(exit.move) ? [{ kind: 'ahead' as const, exit }] : []))
  return [...happened, { kind: 'now', phase: escrow.phase, untilMs: deadlineOf(escrow) }, ...ahead]
}

const deadlineOf = ({ phase, deliverByMs, reviewByMs, exits }: EscrowDetail): number | null => {
  if (phase === 'open') return deliverByMs
  if (phase === 'delivered') return reviewByMs
  return exits.find(({ move }) => move === 'expire-default')?.fromMs ?? null
}

/** Whether a step was made by this side alone; null for what both or nobody signed. */
export const isOwnMove = (move: Certificate['move'], role: EscrowRow['role']): boolean | null => {
  if (move === 'release' || move === 'dispute') return role === 'client'
  return move === 'refund' || move === 'deliver' ? role === 'provider' : null
}

/** Moves that this member makes by hand; the rest happens by itself. */
export const movesOf = (escrow: Pick<EscrowRow, 'exits'>): readonly Exit[] => escrow.exits.filter(({ move }) => !happensByItself(move))

/** A split can be offered for as long as nothing is settled, and no panel has to decide. */
export const canSplit = ({ phase }: Pick<EscrowRow, 'phase'>): boolean => phase !== 'settled'
