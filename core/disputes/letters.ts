import type { Network } from '../network/port.ts'
import type { Epochs } from '../settlement/epochs.ts'
import { decodeCourtAnswer, encodeCourtRequest, type CourtAnswer, type CourtRequest } from './wire.ts'

const timeoutMs = 10_000

/** Asks every witness's court; those that do not answer are left out. */
export const createLetters = (network: Network, epochs: Epochs) => {
  const askAll = async (request: CourtRequest): Promise<readonly CourtAnswer[]> => {
    const payload = encodeCourtRequest(request)
    const answers = await Promise.all(
      epochs.newest().committee.witnesses.map(async (witness) => {
        try {
          const answer = decodeCourtAnswer(await network.request(witness, 'court', payload, { timeoutMs }))
          return answer.ok ? [answer.value] : []
        } catch {
          return []
        }
      }),
    )
    return answers.flat()
  }
  return {
    askAll,
    /** Whether more than f witnesses have it, so that an honest one does. */
    leave: async (request: CourtRequest): Promise<boolean> =>
      (await askAll(request)).filter(({ kind }) => kind === 'taken').length > epochs.newest().committee.faults,
  }
}
export type Letters = ReturnType<typeof createLetters>
