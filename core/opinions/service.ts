import type { Audit } from '../audit/service.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { AccountId } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import { mayBeSaid, type Opinion, type OpinionRole, type OpinionWord } from './model.ts'
import { createOpinionStore } from './store.ts'

export type OpinionsDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly accountId: AccountId
  readonly audit: Pick<Audit, 'note'>
  readonly changed: (revision: number) => void
}
export type Opinions = ReturnType<typeof createOpinions>

/** What this member said of others, and what it asks of its own node by that. */
export const createOpinions = ({ db, clock, accountId, audit, changed }: OpinionsDeps) => {
  const store = createOpinionStore(db)
  const listeners: ((account: AccountId) => void)[] = []
  let revision = 0

  /** Null takes the word back. */
  const say = (
    account: AccountId,
    role: OpinionRole,
    word: OpinionWord | null,
  ): Result<void, Failure<'own-account' | 'not-of-a-client'>> => {
    if (equalBytes(account, accountId)) return fail('own-account', 'This is your own account.')
    if (word !== null && !mayBeSaid(role, word))
      return fail('not-of-a-client', 'Of a client there is only “never”: whose tasks come first is for their prices to say.')
    if (store.wordOn(account, role) === word) return ok(undefined)
    if (word === null) store.remove(account, role)
    else store.put({ account, role, word, atMs: clock.nowMs() })
    audit.note({ kind: 'rules', outcome: word ?? 'no-opinion', rule: `opinion/${role}`, member: account })
    for (const listener of listeners) listener(account)
    changed(++revision)
    return ok(undefined)
  }

  return {
    revision: () => revision,
    say,
    /** Told after each word, also one that is taken back. */
    onSaid: (listener: (account: AccountId) => void): void => void listeners.push(listener),
    wordOn: store.wordOn,
    /** Whose bids are not taken: accounts in hex. */
    neverProviders: store.neverProviders,
    newest: (limit: number): readonly Opinion[] => store.newest(limit),
  }
}
