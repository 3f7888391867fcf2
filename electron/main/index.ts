import { join } from 'node:path'
import { app, BrowserWindow, ipcMain, protocol, safeStorage, session, shell } from 'electron'
import { createLog } from '../../core/platform/log.ts'
import { loadStaticFiles } from '../../core/platform/static-files.ts'
import { openHost } from './host.ts'
import { openDoor } from './ipc.ts'
import { osProtectorOf } from './keychain.ts'
import { createAppHandler, SCHEME } from './protocol.ts'
import { APP_SCHEME, enableSandbox, lockContents, lockSession } from './security.ts'
import { createMarketWindow } from './window.ts'

const outPath = join(import.meta.dirname, '..')
const log = createLog((line) => void process.stderr.write(`${line}\n`), Date.now, 'app')

const start = async (): Promise<void> => {
  await app.whenReady()
  lockSession(session.defaultSession)
  const pages = loadStaticFiles(join(outPath, 'renderer'))
  if (!pages.ok) throw new Error(pages.error.message)
  protocol.handle(APP_SCHEME, createAppHandler(pages.value))
  const window = createMarketWindow(join(outPath, 'preload', 'index.cjs'))
  const host = openHost({
    log,
    version: app.getVersion(),
    userData: app.getPath('userData'),
    nodesPath: join(outPath, 'main', 'nodes.js'),
    osProtector: () => osProtectorOf(safeStorage),
    showFolder: async (path) => void (await shell.openPath(path)),
    settingsChanged: () => undefined,
    startPractice: app.commandLine.hasSwitch('practice'),
  })
  openDoor(ipcMain, window.webContents, host.started, log)
  closeBeforeQuit(host.close)
}

/** Quitting waits for the market, so that what is under way reaches the disk. */
const closeBeforeQuit = (close: () => Promise<void>): void => {
  app.on('will-quit', (event) => {
    event.preventDefault()
    void close().finally(() => app.exit())
  })
}

const showWindow = (): void => {
  const window = BrowserWindow.getAllWindows()[0]
  if (window?.isMinimized() === true) window.restore()
  window?.focus()
}

enableSandbox(app)
protocol.registerSchemesAsPrivileged([SCHEME])
app.on('web-contents-created', (_event, contents) => lockContents(contents, (url) => void shell.openExternal(url)))
app.on('second-instance', showWindow)
app.on('window-all-closed', () => app.quit())

if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    log.write('error', 'start-failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    app.exit(1)
  })
} else {
  process.stderr.write('Claude Market is already running with this data folder; its window has been brought to the front.\n')
  app.quit()
}
