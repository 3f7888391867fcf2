import type { Signer } from '../identity/signing.ts'
import { toHex } from '../platform/bytes.ts'
import { ballotKey, ballotOf, leaderOf, nameOf, proposalOf, statementOf } from '../settlement/ballots.ts'
import { decodeAnswer, decodeRequest, maxOrders, type RegisterId } from '../settlement/bundle.ts'
import { txHash } from '../settlement/encoding.ts'
import { signClosing, type CarriedStep } from '../settlement/handover.ts'
import type { AuthorisedTx, Decree, Governance, Signature, SignedProposal, Vote, VoteKind } from '../settlement/objects.ts'
import type { Members } from './federation.ts'
import { noTx } from '../settlement/register.ts'
import { signProposal, signStatement } from '../settlement/signatures.ts'
import type { Prng } from './prng.ts'

/** What the liars know of one register, together. */
export type Secret = {
  readonly register: RegisterId
  readonly orders: Map<string, AuthorisedTx>
  readonly votes: Map<string, Vote>
  readonly proposals: Map<string, SignedProposal>
  decree: Decree | null
}

/** Everything the liars have heard, wherever one of them heard it, and their keys. */
export type Conspiracy = {
  readonly hear: (payload: Uint8Array, kind: 'question' | 'answer', about?: RegisterId) => void
  readonly add: (order: AuthorisedTx) => void
  readonly secretOf: (register: RegisterId) => Secret
  readonly secrets: () => readonly Secret[]
  /** Votes of one liar for whatever might help it, whether or not they contradict each other. */
  readonly forgeVotes: (liar: number, secret: Secret, prng: Prng) => readonly Vote[]
  /** Proposals for the views that this liar leads. */
  readonly forgeProposals: (liar: number, secret: Secret, prng: Prng) => readonly SignedProposal[]
  /** What this liar says that it left open. */
  readonly forgeClosing: (liar: number, governance: Governance, carried: readonly CarriedStep[]) => Signature | null
  readonly liars: readonly number[]
}

export type ConspiracyDeps = {
  readonly membersOf: (epoch: number) => Members | null
  readonly keys: ReadonlyMap<number, Signer>
  readonly signed: (liar: number, vote: Vote) => void
}

const keyOf = ({ governance, objectId, step }: RegisterId): string => `${toHex(objectId)}/${step} in ${governance.epoch}`

export const createConspiracy = ({ membersOf, keys, signed }: ConspiracyDeps): Conspiracy => {
  const secrets = new Map<string, Secret>()

  const secretOf = (register: RegisterId): Secret => {
    const known = secrets.get(keyOf(register))
    if (known !== undefined) return known
    const made: Secret = { register, orders: new Map(), votes: new Map(), proposals: new Map(), decree: null }
    secrets.set(keyOf(register), made)
    return made
  }
  const add = (order: AuthorisedTx): void => {
    const { governance, objectId, step } = order.tx
    const { orders } = secretOf({ governance, objectId, step })
    if (orders.size < maxOrders) orders.set(nameOf(txHash(order.tx)), order)
  }
  const learn = (secret: Secret, bundle: Pick<Secret, 'register'> & Heard): void => {
    for (const order of bundle.orders) if (secret.orders.size < maxOrders) secret.orders.set(nameOf(txHash(order.tx)), order)
    for (const vote of bundle.votes) if (secret.votes.size < maxSecretVotes) secret.votes.set(ballotKey(ballotOf(vote)), vote)
    for (const one of bundle.proposals) if (secret.proposals.size < maxSecretVotes) secret.proposals.set(toHex(one.signature), one)
  }

  /** Who has lost its seat goes on signing with the number it had. */
  const seatOf = (liar: number, { governance }: RegisterId): number => {
    const seat = membersOf(governance.epoch)?.witnesses.indexOf(liar) ?? -1
    return seat < 0 ? liar : seat
  }

  const viewsOf = (secret: Secret): number => Math.max(0, ...[...secret.votes.values()].map(({ statement }) => statement.view)) + 2

  const sign = (liar: number, secret: Secret, kind: VoteKind, view: number, tx: string): readonly Vote[] => {
    const signer = keys.get(liar)
    if (signer === undefined) return []
    const vote = signStatement(statementOf(secret.register, { kind, view, tx }), seatOf(liar, secret.register), signer)
    signed(liar, vote)
    return [vote]
  }

  return {
    liars: [...keys.keys()],
    add,
    secretOf,
    secrets: () => [...secrets.values()],
    hear: (payload, kind, about) => {
      if (kind === 'question') {
        const request = decodeRequest(payload)
        if (request.ok && request.value.kind === 'exchange') learn(secretOf(request.value.register), request.value)
        return
      }
      const answer = decodeAnswer(payload)
      if (!answer.ok || about === undefined) return
      if (answer.value.kind === 'open') learn(secretOf(about), { register: about, ...answer.value })
      if (answer.value.kind === 'decided') secretOf(about).decree = answer.value.decree
    },
    forgeVotes: (liar, secret, prng) => {
      const views = prng.some(
        Array.from({ length: viewsOf(secret) }, (_, view) => view),
        0.7,
      )
      const names = [...secret.orders.keys()]
      return views.flatMap((view) => [
        ...prng.some(names, 0.6).flatMap((tx) => sign(liar, secret, 'N', view, tx)),
        ...prng.some(names, 0.4).flatMap((tx) => sign(liar, secret, 'F', view, tx)),
        ...(prng.chance(0.5) ? sign(liar, secret, 'S', view, noTx) : []),
        ...(view === 0 ? prng.some(names, 0.5).flatMap((tx) => sign(liar, secret, 'T', 0, tx)) : []),
      ])
    },
    forgeClosing: (liar, governance, carried) => {
      const signer = keys.get(liar)
      return signer === undefined ? null : signClosing(governance, carried, signer)
    },
    forgeProposals: (liar, secret, prng) => {
      const signer = keys.get(liar)
      const names = [...secret.orders.keys()]
      const committee = membersOf(secret.register.governance.epoch)?.committee
      if (signer === undefined || names.length === 0 || committee === undefined) return []
      const seat = seatOf(liar, secret.register)
      const led = Array.from({ length: viewsOf(secret) }, (_, view) => view).filter(
        (view) => view > 0 && leaderOf(secret.register, committee, view) === seat,
      )
      return led.map((view) => {
        const parent = prng.chance(0.5) ? null : prng.between(0, view - 1)
        return signProposal(proposalOf(secret.register, { view, tx: prng.pick(names), parent }), seat, signer)
      })
    },
  }
}

type Heard = { readonly orders: readonly AuthorisedTx[]; readonly votes: readonly Vote[]; readonly proposals: readonly SignedProposal[] }
const maxSecretVotes = 200
