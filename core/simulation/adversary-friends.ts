import { equalBytes } from '../platform/bytes.ts'
import type { AuthorisedTx, Decree, EscrowMove, Recused } from '../settlement/objects.ts'
import { authorise } from '../settlement/signatures.ts'
import type { createOrders } from './adversary-orders.ts'
import type { AuditedEscrow } from './audit-ledger.ts'
import { judgesOf } from './audit-panel.ts'
import type { Prng } from './prng.ts'
import type { World } from './world.ts'

/**
 * A dishonest party brings arbiters in, each with the payment that its account begins with. So it is close to them, and may have them
 * struck out of its own disputes, as long as enough are left; it tries with others and with more.
 */
export const createFriends = (
  { auditor: { ledger }, federation, plan, scheduler }: World,
  { moveTx, orderOf }: ReturnType<typeof createOrders>,
  decide: (order: AuthorisedTx) => void,
) => {
  const { arbiters } = federation.committee
  const dishonest = federation.parties.slice(plan.honestParties)
  const hasAccount = (place: number): boolean => ledger.account(arbiters[place]?.account ?? federation.governance.federationId) !== null

  /** `recusedOf` is null for what cannot be tried there. */
  const without = (prng: Prng, recusedOf: (escrow: AuditedEscrow) => Recused | null): AuthorisedTx | null => {
    const sides = ledger.escrows().flatMap((escrow) => {
      const { phase, terms } = escrow
      const [role, key] = phase === 'open' ? (['provider', terms.providerKey] as const) : (['client', terms.clientKey] as const)
      const party = dishonest.find(({ signer }) => equalBytes(signer.publicKey, key))
      const recused = phase === 'open' || phase === 'delivered' ? recusedOf(escrow) : null
      return party === undefined || recused === null ? [] : [{ escrow, role, party, recused }]
    })
    const side = some(prng, sides)
    if (side === null) return null
    const { escrow, role, party, recused } = side
    const told = { atMs: scheduler.nowMs(), recused }
    const body: EscrowMove =
      role === 'provider'
        ? { kind: 'deliver', resultHash: escrow.id, priceMicro: escrow.terms.amountMicro, ...told }
        : { kind: 'dispute', reasonHash: escrow.id, ...told }
    const tx = moveTx(escrow, body)
    return { tx, authorisations: [authorise(tx, role, party.signer)] }
  }
  const friends = (): Recused => mayBeFriends.filter(hasAccount)
  const spareOf = ({ terms, recused }: AuditedEscrow): number => Math.max(0, judgesOf(arbiters, terms, recused).length - terms.panel.size)

  return {
    invite: (): void => {
      const [inviter] = dishonest
      const next = mayBeFriends.find((place) => !hasAccount(place))
      const arbiter = arbiters[next ?? -1]
      if (inviter === undefined || arbiter === undefined) return
      decide(orderOf(inviter, { kind: 'transfer', to: arbiter.account, amountMicro: 1n, memo: '' }))
    },
    /** Whoever was paid takes it at once. */
    follow: ({ tx: { body } }: Decree): void => {
      if (!('operation' in body) || body.operation.kind !== 'transfer') return
      const { to } = body.operation
      const place = mayBeFriends.find((one) => equalBytes(arbiters[one]?.account ?? federation.governance.federationId, to))
      const signer = federation.arbiterSigners[place ?? -1]
      if (signer !== undefined) decide(orderOf({ account: to, signer, peerId: '' }, { kind: 'claim-only' }))
    },
    forgeries: {
      withoutSomeArbiters: (prng: Prng) => without(prng, () => [0, 1, 2]),
      /** Nobody forbids this one. */
      withoutFriends: (prng: Prng) =>
        without(prng, (escrow) => {
          const recused = friends().slice(0, spareOf(escrow))
          return recused.length === 0 ? null : recused
        }),
      withoutTooManyFriends: (prng: Prng) => without(prng, (escrow) => (friends().length > spareOf(escrow) ? friends() : null)),
    },
  }
}

/** By their places: one more than a panel of five can spare where the first party, an arbiter itself, takes part. */
const mayBeFriends: readonly number[] = [3, 4, 5]

export const some = <T>(prng: Prng, items: readonly T[]): T | null => (items.length === 0 ? null : prng.pick(items))
