import { equalBytes } from '../platform/bytes.ts'
import type { AccountId, CreditId, Decree, ObjectId } from './objects.ts'

/** What is known for certain of the accounts. */
type Chains = {
  readonly decree: (id: ObjectId, step: number) => Decree | null
  /** The object whose decree pays this credit; null for genesis and for what is not known. */
  readonly payerOf: (id: CreditId) => ObjectId | null
}

/**
 * Who brought an account in: whoever paid what its first step took in. An invite pays through the account of a fresh key, which does
 * nothing else than to pay it on, so its own inviter counts too.
 */
export const invitersOf = (account: AccountId, { decree, payerOf }: Chains): readonly AccountId[] => {
  const payersOf = (id: AccountId): readonly AccountId[] => {
    const birth = decree(id, 0)?.tx
    return birth?.type === 'account' ? birth.body.claims.map(payerOf).filter((payer) => payer !== null) : []
  }
  return payersOf(account).flatMap((payer) => (passesOnTo(decree(payer, 0), account) ? [payer, ...payersOf(payer)] : [payer]))
}

const passesOnTo = (birth: Decree | null, account: AccountId): boolean => {
  const operation = birth?.tx.type === 'account' ? birth.tx.body.operation : null
  return operation?.kind === 'transfer' && equalBytes(operation.to, account)
}

/** Whether one of them brought the other in. */
export const isInvitation = (a: AccountId, b: AccountId, chains: Chains): boolean => {
  const isInviterOf = (inviter: AccountId, invited: AccountId): boolean =>
    invitersOf(invited, chains).some((known) => equalBytes(known, inviter))
  return isInviterOf(a, b) || isInviterOf(b, a)
}
