import { hkdfSync } from 'node:crypto'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { taggedHash } from '../identity/signing.ts'
import { concatBytes, equalBytes, sha256, toHex, utf8 } from '../platform/bytes.ts'
import type { Bytes32, ObjectId, TxHash } from './objects.ts'

/**
 * Shares of the seed from which a panel is drawn (settlement.md §5.5). A share is a BLS12-381 signature: there is exactly one for a
 * key and a dispute, so a witness can withhold it but not choose it. An Ed25519 signature would not do: its signer may vary it.
 * Shares are hashed, never added up, so a key that was made out of other keys gains nothing.
 */
const bls = bls12_381.longSignatures
export const seedKeyBytes = 48
export const shareBytes = 96
/** The suite of RFC 9380 with a name for each use, so that a proof of possession is no share. */
const shareDomain = 'RUV1_SHARE_BLS12381G2_XMD:SHA-256_SSWU_RO_'
const proofDomain = 'RUV1_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_'

export type SeedKey = {
  /** 48 bytes, in the genesis document. */
  readonly publicKey: Uint8Array
  /** 96 bytes: that whoever names this key beside that voting key has its private half. */
  readonly proof: () => Uint8Array
  readonly share: (dispute: DisputeName) => Uint8Array
}
export type DisputeName = { readonly federationId: Bytes32; readonly escrowId: ObjectId; readonly disputeHash: TxHash }

/** Derived from the seed of the witness's voting key, under a domain of its own. */
export const seedKeyOf = (witnessSeed: Uint8Array, witnessKey: Bytes32): SeedKey => {
  const secret = bls12_381.utils.randomSecretKey(new Uint8Array(hkdfSync('sha256', witnessSeed, '', 'RUV1/SEED-KEY', 48)))
  const publicKey = bls.getPublicKey(secret).toBytes(true)
  const sign = (message: Uint8Array, domain: string): Uint8Array => bls.Signature.toBytes(bls.sign(bls.hash(message, domain), secret))
  return {
    publicKey,
    proof: () => sign(concatBytes(publicKey, witnessKey), proofDomain),
    share: (dispute) => sign(shareMessage(dispute), shareDomain),
  }
}

export const verifyShare = (dispute: DisputeName, seedKey: Uint8Array, share: Uint8Array): boolean =>
  verify(share, shareMessage(dispute), shareDomain, seedKey)

export const isSeedKeyProven = (seedKey: Uint8Array, proof: Uint8Array, witnessKey: Bytes32): boolean =>
  verify(proof, concatBytes(seedKey, witnessKey), proofDomain, seedKey)

/** A point of the right subgroup in its one encoding, and not infinity, under which infinity is a signature. A key nobody has the private half of only makes its witness a silent one. */
export const isSeedKey = (bytes: Uint8Array): boolean => {
  if (bytes.length !== seedKeyBytes) return false
  try {
    const point = bls12_381.G1.Point.fromBytes(bytes)
    return !point.is0() && equalBytes(point.toBytes(true), bytes)
  } catch {
    return false
  }
}

const shareMessage = ({ federationId, escrowId, disputeHash }: DisputeName): Uint8Array =>
  taggedHash('RUV1/SHARE', federationId, concatBytes(escrowId, disputeHash))

/** A pairing takes some 20 ms, and the same shares are met again and again. */
const maxRemembered = 1_024
const verdicts = new Map<string, boolean>()

const verify = (signature: Uint8Array, message: Uint8Array, domain: string, publicKey: Uint8Array): boolean => {
  const name = toHex(sha256(signature, sha256(message), publicKey, utf8(domain)))
  const known = verdicts.get(name)
  if (known !== undefined) return known
  const verdict = verifyPairing(signature, message, domain, publicKey)
  verdicts.set(name, verdict)
  const oldest = verdicts.keys().next().value
  if (verdicts.size > maxRemembered && oldest !== undefined) verdicts.delete(oldest)
  return verdict
}

/** False for anything malformed. The encoding must be the only one: the seed is a hash of the shares' bytes. */
const verifyPairing = (signature: Uint8Array, message: Uint8Array, domain: string, publicKey: Uint8Array): boolean => {
  if (signature.length !== shareBytes || publicKey.length !== seedKeyBytes) return false
  try {
    const point = bls.Signature.fromBytes(signature)
    return equalBytes(bls.Signature.toBytes(point), signature) && bls.verify(point, bls.hash(message, domain), publicKey)
  } catch {
    return false
  }
}
