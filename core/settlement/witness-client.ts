import { NetworkError, type Network } from '../network/port.ts'
import { decodeAnswer, encodeRequest, maxBundleBytes, type SettlementAnswer, type SettlementRequest } from './bundle.ts'
import { encodeDecree } from './encoding.ts'
import type { Decree, Witness as WitnessIdentity } from './objects.ts'
import type { Witness } from './witness.ts'

/** Asks one witness one question. */
export type WitnessClient = {
  /** Null when it cannot be reached, does not answer in time, or answers nonsense. */
  readonly ask: (witness: WitnessIdentity, request: SettlementRequest, signal?: AbortSignal) => Promise<SettlementAnswer | null>
  /** Tells it decrees, oldest first, as many questions as that takes; gives back those that still fit into the next question. */
  readonly tellAhead: (witness: WitnessIdentity, decrees: readonly Decree[], signal?: AbortSignal) => Promise<readonly Decree[]>
  /** The same, to the last of them. */
  readonly tell: (witness: WitnessIdentity, decrees: readonly Decree[], signal?: AbortSignal) => Promise<void>
  readonly report: (witness: WitnessIdentity, reason: string) => void
}

/** A link with 2 s each way, a busy witness, and a margin; asking again is free of side effects. */
const requestTimeoutMs = 5_000

/** `own`: a node that is a witness itself asks itself without a network. */
export const createWitnessClient = (
  network: Network,
  own: { readonly witness: Witness; readonly nowMs: () => number } | null,
): WitnessClient => {
  const report = (witness: WitnessIdentity, reason: string): void => network.reportMisbehaviour(witness.peerId, reason)

  const send = async (witness: WitnessIdentity, payload: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array | null> => {
    if (own !== null && witness.peerId === network.self().peerId) return own.witness.exchange(payload, own.nowMs())
    try {
      return await network.request(witness, 'settlement', payload, {
        timeoutMs: requestTimeoutMs,
        ...(signal === undefined ? {} : { signal }),
      })
    } catch (error) {
      if (error instanceof NetworkError) return null
      throw error
    }
  }

  const ask: WitnessClient['ask'] = async (witness, request, signal) => {
    const bytes = await send(witness, encodeRequest(request), signal)
    const answer = bytes === null ? null : decodeAnswer(bytes)
    if (answer !== null && !answer.ok) report(witness, 'a settlement answer that is not well-formed')
    return answer?.ok === true ? answer.value : null
  }

  const tellAhead: WitnessClient['tellAhead'] = async (witness, decrees, signal) => {
    let batch: Decree[] = []
    let batchBytes = 0
    for (const decree of decrees) {
      const size = encodeDecree(decree).length
      if (batchBytes + size > maxBundleBytes / 2) {
        await ask(witness, { kind: 'inform', decrees: batch }, signal)
        batch = []
        batchBytes = 0
      }
      batch.push(decree)
      batchBytes += size
    }
    return batch
  }

  return {
    ask,
    report,
    tellAhead,
    tell: async (witness, decrees, signal) => {
      const rest = await tellAhead(witness, decrees, signal)
      if (rest.length > 0) await ask(witness, { kind: 'inform', decrees: rest }, signal)
    },
  }
}
