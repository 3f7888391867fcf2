import { createChannelClient } from '../../../core/contract/channel-client.ts'
import type { Transport } from '../../../core/contract/transport.ts'
import { createWebSocketTransport, socketProtocols, type ConnectionState } from '../../../core/contract/websocket-transport.ts'

/** What the app's preload script offers the page. */
export type WindowBridge = {
  readonly send: (frame: unknown) => void
  readonly listen: (listener: (frame: unknown) => void) => void
}

declare global {
  interface Window {
    readonly market?: WindowBridge
  }
}

export type Connection = {
  readonly transport: Transport
  readonly onStateChanged: (listener: (state: ConnectionState) => void) => () => void
  readonly close: () => void
}

const onFault = (reason: string): void => console.error(reason)

/** In the app's own window the market is behind the bridge. */
export const connectBridge = (bridge: WindowBridge): Connection => {
  const channel = createChannelClient({ onFault })
  bridge.listen(channel.receive)
  channel.attach(bridge.send)
  return { transport: channel.transport, onStateChanged: () => () => undefined, close: channel.close }
}

/** In a browser the headless market is where the page came from. */
export const connectSocket = (location: Pick<Location, 'protocol' | 'host'>, token: string): Connection => {
  const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/contract`
  const transport = createWebSocketTransport({
    connect: () => new WebSocket(address, socketProtocols(token)),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    },
    onFault,
  })
  return { transport, onStateChanged: transport.onStateChanged, close: transport.close }
}

/** The parts of a window that keep its address and what a tab remembers. */
export type TokenPage = {
  readonly location: Pick<Location, 'hash' | 'pathname'>
  readonly history: Pick<History, 'replaceState'>
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem'>
}

const TOKEN_KEY = 'market-token'

/**
 * The token comes once, in the fragment, which no server and no log sees; it is kept for reloads of this tab and taken out of the
 * address, so that it does not end up in the history.
 */
export const takeToken = (page: TokenPage): string | null => {
  const fragment = /^#token=([0-9a-f]{64})$/.exec(page.location.hash)?.[1]
  if (fragment === undefined) return page.sessionStorage.getItem(TOKEN_KEY)
  page.sessionStorage.setItem(TOKEN_KEY, fragment)
  page.history.replaceState(null, '', page.location.pathname)
  return fragment
}
