import type { Stream } from '@libp2p/interface'
import type { Clock } from '../platform/clock.ts'
import { abortReason, asNetworkError, orAborted, withDeadline } from './deadline.ts'
import { createFrameReader, encodeFrame } from './frame-reader.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { frameTimeoutMs, maxUnreadBytes, sendTimeoutMs } from './limits.ts'
import { NetworkError, type FrameChannel } from './port.ts'

export type Libp2pChannelDeps = {
  readonly remotePeerId: string
  readonly maxFrameBytes: number
  readonly clock: Clock
  /** Told once when the peer sent what no correct peer sends. */
  readonly onMalformed: (reason: string) => void
}

/** A libp2p stream as a channel of frames: bounded on both sides, paused when nobody reads. */
export const createLibp2pChannel = (stream: Stream, deps: Libp2pChannelDeps): FrameChannel => {
  const { remotePeerId, maxFrameBytes, clock } = deps
  const inbox = createInbox(() => resumeIfRead(stream, inbox))
  readFrames(stream, inbox, deps)

  let finished = false
  let tail: Promise<void> = Promise.resolve()
  const writer = createWriter(stream)

  return {
    remotePeerId,
    receive: inbox.receive,
    send: (frame, signal) => {
      if (frame.length > maxFrameBytes) {
        return Promise.reject(new NetworkError('too-large', `A frame holds at most ${maxFrameBytes} bytes; this one has ${frame.length}.`))
      }
      if (finished) return Promise.reject(new NetworkError('closed', 'This side has already finished sending.'))
      const bytes = encodeFrame(frame)
      const sent = tail.then(() => writer(bytes, signal))
      tail = sent.catch(() => undefined)
      return orAborted(sent, signal)
    },
    finish: async () => {
      if (finished) return
      finished = true
      await tail
      await withDeadline(clock, { timeoutMs: sendTimeoutMs }, (signal) => stream.close({ signal })).catch(() =>
        stream.abort(new Error('does not read')),
      )
    },
    abort: (reason) => {
      stream.abort(new Error(reason))
      inbox.fail(new NetworkError('closed', `The channel was aborted: ${reason}.`))
    },
  }
}

const resumeIfRead = (stream: Stream, inbox: Inbox): void => {
  if (stream.readStatus !== 'paused' || inbox.unreadBytes() > maxUnreadBytes / 2) return
  try {
    stream.resume()
  } catch {
    // The connection went while the last frames lay unread; its 'close' event says the rest.
  }
}

/**
 * Waits for room, then hands over one whole frame. After 'drain' libp2p first sends what it still holds, and may be full again:
 * hence the loop, and not `onDrain()`, which resolves before that.
 */
const createWriter = (stream: Stream) => {
  let waiting: (() => void)[] = []
  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const go of woken) go()
  }
  stream.addEventListener('drain', wake)
  stream.addEventListener('close', wake)
  return async (bytes: Uint8Array, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) throw abortReason(signal)
    while (stream.writableNeedsDrain && stream.writeStatus === 'writable') {
      await orAborted(new Promise<void>((resolve) => waiting.push(resolve)), signal)
    }
    try {
      stream.send(bytes)
    } catch (error) {
      throw asNetworkError(error)
    }
  }
}

const lost = (): NetworkError => new NetworkError('closed', 'The connection was lost.')

const readFrames = (stream: Stream, inbox: Inbox, { maxFrameBytes, clock, onMalformed }: Libp2pChannelDeps): void => {
  const reader = createFrameReader(maxFrameBytes)
  let peerFinished = stream.remoteWriteStatus === 'closed' && stream.status === 'open'
  let cancelTimer: (() => void) | null = null

  const stopTimer = (): void => {
    cancelTimer?.()
    cancelTimer = null
  }
  const refuse = (reason: string): void => {
    stopTimer()
    onMalformed(reason)
    inbox.fail(new NetworkError('closed', `The peer sent a ${reason}.`))
    stream.abort(new Error(reason))
  }
  /** While paused it is this side that keeps the frame waiting. */
  const onSlowFrame = (): void => {
    cancelTimer = stream.readStatus === 'paused' ? clock.after(frameTimeoutMs, onSlowFrame) : null
    if (cancelTimer === null) refuse('frame that does not end')
  }

  stream.addEventListener('message', ({ data }) => {
    const frames = reader.read(data.subarray())
    if (frames === null) return refuse('frame over the bound')
    for (const frame of frames) inbox.push(frame)
    if (frames.length > 0 || !reader.isMidFrame()) stopTimer()
    if (reader.isMidFrame()) cancelTimer ??= clock.after(frameTimeoutMs, onSlowFrame)
    if (inbox.unreadBytes() >= maxUnreadBytes && stream.readStatus === 'readable') stream.pause()
  })
  const onEnd = (): void => {
    stopTimer()
    if (!peerFinished || stream.status === 'aborted' || stream.status === 'reset') return inbox.fail(lost())
    if (reader.isMidFrame()) return refuse('frame cut short')
    inbox.end()
  }
  stream.addEventListener('remoteCloseWrite', () => {
    peerFinished = true
  })
  stream.addEventListener('end', onEnd)
  stream.addEventListener('close', ({ error }) => {
    stopTimer()
    if (error !== undefined || !peerFinished) inbox.fail(lost())
  })
  if (stream.readableEnded) onEnd()
  else if (stream.status !== 'open') inbox.fail(lost())
}
