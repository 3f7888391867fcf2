import { equalBytes, sha256, toHex, utf8 } from '../platform/bytes.ts'
import * as bls from '../settlement/seed-share.ts'

/** Stands in for settlement/seed-share.ts in the simulation's own threads, as token-signatures.ts does for Ed25519: a pairing takes as long as a whole run. */
export type SeedKey = bls.SeedKey
export type DisputeName = bls.DisputeName
export const { seedKeyBytes, shareBytes } = bls

const secrets = new Map<string, Uint8Array>()

const tokenOf = (secret: Uint8Array, purpose: string, ...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = sha256(utf8(purpose), secret, ...parts)
  return new Uint8Array(Buffer.concat([hash, hash, hash]))
}
const shareOf = (secret: Uint8Array, { federationId, escrowId, disputeHash }: DisputeName): Uint8Array =>
  tokenOf(secret, 'share', federationId, escrowId, disputeHash)

export const seedKeyOf = (witnessSeed: Uint8Array, witnessKey: Uint8Array): SeedKey => {
  const secret = sha256(utf8('seed key'), witnessSeed)
  const publicKey = tokenOf(secret, 'public').slice(0, seedKeyBytes)
  secrets.set(toHex(publicKey), secret)
  return {
    publicKey,
    proof: () => tokenOf(secret, 'proof', witnessKey),
    share: (dispute) => shareOf(secret, dispute),
  }
}

export const verifyShare = (dispute: DisputeName, seedKey: Uint8Array, share: Uint8Array): boolean => {
  const secret = secrets.get(toHex(seedKey))
  return secret !== undefined && equalBytes(shareOf(secret, dispute), share)
}

export const isSeedKeyProven = (seedKey: Uint8Array, proof: Uint8Array, witnessKey: Uint8Array): boolean => {
  const secret = secrets.get(toHex(seedKey))
  return secret !== undefined && equalBytes(tokenOf(secret, 'proof', witnessKey), proof)
}

export const isSeedKey = (bytes: Uint8Array): boolean => secrets.has(toHex(bytes))
