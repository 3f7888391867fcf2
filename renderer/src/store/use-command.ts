import { useRef, useState } from 'react'

type Refusal = { readonly code: string; readonly message: string }
type CommandAnswer<O, F extends Refusal> = { readonly ok: true; readonly value: O } | { readonly ok: false; readonly error: F }

export type CommandState<F extends Refusal> = { readonly status: 'idle' | 'pending' } | { readonly status: 'refused'; readonly error: F }

/** What was asked for and not answered yet; under the same request id it is done once, however often it is asked for. */
export type Attempt = { current: { readonly key: string; readonly requestId: string } | null }

export type Command<I, O, F extends Refusal> = {
  readonly state: CommandState<F>
  readonly isPending: boolean
  /** Why it was refused, for people; null when it was not. */
  readonly problem: string | null
  /** @returns null when it was refused, or when the same command is under way */
  readonly run: (input: I) => Promise<O | null>
  readonly clear: () => void
}

const keyOf = (input: unknown): string =>
  JSON.stringify(input, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))

/**
 * Sends a command and tells how it goes. Asking for the same once more goes under the same request id until it has been done, so
 * that a retry after a lost answer does nothing twice. `kept` is where that id is held by something that outlives the component.
 */
export const useCommand = <I extends { readonly requestId: string }, O, F extends Refusal>(
  send: (input: I) => Promise<CommandAnswer<O, F>>,
  kept?: Attempt,
): Command<Omit<I, 'requestId'>, O, F> => {
  const [state, setState] = useState<CommandState<F>>({ status: 'idle' })
  const own: Attempt = useRef(null)
  const attempt = kept ?? own
  const isUnderWay = useRef(false)

  const run = async (input: Omit<I, 'requestId'>): Promise<O | null> => {
    if (isUnderWay.current) return null
    const key = keyOf(input)
    const current = attempt.current?.key === key ? attempt.current : { key, requestId: crypto.randomUUID() }
    attempt.current = current
    isUnderWay.current = true
    setState({ status: 'pending' })
    const answer = await send({ ...input, requestId: current.requestId } as I)
    isUnderWay.current = false
    if (!answer.ok) {
      setState({ status: 'refused', error: answer.error })
      return null
    }
    attempt.current = null
    setState({ status: 'idle' })
    return answer.value
  }

  return {
    state,
    isPending: state.status === 'pending',
    problem: state.status === 'refused' ? state.error.message : null,
    run,
    clear: () => setState({ status: 'idle' }),
  }
}
