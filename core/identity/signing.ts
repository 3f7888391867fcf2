import { sha256, utf8 } from '../platform/bytes.ts'
import { verifyStrict, type Ed25519Key } from './ed25519.ts'

/** Every use of a signature has its own tag, so that no signature can be replayed as another (settlement.md §2). */
export type SignatureTag =
  | 'RUV1/GENESIS'
  | 'RUV1/AUTH'
  | 'RUV1/VOTE'
  | 'RUV1/PROP'
  | 'RUV1/OFFER'
  | 'RUV1/WITHDRAWAL'
  | 'RUV1/BID'
  | 'RUV1/REQUEST'
  | 'RUV1/ACCEPT'
  | 'RUV1/CLOSED'
  | 'RUV1/TASK'
  | 'RUV1/RECEIPT'
  | 'RUV1/PEER'
  | 'RUV1/DEVICE'
  | 'RUV1/COPY'
  | 'RUV1/RULE'
  | 'RUV1/BOX'
  | 'RUV1/EXHIBIT'
  | 'RUV1/EPOCH'
  | 'RUV1/CHANGE'
  | 'RUV1/FROZEN'
  | 'RUV1/CONSENT'
  | 'RUV1/STATEMENT'
  | 'RUV1/ATTEST'
  | 'RUV1/INVITE'
  | 'RUV1/NOTE'
  | 'RUV1/AUDIT'

const zero = new Uint8Array(1)

/** SHA-256(tag ‖ 0x00 ‖ federationId(32) ‖ bytes): what is signed, and also the hash of an object under its tag. */
export const taggedHash = (tag: string, federationId: Uint8Array, bytes: Uint8Array): Uint8Array =>
  sha256(utf8(tag), zero, federationId, bytes)

/** Signs under a domain; the private key stays behind this interface. */
export type Signer = {
  readonly publicKey: Uint8Array
  readonly sign: (tag: SignatureTag, federationId: Uint8Array, bytes: Uint8Array) => Uint8Array
}

export const createSigner = (key: Ed25519Key): Signer => ({
  publicKey: key.publicKey,
  sign: (tag, federationId, bytes) => key.signRaw(taggedHash(tag, federationId, bytes)),
})

export const verifySignature = (
  tag: SignatureTag,
  federationId: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean => verifyStrict(signature, taggedHash(tag, federationId, bytes), publicKey)
