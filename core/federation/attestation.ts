import { statementKind } from '../identity/account-statement.ts'
import { genesisBounds } from './genesis.ts'

/**
 * "I am an authorised user of the Anthropic customer that this organisation federation is named after" (policy.md): signed by
 * the member, subject is the customer's name exactly as the genesis document writes it. Attested again after 90 days, like consents.
 */
export const organisationAttestation = statementKind({
  tag: 'RUV1/ATTEST',
  noun: 'The attestation that this member belongs to the organisation',
  maxSubjectCharacters: genesisBounds.customer,
  maxLifeMs: 90 * 24 * 60 * 60 * 1000,
})
