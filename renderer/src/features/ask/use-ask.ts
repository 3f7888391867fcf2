import { useRef, useState } from 'react'
import { useMarket } from '../../store/context.tsx'
import type { Ask } from './draft.ts'

/** Long enough for a long answer, short enough that an unserved request gives its money back soon. */
const DEADLINE_MS = 60_000

export type AskState = { readonly status: 'idle' | 'asking' } | { readonly status: 'refused'; readonly message: string }

/** Posts a task and shows it. A retry of the same question goes under the same request id, so it cannot be paid for twice. */
export const useAsk = () => {
  const { client, sync } = useMarket()
  const [state, setState] = useState<AskState>({ status: 'idle' })
  const attempt = useRef<{ readonly ask: string; readonly requestId: string } | null>(null)

  const send = async (ask: Ask): Promise<boolean> => {
    const key = JSON.stringify([ask.prompt, ask.classKey, ask.maxOutputTokens, ask.mode, ask.maxPriceMicro.toString()])
    if (attempt.current?.ask !== key) attempt.current = { ask: key, requestId: crypto.randomUUID() }
    setState({ status: 'asking' })
    const answer = await client.tasks.ask({ requestId: attempt.current.requestId, ...ask, deadlineMs: DEADLINE_MS })
    if (!answer.ok) {
      setState({ status: 'refused', message: answer.error.message })
      return false
    }
    attempt.current = null
    setState({ status: 'idle' })
    sync.watchTask(answer.value.taskId)
    return true
  }

  return { state, send, clear: () => setState({ status: 'idle' }) }
}
