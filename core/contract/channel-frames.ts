import { z } from 'zod'
import { wireAnswer } from './envelope.ts'
import { count, record, text, whole, wordOf } from './primitives.ts'

/**
 * The messages between a client and a market that do not share a process: JSON over a WebSocket, structured clones over Electron's
 * IPC. Events are under flow control: the client reports how many it has heard, the market keeps at most `maxUnheardEvents` on the
 * way, leaves out the rest and then says once that there is a gap. A frame that makes no sense is refused, and the session goes on.
 */
const name = text(80, 1)
const id = whole(1, Number.MAX_SAFE_INTEGER)

export const clientFrame = z.discriminatedUnion('kind', [
  record({ kind: z.literal('call'), id, name, input: z.unknown() }),
  record({ kind: z.literal('subscribe'), name }),
  record({ kind: z.literal('unsubscribe'), name }),
  record({ kind: z.literal('heard'), events: count }),
])
export type ClientFrame = z.output<typeof clientFrame>

export const marketFrame = z.discriminatedUnion('kind', [
  record({ kind: z.literal('answer'), id, answer: wireAnswer }),
  record({ kind: z.literal('event'), name, payload: z.unknown() }),
  record({ kind: z.literal('gap') }),
  record({ kind: z.literal('refused'), what: wordOf(['unreadable', 'foreign']), id: id.nullable() }),
])
export type MarketFrame = z.output<typeof marketFrame>

/** What the market would not take: a frame that makes no sense, or one that did not come from the page it belongs to. */
export type RefusedFrame = Extract<MarketFrame, { readonly kind: 'refused' }>['what']

/** The call that a frame which cannot be read was meant to be, if it says so. */
export const callIdOf = (frame: unknown): number | null => z.object({ id }).safeParse(frame).data?.id ?? null

/** Enough for a burst of output events, few enough to be cheap to hold for every connection. */
export const maxUnheardEvents = 256
/** The client reports in lots, well before the market would have to stop. */
export const heardLot = 32
/** A screen has a handful of calls under way; more is a fault of the caller. */
export const maxPendingCalls = 64
