import type { Outgoing } from '../compliance/outgoing.ts'
import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { record } from '../platform/codec.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { runCommand } from '../storage/commands.ts'
import type { Database } from '../storage/database.ts'
import { createDraftStore } from './draft-store.ts'

export type DraftDeps = { readonly db: Database; readonly outgoing: Pick<Outgoing, 'look'>; readonly nowMs: () => number }

const nothing = record<Record<string, never>>({})

/** A draft outlives the window it was typed in. One with a secret in it does not: no secret is ever written to the disk. */
export const draftHandlers = ({ db, outgoing, nowMs }: DraftDeps): Pick<Handlers<MarketContract>['tasks'], 'draft' | 'keepDraft'> => {
  const store = createDraftStore(db)
  const put = (requestId: string, text: string) =>
    runCommand(
      db,
      { requestId, name: 'tasks.keepDraft', input: { text }, atMs: nowMs(), result: nothing },
      (): Result<Record<string, never>, never> => {
        store.put(text)
        return ok({})
      },
    )
  return {
    draft: () => ok({ text: store.get() }),
    keepDraft: async ({ requestId, text }) => {
      const { stopped } = await outgoing.look(text, false)
      const kept = put(requestId, stopped === null ? text : '')
      if (!kept.ok) return kept
      return stopped === null ? ok({}) : fail('secret-found', 'There is a secret in this draft, so it is not kept.')
    },
  }
}
