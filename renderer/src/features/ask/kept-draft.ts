import { useEffect } from 'react'
import type { StoreApi } from 'zustand/vanilla'
import type { MarketClient } from '../../api/client.ts'
import { useMarket } from '../../store/context.tsx'
import type { After } from '../../store/resource.ts'
import { draftStore } from './draft.ts'
import { questionOf, taskText, type Question } from './task-text.ts'

/** A pause in typing after which what was typed is kept. */
const PAUSE_MS = 500

type Tasks = Pick<MarketClient['tasks'], 'draft' | 'keepDraft'>
type Draft = Pick<StoreApi<Question>, 'getState' | 'subscribe'> & { readonly setState: (question: Question) => void }
export type Keeper = {
  /** Takes up what was kept, once, and keeps what is typed from now on; gives back how that ends. */
  readonly follow: (tasks: Tasks, after: After) => () => void
}

/** Keeps what was typed and not asked yet with the market: it outlives the window, and is on this computer alone. */
export const createKeeper = (draft: Draft): Keeper => {
  /** As the market has it; null before it was asked. */
  let kept: string | null = null
  let saving: Promise<unknown> = Promise.resolve()

  const save = (tasks: Tasks): Promise<unknown> =>
    // One after the other, so that an older text never takes the place of a newer one.
    (saving = saving.then(async () => {
      const text = taskText(draft.getState())
      if (kept === null || text === kept) return
      // A refusal leaves nothing behind either: what holds a secret is not written down.
      kept = text
      await tasks.keepDraft({ requestId: crypto.randomUUID(), text })
    }))
  const takeUp = async (tasks: Tasks): Promise<void> => {
    const answer = await tasks.draft({})
    if (!answer.ok || kept !== null) return
    kept = answer.value.text ?? ''
    if (taskText(draft.getState()) === '') draft.setState(questionOf(kept))
    else await save(tasks)
  }

  return {
    follow: (tasks, after) => {
      let cancel = (): void => undefined
      const unsubscribe = draft.subscribe(() => {
        cancel()
        cancel = after(PAUSE_MS, () => void save(tasks))
      })
      if (kept === null) void takeUp(tasks)
      return () => {
        unsubscribe()
        cancel()
        void save(tasks)
      }
    },
  }
}

const keeper = createKeeper(draftStore)
const after: After = (delayMs, callback) => {
  const timer = setTimeout(callback, delayMs)
  return () => clearTimeout(timer)
}

export const useKeptDraft = (): void => {
  const { client } = useMarket()
  useEffect(() => keeper.follow(client.tasks, after), [client])
}
