import type { Signer } from '../identity/signing.ts'
import type { FrameChannel, Network, PeerAddress } from '../network/port.ts'
import { assert } from '../platform/assert.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32, SignedUsageReceipt } from '../settlement/objects.ts'
import { beginStream, openChunk, type ChunkStream } from './chunk-stream.ts'
import { receiveWithin } from './frames.ts'
import type { SealedTask } from './sealing.ts'
import { decodeProviderFrame, encodeClientFrame, resumeFrame, type ClientFrame, type ProviderFrame } from './wire.ts'

/**
 * The client's side of the `task` streams that bring one answer. A stream may break at any moment; what is known of the answer then
 * lets the next one go on where it stopped. Nothing here decides about money.
 */
export type Received = {
  /** Null until the provider has accepted. */
  readonly stream: ChunkStream | null
  readonly answer: string
}

export type DeliveryDeps = {
  readonly network: Network
  readonly clock: Clock
  readonly log: Log
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly isStopped: () => boolean
}

export type DeliveryInput = {
  readonly peer: PeerAddress
  readonly escrowId: Bytes32
  readonly openDecree: Uint8Array
  /** Null where only the answer's key is left; then there must be a stream to go on with. */
  readonly sealed: SealedTask | null
  readonly resultKey: Bytes32
  readonly firstTokenMs: number
  readonly deliverByMs: number
  readonly received: Received
  /** The client wants no answer any more: the provider is told as soon as it can be. */
  readonly cancelled: AbortSignal
}

export type DeliveryEvents = {
  /** A stream to the provider is open: the first, or another after one that broke. */
  readonly connected: (isAgain: boolean) => void
  readonly accepted: (streamId: Uint8Array) => void
  /** After every chunk; `text` is what it added. */
  readonly progress: (received: Received, text: string) => void
}

/** `broken` may be tried again on a new stream; the others are this provider's last word. */
export type DeliveryFailure = Failure<'broken' | 'refused' | 'failed' | 'model-refusal' | 'too-slow' | 'hostile' | 'cancelled'>
export type Delivered = {
  readonly stream: ChunkStream | null
  readonly receipt: SignedUsageReceipt
  /** Still open, to say that the receipt is paid, or that it will not be. */
  readonly channel: FrameChannel
}

/** A provider that starts later than it promised is given this much more before the next bid takes over (design.md §4). */
const firstTokenGraceMs = 2_000
/** A stream that is silent for this long between chunks has stopped. */
const maxSilenceMs = 30_000
/** Pauses before further tries that bring nothing: the next bid takes over within two seconds of a break (design.md §4). */
const reconnectAfterMs = [250, 500, 1_000] as const
const connectTimeoutMs = 2_000
/** A provider whose streams break this often, however little comes with each, does not deliver. */
const maxStreams = 20
const farewellMs = 1_000

export const receiveAnswer = async (
  deps: DeliveryDeps,
  input: DeliveryInput,
  events: DeliveryEvents,
): Promise<Result<Delivered, DeliveryFailure>> => {
  const { clock } = deps
  let received = input.received
  let firstTokenByMs: number | null = null
  let failures = 0
  let last: DeliveryFailure = unreachable
  for (let streams = 0; streams < maxStreams && failures <= reconnectAfterMs.length && !deps.isStopped();) {
    if (failures > 0) await pause(clock, reconnectAfterMs[failures - 1] ?? 0)
    failures++
    if (clock.nowMs() >= input.deliverByMs) return tooLate
    const channel = await connect(deps, input.peer)
    if (channel === null) continue
    events.connected(streams > 0)
    streams++
    firstTokenByMs ??= clock.nowMs() + input.firstTokenMs + firstTokenGraceMs
    const ended = await readStream(
      deps,
      channel,
      { ...input, received, firstTokenByMs },
      {
        accepted: (stream, streamId) => {
          received = { ...received, stream }
          events.accepted(streamId)
        },
        progress: (progress, text) => {
          received = progress
          failures = 0
          events.progress(progress, text)
        },
      },
    )
    if (ended.ok) return ok({ stream: received.stream, receipt: ended.value, channel })
    last = ended.error
    if (last.code !== 'broken') {
      sayLast(clock, channel, { kind: 'cancel' })
      return ended
    }
    channel.abort(last.code)
  }
  return { ok: false, error: last }
}

/**
 * The last word on a stream: that the answer is paid, or that the provider should neither work nor wait for money any longer.
 * Nothing waits for it.
 */
export const sayLast = (clock: Clock, channel: FrameChannel, frame: ClientFrame): void => {
  const cancelAbort = clock.after(farewellMs, () => channel.abort('over'))
  const farewell = async (): Promise<void> => {
    await channel.send(encodeClientFrame(frame))
    await channel.finish()
    while ((await channel.receive()) !== null);
  }
  // A stream that breaks meanwhile is over as well.
  farewell()
    .catch(() => undefined)
    .finally(cancelAbort)
}

const unreachable: DeliveryFailure = { code: 'broken', message: 'The provider could not be reached.' }
const tooLate = fail('too-slow', 'The provider did not deliver by its deadline.')

const pause = (clock: Clock, forMs: number): Promise<void> => new Promise((resolve) => void clock.after(forMs, resolve))

const connect = async ({ network, log }: DeliveryDeps, peer: PeerAddress): Promise<FrameChannel | null> => {
  try {
    return await network.openStream(peer, 'task', { timeoutMs: connectTimeoutMs })
  } catch (error) {
    log.write('info', 'provider not reached', { peer: peer.peerId, reason: String(error) })
    return null
  }
}

type StreamInput = DeliveryInput & { readonly firstTokenByMs: number }
type StreamEvents = {
  readonly accepted: (stream: ChunkStream, streamId: Uint8Array) => void
  readonly progress: (received: Received, text: string) => void
}

/** One stream, to its receipt or its failure. */
const readStream = async (
  deps: DeliveryDeps,
  channel: FrameChannel,
  input: StreamInput,
  events: StreamEvents,
): Promise<Result<SignedUsageReceipt, DeliveryFailure>> => {
  let { received } = input
  let isAccepted = false
  try {
    await channel.send(encodeClientFrame(firstFrame(deps, input)))
    sayCancelled(channel, input.cancelled)
    for (;;) {
      const frame = await nextFrame(deps.clock, channel, input, received)
      if (input.cancelled.aborted && (!frame.ok || !isUnderWay(frame.value))) return cancelled
      if (!frame.ok) return frame
      if (input.cancelled.aborted) continue
      const step = takeFrame(received, isAccepted, frame.value, input)
      if (!step.ok) return step
      if (step.value.kind === 'done') return ok(step.value.receipt)
      if (step.value.kind === 'accepted') {
        isAccepted = true
        received = { ...received, stream: step.value.stream }
        events.accepted(step.value.stream, step.value.streamId)
      } else {
        received = step.value.received
        events.progress(received, step.value.text)
      }
    }
  } catch {
    return fail('broken', 'The connection to the provider broke.')
  }
}

/** The stream stays open for the provider's last word: one that is gone before it has read the task would not read this either. */
const sayCancelled = (channel: FrameChannel, signal: AbortSignal): void => {
  const say = (): void => void channel.send(encodeClientFrame({ kind: 'cancel' })).catch(() => undefined)
  if (signal.aborted) say()
  else signal.addEventListener('abort', say, { once: true })
}
const cancelled = fail('cancelled', 'You cancelled it.')
const isUnderWay = ({ kind }: ProviderFrame): boolean => kind === 'accepted' || kind === 'chunk'

const firstFrame = ({ signer, federationId }: DeliveryDeps, { received, openDecree, sealed, escrowId }: StreamInput): ClientFrame => {
  if (received.stream !== null) return resumeFrame(signer, federationId, escrowId, received.stream.nextCounter)
  assert(sealed !== null, 'what was never accepted is there to be sent')
  return { kind: 'start', openDecree, sealed }
}

type Step =
  | { readonly kind: 'accepted'; readonly stream: ChunkStream; readonly streamId: Uint8Array }
  | { readonly kind: 'chunk'; readonly received: Received; readonly text: string }
  | { readonly kind: 'done'; readonly receipt: SignedUsageReceipt }

const takeFrame = (received: Received, isAccepted: boolean, frame: ProviderFrame, input: StreamInput): Result<Step, DeliveryFailure> => {
  if (frame.kind === 'refused') return fail('refused', `The provider refused: ${frame.sentence}`)
  if (frame.kind === 'failed')
    return fail(frame.fault === 'model-refusal' ? 'model-refusal' : 'failed', `The provider failed: ${frame.sentence}`)
  if (frame.kind === 'accepted') return takeAccepted(received, isAccepted, frame, input)
  if (received.stream === null || !isAccepted) return fail('hostile', 'The provider sent an answer before it accepted the task.')
  if (frame.kind === 'done') return ok({ kind: 'done', receipt: frame.signed })
  const opened = openChunk(received.stream, frame)
  if (!opened.ok) return fail('hostile', opened.error.message)
  const { stream, text } = opened.value
  return ok({ kind: 'chunk', received: { stream, answer: received.answer + text }, text })
}

type Accepted = Extract<ProviderFrame, { readonly kind: 'accepted' }>
const takeAccepted = (
  received: Received,
  isAccepted: boolean,
  { escrowId, streamId }: Accepted,
  input: StreamInput,
): Result<Step, DeliveryFailure> => {
  const begun = beginStream(input.resultKey, input.escrowId, streamId)
  const isSame = received.stream === null || equalBytes(received.stream.key, begun.key)
  if (isAccepted || !isSame || !equalBytes(escrowId, input.escrowId))
    return fail('hostile', 'The provider accepted another task than the one it was sent.')
  return ok({ kind: 'accepted', stream: received.stream ?? begun, streamId })
}

const nextFrame = async (
  clock: Clock,
  channel: FrameChannel,
  { firstTokenByMs, deliverByMs }: StreamInput,
  { answer }: Received,
): Promise<Result<ProviderFrame, DeliveryFailure>> => {
  const nowMs = clock.nowMs()
  const silenceMs = answer === '' ? firstTokenByMs - nowMs : maxSilenceMs
  const next = await receiveWithin(clock, channel, Math.min(silenceMs, deliverByMs - nowMs))
  if (next.kind === 'end') return fail('broken', 'The provider ended the connection before the answer was complete.')
  if (next.kind === 'late') return clock.nowMs() >= deliverByMs ? tooLate : answer === '' ? lateStart : silent
  const frame = decodeProviderFrame(next.bytes)
  return frame.ok ? frame : fail('hostile', frame.error.message)
}

const lateStart = fail('too-slow', 'The provider did not begin to answer in the time it promised.')
const silent = fail('too-slow', 'The answer stopped coming.')
