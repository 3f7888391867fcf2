import type { NetworkStatus } from './types.ts'

/** Who of the witnesses signs now: an answer alone settles nothing. */
export const votesOf = ({ witnesses, quorum }: Pick<NetworkStatus, 'witnesses' | 'quorum'>) => {
  const reachable = witnesses.filter((witness) => witness.reachable)
  const voting = reachable.filter(({ standsAside }) => standsAside === null)
  return {
    voters: voting.map(({ index }) => index),
    counts: { reachable: reachable.length, voting: voting.length, all: witnesses.length, quorum },
    hasQuorum: voting.length >= quorum,
    /** Some answer and do not vote. */
    isSplit: voting.length < reachable.length,
  }
}
