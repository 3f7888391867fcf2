import type { AppContract } from '../../../../core/contract/contract.ts'
import type { InputOf } from '../../../../core/contract/definition.ts'
import type { CommitteeStatus } from '../../store/types.ts'

export type ArbiterRow = CommitteeStatus['arbiters'][number]
type Change = InputOf<AppContract['federation']['propose']>['changes'][number]

/** As an arbiter is named: account key, name and, if it has one, operator. */
export const cardOf = ({ publicKey, name, operator }: ArbiterRow): string =>
  [publicKey, name, ...(operator === '' ? [] : [operator])].join(', ')

/** What makes the roster into this list of cards, one on each line; who is named otherwise goes and comes again. */
export const rosterChanges = (roster: readonly ArbiterRow[], typed: string): readonly Change[] => {
  const lines = typed.split('\n').map(tidy)
  const kept = roster.filter((arbiter) => lines.includes(cardOf(arbiter)))
  const known = kept.map(cardOf)
  return [
    ...roster.filter((arbiter) => !kept.includes(arbiter)).map(({ publicKey }) => ({ kind: 'remove-arbiter' as const, publicKey })),
    ...lines.filter((card) => card !== '' && !known.includes(card)).map((card) => ({ kind: 'add-arbiter' as const, card })),
  ]
}

const tidy = (line: string): string =>
  line
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(', ')
