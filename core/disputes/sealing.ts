import { createCipheriv, createDecipheriv } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { Aes256Gcm, CipherSuite, HpkeError } from '@hpke/core'
import { DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/dhkem-x25519'
import type { Signer } from '../identity/signing.ts'
import { concatBytes, equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import { encodeCbor } from '../platform/cbor.ts'
import type { Random } from '../platform/random.ts'
import type { Bytes32, ObjectId } from '../settlement/objects.ts'
import {
  decodeExhibit,
  encodeExhibit,
  maxExhibitBytes,
  signSealed,
  type Box,
  type Exhibit,
  type PartyRole,
  type SealedExhibit,
} from './model.ts'

/**
 * Exhibits are encrypted once under a fresh key, and that key is sealed to each seated arbiter (HPKE base mode, RFC 9180, the suite
 * of tasks/sealing.ts). Witnesses carry them and cannot read them.
 */
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const gcm = 'aes-256-gcm'
/** The key is used once. */
const nonce = new Uint8Array(12)
const tagBytes = 16

export type BoxKeys = { readonly publicKey: Bytes32; readonly privateKey: Bytes32 }

/** An arbiter's keys for exhibits: a hash of a signature that never leaves this computer, so that they come back with its phrase. */
export const boxKeysOf = async (signer: Signer, federationId: Bytes32): Promise<BoxKeys> => {
  const pair = await suite.kem.deriveKeyPair(sha256(signer.sign('RUV1/BOX', federationId, utf8('the key of my box'))))
  const [publicKey, privateKey] = await Promise.all([
    suite.kem.serializePublicKey(pair.publicKey),
    suite.kem.serializePrivateKey(pair.privateKey),
  ])
  return { publicKey: new Uint8Array(publicKey), privateKey: new Uint8Array(privateKey) }
}

const infoOf = (federationId: Bytes32, escrowId: ObjectId, role: PartyRole, boxKey: Bytes32): Uint8Array =>
  encodeCbor(['RUV1/EXHIBIT', federationId, escrowId, role, boxKey])

type Sealing = { readonly random: Random; readonly signer: Signer; readonly federationId: Bytes32 }

/** Null when it is too large. */
export const sealExhibit = async (
  { random, signer, federationId }: Sealing,
  about: Pick<SealedExhibit, 'escrowId' | 'role' | 'madeAtMs'>,
  exhibit: Exhibit,
  boxes: readonly Box[],
): Promise<SealedExhibit | null> => {
  const plain = encodeExhibit(exhibit)
  const packed = plain.length > maxExhibitBytes ? null : new Uint8Array(deflateRawSync(plain))
  if (packed === null || packed.length > maxExhibitBytes) return null
  const key = random.bytes(32)
  const cipher = createCipheriv(gcm, key, nonce).setAAD(encodeCbor([about.escrowId, about.role]))
  const ciphertext = concatBytes(cipher.update(packed), cipher.final(), cipher.getAuthTag())
  const keys = await Promise.all(
    boxes.map(async ({ arbiter, boxKey }) => {
      const sender = await suite.createSenderContext({
        recipientPublicKey: await suite.kem.deserializePublicKey(boxKey),
        info: infoOf(federationId, about.escrowId, about.role, boxKey),
        ekm: random.bytes(32),
      })
      return { arbiter, boxKey, enc: new Uint8Array(sender.enc), sealedKey: new Uint8Array(await sender.seal(key)) }
    }),
  )
  return signSealed({ ...about, ciphertext, keys }, signer, federationId)
}

/** Null for what is not sealed to this arbiter, or was changed. Whether a party signed it is for the caller. */
export const openExhibit = async (sealed: SealedExhibit, keys: BoxKeys, federationId: Bytes32): Promise<Exhibit | null> => {
  const own = sealed.keys.find(({ boxKey }) => equalBytes(boxKey, keys.publicKey))
  if (own === undefined || sealed.ciphertext.length < tagBytes) return null
  try {
    const recipient = await suite.createRecipientContext({
      recipientKey: await suite.kem.deserializePrivateKey(keys.privateKey),
      enc: own.enc,
      info: infoOf(federationId, sealed.escrowId, sealed.role, own.boxKey),
    })
    const key = new Uint8Array(await recipient.open(own.sealedKey))
    return unpacked(sealed, key)
  } catch (error) {
    if (error instanceof HpkeError) return null
    throw error
  }
}

const unpacked = ({ escrowId, role, ciphertext }: SealedExhibit, key: Uint8Array): Exhibit | null => {
  const end = ciphertext.length - tagBytes
  try {
    const decipher = createDecipheriv(gcm, key, nonce, { authTagLength: tagBytes }).setAAD(encodeCbor([escrowId, role]))
    decipher.setAuthTag(ciphertext.subarray(end))
    const packed = concatBytes(decipher.update(ciphertext.subarray(0, end)), decipher.final())
    const exhibit = decodeExhibit(new Uint8Array(inflateRawSync(packed, { maxOutputLength: maxExhibitBytes })))
    return exhibit.ok ? exhibit.value : null
  } catch {
    return null
  }
}
