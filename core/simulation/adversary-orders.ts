import { moveRules, type MoveKind } from '../escrow/model.ts'
import { compareBytes, equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import type { AccountOperation, AuthorisedTx, Credit, EscrowMove, EscrowTx, Governance } from '../settlement/objects.ts'
import { authorise } from '../settlement/signatures.ts'
import type { AuditedEscrow } from './audit-ledger.ts'
import type { Party } from './federation.ts'
import type { Prng } from './prng.ts'
import type { World } from './world.ts'

/** What the dishonest sign: always well-formed and on top of the newest step, for that is where harm can be done. */
export const createOrders = ({ auditor, federation, plan, scheduler }: World) => {
  const { parties } = federation
  const dishonest = parties.slice(plan.honestParties)

  /** The next step of a dishonest account; claims whatever there is to claim, and what was claimed before if told to. */
  const orderOf = (
    { account, signer }: Party,
    operation: AccountOperation,
    again: readonly Credit[] = [],
    next: Governance | null = null,
  ): AuthorisedTx => {
    const state = auditor.ledger.account(account)
    const governance = state?.governance ?? federation.governance
    const credits = [...auditor.ledger.unclaimedOf(account), ...again].toSorted((a, b) => compareBytes(a.id, b.id))
    const claimedMicro = credits.reduce((sum, { amountMicro }) => sum + amountMicro, state?.freeMicro ?? 0n)
    const spentMicro =
      operation.kind === 'transfer' ? operation.amountMicro : operation.kind === 'open-escrow' ? operation.terms.amountMicro : 0n
    const tx = {
      version: 1,
      type: 'account',
      objectId: account,
      step: (state?.step ?? -1) + 1,
      previousHash: state?.head ?? new Uint8Array(32),
      governance,
      next: next ?? governance,
      body: { claims: credits.map(({ id }) => id), operation, freeAfterMicro: claimedMicro > spentMicro ? claimedMicro - spentMicro : 0n },
    } as const
    return { tx, authorisations: [authorise(tx, 'owner', signer)] }
  }

  const moveTx = ({ id, step, head, governance }: AuditedEscrow, body: EscrowMove): EscrowTx => {
    return { version: 1, type: 'escrow', objectId: id, step: step + 1, previousHash: head, governance, next: governance, body }
  }

  const orderOfMove = (escrow: AuditedEscrow, body: EscrowMove): AuthorisedTx => {
    const tx = moveTx(escrow, body)
    const authorisations = moveRules[body.kind].by.flatMap((role) => {
      const key = role === 'client' ? escrow.terms.clientKey : escrow.terms.providerKey
      const party = dishonest.find(({ signer }) => equalBytes(signer.publicKey, key))
      return party === undefined ? [] : [authorise(tx, role, party.signer)]
    })
    return { tx, authorisations }
  }

  const bodyOf = (kind: MoveKind, { terms }: AuditedEscrow, prng: Prng): EscrowMove | null => {
    const nowMs = scheduler.nowMs()
    // Late, early, and just so that the limits decide.
    const atMs = prng.pick([nowMs, nowMs, nowMs - prng.between(0, 20_000), nowMs + prng.between(0, 20_000), terms.deliverByMs])
    if (kind === 'release') return { kind, receipt: null }
    if (kind === 'split') return { kind, toProviderMicro: terms.amountMicro / 2n }
    if (kind === 'deliver')
      return {
        kind,
        atMs,
        resultHash: sha256(utf8('nothing')),
        priceMicro: BigInt(prng.between(0, Number(terms.amountMicro))),
        recused: [],
      }
    if (kind === 'dispute') return { kind, atMs, reasonHash: sha256(utf8('no reason')), recused: [] }
    return kind === 'refund' || kind === 'expire-refund' || kind === 'expire-release' ? { kind } : null
  }

  return { orderOf, moveTx, orderOfMove, bodyOf }
}
