import type { AccountId } from '../settlement/objects.ts'

/**
 * What this member keeps in mind of another one. It stays in this database: nobody is told, and no reputation is made of it, because
 * that comes from certified trades alone (settlement.md §10).
 */
export const opinionRoles = ['provider', 'client'] as const
/** Of the other one. */
export type OpinionRole = (typeof opinionRoles)[number]
export const opinionWords = ['again', 'never'] as const
/**
 * Of a provider: `never` takes no bid of it, `again` takes its bid where another one costs the same. Of a client there is only `never`:
 * nothing is run for it.
 */
export type OpinionWord = (typeof opinionWords)[number]
export type Opinion = { readonly account: AccountId; readonly role: OpinionRole; readonly word: OpinionWord; readonly atMs: number }

export const mayBeSaid = (role: OpinionRole, word: OpinionWord): boolean => role === 'provider' || word === 'never'
