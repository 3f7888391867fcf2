import { BrowserWindow, nativeTheme, screen } from 'electron'
import type { Settings } from '../../core/home/settings.ts'
import type { Log } from '../../core/platform/log.ts'
import { createReloadLimit } from './reload-limit.ts'
import { APP_ORIGIN, WEB_PREFERENCES } from './security.ts'
import type { WindowMemory } from './window-memory.ts'
import { placeOf, smallestSize } from './window-place.ts'

/** The page's own background colours, so that the window does not flash before the first paint. */
const BACKGROUND = { dark: '#111113', light: '#fcfcfb' } as const

export type WindowDeps = {
  readonly preloadPath: string
  readonly log: Log
  readonly memory: WindowMemory
  /** What closing does, asked at every close. */
  readonly onClose: (window: BrowserWindow) => Promise<Exclude<Settings['onClose'], 'ask'> | 'cancel'>
  readonly quit: () => void
}

/** The app's one window, which may be away while the market goes on. */
export type MarketWindow = {
  /** Makes it, or brings back the one there is with all that was typed in it. */
  readonly show: () => void
  /** The same, at a place of the page such as `#/provide`. */
  readonly showAt: (place: string | null) => void
  readonly current: () => BrowserWindow | null
  /** From now on a close closes. */
  readonly letClose: () => void
}

export const createMarketWindow = (deps: WindowDeps): MarketWindow => {
  let window: BrowserWindow | null = null
  let mayClose = false

  const create = (place = ''): BrowserWindow => {
    const made = newWindow(deps)
    const isMaximised = deps.memory.get()?.isMaximised === true
    made.once('ready-to-show', () => {
      if (isMaximised) made.maximize()
      made.show()
    })
    made.on('closed', () => (window = null))
    made.on('close', (event) => {
      deps.memory.keep({ area: made.getNormalBounds(), isMaximised: made.isMaximized() })
      if (mayClose) return
      event.preventDefault()
      void close(made)
    })
    reloadWhenGone(made, deps.log)
    void made.loadURL(`${APP_ORIGIN}/${place}`)
    return made
  }
  const close = async (closing: BrowserWindow): Promise<void> => {
    const wish = await deps.onClose(closing)
    if (wish === 'keep-running') closing.hide()
    if (wish === 'quit') deps.quit()
  }
  const bring = (known: BrowserWindow): void => {
    if (known.isMinimized()) known.restore()
    known.show()
    known.focus()
  }
  return {
    show: () => {
      if (window === null) window = create()
      else bring(window)
    },
    showAt: (place) => {
      if (window === null) {
        window = create(place ?? '')
        return
      }
      bring(window)
      // Only what follows the # differs, so the page stays as it is and goes there by itself.
      if (place !== null) void window.loadURL(`${APP_ORIGIN}/${place}`)
    },
    current: () => window,
    letClose: () => {
      mayClose = true
    },
  }
}

const newWindow = ({ preloadPath, memory }: WindowDeps): BrowserWindow =>
  new BrowserWindow({
    title: 'Claude Market',
    ...placeOf(memory.get(), workAreas()),
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: { ...WEB_PREFERENCES, preload: preloadPath },
  })

const workAreas = () => {
  const main = screen.getPrimaryDisplay()
  return [main, ...screen.getAllDisplays().filter(({ id }) => id !== main.id)].map(({ workArea }) => workArea)
}

/** The market lives in another process: a page that crashed loses what was typed and nothing else. */
const reloadWhenGone = (window: BrowserWindow, log: Log): void => {
  const mayReload = createReloadLimit(() => performance.now())
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.write('error', 'page-gone', { reason })
    if (reason !== 'clean-exit' && mayReload()) window.webContents.reload()
  })
}
