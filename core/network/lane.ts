import type { Clock } from '../platform/clock.ts'
import { abortReason, asNetworkError, orAborted } from './deadline.ts'
import { idleClientMs, maxPending } from './limits.ts'
import { NetworkError, type FrameChannel } from './port.ts'
import { decodeRequestFrame, encodeRequestFrame, type RequestFrame } from './request-frame.ts'

/** The asking end of one long-lived channel: requests go out as they come, answers return in any order. */
export type Lane = {
  /** Whether new requests may go this way. */
  readonly isUsable: () => boolean
  readonly ask: (payload: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>
  readonly close: (reason: string) => void
}

export type LaneEvents = {
  readonly onMalformed: (reason: string) => void
  /** The channel is gone. */
  readonly onEnd: () => void
}

type Pending = { readonly resolve: (answer: Uint8Array) => void; readonly reject: (error: NetworkError) => void }

const maxId = 0xffff_ffff

export const createLane = (channel: FrameChannel, clock: Clock, { onMalformed, onEnd }: LaneEvents): Lane => {
  const pending = new Map<number, Pending>()
  let nextId = 0
  let heard = 0
  let usable = true
  let cancelIdle: () => void = () => undefined

  const close = (reason: string): void => {
    usable = false
    cancelIdle()
    channel.abort(reason)
  }
  const closeIfDone = (): void => {
    cancelIdle()
    if (pending.size > 0) return
    if (!usable) return close('replaced')
    cancelIdle = clock.after(idleClientMs, () => close('idle'))
  }

  const settle = ({ kind, id, payload }: RequestFrame): void => {
    const waiting = pending.get(id)
    pending.delete(id)
    if (kind === 'answer') waiting?.resolve(payload)
    else if (kind === 'rate-limited')
      waiting?.reject(new NetworkError('rate-limited', 'The peer asks for fewer requests. Try again in a moment.'))
    else waiting?.reject(new NetworkError('refused', 'The peer refused the request.'))
  }

  const listen = async (): Promise<void> => {
    for (;;) {
      const bytes = await channel.receive()
      if (bytes === null) throw new NetworkError('closed', 'The peer closed the connection.')
      const frame = decodeRequestFrame(bytes)
      if (frame === null || frame.kind === 'request' || frame.id >= nextId) {
        onMalformed('answer to nothing that was asked')
        throw new NetworkError('closed', 'The peer sent bytes that are no answer.')
      }
      heard++
      // An answer to a request that was given up on finds nothing and is dropped.
      settle(frame)
      closeIfDone()
    }
  }
  listen().catch((error: unknown) => {
    close('lane ended')
    for (const waiting of pending.values()) waiting.reject(asNetworkError(error))
    pending.clear()
    onEnd()
  })
  closeIfDone()

  const ask = async (payload: Uint8Array, signal: AbortSignal): Promise<Uint8Array> => {
    if (pending.size >= maxPending) throw new NetworkError('rate-limited', `${maxPending} requests already wait for this peer.`)
    const id = nextId++
    // Ids are used once: a lane that has run out of them is replaced.
    if (nextId >= maxId) usable = false
    const heardBefore = heard
    const answer = new Promise<Uint8Array>((resolve, reject) => pending.set(id, { resolve, reject }))
    try {
      const sent = channel.send(encodeRequestFrame('request', id, payload), signal).then(() => answer)
      return await orAborted(Promise.race([sent, answer]), signal)
    } catch (error) {
      // Silence since this was sent: the channel may be dead without knowing it, so the next request takes a fresh one.
      if (signal.aborted && abortReason(signal).code === 'timeout' && heard === heardBefore) usable = false
      throw error
    } finally {
      pending.delete(id)
      closeIfDone()
    }
  }
  return { isUsable: () => usable, ask, close }
}
