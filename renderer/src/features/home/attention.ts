/** The one thing that needs its owner most, of all that the market knows. */
import { ready, valueOf, type Loaded } from '../../store/loaded.ts'
import type { Approvals, Cases, EscrowRow, NetworkStatus, ProviderStatus } from '../../store/types.ts'
import { votesOf } from '../../store/votes.ts'

export type Known = {
  readonly network: NetworkStatus | null
  readonly approvals: Approvals | null
  readonly cases: Cases | null
  readonly provider: ProviderStatus | null
  readonly escrows: readonly EscrowRow[]
}

export type Attention =
  | { readonly kind: 'quorum'; readonly votes: ReturnType<typeof votesOf> }
  | { readonly kind: 'clock'; readonly offsetMs: number }
  | { readonly kind: 'approvals'; readonly count: number }
  | { readonly kind: 'cases'; readonly count: number }
  | { readonly kind: 'split'; readonly escrowId: string }
  | { readonly kind: 'backend'; readonly problem: string }
  | { readonly kind: 'review'; readonly escrowId: string; readonly untilMs: number }

type Asked = {
  readonly network: Loaded<NetworkStatus>
  readonly approvals: Loaded<Approvals>
  readonly cases: Loaded<Cases>
  readonly provider: Loaded<ProviderStatus>
  readonly escrows: Loaded<{ readonly rows: readonly { readonly row: EscrowRow }[] }>
}

/** What is known to need its owner is told at once; that nothing does is known only when every part has come. */
export const attentionIn = (asked: Asked): Loaded<Attention | null> => {
  const { network, approvals, cases, provider, escrows } = asked
  const attention = attentionOf({
    network: valueOf(network),
    approvals: valueOf(approvals),
    cases: valueOf(cases),
    provider: valueOf(provider),
    escrows: valueOf(escrows)?.rows.map(({ row }) => row) ?? [],
  })
  if (attention !== null) return ready(attention)
  const missing = [network, approvals, cases, provider, escrows].filter((part) => part.status !== 'ready')
  return missing.find(({ status }) => status === 'failed') ?? missing[0] ?? ready(null)
}

/** What runs out soonest comes first: a countdown of a minute before one of hours, and what stops everything before both. */
export const attentionOf = ({ network, approvals, cases, provider, escrows }: Known): Attention | null => {
  const stopped = network === null ? null : stoppedBy(network)
  if (stopped !== null) return stopped
  const waiting = approvals?.rows.length ?? 0
  if (waiting > 0) return { kind: 'approvals', count: waiting }
  const toRule = cases?.rows.filter(({ phase, ownRuling }) => phase === 'panel' && ownRuling === null).length ?? 0
  if (toRule > 0) return { kind: 'cases', count: toRule }
  const offered = escrows.find(({ splitOffer, role, phase }) => splitOffer !== null && splitOffer.by !== role && phase !== 'settled')
  if (offered !== undefined) return { kind: 'split', escrowId: offered.id }
  const trouble = provider?.backends.find(({ state, problem }) => state === 'on' && problem !== null)?.problem ?? null
  if (provider?.state === 'running' && trouble !== null) return { kind: 'backend', problem: trouble }
  const reviewed = escrows
    .filter(({ phase, role, reviewByMs }) => phase === 'delivered' && role === 'client' && reviewByMs !== null)
    .toSorted((one, other) => (one.reviewByMs ?? 0) - (other.reviewByMs ?? 0))[0]
  return reviewed === undefined ? null : { kind: 'review', escrowId: reviewed.id, untilMs: reviewed.reviewByMs ?? 0 }
}

const stoppedBy = (network: NetworkStatus): Attention | null => {
  if (network.settling === 'no') return { kind: 'quorum', votes: votesOf(network) }
  return network.clockOffsetMs === null ? null : { kind: 'clock', offsetMs: network.clockOffsetMs }
}
