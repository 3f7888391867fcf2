import { callIdOf, clientFrame, heardLot, maxPendingCalls, maxUnheardEvents, type ClientFrame, type MarketFrame } from './channel-frames.ts'
import type { Dispatcher } from './dispatcher.ts'
import { refuse, type WireAnswer } from './envelope.ts'

/** What carries frames to one client; `send` must not throw. */
export type ChannelEnd = {
  readonly send: (frame: MarketFrame) => void
  /** For the log, once: the client broke the protocol. */
  readonly onFault: (reason: string) => void
}

/** The market's half of one connection: give it every message that arrives, and end it with the connection. */
export type ChannelSession = { readonly receive: (message: unknown) => void; readonly end: () => void }

const createFlow = (send: ChannelEnd['send']) => {
  let unheard = 0
  let hasGap = false
  return {
    event: (name: string, payload: unknown): void => {
      if (unheard >= maxUnheardEvents || hasGap) {
        hasGap = true
        return
      }
      unheard += 1
      send({ kind: 'event', name, payload })
    },
    heard: (events: number): void => {
      unheard = Math.max(0, unheard - events)
      if (!hasGap || unheard >= heardLot) return
      hasGap = false
      send({ kind: 'gap' })
    },
  }
}

/** Serves one client that is not trusted: whatever it sends, calls and events under way stay bounded. */
export const createChannelSession = (dispatcher: Pick<Dispatcher, 'call' | 'subscribe'>, channel: ChannelEnd): ChannelSession => {
  const subscriptions = new Map<string, () => void>()
  const flow = createFlow(channel.send)
  let pending = 0
  let hasBrokenProtocol = false
  let hasEnded = false

  const answer = (id: number, result: WireAnswer): void => {
    if (!hasEnded) channel.send({ kind: 'answer', id, answer: result })
  }
  const call = async ({ id, name, input }: Extract<ClientFrame, { readonly kind: 'call' }>): Promise<void> => {
    if (pending >= maxPendingCalls) return answer(id, refuse('unavailable', 'Too many calls are under way. Wait for one to finish.'))
    pending += 1
    const result = await dispatcher.call(name, input)
    pending -= 1
    answer(id, result)
  }
  const unsubscribe = (name: string): void => {
    subscriptions.get(name)?.()
    subscriptions.delete(name)
  }
  const end = (): void => {
    hasEnded = true
    for (const stop of subscriptions.values()) stop()
    subscriptions.clear()
  }
  const refuseFrame = (message: unknown): void => {
    if (!hasBrokenProtocol) channel.onFault('a message of the client could not be read')
    hasBrokenProtocol = true
    channel.send({ kind: 'refused', what: 'unreadable', id: callIdOf(message) })
  }
  const handle = (frame: ClientFrame): void => {
    switch (frame.kind) {
      case 'call':
        return void call(frame)
      case 'subscribe':
        unsubscribe(frame.name)
        return void subscriptions.set(
          frame.name,
          dispatcher.subscribe(frame.name, (payload) => flow.event(frame.name, payload)),
        )
      case 'unsubscribe':
        return unsubscribe(frame.name)
      case 'heard':
        return flow.heard(frame.events)
    }
  }

  return {
    receive: (message) => {
      if (hasEnded) return
      const frame = clientFrame.safeParse(message)
      if (frame.success) handle(frame.data)
      else refuseFrame(message)
    },
    end,
  }
}
