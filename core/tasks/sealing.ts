import { Aes256Gcm, CipherSuite, HpkeError, type EncryptionContext } from '@hpke/core'
import { DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/dhkem-x25519'
import { verifySignature, type Signer } from '../identity/signing.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { concatBytes, equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import { encodeCbor } from '../platform/cbor.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32, Signature } from '../settlement/objects.ts'
import { maxPaddedBytes, maxUnpaddedBytes, pad, saltBytes, unpad } from './padding.ts'

/**
 * A task is sealed to the winning bid's fresh key: HPKE base mode (RFC 9180) with X25519, HKDF-SHA256 and AES-256-GCM, the one
 * suite that Node's OpenSSL and Electron's BoringSSL both serve. Base mode does not say who sealed; the client's signature does.
 */
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

const tagBytes = 16
/** About 65,000 tokens of English: a long document. What is larger does not fit four padding steps and one network frame. */
export const maxTaskBytes = maxUnpaddedBytes - saltBytes
export const maxSealedBytes = maxPaddedBytes + tagBytes

/** What both sides know from the request, the bid and the decree; never sent again, but bound into everything that is. */
export type TaskContext = {
  readonly federationId: Bytes32
  readonly escrowId: Bytes32
  readonly clientKey: Bytes32
  readonly providerKey: Bytes32
  /** The bid's X25519 public key. */
  readonly bidKey: Bytes32
  readonly taskCommit: Bytes32
  readonly amountMicro: AmountMicro
  readonly maxOutputTokens: number
  readonly deliverByMs: number
}

/** Both 32 bytes. The private key opens one task and is deleted after its delivery. */
export type BidKey = { readonly publicKey: Bytes32; readonly privateKey: Bytes32 }

export type SealedTask = {
  /** HPKE's encapsulated key, 32 bytes. */
  readonly enc: Bytes32
  readonly ciphertext: Uint8Array
  /** The client's, under RUV1/TASK. */
  readonly signature: Signature
}

/** The plaintext with the salt that keeps its commitment from being guessed; `salt` is 32 bytes. */
export type SaltedTask = { readonly salt: Bytes32; readonly plaintext: Uint8Array }

export const saltTask = (random: Random, plaintext: Uint8Array): SaltedTask => ({ salt: random.bytes(saltBytes), plaintext })
/** SHA-256(salt ‖ plaintext): what the request and the escrow's terms name of the task. */
export const commitmentOf = (task: SaltedTask): Bytes32 => sha256(task.salt, task.plaintext)

/** RFC 9180 §7.1.3 allows DeriveKeyPair(random) as GenerateKeyPair; so randomness stays a port. */
export const createBidKey = async (random: Random): Promise<BidKey> => {
  const pair = await suite.kem.deriveKeyPair(random.bytes(32))
  const [publicKey, privateKey] = await Promise.all([
    suite.kem.serializePublicKey(pair.publicKey),
    suite.kem.serializePrivateKey(pair.privateKey),
  ])
  return { publicKey: new Uint8Array(publicKey), privateKey: new Uint8Array(privateKey) }
}

export type SealFailure = Failure<'task-too-large' | 'invalid-bid-key'>
export type Sealed = { readonly sealed: SealedTask; readonly resultKey: Bytes32 }

/** Seals and signs; the result key (32 bytes) decrypts the answer and must be stored before the task is sent. */
export const sealTask = async (
  deps: { readonly random: Random; readonly signer: Signer },
  context: TaskContext,
  task: SaltedTask,
): Promise<Result<Sealed, SealFailure>> => {
  if (task.plaintext.length > maxTaskBytes)
    return fail('task-too-large', `The task has ${task.plaintext.length} bytes; at most ${maxTaskBytes} fit. Shorten it or split it.`)
  const sender = await tryHpke(async () =>
    suite.createSenderContext({
      recipientPublicKey: await suite.kem.deserializePublicKey(context.bidKey),
      info: infoOf(context),
      ekm: deps.random.bytes(32),
    }),
  )
  if (sender === null) return fail('invalid-bid-key', 'The bid names an encryption key that is none. Choose another bid.')
  const ciphertext = new Uint8Array(await sender.seal(pad(concatBytes(task.salt, task.plaintext)), aadOf(context)))
  const enc = new Uint8Array(sender.enc)
  const signature = deps.signer.sign('RUV1/TASK', context.federationId, signedBytes(context, enc, ciphertext))
  return ok({ sealed: { enc, ciphertext, signature }, resultKey: await resultKeyOf(sender, context) })
}

/** Whether the client of this escrow sealed it; anyone can show a decree, only the client can sign for it. */
export const isSealedByClient = (context: TaskContext, sealed: SealedTask): boolean =>
  verifySignature(
    'RUV1/TASK',
    context.federationId,
    signedBytes(context, sealed.enc, sealed.ciphertext),
    sealed.signature,
    context.clientKey,
  )

export type OpenFailure = Failure<'bad-signature' | 'not-for-this-key' | 'bad-padding' | 'commitment-mismatch'>
export type Opened = { readonly plaintext: Uint8Array; readonly resultKey: Bytes32 }

/** The provider's side: checks who sealed it, for which escrow and caps, and that it is the task that was asked for. */
export const openTask = async (privateKey: Bytes32, context: TaskContext, sealed: SealedTask): Promise<Result<Opened, OpenFailure>> => {
  if (!isSealedByClient(context, sealed))
    return fail('bad-signature', 'The task is not signed by the client of this escrow, or it was changed on the way.')
  const opened = await tryHpke(async () => {
    const recipient = await suite.createRecipientContext({
      recipientKey: await suite.kem.deserializePrivateKey(privateKey),
      enc: sealed.enc,
      info: infoOf(context),
    })
    return {
      padded: new Uint8Array(await recipient.open(sealed.ciphertext, aadOf(context))),
      resultKey: await resultKeyOf(recipient, context),
    }
  })
  if (opened === null) return fail('not-for-this-key', 'The task was not sealed to the key of this bid.')
  const content = unpad(opened.padded)
  if (content === null || content.length < saltBytes) return fail('bad-padding', 'The sealed task is not padded as the protocol says.')
  const task = { salt: content.slice(0, saltBytes), plaintext: content.slice(saltBytes) }
  if (!equalBytes(commitmentOf(task), context.taskCommit))
    return fail('commitment-mismatch', 'The task is not the one that the request committed to.')
  return ok({ plaintext: task.plaintext, resultKey: opened.resultKey })
}

const infoOf = (context: TaskContext): Uint8Array =>
  encodeCbor(['RUV1/SEAL', context.federationId, context.clientKey, context.providerKey, context.bidKey])

const aadOf = (context: TaskContext): Uint8Array =>
  encodeCbor([context.escrowId, context.taskCommit, context.amountMicro, context.maxOutputTokens, context.deliverByMs])

const signedBytes = (context: TaskContext, enc: Uint8Array, ciphertext: Uint8Array): Uint8Array =>
  encodeCbor(['task', infoOf(context), aadOf(context), enc, sha256(ciphertext)])

const resultKeyOf = async (context: EncryptionContext, { escrowId }: TaskContext): Promise<Bytes32> =>
  new Uint8Array(await context.export(concatBytes(utf8('RUV1/RESULT'), escrowId), 32))

/** The library throws on hostile keys and ciphertexts, always an HpkeError; anything else is our own mistake and goes on. */
const tryHpke = async <T>(work: () => Promise<T>): Promise<T | null> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HpkeError) return null
    throw error
  }
}
