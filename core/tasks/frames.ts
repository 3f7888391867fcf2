import type { FrameChannel } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'

export type NextFrame = { readonly kind: 'frame'; readonly bytes: Uint8Array } | { readonly kind: 'end' } | { readonly kind: 'late' }

/** The next frame, the clean end of the other side, or `late` when neither came in time. Rejects when the stream breaks. */
export const receiveWithin = async (clock: Clock, channel: FrameChannel, waitMs: number): Promise<NextFrame> => {
  const late = new AbortController()
  const cancel = clock.after(Math.max(0, waitMs), () => late.abort())
  try {
    const bytes = await channel.receive(late.signal)
    return bytes === null ? { kind: 'end' } : { kind: 'frame', bytes }
  } catch (error) {
    if (late.signal.aborted) return { kind: 'late' }
    throw error
  } finally {
    cancel()
  }
}
