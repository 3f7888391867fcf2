import { verifySignature, type Signer } from '../identity/signing.ts'
import { encodeCbor } from '../platform/cbor.ts'
import {
  bytesOf,
  bytesUpTo,
  decodeBytes,
  encodeBytes,
  flag,
  integer,
  nullable,
  record,
  textUpTo,
  variant,
  wordOf,
} from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import { maxDecreeBytes, signedReceiptCodec } from '../settlement/encoding.ts'
import type { Bytes32, ObjectId, Signature, SignedUsageReceipt } from '../settlement/objects.ts'
import { maxChunkCipherBytes, maxChunks, type Chunk } from './chunk-stream.ts'
import { maxSealedBytes, type SealedTask } from './sealing.ts'

/** The frames of the `task` protocol: one stream carries one task, from its start or from where an earlier stream broke off. */
export type ClientFrame =
  | { readonly kind: 'start'; readonly openDecree: Uint8Array; readonly sealed: SealedTask }
  /** Signed (RUV1/TASK), because whoever resumes a task may also cancel it. */
  | { readonly kind: 'resume'; readonly escrowId: ObjectId; readonly fromCounter: number; readonly signature: Signature }
  /** All chunks below `nextCounter` are stored; the decree that pays for them, or null when their owner looks at them before. */
  | { readonly kind: 'acknowledge'; readonly nextCounter: number; readonly settledDecree: Uint8Array | null }
  | { readonly kind: 'cancel' }

export const refusalCodes = [
  'malformed',
  'unknown-escrow',
  'not-certified',
  'terms-differ',
  'cannot-open',
  'busy',
  'not-serving',
  'refused-by-policy',
  'too-late',
] as const
export type TaskRefusal = (typeof refusalCodes)[number]
export const taskFaults = ['client', 'provider', 'model-refusal'] as const
export type TaskFault = (typeof taskFaults)[number]

export type ProviderFrame =
  /** `streamId` (16 bytes) keys the chunk stream; the same again for a resumed task. */
  | { readonly kind: 'accepted'; readonly escrowId: ObjectId; readonly streamId: Uint8Array }
  | { readonly kind: 'refused'; readonly code: TaskRefusal; readonly sentence: string }
  | ({ readonly kind: 'chunk' } & Chunk)
  | { readonly kind: 'done'; readonly signed: SignedUsageReceipt }
  /** Nothing is charged; the provider refunds at once. */
  | { readonly kind: 'failed'; readonly fault: TaskFault; readonly sentence: string }

/** Around the one large field of a frame: ids, a signature or receipt, a sentence, CBOR heads. */
const envelopeBytes = 2_048
export const maxClientFrameBytes = maxSealedBytes + maxDecreeBytes + envelopeBytes
export const maxProviderFrameBytes = maxChunkCipherBytes + envelopeBytes
export const streamIdBytes = 16

const counter = integer(0, maxChunks)
const sentence = textUpTo(280)
/** Also the form in which the outbox keeps it to send it again. */
export const sealedTaskCodec = record<SealedTask>({ enc: bytesOf(32), ciphertext: bytesUpTo(maxSealedBytes), signature: bytesOf(64) })

const clientCodec = variant<ClientFrame>({
  start: record({ openDecree: bytesUpTo(maxDecreeBytes), sealed: sealedTaskCodec }),
  resume: record({ escrowId: bytesOf(32), fromCounter: counter, signature: bytesOf(64) }),
  acknowledge: record({ nextCounter: counter, settledDecree: nullable(bytesUpTo(maxDecreeBytes)) }),
  cancel: record({}),
})

const providerCodec = variant<ProviderFrame>({
  accepted: record({ escrowId: bytesOf(32), streamId: bytesOf(streamIdBytes) }),
  refused: record({ code: wordOf(refusalCodes), sentence }),
  chunk: record({ counter, final: flag, ciphertext: bytesUpTo(maxChunkCipherBytes) }),
  done: record({ signed: signedReceiptCodec }),
  failed: record({ fault: wordOf(taskFaults), sentence }),
})

type Malformed = Failure<'malformed'>
export const encodeClientFrame = (frame: ClientFrame): Uint8Array => encodeBytes(clientCodec, frame)
export const decodeClientFrame = (bytes: Uint8Array): Result<ClientFrame, Malformed> =>
  decodeBytes(clientCodec, bytes, maxClientFrameBytes, 'task message')
export const encodeProviderFrame = (frame: ProviderFrame): Uint8Array => encodeBytes(providerCodec, frame)
export const decodeProviderFrame = (bytes: Uint8Array): Result<ProviderFrame, Malformed> =>
  decodeBytes(providerCodec, bytes, maxProviderFrameBytes, 'task answer')

type Resume = Extract<ClientFrame, { readonly kind: 'resume' }>

export const resumeFrame = (signer: Signer, federationId: Bytes32, escrowId: ObjectId, fromCounter: number): Resume => ({
  kind: 'resume',
  escrowId,
  fromCounter,
  signature: signer.sign('RUV1/TASK', federationId, resumeBytes(escrowId, fromCounter)),
})
export const isResumeBy = (clientKey: Bytes32, federationId: Bytes32, { escrowId, fromCounter, signature }: Resume): boolean =>
  verifySignature('RUV1/TASK', federationId, resumeBytes(escrowId, fromCounter), signature, clientKey)

/** The first word keeps it apart from a sealed task, which is signed under the same tag. */
const resumeBytes = (escrowId: ObjectId, fromCounter: number): Uint8Array => encodeCbor(['resume', escrowId, fromCounter])
