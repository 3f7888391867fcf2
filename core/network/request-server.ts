import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { withDeadline } from './deadline.ts'
import { handlerTimeoutMs, idleServerMs, maxInFlight, maxPayloadBytes, misbehaviour, sendTimeoutMs } from './limits.ts'
import type { FrameChannel, RequestHandler, RequestProtocol } from './port.ts'
import { decodeRequestFrame, encodeRequestFrame } from './request-frame.ts'
import type { Standing } from './standing.ts'
import type { TokenBuckets } from './token-bucket.ts'

export type RequestServerDeps = {
  readonly protocol: RequestProtocol
  readonly handler: RequestHandler
  readonly buckets: TokenBuckets
  readonly clock: Clock
  readonly log: Log
  readonly standing: Standing
}

/** Answers one channel until it ends. Never throws: whatever the peer or the handler does ends in an answer or a closed channel. */
export const serveChannel = async (channel: FrameChannel, deps: RequestServerDeps): Promise<void> => {
  const { protocol, buckets, clock, standing } = deps
  const peerId = channel.remotePeerId
  const underWay = new Set<Promise<void>>()

  const send = (frame: Uint8Array): Promise<void> =>
    withDeadline(clock, { timeoutMs: sendTimeoutMs }, (signal) => channel.send(frame, signal)).catch(() => channel.abort('does not read'))

  try {
    for (;;) {
      // Reading stops while the peer has enough under way; the channel's back-pressure then stops the peer.
      while (underWay.size >= maxInFlight[protocol]) await Promise.race(underWay)
      const bytes = await withDeadline(clock, { timeoutMs: idleServerMs }, (signal) => channel.receive(signal))
      if (bytes === null) break
      const frame = decodeRequestFrame(bytes)
      if (frame?.kind !== 'request') {
        standing.report(peerId, misbehaviour.malformed, `not a ${protocol} request`)
        return channel.abort('not a request')
      }
      if (!buckets.take(peerId)) {
        standing.report(peerId, misbehaviour.overRate, `over the rate of ${protocol}`)
        await send(encodeRequestFrame('rate-limited', frame.id))
        continue
      }
      const work: Promise<void> = answer(frame.payload, peerId, deps)
        .then((payload) => send(encodeRequestFrame(payload === null ? 'refused' : 'answer', frame.id, payload ?? undefined)))
        .finally(() => underWay.delete(work))
      underWay.add(work)
    }
    await Promise.all(underWay)
    await channel.finish()
  } catch {
    channel.abort('ended')
  }
}

/** Null is a refusal. The handler's error stays here: it may hold what the peer must not learn. */
const answer = async (
  payload: Uint8Array,
  peerId: string,
  { protocol, handler, clock, log }: RequestServerDeps,
): Promise<Uint8Array | null> => {
  try {
    const result = await withDeadline(clock, { timeoutMs: handlerTimeoutMs }, () => handler(payload, peerId))
    if (result.length <= maxPayloadBytes[protocol]) return result
    log.write('error', 'answer over the bound', { protocol, bytes: result.length })
  } catch (error) {
    log.write('debug', 'request refused', { protocol, peerId, error: error instanceof Error ? error.message : 'unknown' })
  }
  return null
}
