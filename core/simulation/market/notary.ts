import { openEscrow } from '../../escrow/model.ts'
import type { Signer } from '../../identity/signing.ts'
import type { AmountMicro } from '../../platform/amount.ts'
import { assert } from '../../platform/assert.ts'
import { sha256, toHex, utf8 } from '../../platform/bytes.ts'
import { accountIdOf, creditIdOf } from '../../settlement/account-id.ts'
import { txHash } from '../../settlement/encoding.ts'
import { firstEpoch } from '../../settlement/epochs.ts'
import {
  quorumOf,
  type AccountId,
  type AccountOperation,
  type AuthorisationRole,
  type AuthorisedTx,
  type Bytes32,
  type CreditId,
  type Decree,
  type EscrowMove,
  type EscrowState,
  type EscrowTerms,
  type Signature,
} from '../../settlement/objects.ts'
import type { SettlementLimits } from '../../settlement/rules.ts'
import { authorise, signStatement } from '../../settlement/signatures.ts'
import { committeeOf, signerOf } from '../../settlement/testing/world.ts'
import { advanceEscrow, type VerifyContext } from '../../settlement/verify.ts'

/**
 * Certifies escrows and invites at once with the keys of four witnesses. How witnesses come to agree is what the other simulation is about;
 * here a trade only has to leave a fact that every node can check, and its payouts have to add up.
 */
export type Notary = ReturnType<typeof createNotary>
export type Holder = { readonly accountId: AccountId; readonly signer: Signer }
export type Escrow = { readonly state: EscrowState; readonly decrees: readonly Decree[] }

export const createNotary = (federationId: Bytes32, limits: SettlementLimits) => {
  const committee = { ...committeeOf(4), federationId }
  const governance = { federationId, epoch: 0 }
  const verifying: VerifyContext = { rules: { federationId, limits, epochs: firstEpoch(committee) }, genesisCredits: [] }
  const escrows = new Map<string, Escrow>()
  const balances = new Map<string, AmountMicro>()
  let steps = 0

  const credit = (account: AccountId, amountMicro: AmountMicro): void => {
    const balanceMicro = (balances.get(toHex(account)) ?? 0n) + amountMicro
    assert(balanceMicro >= 0n, 'nobody spends what it does not have')
    balances.set(toHex(account), balanceMicro)
  }

  const certify = (order: AuthorisedTx): Decree => {
    const { objectId, step } = order.tx
    const statement = { governance, objectId, step, view: 0, kind: 'F', txHash: txHash(order.tx) } as const
    const signatures = Array.from({ length: quorumOf(committee) }, (_, index) => {
      const { witnessIndex, signature } = signStatement(statement, index, signerOf(`witness ${index}`))
      return { witnessIndex, signature }
    })
    return { ...order, certificate: { statement, signatures } }
  }
  type Step = { readonly step: number; readonly claims: readonly CreditId[]; readonly operation: AccountOperation }
  const stepOf = ({ accountId, signer }: Holder, { step, claims, operation }: Step) => {
    const header = { version: 1, objectId: accountId, step, previousHash: sha256(utf8(`step ${step}`)), governance } as const
    const tx = { ...header, next: governance, type: 'account', body: { claims, operation, freeAfterMicro: 0n } } as const
    return { tx, decree: certify({ tx, authorisations: [authorise(tx, 'owner', signer)] }) }
  }
  const get = (id: Bytes32): Escrow => {
    const escrow = escrows.get(toHex(id))
    assert(escrow !== undefined, 'the escrow was opened here')
    return escrow
  }

  return {
    verifying,
    get,
    /** What a first holder has from the genesis document. */
    endow: credit,
    /** An invite and its claim, which make the newcomer known to everybody. */
    introduce: (sponsor: Holder, newcomer: AccountId, amountMicro: AmountMicro): readonly Decree[] => {
      credit(sponsor.accountId, -amountMicro)
      credit(newcomer, amountMicro)
      const signer = signerOf(`invite for ${toHex(newcomer)}`)
      const accountId = accountIdOf(governance, signer.publicKey)
      const transferTo = (to: AccountId): AccountOperation => ({ kind: 'transfer', to, amountMicro, memo: '' })
      const given = stepOf(sponsor, { step: steps++, claims: [], operation: transferTo(accountId) })
      const claims = [creditIdOf(txHash(given.tx), 0)]
      return [given.decree, stepOf({ accountId, signer }, { step: 0, claims, operation: transferTo(newcomer) }).decree]
    },
    open: (terms: EscrowTerms, acceptSignature: Signature, signer: Signer): Escrow => {
      credit(terms.client, -terms.amountMicro)
      const operation = { kind: 'open-escrow', terms, acceptSignature } as const
      const { tx, decree } = stepOf({ accountId: terms.client, signer }, { step: steps++, claims: [], operation })
      const state = openEscrow(tx)
      assert(state !== null, 'the transaction opens an escrow')
      const escrow = { state, decrees: [decree] }
      escrows.set(toHex(state.id), escrow)
      return escrow
    },
    /** Null when what was decided before does not allow it any more. */
    move: (id: Bytes32, body: EscrowMove, by: { readonly role: AuthorisationRole; readonly signer: Signer } | null): Escrow | null => {
      const { state, decrees } = get(id)
      const header = { version: 1, objectId: id, step: state.step + 1, previousHash: state.headHash, governance } as const
      const tx = { ...header, next: governance, type: 'escrow', body } as const
      const decree = certify({ tx, authorisations: by === null ? [] : [authorise(tx, by.role, by.signer)] })
      const advanced = advanceEscrow(state, decree, verifying.rules)
      if (!advanced.ok) return null
      for (const { account, amountMicro } of advanced.value.credits) credit(account, amountMicro)
      const escrow = { state: advanced.value.state, decrees: [...decrees, decree] }
      escrows.set(toHex(id), escrow)
      return escrow
    },
    unsettled: (): readonly EscrowState[] => [...escrows.values()].map(({ state }) => state).filter(({ phase }) => phase !== 'settled'),
    /** What all accounts have together. */
    heldMicro: (): AmountMicro => [...balances.values()].reduce((sum, one) => sum + one, 0n),
  }
}
