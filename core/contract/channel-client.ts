import { heardLot, marketFrame, maxPendingCalls, type ClientFrame, type MarketFrame, type RefusedFrame } from './channel-frames.ts'
import { refuse, type WireAnswer } from './envelope.ts'
import { describeThrown } from './failure.ts'
import { createListeners } from './listeners.ts'
import type { Transport } from './transport.ts'

/**
 * The client's half of a connection that may come and go. Calls made while there is none wait for the next one, and fail with it
 * when it fails; a call under way when the connection goes is answered `unavailable`, and a command among them may have happened:
 * repeat it with the same request id.
 */
export type ChannelClient = {
  readonly transport: Transport
  /** A connection is there: `send` carries frames over it and must not throw. */
  readonly attach: (send: (frame: ClientFrame) => void) => void
  readonly receive: (message: unknown) => void
  /** The connection is gone or could not be had; the reason is a sentence for people. */
  readonly detach: (reason: string) => void
  /** No connection will come again. */
  readonly close: () => void
}

export type ChannelClientOptions = {
  /** A listener threw, or a frame made no sense. */
  readonly onFault?: (reason: string) => void
}

type Pending = { readonly frame: ClientFrame; readonly resolve: (answer: WireAnswer) => void }

const gapName = 'gap'
const refusedName = 'refused'

export const createChannelClient = ({ onFault = () => undefined }: ChannelClientOptions = {}): ChannelClient => {
  const onThrown = (name: string, thrown: unknown) => onFault(`a listener of ${name} failed: ${describeThrown(thrown)}`)
  const events = createListeners<unknown>(onThrown)
  const gaps = createListeners<null>(onThrown)
  const refusals = createListeners<RefusedFrame>(onThrown)
  const pending = new Map<number, Pending>()
  let send: ((frame: ClientFrame) => void) | null = null
  let wasAttached = false
  let isClosed = false
  let lastId = 0
  let heard = 0

  const failPending = (reason: string): void => {
    const failed = [...pending.values()]
    pending.clear()
    for (const { resolve } of failed) resolve(refuse('unavailable', reason))
  }
  const countHeard = (): void => {
    heard += 1
    if (heard < heardLot) return
    send?.({ kind: 'heard', events: heard })
    heard = 0
  }
  const settle = (id: number, answer: WireAnswer): void => {
    pending.get(id)?.resolve(answer)
    pending.delete(id)
  }
  const handle = (frame: MarketFrame): void => {
    switch (frame.kind) {
      case 'answer':
        return settle(frame.id, frame.answer)
      case 'event':
        countHeard()
        return events.tell(frame.name, frame.payload)
      case 'gap':
        return gaps.tell(gapName, null)
      case 'refused':
        if (frame.id !== null) settle(frame.id, refuse('invalid-input', 'The market could not read this. Nothing was done; try again.'))
        return refusals.tell(refusedName, frame.what)
    }
  }

  const call = (name: string, input: unknown): Promise<WireAnswer> => {
    if (isClosed) return Promise.resolve(refuse('unavailable', 'The market has been closed.'))
    if (pending.size >= maxPendingCalls)
      return Promise.resolve(refuse('unavailable', 'Too many calls are under way. Wait for one to finish.'))
    lastId += 1
    const id = lastId
    // JSON would leave out a field that is undefined.
    const frame: ClientFrame = { kind: 'call', id, name, input: input ?? null }
    return new Promise((resolve) => {
      pending.set(id, { frame, resolve })
      send?.(frame)
    })
  }
  const subscribe = (name: string, listener: (payload: unknown) => void): (() => void) => {
    if (!events.has(name)) send?.({ kind: 'subscribe', name })
    const remove = events.add(name, listener)
    return () => {
      const wasHeard = events.has(name)
      remove()
      if (wasHeard && !events.has(name)) send?.({ kind: 'unsubscribe', name })
    }
  }

  return {
    transport: {
      call,
      subscribe,
      onGap: (listener) => gaps.add(gapName, listener),
      onRefused: (listener) => refusals.add(refusedName, listener),
    },
    attach: (sendFrame) => {
      if (isClosed) return
      send = sendFrame
      heard = 0
      for (const name of events.names()) sendFrame({ kind: 'subscribe', name })
      for (const { frame } of pending.values()) sendFrame(frame)
      if (wasAttached) gaps.tell(gapName, null)
      wasAttached = true
    },
    receive: (message) => {
      const frame = marketFrame.safeParse(message)
      if (frame.success) handle(frame.data)
      else onFault('a message of the market could not be read')
    },
    detach: (reason) => {
      send = null
      failPending(reason)
    },
    close: () => {
      isClosed = true
      send = null
      failPending('The market has been closed.')
    },
  }
}
