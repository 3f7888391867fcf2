import type { Signer } from '../identity/signing.ts'
import { equalBytes } from '../platform/bytes.ts'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import { organisationAttestation } from './attestation.ts'
import type { Federation } from './federation.ts'

/** Ninety days less an hour, so that the reader's clock may differ. */
const attestationLifeMs = 90 * 24 * 3_600_000 - 3_600_000
const maxAttestationBytes = 512

/** This member's own attestation, as its requests carry it; null outside of an organisation. */
export const attest = (federation: Federation, accountId: AccountId, signer: Signer, nowMs: number): Uint8Array | null => {
  const { organisation } = federation.genesis
  if (organisation === null) return null
  const statement = { accountId, subject: organisation.customer, issuedAtMs: nowMs, expiresAtMs: nowMs + attestationLifeMs }
  return encodeBytes(organisationAttestation.codec, organisationAttestation.sign(signer, federation.id, statement))
}

/** When an attestation of one's own ends. */
export const attestedUntilMs = (attestation: Uint8Array): number | null => {
  const decoded = decodeBytes(organisationAttestation.codec, attestation, maxAttestationBytes, 'attestation')
  return decoded.ok ? decoded.value.statement.expiresAtMs : null
}

type Claim = { readonly client: AccountId; readonly clientKey: Bytes32; readonly attestation: Uint8Array | null }

/** Whether the maker of a request attested, with the key that signed the request, to belong to the organisation. */
export const isAttested = (federation: Federation, { client, clientKey, attestation }: Claim, nowMs: number): boolean => {
  const { organisation } = federation.genesis
  if (organisation === null || attestation === null) return false
  const decoded = decodeBytes(organisationAttestation.codec, attestation, maxAttestationBytes, 'attestation')
  if (!decoded.ok) return false
  const verified = organisationAttestation.verify(decoded.value, { federationId: federation.id, subject: organisation.customer, nowMs })
  return verified.ok && equalBytes(verified.value.accountId, client) && equalBytes(verified.value.signingKey, clientKey)
}
