import type { FrameChannel } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'
import { decodeBytes } from '../platform/codec.ts'
import type { Failure } from '../platform/result.ts'
import { decodeDecree, maxDecreeBytes, signedReceiptCodec } from '../settlement/encoding.ts'
import type { Bytes32, Decree } from '../settlement/objects.ts'
import type { JobFailure } from './job.ts'
import type { JobStore } from './job-store.ts'
import type { LiveJob } from './live-job.ts'
import { decodeClientFrame, encodeProviderFrame, type ProviderFrame, type TaskFault } from './wire.ts'

export type JobStreamDeps = {
  readonly store: JobStore
  readonly clock: Clock
  readonly live: (escrowId: Bytes32) => LiveJob | null
  /** A decree the client says it has; ignored unless it is certified and concerns me. */
  readonly receiveDecree: (decree: Decree) => void
  /** The client has the whole answer, and its owner looks at it before it is paid. */
  readonly held: (escrowId: Bytes32) => void
  readonly reportMisbehaviour: (peerId: string, reason: string) => void
}

const chunksAtOnce = 32
/** The client pays within seconds and says so on the stream it has; afterwards it finds other ways. */
const settleWaitMs = 30_000

/**
 * The provider's side of one stream whose client has proved itself: sends what is stored and what comes, from a counter on, until the
 * receipt or the failure; then hears whether it was paid. Rejects when the stream breaks; the job goes on without it.
 */
export const serveJob = async (deps: JobStreamDeps, channel: FrameChannel, escrowId: Bytes32, fromCounter: number): Promise<void> => {
  const listening = listen(deps, channel, escrowId)
  await sendAnswer(deps, channel, escrowId, fromCounter)
  await channel.finish()
  const cancel = deps.clock.after(settleWaitMs, () => channel.abort('not settled in time'))
  await listening
  cancel()
}

const sendAnswer = async (deps: JobStreamDeps, channel: FrameChannel, escrowId: Bytes32, fromCounter: number): Promise<void> => {
  const { store } = deps
  const send = (frame: ProviderFrame): Promise<void> => channel.send(encodeProviderFrame(frame))
  const accepted = store.get(escrowId)
  if (accepted === null) return
  const live = deps.live(escrowId)
  await send({ kind: 'accepted', escrowId, streamId: accepted.streamId })
  for (let next = fromCounter; ;) {
    const chunks = store.chunks(escrowId, next, chunksAtOnce)
    for (const chunk of chunks) await send({ kind: 'chunk', ...chunk })
    next += chunks.length
    if (chunks.length > 0) continue
    if (live !== null && !live.isOver()) {
      await live.more()
      continue
    }
    return send(lastFrame(store.get(escrowId)?.receipt ?? null, live?.failure() ?? null))
  }
}

/** What a job ended with that no longer runs. */
const lastFrame = (receipt: Uint8Array | null, failure: JobFailure | null): ProviderFrame => {
  if (failure !== null) return failedFrame(failure, failure.fault)
  const signed = receipt === null ? null : decodeBytes(signedReceiptCodec, receipt, maxDecreeBytes, 'stored receipt')
  return signed?.ok === true ? { kind: 'done', signed: signed.value } : failedFrame(interrupted, 'provider')
}
const failedFrame = ({ message }: Failure, fault: TaskFault): ProviderFrame => ({
  kind: 'failed',
  fault,
  sentence: message.slice(0, maxSentenceLength),
})
const maxSentenceLength = 280

/** A job whose run broke off with its program: nobody has the text any more. */
export const interrupted: Failure = { code: 'interrupted', message: 'The provider’s program ended while the task ran.' }

/** What the client says meanwhile: that it paid, or that it wants no more. Ends with the stream. */
const listen = async (deps: JobStreamDeps, channel: FrameChannel, escrowId: Bytes32): Promise<void> => {
  try {
    for (let bytes = await channel.receive(); bytes !== null; bytes = await channel.receive()) {
      const frame = decodeClientFrame(bytes)
      if (!frame.ok) return deps.reportMisbehaviour(channel.remotePeerId, frame.error.code)
      if (frame.value.kind === 'cancel') deps.live(escrowId)?.abort()
      if (frame.value.kind !== 'acknowledge') continue
      if (frame.value.settledDecree === null) {
        deps.held(escrowId)
        continue
      }
      const decree = decodeDecree(frame.value.settledDecree)
      if (decree.ok) deps.receiveDecree(decree.value)
    }
  } catch {
    // The stream broke; the client resumes, or the escrow's deadlines decide.
  }
}
