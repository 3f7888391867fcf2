import type { Signer } from '../identity/signing.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { equalBytes } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { AuthorisedTx, Decree, EscrowState, ObjectId } from '../settlement/objects.ts'
import { authorise, verifyAuthorisation } from '../settlement/signatures.ts'
import { actsFor } from './model.ts'
import { notFound, orderFor, type EscrowMover, type MoveFailure } from './mover.ts'
import type { EscrowRole, EscrowStore, TrackedEscrow } from './store.ts'

export type SplitOffer = { readonly by: EscrowRole; readonly toProviderMicro: AmountMicro }

type SplitDeps = {
  readonly store: EscrowStore
  readonly mover: EscrowMover
  readonly signer: Signer
  readonly changed: (state: EscrowState) => void
}

/**
 * A split carries both signatures over one transaction. One side signs it and sends the half-signed order over; the other signs
 * and submits it. A signed offer holds for its step only: any certified step ends it.
 */
export const createSplits = ({ store, mover, signer, changed }: SplitDeps) => {
  const save = (state: EscrowState, order: AuthorisedTx): void => {
    store.transaction(() => store.saveSplitProposal(state.id, order))
    changed(state)
  }
  return {
    /** The half-signed order to send to the other side. */
    proposeSplit: (id: ObjectId, toProviderMicro: AmountMicro): Result<AuthorisedTx, MoveFailure | Failure<'above-amount'>> => {
      const tracked = store.get(id)
      if (tracked === null) return notFound
      if (tracked.state.phase === 'settled') return fail('wrong-phase', 'This escrow is settled.')
      if (toProviderMicro > tracked.state.terms.amountMicro)
        return fail('above-amount', 'The provider’s part is larger than the locked amount.')
      const order = orderFor(tracked.state, { kind: 'split', toProviderMicro }, signer, tracked.role)
      save(tracked.state, order)
      return ok(order)
    },
    /** The other side's half-signed order, from the network. */
    receiveSplit: (order: AuthorisedTx): Result<null, Failure<'not-found' | 'refused'>> => {
      const tracked = store.get(order.tx.objectId)
      if (tracked === null) return fail('not-found', 'There is no such escrow here.')
      if (!isOfferOfOther(order, tracked))
        return fail('refused', 'That is not a split of this escrow’s next step, signed by its other side.')
      save(tracked.state, order)
      return ok(null)
    },
    /** Signs the other side's offer exactly as shown, and makes it final. */
    acceptSplit: (id: ObjectId, toProviderMicro: AmountMicro): Promise<Result<Decree, MoveFailure | Failure<'split-changed'>>> => {
      const tracked = store.get(id)
      if (tracked === null) return Promise.resolve(notFound)
      const { role, splitProposal: proposal } = tracked
      const last = store.decrees(id).at(-1)
      if (last?.tx.type === 'escrow' && last.tx.body.kind === 'split' && last.tx.body.toProviderMicro === toProviderMicro)
        return Promise.resolve(ok(last))
      const offer = splitOfferOf(tracked)
      if (proposal === null || offer === null || offer.by === role || offer.toProviderMicro !== toProviderMicro)
        return Promise.resolve(splitChanged)
      const own = authorise(proposal.tx, role, signer)
      const authorisations = role === 'client' ? [own, ...proposal.authorisations] : [...proposal.authorisations, own]
      return mover.submit(id, () => ok({ tx: proposal.tx, authorisations }))
    },
  }
}

export const splitOfferOf = (tracked: TrackedEscrow | null): SplitOffer | null => {
  const proposal = tracked?.splitProposal ?? null
  const by = proposal?.authorisations[0]?.role
  if (proposal?.tx.type !== 'escrow' || proposal.tx.body.kind !== 'split' || (by !== 'client' && by !== 'provider')) return null
  return { by, toProviderMicro: proposal.tx.body.toProviderMicro }
}

const isOfferOfOther = ({ tx, authorisations }: AuthorisedTx, { state, role }: TrackedEscrow): boolean => {
  const [signed, ...others] = authorisations
  if (tx.type !== 'escrow' || tx.body.kind !== 'split' || signed === undefined || others.length > 0) return false
  const isNextStep = tx.step === state.step + 1 && equalBytes(tx.previousHash, state.headHash)
  const isWithin = state.phase !== 'settled' && tx.body.toProviderMicro <= state.terms.amountMicro
  const isByOther = signed.role !== role && actsFor(state, signed.role, signed.publicKey) && verifyAuthorisation(tx, signed)
  return isNextStep && isWithin && isByOther
}

const splitChanged = fail('split-changed', 'The other side has changed or withdrawn this split. Look at the escrow again.')
