import { BrowserWindow, nativeTheme } from 'electron'
import { APP_ORIGIN, WEB_PREFERENCES } from './security.ts'

/** The page's own background colours, so that the window does not flash before the first paint. */
const BACKGROUND = { dark: '#111113', light: '#fcfcfb' } as const

export const createMarketWindow = (preloadPath: string): BrowserWindow => {
  const window = new BrowserWindow({
    title: 'Claude Market',
    width: 1240,
    height: 860,
    minWidth: 380,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: { ...WEB_PREFERENCES, preload: preloadPath },
  })
  window.once('ready-to-show', () => window.show())
  void window.loadURL(`${APP_ORIGIN}/`)
  return window
}
