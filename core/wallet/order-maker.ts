import type { Signer } from '../identity/signing.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { applyAccountTx, type AccountOrder } from '../settlement/account.ts'
import { maxClaims } from '../settlement/encoding.ts'
import { epochAt } from '../settlement/epochs.ts'
import type { AccountOperation, AccountState, AuthorisedTx, Bytes32, Governance } from '../settlement/objects.ts'
import type { Refusal } from '../settlement/refusals.ts'
import { guardMs, type SettlementRules } from '../settlement/rules.ts'
import { authorise } from '../settlement/signatures.ts'
import { chooseClaims, insufficientFunds, nextAccountTx } from './model.ts'
import type { WalletStore } from './store.ts'
import type { SpendCode, SpendFailure } from './writer.ts'

type OrderDeps = { readonly store: WalletStore; readonly signer: Signer; readonly rules: SettlementRules; readonly clock: Clock }

/** Makes the account's next order and looks at it as a witness will, before it is signed away. */
export const createOrderMaker = ({ store, signer, rules, clock }: OrderDeps) => {
  /** The newest committee that has begun by every honest clock. */
  const nextOf = ({ governance: { federationId, epoch } }: AccountState): Governance => {
    const begun = epochAt(rules.epochs, clock.nowMs() - guardMs(rules.limits)).committee.epoch
    return { federationId, epoch: Math.max(epoch, begun) }
  }
  const check = (order: AccountOrder) => {
    const context = { rules, creditOf: (id: Bytes32) => store.credit(id)?.credit ?? null, isClaimed: store.isClaimed }
    return applyAccountTx(store.state().account, order, { ...context, nowMs: clock.nowMs() })
  }
  return {
    sign: (operation: AccountOperation): Result<AuthorisedTx, SpendFailure> => {
      const { account } = store.state()
      if (![account.ownerKey, ...account.deviceKeys].some((key) => equalBytes(key, signer.publicKey))) return unlinked
      const claimed = chooseClaims(
        store.unclaimed(maxClaims).map(({ credit }) => credit),
        maxClaims,
      )
      const tx = nextAccountTx(account, claimed, operation, nextOf(account))
      if (!tx.ok) return tx
      const authorised = { tx: tx.value, authorisations: [authorise(tx.value, 'owner', signer)] }
      const checked = check(authorised)
      return checked.ok ? ok(authorised) : fail(spendCodes[checked.error.code] ?? 'refused', checked.error.message)
    },
    /** Signed with this node's key, and still what it could sign now. */
    isOwnNext: ({ tx, authorisations }: AuthorisedTx): boolean => {
      const isOwn = authorisations.some(({ publicKey }) => equalBytes(publicKey, signer.publicKey))
      return isOwn && tx.type === 'account' && check({ tx, authorisations }).ok
    },
  }
}

const unlinked: Result<never, SpendFailure> = fail(
  'refused',
  'This computer is not linked to the account any more, so it can sign nothing for it. Link it again from a computer with the recovery phrase.',
)
const spendCodes: Readonly<Partial<Record<Refusal['code'], SpendCode>>> = {
  insufficient: insufficientFunds.error.code,
  'over-gift-limit': 'gift-limit',
  'to-self': 'to-oneself',
}
