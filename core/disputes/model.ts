import { actsFor } from '../escrow/model.ts'
import { verifySignature, type Signer } from '../identity/signing.ts'
import { compareBytes, equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import { encodeCbor } from '../platform/cbor.ts'
import {
  bytesOf,
  bytesUpTo,
  decodeBytes,
  encodeBytes,
  flag,
  integer,
  listUpTo,
  nullable,
  record,
  textUpTo,
  timeMs,
  wordOf,
  type Codec,
} from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import { signedReceiptCodec } from '../settlement/encoding.ts'
import type { Bytes32, Decree, EscrowState, ObjectId, RulingOutcome, Signature, SignedUsageReceipt } from '../settlement/objects.ts'
import { transcriptOfChunks, type Chunk } from '../tasks/chunk-stream.ts'
import { commitmentOf } from '../tasks/sealing.ts'

/** What a party shows the panel, and the key an arbiter is shown it under. */
export type PartyRole = 'client' | 'provider'
export type Exhibit = {
  /** What the party says. */
  readonly statement: string
  /** The client's: with the statement it opens the reason that DISPUTE committed to. */
  readonly salt: Bytes32
  /** Opens the commitment to the task; null when the party keeps it to itself. */
  readonly task: { readonly salt: Bytes32; readonly prompt: string } | null
  /** As it arrived, whole or in part. */
  readonly answer: string | null
  /** The answer as it was streamed, encrypted. */
  readonly chunks: { readonly streamId: Uint8Array; readonly chunks: readonly Chunk[] } | null
  readonly receipt: SignedUsageReceipt | null
}

export const maxStatementLength = 4_000
/** Two of them and their chain fit one frame of the court protocol. */
export const maxExhibitBytes = 440_000
const maxSealedBytes = maxExhibitBytes + 64
const maxPanel = 9
/** A prompt of the largest size class and an answer of the same length still fit when the texts are in ASCII. */
const maxTextLength = 262_144

const chunk: Codec<Chunk> = record({ counter: integer(0, 1_000_000), final: flag, ciphertext: bytesUpTo(17_000) })
const exhibitCodec: Codec<Exhibit> = record({
  statement: textUpTo(maxStatementLength),
  salt: bytesOf(32),
  task: nullable(record({ salt: bytesOf(32), prompt: anyText(maxTextLength) })),
  answer: nullable(anyText(maxTextLength)),
  chunks: nullable(record({ streamId: bytesOf(16), chunks: listUpTo(chunk, 4_096) })),
  receipt: nullable(signedReceiptCodec),
})
/** A task or an answer may hold any character; it is shown as text only. */
function anyText(maxLength: number): Codec<string> {
  return {
    encode: (value) => utf8(value),
    decode: (value, at) => Buffer.from(bytesUpTo(4 * maxLength).decode(value, at)).toString('utf8'),
  }
}
export const encodeExhibit = (exhibit: Exhibit): Uint8Array => encodeBytes(exhibitCodec, exhibit)
export const decodeExhibit = (bytes: Uint8Array): Result<Exhibit, Failure<'malformed'>> =>
  decodeBytes(exhibitCodec, bytes, maxExhibitBytes, 'exhibit')

/** A receipt by itself tells the panel no more than the decree that delivered. */
export const saysNothing = ({ statement, task, answer, chunks }: Exhibit): boolean =>
  statement === '' && task === null && answer === null && chunks === null

/** What DISPUTE names of the client's statement, so that it cannot be changed once the panel is known. */
export const reasonHashOf = (salt: Bytes32, statement: string): Bytes32 => sha256(salt, utf8(statement))

/** An arbiter's key for exhibits, for a while: an X25519 key bound by the arbiter's signature. */
export type Box = { readonly arbiter: Bytes32; readonly boxKey: Bytes32; readonly expiresAtMs: number; readonly signature: Signature }
const boxBody = record<Omit<Box, 'signature'>>({ arbiter: bytesOf(32), boxKey: bytesOf(32), expiresAtMs: timeMs })
export const boxCodec: Codec<Box> = record<Box>({ arbiter: bytesOf(32), boxKey: bytesOf(32), expiresAtMs: timeMs, signature: bytesOf(64) })
export const signBox = (signer: Signer, federationId: Bytes32, boxKey: Bytes32, expiresAtMs: number): Box => {
  const body = { arbiter: signer.publicKey, boxKey, expiresAtMs }
  return { ...body, signature: signer.sign('RUV1/BOX', federationId, encodeBytes(boxBody, body)) }
}
export const isBoxSigned = ({ signature, ...body }: Box, federationId: Bytes32): boolean =>
  verifySignature('RUV1/BOX', federationId, encodeBytes(boxBody, body), signature, body.arbiter)

/** An arbiter's question what it has signed of an escrow: nobody else is told. The same every time, so a witness learns nothing by it. */
export type OwnRulingQuestion = { readonly escrowId: ObjectId; readonly arbiter: Bytes32; readonly signature: Signature }
const ownRulingBody = (escrowId: ObjectId): Uint8Array => encodeCbor(['my ruling', escrowId])
export const askOwnRuling = (signer: Signer, federationId: Bytes32, escrowId: ObjectId): OwnRulingQuestion => ({
  escrowId,
  arbiter: signer.publicKey,
  signature: signer.sign('RUV1/BOX', federationId, ownRulingBody(escrowId)),
})
export const isAskedByArbiter = ({ escrowId, arbiter, signature }: OwnRulingQuestion, federationId: Bytes32): boolean =>
  verifySignature('RUV1/BOX', federationId, ownRulingBody(escrowId), signature, arbiter)

/**
 * What an arbiter means to rule. It is no ruling and no proof against anybody: it lies with a quorum before the ruling is signed, so that
 * an arbiter that has lost its disk can never come to sign another outcome.
 */
export type Choice = {
  readonly escrowId: ObjectId
  readonly arbiter: Bytes32
  readonly outcome: RulingOutcome
  readonly signature: Signature
}
export const choiceCodec: Codec<Choice> = record<Choice>({
  escrowId: bytesOf(32),
  arbiter: bytesOf(32),
  outcome: wordOf(['release', 'refund', 'half']),
  signature: bytesOf(64),
})
const choiceBody = (escrowId: ObjectId, outcome: RulingOutcome): Uint8Array => encodeCbor(['my choice', escrowId, outcome])
export const signChoice = (signer: Signer, federationId: Bytes32, escrowId: ObjectId, outcome: RulingOutcome): Choice => ({
  escrowId,
  arbiter: signer.publicKey,
  outcome,
  signature: signer.sign('RUV1/BOX', federationId, choiceBody(escrowId, outcome)),
})
export const isChoiceSigned = ({ escrowId, arbiter, outcome, signature }: Choice, federationId: Bytes32): boolean =>
  verifySignature('RUV1/BOX', federationId, choiceBody(escrowId, outcome), signature, arbiter)

/** An exhibit on its way: readable by the arbiters named, signed by the party. */
export type SealedExhibit = {
  readonly escrowId: ObjectId
  readonly role: PartyRole
  /** The key of the party that it is signed with. */
  readonly by: Bytes32
  /** When the party said it; the dispute's own time, when it said nothing since. Sealing it anew for more arbiters makes it no newer. */
  readonly madeAtMs: number
  readonly ciphertext: Uint8Array
  /** For each arbiter: HPKE's encapsulated key and the sealed key of the ciphertext. */
  readonly keys: readonly { readonly arbiter: Bytes32; readonly boxKey: Bytes32; readonly enc: Bytes32; readonly sealedKey: Uint8Array }[]
  readonly signature: Signature
}
const sealedFields = {
  escrowId: bytesOf(32),
  role: wordOf(['client', 'provider']),
  by: bytesOf(32),
  madeAtMs: timeMs,
  ciphertext: bytesUpTo(maxSealedBytes),
  keys: listUpTo(record({ arbiter: bytesOf(32), boxKey: bytesOf(32), enc: bytesOf(32), sealedKey: bytesOf(48) }), maxPanel),
} as const
const sealedBody = record<Omit<SealedExhibit, 'signature'>>(sealedFields)
export const sealedExhibitCodec: Codec<SealedExhibit> = record<SealedExhibit>({ ...sealedFields, signature: bytesOf(64) })
export const encodeSealed = (sealed: SealedExhibit): Uint8Array => encodeBytes(sealedExhibitCodec, sealed)
export const decodeSealed = (bytes: Uint8Array): Result<SealedExhibit, Failure<'malformed'>> =>
  decodeBytes(sealedExhibitCodec, bytes, maxSealedBytes + 2_048, 'sealed exhibit')

export const signSealed = (letter: Omit<SealedExhibit, 'by' | 'signature'>, signer: Signer, federationId: Bytes32): SealedExhibit => {
  const body = { ...letter, by: signer.publicKey }
  return { ...body, signature: signer.sign('RUV1/EXHIBIT', federationId, sha256(encodeBytes(sealedBody, body))) }
}
/** By the party of this escrow that it says it is from: with a key that may also make its moves. */
export const isFromParty = ({ signature, ...body }: SealedExhibit, state: EscrowState, federationId: Bytes32): boolean =>
  equalBytes(body.escrowId, state.id) &&
  actsFor(state, body.role, body.by) &&
  verifySignature('RUV1/EXHIBIT', federationId, sha256(encodeBytes(sealedBody, body)), signature, body.by)

/**
 * Positive when `a` replaces `b`, the same at every witness whatever came first: what was said later; of one and the same the one that
 * more arbiters can read; else the larger hash.
 */
export const compareExhibits = (a: SealedExhibit, b: SealedExhibit): number =>
  a.madeAtMs - b.madeAtMs || a.keys.length - b.keys.length || compareBytes(sha256(encodeSealed(a)), sha256(encodeSealed(b)))

/** What DELIVER and DISPUTE commit to. */
export type DisputeFacts = { readonly reasonHash: Bytes32; readonly resultHash: Bytes32 }
export const factsOf = (chain: readonly Decree[]): DisputeFacts => {
  const bodies = chain.flatMap(({ tx }) => (tx.type === 'escrow' ? [tx.body] : []))
  const none = new Uint8Array(32)
  return {
    reasonHash: bodies.find((body) => body.kind === 'dispute')?.reasonHash ?? none,
    resultHash: bodies.find((body) => body.kind === 'deliver')?.resultHash ?? none,
  }
}

/** What an arbiter's program can check of an exhibit against the decrees; null where nothing was shown. */
export type ExhibitChecks = {
  readonly isTaskAsAsked: boolean | null
  readonly isReasonAsGiven: boolean | null
  /** The encrypted answer is the one that DELIVER names. */
  readonly isAnswerAsDelivered: boolean | null
}
export const checkExhibit = (exhibit: Exhibit, role: PartyRole, state: EscrowState, facts: DisputeFacts): ExhibitChecks => {
  const { task, chunks, salt, statement } = exhibit
  const transcript = chunks === null ? null : transcriptOfChunks(state.id, chunks.streamId, chunks.chunks)
  return {
    isTaskAsAsked:
      task === null ? null : equalBytes(commitmentOf({ salt: task.salt, plaintext: utf8(task.prompt) }), state.terms.taskCommit),
    isReasonAsGiven: role === 'client' ? equalBytes(reasonHashOf(salt, statement), facts.reasonHash) : null,
    isAnswerAsDelivered: transcript === null ? null : equalBytes(transcript, facts.resultHash),
  }
}
