import { openEscrow } from '../../escrow/model.ts'
import type { Signer } from '../../identity/signing.ts'
import { assert } from '../../platform/assert.ts'
import { sha256, toHex, utf8 } from '../../platform/bytes.ts'
import { txHash } from '../../settlement/encoding.ts'
import { firstEpoch } from '../../settlement/epochs.ts'
import {
  quorumOf,
  type AuthorisationRole,
  type AuthorisedTx,
  type Bytes32,
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
 * Certifies escrows at once with the keys of four witnesses. How witnesses come to agree is what the other simulation is about; here a trade
 * only has to leave a fact that every node can check.
 */
export type Notary = ReturnType<typeof createNotary>
export type Escrow = { readonly state: EscrowState; readonly decrees: readonly Decree[] }

export const createNotary = (federationId: Bytes32, limits: SettlementLimits) => {
  const committee = { ...committeeOf(4), federationId }
  const governance = { federationId, epoch: 0 }
  const verifying: VerifyContext = { rules: { federationId, limits, epochs: firstEpoch(committee) }, genesisCredits: [] }
  const escrows = new Map<string, Escrow>()

  const certify = (order: AuthorisedTx): Decree => {
    const { objectId, step } = order.tx
    const statement = { governance, objectId, step, view: 0, kind: 'F', txHash: txHash(order.tx) } as const
    const signatures = Array.from({ length: quorumOf(committee) }, (_, index) => {
      const { witnessIndex, signature } = signStatement(statement, index, signerOf(`witness ${index}`))
      return { witnessIndex, signature }
    })
    return { ...order, certificate: { statement, signatures } }
  }
  const get = (id: Bytes32): Escrow => {
    const escrow = escrows.get(toHex(id))
    assert(escrow !== undefined, 'the escrow was opened here')
    return escrow
  }

  return {
    verifying,
    get,
    open: (terms: EscrowTerms, acceptSignature: Signature, client: Signer): Escrow => {
      const step = escrows.size
      const header = { version: 1, objectId: terms.client, step, previousHash: sha256(utf8(`step ${step}`)), governance } as const
      const operation = { kind: 'open-escrow', terms, acceptSignature } as const
      const tx = { ...header, next: governance, type: 'account', body: { claims: [], operation, freeAfterMicro: 0n } } as const
      const state = openEscrow(tx)
      assert(state !== null, 'the transaction opens an escrow')
      const escrow = { state, decrees: [certify({ tx, authorisations: [authorise(tx, 'owner', client)] })] }
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
      const escrow = { state: advanced.value.state, decrees: [...decrees, decree] }
      escrows.set(toHex(id), escrow)
      return escrow
    },
  }
}
