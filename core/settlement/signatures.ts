import { verifySignature, type Signer } from '../identity/signing.ts'
import { encodeProposal, encodeReceipt, encodeStatement, encodeTerms, txHash } from './encoding.ts'
import type {
  Authorisation,
  AuthorisationRole,
  Bytes32,
  EscrowTerms,
  Proposal,
  Signature,
  SignedProposal,
  SignedUsageReceipt,
  Statement,
  Tx,
  UsageReceipt,
  Vote,
} from './objects.ts'

/** Who signs what, under which tag. Every verifier takes the key to check against: a key inside a message proves nothing. */

/** Rulings and endorsements have tags of their own, so that who is a party elsewhere never signs both with one signature. */
const tagOf = (role: AuthorisationRole) => (role === 'arbiter' ? 'RUV1/RULE' : role === 'member' ? 'RUV1/EPOCH' : 'RUV1/AUTH')
export const authorise = (tx: Tx, role: AuthorisationRole, signer: Signer): Authorisation => ({
  role,
  publicKey: signer.publicKey,
  signature: signer.sign(tagOf(role), tx.governance.federationId, txHash(tx)),
})
export const verifyAuthorisation = (tx: Tx, { role, publicKey, signature }: Authorisation): boolean =>
  verifySignature(tagOf(role), tx.governance.federationId, txHash(tx), signature, publicKey)

export const signTerms = (federationId: Bytes32, terms: EscrowTerms, provider: Signer): Signature =>
  provider.sign('RUV1/ACCEPT', federationId, encodeTerms(terms))
export const verifyTerms = (federationId: Bytes32, terms: EscrowTerms, signature: Signature): boolean =>
  verifySignature('RUV1/ACCEPT', federationId, encodeTerms(terms), signature, terms.providerKey)

export const signReceipt = (federationId: Bytes32, receipt: UsageReceipt, provider: Signer): SignedUsageReceipt => ({
  receipt,
  providerSignature: provider.sign('RUV1/RECEIPT', federationId, encodeReceipt(receipt)),
})
export const verifyReceipt = (federationId: Bytes32, signed: SignedUsageReceipt, providerKey: Bytes32): boolean =>
  verifySignature('RUV1/RECEIPT', federationId, encodeReceipt(signed.receipt), signed.providerSignature, providerKey)

export const signStatement = (statement: Statement, witnessIndex: number, witness: Signer): Vote => ({
  statement,
  witnessIndex,
  signature: witness.sign('RUV1/VOTE', statement.governance.federationId, encodeStatement(statement)),
})
export const verifyStatement = (statement: Statement, signature: Signature, witnessKey: Bytes32): boolean =>
  verifySignature('RUV1/VOTE', statement.governance.federationId, encodeStatement(statement), signature, witnessKey)

export const signProposal = (proposal: Proposal, witnessIndex: number, witness: Signer): SignedProposal => ({
  proposal,
  witnessIndex,
  signature: witness.sign('RUV1/PROP', proposal.governance.federationId, encodeProposal(proposal)),
})
export const verifyProposal = ({ proposal, signature }: SignedProposal, witnessKey: Bytes32): boolean =>
  verifySignature('RUV1/PROP', proposal.governance.federationId, encodeProposal(proposal), signature, witnessKey)
