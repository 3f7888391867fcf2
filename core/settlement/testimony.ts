import { equalBytes } from '../platform/bytes.ts'
import { statementOf, tallyOf, ballotOf } from './ballots.ts'
import type { RegisterId } from './bundle.ts'
import { assembleCertificate } from './certificate.ts'
import { contradictions, type Evidence, type Finals } from './evidence.ts'
import { quorumOf, type Bytes32, type Certificate, type Committee, type Vote } from './objects.ts'
import type { SettlementRules } from './rules.ts'
import { seatIn } from './seat.ts'
import type { WitnessStore } from './witness-store.ts'

/** Every notarization that these verified votes of one register make. */
export const notarizationsIn = (register: RegisterId, votes: readonly Vote[], committee: Committee): readonly Certificate[] =>
  tallyOf(votes).flatMap(({ kind, view, tx, voters }): Certificate | readonly [] => {
    if (kind !== 'N' || voters.size < quorumOf(committee)) return []
    const same = votes
      .map((vote) => ({ vote, ballot: ballotOf(vote) }))
      .filter(({ ballot }) => ballot.kind === kind && ballot.view === view && ballot.tx === tx)
    return (
      assembleCertificate(
        statementOf(register, { kind, view, tx }),
        same.map(({ vote }) => vote),
        committee,
      ) ?? []
    )
  })

export type Keeper = { readonly store: WitnessStore; readonly rules: SettlementRules; readonly publicKey: Bytes32 }

/**
 * What this witness kept of a step that has two finals, against those who signed both. Say h is final in view v, and another value in
 * a later one. The first notarization after v of anything else was justified (R3): by a skip certificate of v, whose signers
 * contradict their finalizations of h; or by a notarization of that other value in v, whose signers contradict theirs of h. An honest
 * voter has kept the former, an honest finalizer of h the latter. Neither need have both: so the notarization goes out beside h's
 * certificate, for the others to hold against what they kept. Each way it is f+1 signers, as long as no quorum is of liars alone.
 */
export const testimonyOf = ({ store, rules, publicKey }: Keeper, { first, second }: Finals): readonly Evidence[] => {
  const said = [first, second].flatMap(votesOf)
  return [first, second].flatMap((certificate) => {
    const { statement } = certificate
    const seat = seatIn(rules, publicKey, statement.governance)
    if (!seat.ok) return []
    const { committee, me } = seat.value
    const peers = store.peerVotes(statement)
    const rivals = notarizationsIn(statement, [...store.ownVotes(statement, me), ...peers], committee).filter(
      (rival) => statement.kind === 'F' && rival.statement.view === statement.view && !equalBytes(rival.statement.txHash, statement.txHash),
    )
    return [
      ...[...peers, ...votesOf(certificate)].flatMap((vote) => contradictions(vote, said)),
      ...rivals.map((rival) => ({ kind: 'finals' as const, first: certificate, second: rival })),
    ]
  })
}

const votesOf = ({ statement, signatures }: Certificate): readonly Vote[] => signatures.map((signature) => ({ statement, ...signature }))
