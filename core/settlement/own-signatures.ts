import { ballotKey, ballotOf, isVoteOf } from './ballots.ts'
import type { RegisterId } from './bundle.ts'
import type { Bytes32, Certificate, Decree, Vote } from './objects.ts'
import type { SettlementRules } from './rules.ts'
import { seatIn } from './seat.ts'
import type { WitnessStore } from './witness-store.ts'

/**
 * A witness writes before it speaks, so a signature of its own that is not in its file proves that the file is an older copy. Whoever
 * shows one, a driver with votes or a decree with its certificate, tells it that it may have forgotten more.
 */
type Memory = { readonly store: WitnessStore; readonly rules: SettlementRules; readonly publicKey: Bytes32 }

export const hasForgottenVote = ({ store, rules, publicKey }: Memory, register: RegisterId, votes: readonly Vote[]): boolean => {
  const seat = seatIn(rules, publicKey, register.governance)
  if (!seat.ok) return false
  const { me, committee } = seat.value
  const shown = votes.filter(({ witnessIndex }) => witnessIndex === me)
  if (shown.length === 0) return false
  const known = new Set(store.ownVotes(register, me).map((vote) => ballotKey(ballotOf(vote))))
  return shown.some((vote) => !known.has(ballotKey(ballotOf(vote))) && isVoteOf(register, vote, committee))
}

export const hasForgottenDecree = (memory: Memory, { certificate: { statement, signatures } }: Decree): boolean =>
  hasForgottenVote(memory, statement, votesOf({ statement, signatures }))

const votesOf = ({ statement, signatures }: Certificate): readonly Vote[] => signatures.map((one) => ({ statement, ...one }))
