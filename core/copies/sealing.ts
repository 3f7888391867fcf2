import { Aes256Gcm, CipherSuite, HpkeError } from '@hpke/core'
import { DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/dhkem-x25519'
import type { Signer } from '../identity/signing.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { encodeCbor } from '../platform/cbor.ts'
import type { Random } from '../platform/random.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import type { SealedCopy } from './model.ts'

/** HPKE base mode (RFC 9180), the suite of tasks/sealing.ts. A linked computer has the public key alone: it writes what only the phrase reads. */
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

export type CopyKeys = { readonly publicKey: Bytes32; readonly privateKey: Bytes32 }

/** From a signature that never leaves this computer, so that they come back with the phrase. */
export const copyKeysOf = async (owner: Signer, federationId: Bytes32): Promise<CopyKeys> => {
  const pair = await suite.kem.deriveKeyPair(sha256(owner.sign('RUV1/COPY', federationId, utf8('the key of my copies'))))
  const [publicKey, privateKey] = await Promise.all([
    suite.kem.serializePublicKey(pair.publicKey),
    suite.kem.serializePrivateKey(pair.privateKey),
  ])
  return { publicKey: new Uint8Array(publicKey), privateKey: new Uint8Array(privateKey) }
}

type About = Pick<SealedCopy, 'slot' | 'version'> & { readonly account: AccountId; readonly federationId: Bytes32 }
const infoOf = ({ federationId, account }: About): Uint8Array => encodeCbor(['RUV1/COPY', federationId, account])
/** A copy cannot be passed off as one of another folder or as a newer one. */
const aadOf = ({ slot, version }: About): Uint8Array => encodeCbor([slot, version])

export const sealCopy = async (random: Random, publicKey: Bytes32, about: About, packed: Uint8Array) => {
  const sender = await suite.createSenderContext({
    recipientPublicKey: await suite.kem.deserializePublicKey(publicKey),
    info: infoOf(about),
    ekm: random.bytes(32),
  })
  return { enc: new Uint8Array(sender.enc), ciphertext: new Uint8Array(await sender.seal(packed, aadOf(about))) }
}

/** Null for what is sealed to another key or was changed. */
export const openCopy = async (keys: CopyKeys, about: About, { enc, ciphertext }: SealedCopy): Promise<Uint8Array | null> => {
  try {
    const recipient = await suite.createRecipientContext({
      recipientKey: await suite.kem.deserializePrivateKey(keys.privateKey),
      enc,
      info: infoOf(about),
    })
    return new Uint8Array(await recipient.open(ciphertext, aadOf(about)))
  } catch (error) {
    if (error instanceof HpkeError) return null
    throw error
  }
}
