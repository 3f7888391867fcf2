import { describe, expect, it } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { organisationAttestation } from './attestation.ts'

const nowMs = 1_750_000_000_000
const lifeMs = 90 * 24 * 60 * 60 * 1000
const federationId = new Uint8Array(32).fill(6)
const signer = createSigner(keyFromSeed(new Uint8Array(32).fill(5)))
const parts = { accountId: new Uint8Array(32).fill(1), subject: 'Example Ltd', issuedAtMs: nowMs, expiresAtMs: nowMs + lifeMs }

describe('an attestation to an organisation', () => {
  const signed = organisationAttestation.sign(signer, federationId, parts)
  const verdict = (asked: Partial<Parameters<typeof organisationAttestation.verify>[1]>) =>
    organisationAttestation.verify(signed, { federationId, subject: 'Example Ltd', nowMs, ...asked }).ok

  it('holds for its customer, federation and time only', () => {
    expect(verdict({})).toBe(true)
    expect(verdict({ subject: 'example ltd' })).toBe(false)
    expect(verdict({ federationId: new Uint8Array(32) })).toBe(false)
    expect(verdict({ nowMs: nowMs + lifeMs })).toBe(false)
  })

  it('is made again after at most 90 days', () => {
    const longer = organisationAttestation.sign(signer, federationId, { ...parts, expiresAtMs: nowMs + lifeMs + 1 })
    expect(organisationAttestation.verify(longer, { federationId, subject: 'Example Ltd', nowMs }).ok).toBe(false)
  })
})
