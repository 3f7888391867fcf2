import type { Network } from '../network/port.ts'
import { quorumOf, type Committee, type Witness } from '../settlement/objects.ts'
import { decodeCourtAnswer, encodeCourtRequest, type CourtAnswer, type CourtRequest } from './wire.ts'

const timeoutMs = 10_000

/** Asks the court of every witness of a committee: an escrow's letters lie with the one it was born with. Who does not answer is left out. */
export const createLetters = (network: Network) => {
  const ask = async (witness: Witness, request: CourtRequest): Promise<CourtAnswer | null> => {
    try {
      const answer = decodeCourtAnswer(await network.request(witness, 'court', encodeCourtRequest(request), { timeoutMs }))
      return answer.ok ? answer.value : null
    } catch {
      return null
    }
  }
  const askAll = async ({ witnesses }: Committee, request: CourtRequest): Promise<readonly CourtAnswer[]> => {
    const answers = await Promise.all(witnesses.map((witness) => ask(witness, request)))
    return answers.filter((answer) => answer !== null)
  }
  return {
    ask,
    askAll,
    /** Whether a quorum has it, so that more than f of any quorum that is asked later show it. */
    leave: async (committee: Committee, request: CourtRequest): Promise<boolean> =>
      (await askAll(committee, request)).filter(({ kind }) => kind === 'taken').length >= quorumOf(committee),
  }
}
export type Letters = ReturnType<typeof createLetters>
