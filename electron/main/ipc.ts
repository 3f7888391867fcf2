/** The one door between the page and the market. */
import type { WebFrameMain } from 'electron'
import { z } from 'zod'
import type { MarketFrame } from '../../core/contract/channel-frames.ts'
import { createChannelSession, type ChannelEnd, type ChannelSession } from '../../core/contract/channel-session.ts'
import type { Dispatcher } from '../../core/contract/dispatcher.ts'
import { refuse } from '../../core/contract/envelope.ts'
import type { Log } from '../../core/platform/log.ts'
import { isOwnMainFrame } from './security.ts'

/** The parts of Electron's ipcMain and of the window's WebContents that the door uses. */
export type Sender = Pick<WebFrameMain, 'origin' | 'url'>
type MessageEvent = { readonly senderFrame: Sender | null }
export type MainIpc = { readonly on: (channel: string, listener: (event: MessageEvent, ...values: readonly unknown[]) => void) => unknown }
export type OwnWindow = {
  readonly mainFrame: Sender
  readonly send: (channel: string, ...values: readonly unknown[]) => void
  readonly isDestroyed: () => boolean
}

export type MarketDoor = Pick<Dispatcher, 'call' | 'subscribe'>
/** A market that may still be starting, or that could not start: then the message says why. */
export type StartingMarket = Promise<
  { readonly ok: true; readonly value: MarketDoor } | { readonly ok: false; readonly error: { readonly message: string } }
>

/** Made anew by every page, so that one that has just been loaded takes no answer meant for the page before it. */
const pageId = z.uuid()

/** The page that opened the door last. */
type Shown = { readonly session: ChannelSession; readonly send: ChannelEnd['send'] }

/** Lets the page of the app's window, and nothing else, talk to the market. @param current null while there is no window */
export const openDoor = (ipc: MainIpc, current: () => OwnWindow | null, starting: StartingMarket, log: Log): void => {
  const market = marketOnceStarted(starting)
  let shown: Shown | null = null

  const fromOwnPage = (listener: (message: unknown, window: OwnWindow) => void) => (event: MessageEvent, message: unknown) => {
    const window = current()
    // Electron throws on reading anything else of a window that has been destroyed.
    if (window !== null && !window.isDestroyed() && isOwnMainFrame(event, window)) return listener(message, window)
    log.write('warn', 'foreign-sender-refused', { url: event.senderFrame?.url.slice(0, 200) ?? 'gone' })
    shown?.send({ kind: 'refused', what: 'foreign', id: null })
  }
  const end = (): void => {
    shown?.session.end()
    shown = null
  }
  const onFault = (reason: string): void => log.write('error', 'page-broke-protocol', { reason })

  ipc.on(
    'market:open',
    fromOwnPage((message, window) => {
      const page = pageId.safeParse(message)
      if (!page.success) {
        onFault('a page opened the door without an id')
        return shown?.send({ kind: 'refused', what: 'unreadable', id: null })
      }
      end()
      const send = (frame: MarketFrame): void => {
        if (window.isDestroyed()) end()
        else window.send('market:frame', page.data, frame)
      }
      shown = { session: createChannelSession(market, { send, onFault }), send }
    }),
  )
  ipc.on(
    'market:frame',
    fromOwnPage((frame) => shown?.session.receive(frame)),
  )
}

/** Answers calls as soon as the market has started, or with the reason why it could not. */
const marketOnceStarted = (starting: StartingMarket): MarketDoor => ({
  call: async (name, input) => {
    const started = await starting
    return started.ok ? started.value.call(name, input) : refuse('unavailable', started.error.message)
  },
  subscribe: (name, listener) => {
    let ended = false
    let end = (): void => undefined
    void starting.then((started) => {
      if (started.ok && !ended) end = started.value.subscribe(name, listener)
    })
    return () => {
      ended = true
      end()
    }
  },
})
