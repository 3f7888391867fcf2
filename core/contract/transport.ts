import type { RefusedFrame } from './channel-frames.ts'

/**
 * How calls and events travel between a client and the dispatcher of a market. Implementations: memory-transport.ts (tests, and a
 * market in the same process), websocket-transport.ts (headless), channel-client.ts over Electron's IPC. All pass
 * testing/transport-compliance.ts.
 */
export type Transport = {
  /** Answers with a wire answer, `unavailable` when the other end is gone. Does not reject. */
  readonly call: (name: string, input: unknown) => Promise<unknown>
  /** Payloads arrive encoded, in the order of their making. Gives back what ends the subscription. */
  readonly subscribe: (name: string, listener: (payload: unknown) => void) => () => void
  /** Tells that events may be missing (reconnected, or this side was too slow): take fresh snapshots. */
  readonly onGap: (listener: () => void) => () => void
  /** Tells that something was sent which the market would not take; what it was has not been done. */
  readonly onRefused: (listener: (what: RefusedFrame) => void) => () => void
}
