import { command, event, query } from './definition.ts'
import { accountId, changed, listUpTo, record, revision, timeMs, wordOf } from './primitives.ts'

export const maxOpinions = 1_000

const role = wordOf(['provider', 'client'])
const word = wordOf(['again', 'never'])

/**
 * What this member keeps in mind of others. It stays in the database of this computer: nobody is told, and it changes no reputation.
 * `role` is that of the other one. `never`: no bid of that provider is taken, or nothing is run for that client. `again`, of a provider
 * only: its bid wins over another that costs the same.
 */
export const opinions = {
  /** Newest first. */
  list: query({ input: {}, output: record({ revision, rows: listUpTo(record({ accountId, role, word, atMs: timeMs }), maxOpinions) }) }),
  /** In place of what was said before; null takes it back. */
  say: command({
    input: { accountId, role, word: word.nullable() },
    output: record({}),
    errors: ['own-account', 'not-of-a-client'],
  }),
  changed: event(changed),
} as const
