import { createChannelClient } from './channel-client.ts'
import type { Transport } from './transport.ts'

/** The part of the standard WebSocket that is used; the browser's and node's `ws` both fit. */
export type SocketLike = {
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  send(data: string): void
  close(): void
}

export type ConnectionState = 'connecting' | 'connected' | 'closed'
export type WebSocketTransport = Transport & {
  readonly state: () => ConnectionState
  readonly onStateChanged: (listener: (state: ConnectionState) => void) => () => void
  readonly close: () => void
}

export type WebSocketTransportDeps = {
  /** Makes a fresh socket, as in `() => new WebSocket(url, socketProtocols(token))`. */
  readonly connect: () => SocketLike
  /** Calls back once after a delay and gives back the cancel, as the platform's clock does. */
  readonly after: (delayMs: number, callback: () => void) => () => void
  readonly onFault?: (reason: string) => void
}

export const marketProtocol = 'claude-market.1'
/** The token travels as a subprotocol, because a page cannot set headers and an address would end up in histories and logs. */
export const socketProtocols = (token: string): string[] => [marketProtocol, `token.${token}`]

const firstRetryMs = 200
const lastRetryMs = 5_000
const lost = 'The connection to the market was lost. Trying again.'

/** Keeps one connection, and makes a new one with growing pauses when it goes. */
export const createWebSocketTransport = ({ connect, after, onFault }: WebSocketTransportDeps): WebSocketTransport => {
  const channel = createChannelClient(onFault === undefined ? {} : { onFault })
  const stateListeners = new Set<(state: ConnectionState) => void>()
  let state: ConnectionState = 'connecting'
  let socket: SocketLike | null = null
  let cancelRetry: () => void = () => undefined
  let retryMs = firstRetryMs

  const enter = (next: ConnectionState): void => {
    if (state === next || state === 'closed') return
    state = next
    for (const listener of stateListeners) listener(next)
  }
  const read = (data: unknown): void => {
    try {
      channel.receive(JSON.parse(typeof data === 'string' ? data : ''))
    } catch {
      onFault?.('a message of the market was not JSON')
    }
  }
  const open = (): void => {
    const opened = connect()
    socket = opened
    opened.addEventListener('open', () => {
      retryMs = firstRetryMs
      channel.attach((frame) => opened.send(JSON.stringify(frame)))
      enter('connected')
    })
    opened.addEventListener('message', (event) => read(event.data))
    // An error is always followed by a close; without a listener node's `ws` would throw it.
    opened.addEventListener('error', () => undefined)
    opened.addEventListener('close', () => {
      if (socket !== opened || state === 'closed') return
      channel.detach(lost)
      enter('connecting')
      cancelRetry = after(retryMs, open)
      retryMs = Math.min(retryMs * 2, lastRetryMs)
    })
  }
  open()

  return {
    ...channel.transport,
    state: () => state,
    onStateChanged: (listener) => {
      stateListeners.add(listener)
      return () => void stateListeners.delete(listener)
    },
    close: () => {
      enter('closed')
      cancelRetry()
      channel.close()
      socket?.close()
    },
  }
}
