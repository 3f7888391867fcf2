import { bytesOf, decodeBytes, encodeBytes, listUpTo, record, timeMs, variant, wordOf, type Codec } from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import type { AccountId, Bytes32, Signature } from '../settlement/objects.ts'
import { verifySignature, type Signer } from '../identity/signing.ts'
import { copyCodec, maxCopyBytes, type SealedCopy } from './model.ts'

/** The copies protocol: members leave their sealed copies with the witnesses and take them back. */
export type CopyRequest =
  | { readonly kind: 'put'; readonly copy: SealedCopy }
  /** Signed, so that nobody else learns how much an account has open. */
  | ({ readonly kind: 'fetch'; readonly signature: Signature } & FetchBody)
type FetchBody = { readonly account: AccountId; readonly key: Bytes32; readonly atMs: number }

export const putRefusals = ['not-yours', 'older', 'too-soon', 'full', 'malformed'] as const
export type CopyAnswer =
  | { readonly kind: 'taken' }
  /** `older`: there is a newer version of this slot, which an older copy of a data folder has to learn of. */
  | { readonly kind: 'refused'; readonly code: (typeof putRefusals)[number] }
  | { readonly kind: 'copies'; readonly copies: readonly SealedCopy[] }

/** Data folders of one account: its computers, and what is left of earlier ones. The oldest goes first. */
export const maxSlots = 6
const maxAnswerBytes = maxSlots * maxCopyBytes + 64

const fetchBody = { account: bytesOf(32), key: bytesOf(32), atMs: timeMs } as const
const fetchCodec = record<FetchBody>(fetchBody)
const requestCodec: Codec<CopyRequest> = variant<CopyRequest>({
  put: record({ copy: copyCodec }),
  fetch: record({ ...fetchBody, signature: bytesOf(64) }),
})
const answerCodec: Codec<CopyAnswer> = variant<CopyAnswer>({
  taken: record<Record<never, never>>({}),
  refused: record({ code: wordOf(putRefusals) }),
  copies: record({ copies: listUpTo(copyCodec, maxSlots) }),
})

export const fetchRequest = (account: AccountId, atMs: number, signer: Signer, federationId: Bytes32): CopyRequest => {
  const asked = { account, key: signer.publicKey, atMs }
  return { kind: 'fetch', ...asked, signature: signer.sign('RUV1/COPY', federationId, encodeBytes(fetchCodec, asked)) }
}
export const isFetchSigned = (
  { account, key, atMs, signature }: Extract<CopyRequest, { readonly kind: 'fetch' }>,
  federationId: Bytes32,
): boolean => verifySignature('RUV1/COPY', federationId, encodeBytes(fetchCodec, { account, key, atMs }), signature, key)

export const encodeCopyRequest = (request: CopyRequest): Uint8Array => encodeBytes(requestCodec, request)
export const decodeCopyRequest = (bytes: Uint8Array): Result<CopyRequest, Failure<'malformed'>> =>
  decodeBytes(requestCodec, bytes, maxCopyBytes + 64, 'copies question')
export const encodeCopyAnswer = (answer: CopyAnswer): Uint8Array => encodeBytes(answerCodec, answer)
export const decodeCopyAnswer = (bytes: Uint8Array): Result<CopyAnswer, Failure<'malformed'>> =>
  decodeBytes(answerCodec, bytes, maxAnswerBytes, 'copies answer')
export const encodeKept = (copy: SealedCopy): Uint8Array => encodeBytes(copyCodec, copy)
export const decodeKept = (bytes: Uint8Array): Result<SealedCopy, Failure<'malformed'>> =>
  decodeBytes(copyCodec, bytes, maxCopyBytes, 'kept copy')
