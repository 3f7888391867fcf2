import type { OpinionRow } from '../store/types.ts'
import type { Emit, SceneHandlers } from './fake-market.ts'

/** What was said of others, and can be said anew and taken back. */
export const liveOpinions = (emit: Emit, initial: readonly OpinionRow[], nowMs: () => number) => {
  let revision = 1
  let rows = initial
  const say = ({ accountId, role, word }: Pick<OpinionRow, 'accountId' | 'role'> & { readonly word: OpinionRow['word'] | null }): void => {
    const others = rows.filter((row) => row.accountId !== accountId || row.role !== role)
    rows = word === null ? others : [{ accountId, role, word, atMs: nowMs() }, ...others]
    revision += 1
    emit('opinions.changed', { revision })
  }
  return {
    say,
    handlers: {
      list: () => ({ ok: true, value: { revision, rows } }) as const,
      say: (input) => {
        say(input)
        return { ok: true, value: {} }
      },
    } satisfies SceneHandlers['opinions'],
  }
}
