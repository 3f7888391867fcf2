import { vi } from 'vitest'
import type { MainIpc, OwnWindow, Sender } from '../main/ipc.ts'
import { APP_ORIGIN } from '../main/security.ts'
import type { WindowBridge } from '../../renderer/src/api/connect.ts'

type MainListener = Parameters<MainIpc['on']>[1]
type PageListener = (event: object, ...values: readonly unknown[]) => void
type AnyFunction = (...values: readonly unknown[]) => unknown

export type FakeWindow = {
  readonly contents: OwnWindow
  /** Shows a page of the app from its start, with the shipped preload script; gives what the page sees of it. */
  readonly load: () => Promise<WindowBridge>
  /** What a page, or a frame in it, that has broken out of its sandbox could send: anything, in the name of that frame. */
  readonly sendRaw: (channel: string, ...values: readonly unknown[]) => void
  readonly showForeignPage: (origin: string) => void
  readonly destroy: () => void
}

const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function'

/** As contextBridge carries values between a page and its preload script: functions by proxy, all else by copy. */
const acrossWorlds = (value: unknown): unknown =>
  isFunction(value) ? (...values: readonly unknown[]) => acrossWorlds(value(...values.map(acrossWorlds))) : structuredClone(value)

/**
 * Electron's main process and its windows, as far as the door uses them. What is sent is cloned at once, as Electron does, and
 * arrives later and in order. A listener in main that throws ends the test run, as it would end the app.
 */
export const createTwoProcesses = () => {
  const mainListeners = new Map<string, MainListener>()
  const ipcMain: MainIpc = { on: (channel, listener) => mainListeners.set(channel, listener) }

  const sendToMain = (senderFrame: Sender | null, channel: string, values: readonly unknown[]): void => {
    const copies = structuredClone(values)
    setImmediate(() => mainListeners.get(channel)?.({ senderFrame }, copies[0], copies[1]))
  }
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))))

  const openWindow = (): FakeWindow => {
    let isDestroyed = false
    let mainFrame: Sender = { origin: 'null', url: 'about:blank' }
    let pageListeners = new Map<string, PageListener>()
    const alive = <T>(value: T): T => {
      if (isDestroyed) throw new TypeError('Object has been destroyed')
      return value
    }
    const sendRaw: FakeWindow['sendRaw'] = (channel, ...values) => sendToMain(mainFrame, channel, values)
    const loadPage = async (): Promise<unknown> => {
      mainFrame = { origin: APP_ORIGIN, url: `${APP_ORIGIN}/` }
      const listeners = new Map<string, PageListener>()
      pageListeners = listeners
      const world: Record<string, unknown> = {}
      const ipcRenderer = {
        send: sendRaw,
        on: (channel: string, listener: PageListener) => void listeners.set(channel, listener),
        removeAllListeners: (channel: string) => void listeners.delete(channel),
      }
      const exposeInMainWorld = (name: string, api: Readonly<Record<string, unknown>>): void => {
        world[name] = Object.fromEntries(Object.entries(api).map(([key, value]) => [key, acrossWorlds(value)]))
      }
      vi.resetModules()
      vi.doMock('electron', () => ({ contextBridge: { exposeInMainWorld }, ipcRenderer }))
      await import('../preload/index.ts')
      return world['market']
    }
    return {
      contents: {
        get mainFrame() {
          return alive(mainFrame)
        },
        isDestroyed: () => isDestroyed,
        send: (channel, ...values) => {
          const copies = alive(structuredClone(values))
          const listeners = pageListeners
          setImmediate(() => listeners.get(channel)?.({}, ...copies))
        },
      },
      load: async () => (await loadPage()) as WindowBridge,
      sendRaw,
      showForeignPage: (origin) => void (mainFrame = { origin, url: `${origin}/` }),
      destroy: () => void (isDestroyed = true),
    }
  }
  return { ipcMain, openWindow, sendToMain, settled }
}
