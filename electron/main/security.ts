/**
 * What the window may not do, as data and as functions over the Electron objects they lock, so that tests can assert each item.
 * The list follows Electron's security checklist (https://www.electronjs.org/docs/latest/tutorial/security).
 */
import type { Session, WebContents, WebFrameMain, WebPreferences } from 'electron'

export const APP_SCHEME = 'app'
export const APP_HOST = 'market'
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`

/** Set explicitly although most are defaults: a default that changes must not open the window. */
export const WEB_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  plugins: false,
  // The spell checker downloads dictionaries.
  spellcheck: false,
} as const satisfies WebPreferences

/** The only pages that may open in the user's browser. */
const EXTERNAL_PAGES: readonly string[] = []

export const isAllowedExternalPage = (url: string): boolean => EXTERNAL_PAGES.includes(url)

type SandboxedApp = {
  readonly enableSandbox: () => void
  readonly commandLine: { readonly hasSwitch: (name: string) => boolean }
}

/**
 * Sandboxes every process, whatever a window asks for. Chromium has no sandbox for root, and whoever starts the app as root has to
 * say `--no-sandbox`; enabling it then would only keep Chromium's own processes from starting.
 */
export const enableSandbox = (app: SandboxedApp): void => {
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
}

type Frame = Pick<WebFrameMain, 'origin' | 'url'>

/** True for the main frame of the given window, showing the app's own origin; false for frames, other windows and other pages. */
export const isOwnMainFrame = (event: { readonly senderFrame: Frame | null }, own: { readonly mainFrame: Frame }): boolean => {
  const frame = event.senderFrame
  if (frame === null || frame !== own.mainFrame) return false
  // `frame.origin` is 'null' for opaque origins and has no path to confuse the comparison.
  return frame.origin === APP_ORIGIN && frame.url.startsWith(`${APP_ORIGIN}/`)
}

/**
 * Refuses every permission and device, and every request that leaves the app's own scheme. The page may hand over a file that it made
 * itself; where that is kept, the person says in the system's own dialog, which Electron shows as long as nothing sets a path.
 */
export const lockSession = (session: Session): void => {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  session.on('will-download', (event, item) => {
    if (!isMadeByPage(item.getURL())) event.preventDefault()
  })
  session.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isOwnRequest(details.url) }))
}

const isMadeByPage = (url: string): boolean => url.startsWith(`blob:${APP_ORIGIN}/`)
const isOwnRequest = (url: string): boolean =>
  url.startsWith(`${APP_ORIGIN}/`) || url.startsWith('devtools://') || url.startsWith('data:') || isMadeByPage(url)

/** Keeps a page where it is: it neither navigates, nor redirects, nor opens windows, nor embeds others. */
export const lockContents = (contents: WebContents, openExternal: (url: string) => void): void => {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowedExternalPage(url)) openExternal(url)
    return { action: 'deny' }
  })
}
