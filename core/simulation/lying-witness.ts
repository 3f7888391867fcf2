import { decodeRequest, encodeAnswer, type RegisterId, type SettlementAnswer } from '../settlement/bundle.ts'
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
  const earlier: Uint8Array[] = []

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
  const empty = (kind: string, register: RegisterId | null): Uint8Array =>
    kind === 'exchange' && register !== null ? openWith(register, {}) : encodeAnswer({ kind: 'decrees', decrees: [], next: null })

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
    const lie = prng.pick(habits)
    switch (lie) {
      case 'silence':
        return null
      case 'forgery':
        return register === null ? truth(payload) : forgery(register)
      case 'omission':
        return empty(request.value.kind, register)
      case 'stale':
        return earlier.length === 0 ? truth(payload) : prng.pick(earlier)
      case 'denial':
        return encodeAnswer({ kind: 'refused', refusal: prng.pick(refusalCodes) })
      case 'nonsense':
        return prng.bytes(prng.between(0, 200))
      case 'truth': {
        const answer = truth(payload)
        if (earlier.length < 50) earlier.push(answer)
        if (register !== null) conspiracy.hear(answer, 'answer', register)
        return answer
      }
    }
  }
}
