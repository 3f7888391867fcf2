import { equalBytes } from '../platform/bytes.ts'
import { fail, type Failure, type Result } from '../platform/result.ts'
import { inputHashOf } from '../storage/commands.ts'

/** More than a person does in a sitting. */
const maxRemembered = 100

type Command = { readonly requestId: string }
type Remembered = { readonly hash: Uint8Array; readonly answer: Promise<Result<unknown, unknown>> }
export type ReusedFailure = Failure<'request-id-reused'>

/**
 * Commands that come before there is a database: one that is sent again, also while it runs, gets the answer of the first. Refusals
 * are not kept, so that they may be tried again. After a restart what the data folder holds decides.
 */
export const createRecentCommands = () => {
  const remembered = new Map<string, Remembered>()
  return {
    run: <T, E>(name: string, input: Command, work: () => Promise<Result<T, E>>): Promise<Result<T, E | ReusedFailure>> => {
      const { requestId } = input
      const hash = inputHashOf(name, input)
      const known = remembered.get(requestId)
      if (known !== undefined && !equalBytes(known.hash, hash))
        return Promise.resolve(
          fail('request-id-reused', `The request ${requestId} was used before for something else. Start again with a new one.`),
        )
      // The same name and input had the same types.
      if (known !== undefined) return known.answer as Promise<Result<T, E>>
      const answer = work()
      remembered.set(requestId, { hash, answer })
      const oldest = remembered.keys().next().value
      if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest)
      void answer.then(
        ({ ok }) => ok || remembered.delete(requestId),
        () => remembered.delete(requestId),
      )
      return answer
    },
  }
}
export type RecentCommands = ReturnType<typeof createRecentCommands>
