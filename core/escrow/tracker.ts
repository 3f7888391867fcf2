import { equalBytes } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { verifyDecree } from '../settlement/certificate.ts'
import { txHash } from '../settlement/encoding.ts'
import type { AccountId, Credit, Decree, EscrowState, ObjectId, TxHash } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { verifyAuthorisation } from '../settlement/signatures.ts'
import { applyEscrowMove, openEscrow } from './model.ts'
import type { EscrowRole, EscrowStore, TrackedEscrow } from './store.ts'

export type TakeCode = 'bad-certificate' | 'not-yours' | 'missing-steps'
export type TakeFailure = Failure<TakeCode>
export type EscrowTracker = ReturnType<typeof createEscrowTracker>

type TrackerDeps = {
  readonly store: EscrowStore
  readonly accountId: AccountId
  readonly rules: SettlementRules
  readonly certifiedAtMs: (hash: TxHash) => number | null
  /** Books a settlement in the wallet, in the same transaction. */
  readonly settle: (settled: EscrowState, credits: readonly Credit[], proof: readonly Decree[]) => void
  /** Does all of it in one transaction, in the wallet as here. */
  readonly write: (work: () => void) => void
  readonly changed: (state: EscrowState) => void
}

/** Takes certified steps of this account's escrows in, each once and in order. Trusts nothing but certificates. */
export const createEscrowTracker = (deps: TrackerDeps) => {
  const { store, rules, accountId } = deps

  const roleOf = ({ terms }: EscrowState): EscrowRole | null => {
    if (equalBytes(terms.client, accountId)) return 'client'
    return equalBytes(terms.provider, accountId) ? 'provider' : null
  }

  const insert = (opened: EscrowState, role: EscrowRole, decree: Decree): void => {
    // Where nobody remembers it, an offer that the client took was good until then.
    store.open(opened, role, decree, deps.certifiedAtMs(txHash(decree.tx)) ?? opened.terms.acceptValidUntilMs)
  }

  /** An opening that someone shows: the provider's way to learn of it. The client's own arrive through its wallet. */
  const takeOpening = (decree: Decree): Result<TrackedEscrow, TakeFailure> => {
    const opened = decree.tx.type === 'account' ? openEscrow(decree.tx) : null
    const role = opened === null ? null : roleOf(opened)
    if (opened === null || role === null) return notYours
    const known = store.get(opened.id)
    if (known !== null) return ok(known)
    if (role === 'client') return notYours
    // Authorisations lie outside the certificate, and this copy is later shown to witnesses as proof.
    const isSigned = decree.authorisations.length > 0 && decree.authorisations.every((one) => verifyAuthorisation(decree.tx, one))
    if (!isSigned || !verifyDecree(decree, rules.epochs)) return badCertificate
    deps.write(() => insert(opened, role, decree))
    deps.changed(opened)
    return tracked(opened.id)
  }

  const takeStep = (decree: Decree): Result<TrackedEscrow, TakeFailure> => {
    const known = store.get(decree.tx.objectId)
    if (known === null || decree.tx.type !== 'escrow') return notYours
    if (decree.tx.step <= known.state.step) return ok(known)
    if (!verifyDecree(decree, rules.epochs)) return badCertificate
    if (decree.tx.step > known.state.step + 1) return missingSteps
    const order = { tx: decree.tx, authorisations: decree.authorisations }
    const applied = applyEscrowMove(known.state, order, { rules, nowMs: null })
    if (!applied.ok) return badCertificate
    const { state, credits } = applied.value
    deps.write(() => {
      store.saveStep(state, decree, deps.certifiedAtMs(txHash(decree.tx)))
      if (state.phase === 'settled') deps.settle(state, credits, store.decrees(state.id))
    })
    deps.changed(state)
    return tracked(state.id)
  }

  const tracked = (id: ObjectId): Result<TrackedEscrow, TakeFailure> => {
    const row = store.get(id)
    return row === null ? notYours : ok(row)
  }

  return {
    /** Inside the wallet's transaction; the wallet has checked the decree. */
    insertOwn: (decree: Decree): EscrowState | null => {
      const opened = decree.tx.type === 'account' ? openEscrow(decree.tx) : null
      if (opened !== null && store.get(opened.id) === null) store.transaction(() => insert(opened, 'client', decree))
      return opened
    },
    /** Idempotent; for decrees from peers, from the witnesses and from this node's own moves. */
    take: (decree: Decree): Result<TrackedEscrow, TakeFailure> => (decree.tx.type === 'account' ? takeOpening(decree) : takeStep(decree)),
  }
}

const badCertificate = fail('bad-certificate', 'The decree is not certified by this federation’s witnesses.')
const notYours = fail('not-yours', 'This account is not a party of that escrow.')
const missingSteps = fail('missing-steps', 'Steps before this one are missing; they are fetched from the witnesses.')
