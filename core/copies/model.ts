import { auctionModes, type AuctionMode } from '../orders/model.ts'
import { sha256 } from '../platform/bytes.ts'
import {
  amount,
  bytesOf,
  bytesUpTo,
  encodeBytes,
  integer,
  listUpTo,
  nullable,
  record,
  textUpTo,
  timeMs,
  wordOf,
  type Codec,
} from '../platform/codec.ts'
import { maxDeviceNameCharacters } from '../identity/secrets.ts'
import { verifySignature, type Signer } from '../identity/signing.ts'
import type { AccountId, Bytes32, Signature } from '../settlement/objects.ts'
import { taskStates, type TaskState } from '../tasks/model.ts'

/**
 * What a node needs to bring its open trades to their end and no witness could know: the tasks and the keys of their answers, answers
 * that wait for their pay, names of devices, and which commands were done. It is small, sealed to a key that comes back with the
 * recovery phrase, and kept by the witnesses, who can lose it and not read or change it.
 */
export type Content = {
  readonly tasks: readonly CopiedTask[]
  readonly jobs: readonly CopiedJob[]
  readonly receipts: readonly CopiedReceipt[]
  readonly devices: readonly { readonly key: Bytes32; readonly name: string }[]
  readonly commands: readonly CopiedCommand[]
  /** Tasks that have come to their end: an older copy of the data must not run them again. */
  readonly ended: readonly { readonly id: Bytes32; readonly state: TaskState }[]
}
export type CopiedTask = {
  readonly id: Bytes32
  readonly askedAtMs: number
  readonly prompt: string
  readonly salt: Bytes32
  readonly classKey: string
  readonly maxOutputTokens: number
  readonly maxPriceMicro: bigint
  readonly mode: AuctionMode
  readonly deadlineMs: number
  readonly state: TaskState
  /** The one attempt that is under way. */
  readonly number: number
  readonly bidId: Bytes32
  readonly bid: Uint8Array
  readonly escrow: Bytes32
  readonly resultKey: Bytes32
  readonly streamId: Uint8Array | null
  /** Only while the provider has not said that it has the task. */
  readonly sealed: Uint8Array | null
  readonly receipt: Uint8Array | null
  readonly answer: string
  /** Why its answer is not paid by itself; null: it is. */
  readonly hold: string | null
}
/** A complete answer whose pay is outstanding; the answer itself is too large to be copied. */
export type CopiedJob = {
  readonly escrow: Bytes32
  readonly client: Bytes32
  readonly atMs: number
  readonly streamId: Uint8Array
  readonly sealedHash: Bytes32
  readonly receipt: Uint8Array
  readonly priceMicro: bigint
  readonly outputTokens: number
  readonly inputTokens: number
  readonly costMillicents: number
  readonly backend: string
}
export type CopiedReceipt = { readonly escrow: Bytes32; readonly receipt: Uint8Array }
export type CopiedCommand = {
  readonly requestId: string
  readonly name: string
  readonly inputHash: Bytes32
  readonly result: Uint8Array
  readonly atMs: number
}

export const emptyContent: Content = { tasks: [], jobs: [], receipts: [], devices: [], commands: [], ended: [] }

/** A handful of open trades with short texts; a text that does not fit is left out with its task, and the deadlines look after its money. */
export const maxSealedBytes = 32 * 1024
export const maxPlainBytes = 256 * 1024
export const maxListed = { tasks: 64, jobs: 64, receipts: 256, devices: 64, commands: 32, ended: 64 } as const
/** A sentence of this program's own. */
const maxHoldCharacters = 1_000
const anyCount = integer(0, Number.MAX_SAFE_INTEGER)
const blob = bytesUpTo(maxPlainBytes)

export const contentCodec: Codec<Content> = record<Content>({
  tasks: listUpTo(
    record<CopiedTask>({
      id: bytesOf(32),
      askedAtMs: timeMs,
      prompt: textUpTo(maxPlainBytes),
      salt: bytesOf(32),
      classKey: textUpTo(64),
      maxOutputTokens: anyCount,
      maxPriceMicro: amount,
      mode: wordOf(auctionModes),
      deadlineMs: timeMs,
      state: wordOf(taskStates),
      number: anyCount,
      bidId: bytesOf(32),
      bid: blob,
      escrow: bytesOf(32),
      resultKey: bytesOf(32),
      streamId: nullable(bytesOf(16)),
      sealed: nullable(blob),
      receipt: nullable(blob),
      answer: textUpTo(maxPlainBytes),
      hold: nullable(textUpTo(maxHoldCharacters)),
    }),
    maxListed.tasks,
  ),
  jobs: listUpTo(
    record<CopiedJob>({
      escrow: bytesOf(32),
      client: bytesOf(32),
      atMs: timeMs,
      streamId: bytesOf(16),
      sealedHash: bytesOf(32),
      receipt: blob,
      priceMicro: amount,
      outputTokens: anyCount,
      inputTokens: anyCount,
      costMillicents: anyCount,
      backend: textUpTo(40),
    }),
    maxListed.jobs,
  ),
  receipts: listUpTo(record<CopiedReceipt>({ escrow: bytesOf(32), receipt: blob }), maxListed.receipts),
  devices: listUpTo(record({ key: bytesOf(32), name: textUpTo(maxDeviceNameCharacters) }), maxListed.devices),
  commands: listUpTo(
    record<CopiedCommand>({ requestId: textUpTo(64), name: textUpTo(60), inputHash: bytesOf(32), result: bytesUpTo(256), atMs: timeMs }),
    maxListed.commands,
  ),
  ended: listUpTo(record({ id: bytesOf(32), state: wordOf(taskStates) }), maxListed.ended),
})

/** One copy as witnesses keep it: of one data folder (slot), the newest version alone. */
export type SealedCopy = {
  readonly account: AccountId
  /** The key that signed it: the account's owner's or a device's. */
  readonly key: Bytes32
  /** 16 random bytes that name a data folder. */
  readonly slot: Uint8Array
  /** Milliseconds, and always more than the version before. */
  readonly version: number
  readonly enc: Bytes32
  readonly ciphertext: Uint8Array
  readonly signature: Signature
}
const body = {
  account: bytesOf(32),
  key: bytesOf(32),
  slot: bytesOf(16),
  version: timeMs,
  enc: bytesOf(32),
  ciphertext: bytesUpTo(maxSealedBytes),
} as const
const bodyCodec = record<Omit<SealedCopy, 'signature'>>(body)
export const copyCodec: Codec<SealedCopy> = record<SealedCopy>({ ...body, signature: bytesOf(64) })
export const maxCopyBytes = maxSealedBytes + 512

const signedBytes = (copy: Omit<SealedCopy, 'signature'>): Uint8Array => sha256(encodeBytes(bodyCodec, copy))
export const signCopy = (copy: Omit<SealedCopy, 'signature' | 'key'>, signer: Signer, federationId: Bytes32): SealedCopy => {
  const whole = { ...copy, key: signer.publicKey }
  return { ...whole, signature: signer.sign('RUV1/COPY', federationId, signedBytes(whole)) }
}
/** Whether the key may speak for the account is for whoever knows its chain. */
export const isCopySigned = ({ signature, ...copy }: SealedCopy, federationId: Bytes32): boolean =>
  verifySignature('RUV1/COPY', federationId, signedBytes(copy), signature, copy.key)
