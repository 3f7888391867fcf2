import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  type RegisterId,
  type SettlementAnswer,
  type SettlementRequest,
} from '../settlement/bundle.ts'
import type { Governance } from '../settlement/objects.ts'
import { refusalCodes } from '../settlement/refusals.ts'
import { shareBytes } from '../settlement/seed-share.ts'
import type { Conspiracy } from './conspiracy.ts'
import type { Prng } from './prng.ts'

/** What a lying witness may do with a question. */
export const lies = ['truth', 'silence', 'forgery', 'omission', 'stale', 'denial', 'nonsense'] as const
export type Lie = (typeof lies)[number]

export type LyingWitnessDeps = {
  readonly index: number
  /** What it draws from; `truth` is what the honest code under its key would answer. */
  readonly habits: readonly Lie[]
  readonly withholdsShares: boolean
  readonly truth: (payload: Uint8Array) => Uint8Array
  readonly conspiracy: Conspiracy
  readonly prng: Prng
}

/** Answers each question in a manner of its choice; null is silence. */
export const createLyingWitness = ({ index, habits, withholdsShares, truth, conspiracy, prng }: LyingWitnessDeps) => {
  /** By what was asked. */
  const earlier = new Map<SettlementRequest['kind'], Uint8Array[]>()

  const openWith = (register: RegisterId, votes: Partial<Extract<SettlementAnswer, { readonly kind: 'open' }>>): Uint8Array =>
    encodeAnswer({ kind: 'open', orders: [], votes: [], proposals: [], carried: [], refusal: null, headStep: register.step - 1, ...votes })

  const forgery = (register: RegisterId): Uint8Array => {
    const secret = conspiracy.secretOf(register)
    const known = [...secret.votes.values()]
    return openWith(register, {
      orders: prng.some([...secret.orders.values()], 0.6),
      votes: [...conspiracy.forgeVotes(index, secret, prng), ...prng.some(known, 0.5)].slice(0, 100),
      proposals: [...conspiracy.forgeProposals(index, secret, prng), ...prng.some([...secret.proposals.values()], 0.5)].slice(0, 8),
      headStep: prng.chance(0.8) ? register.step - 1 : prng.between(-1, register.step + 1),
    })
  }
  /** Of what it should hand over, it leaves out what it likes. */
  const handOver = (governance: Governance, answer: SettlementAnswer | null): Uint8Array | null => {
    if (answer !== null && answer.kind !== 'handed-over') return encodeAnswer(answer)
    const carried = answer === null ? [] : prng.some(answer.carried, 0.5)
    const signature = conspiracy.forgeClosing(index, governance, carried)
    return signature === null ? null : encodeAnswer({ kind: 'handed-over', carried, next: null, signature })
  }
  const empty = (request: SettlementRequest): Uint8Array | null => {
    if (request.kind === 'exchange') return openWith(request.register, {})
    if (request.kind === 'hand-over') return handOver(request.governance, null)
    if (request.kind === 'fetch-log') return encodeAnswer({ kind: 'log', entries: [], next: null })
    return encodeAnswer({ kind: 'decrees', decrees: [], next: null })
  }
  const forged = (request: SettlementRequest, payload: Uint8Array): Uint8Array | null => {
    if (request.kind === 'exchange') return forgery(request.register)
    if (request.kind !== 'hand-over') return truth(payload)
    const answer = decodeAnswer(truth(payload))
    return answer.ok ? handOver(request.governance, answer.value) : null
  }

  /** Silence, an excuse, or a share that is not the one. */
  const withheld = (): Uint8Array | null =>
    prng.pick([
      () => null,
      () => encodeAnswer({ kind: 'refused', refusal: prng.pick(refusalCodes) }),
      () => encodeAnswer({ kind: 'share', share: prng.bytes(shareBytes) }),
    ])()

  return (payload: Uint8Array): Uint8Array | null => {
    conspiracy.hear(payload, 'question')
    const request = decodeRequest(payload)
    if (!request.ok) return truth(payload)
    if (withholdsShares && request.value.kind === 'fetch-share') return withheld()
    const register = request.value.kind === 'exchange' ? request.value.register : null
    const known = earlier.get(request.value.kind) ?? []
    const lie = prng.pick(habits)
    switch (lie) {
      case 'silence':
        return null
      case 'forgery':
        return forged(request.value, payload)
      case 'omission':
        return empty(request.value)
      case 'stale':
        return known.length === 0 ? truth(payload) : prng.pick(known)
      case 'denial':
        return encodeAnswer({ kind: 'refused', refusal: prng.pick(refusalCodes) })
      case 'nonsense':
        return prng.bytes(prng.between(0, 200))
      case 'truth': {
        const answer = truth(payload)
        if (known.length < 50) earlier.set(request.value.kind, [...known, answer])
        if (register !== null) conspiracy.hear(answer, 'answer', register)
        return answer
      }
    }
  }
}
