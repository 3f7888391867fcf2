import { lossOf, standingOf, type Context, type Role, type Settlement, type Standing } from './model.ts'

/** Where the facts lie: a database in a node, a list in an experiment. */
export type FactSource = {
  readonly settlementsOf: (role: Role, account: string) => readonly Settlement[]
  readonly broughtInBy: (sponsor: string) => readonly string[]
}

/** A sponsor answers for the last so many it brought in; nobody reads the trades of a thousand accounts for one number. */
const maxAnswerable = 32

/** One role of one account, with what it answers for. */
export const judge = (role: Role, account: string, source: FactSource, context: Context): Standing => {
  const inheritedPpm =
    role === 'client'
      ? 0
      : source
          .broughtInBy(account)
          .slice(0, maxAnswerable)
          .reduce((sum, invited) => sum + lossOf(source.settlementsOf('provider', invited), context), 0)
  return standingOf(role, source.settlementsOf(role, account), context, inheritedPpm)
}
