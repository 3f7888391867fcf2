/** Puts the program together: preferences, the window, the home with its market, the door between them, the tray. */
import { join } from 'node:path'
import { app, dialog, ipcMain, powerMonitor, protocol, safeStorage, session, shell } from 'electron'
import { createIncoming } from '../../core/home/incoming.ts'
import { loadSettings } from '../../core/home/settings.ts'
import { systemDisk } from '../../core/platform/disk.ts'
import type { Log } from '../../core/platform/log.ts'
import { loadStaticFiles } from '../../core/platform/static-files.ts'
import { showBadge } from './badge.ts'
import { askOnClose } from './closing.ts'
import { openHost } from './host.ts'
import { openDoor, type MarketDoor } from './ipc.ts'
import { osProtectorOf } from './keychain.ts'
import { createOwnerSignals, readSystemMetered } from './owner-signals.ts'
import { setMenu } from './menu.ts'
import { openedBy, receiveOpened } from './opened.ts'
import { createPdfSaver } from './pdf.ts'
import { followPreferences } from './preferences.ts'
import { createAppHandler } from './protocol.ts'
import { APP_SCHEME, lockSession } from './security.ts'
import { showNotices } from './notices.ts'
import { textsFor, type Texts } from './texts.ts'
import { showTray, type TrayDeps } from './tray.ts'
import { loadWindowMemory } from './window-memory.ts'
import { createMarketWindow, type MarketWindow } from './window.ts'

const outPath = join(import.meta.dirname, '..')

export const startApp = async (log: Log, logFile: string): Promise<void> => {
  const userData = app.getPath('userData')
  const incoming = createIncoming(systemDisk)
  receiveOpened(app, incoming)
  const [settings, memory] = await Promise.all([
    loadSettings(join(userData, 'settings.json'), log),
    loadWindowMemory(join(userData, 'window.json'), log),
    app.whenReady(),
  ])
  lockSession(session.defaultSession)
  const pages = loadStaticFiles(join(outPath, 'renderer'))
  if (!pages.ok) throw new Error(pages.error.message)
  protocol.handle(APP_SCHEME, createAppHandler(pages.value))
  followPreferences(settings, log)
  const words = (): Texts => textsFor(settings.get().language, app.getPreferredSystemLanguages())
  const window = createMarketWindow({
    log,
    memory,
    preloadPath: join(outPath, 'preload', 'index.cjs'),
    onClose: askOnClose(settings, () => words().closing),
    quit: () => app.quit(),
  })
  const putUpMenu = (): void => setMenu({ texts: words().menu, window: window.current, show: window.show })
  app.setAboutPanelOptions({ applicationName: 'Claude Market', applicationVersion: app.getVersion(), copyright: 'MIT OR Apache-2.0' })
  putUpMenu()
  settings.onChanged(putUpMenu)
  const isAwaited = (): boolean => incoming.current().item !== null
  if (settings.get().startHidden === 'off' || isAwaited()) window.show()
  incoming.onChanged(() => {
    if (isAwaited()) window.show()
  })
  const host = openHost({
    log,
    logFile,
    settings,
    incoming,
    version: app.getVersion(),
    dataFolder: join(userData, 'market'),
    nodesPath: join(outPath, 'main', 'nodes.js'),
    osProtector: () => osProtectorOf(safeStorage),
    ownerSignals: createOwnerSignals({ power: powerMonitor, nowMs: Date.now, readMetered: readSystemMetered }),
    showFolder: async (path) => void (await shell.openPath(path)),
    savePdf: createPdfSaver(window.current),
    startPractice: app.commandLine.hasSwitch('practice'),
  })
  openDoor(ipcMain, () => window.current()?.webContents ?? null, host.started, log)
  void host.started.then((started) => {
    if (!started.ok) return
    putInTray(started.value, window, { texts: words, onTexts: settings.onChanged })
    showNotices({ door: started.value, settings, texts: () => words().notices, openAt: window.showAt, complain: complainIn(window, words) })
  })
  app.on('second-instance', (_event, argv, workingFolder) => {
    window.show()
    if (openedBy(argv.slice(1), workingFolder) === null) host.tellStartedAgain()
  })
  app.on('activate', window.show)
  app.on('before-quit', window.letClose)
  // The market goes on without a window, for as long as its owner wants; without this Electron would quit.
  app.on('window-all-closed', () => undefined)
  closeBeforeQuit(() => Promise.all([host.close(), memory.written()]))
}

type Words = { readonly texts: () => Texts; readonly onTexts: TrayDeps['onTexts'] }

const putInTray = (door: MarketDoor, window: MarketWindow, { texts, onTexts }: Words): void =>
  showTray({
    texts: () => texts().tray,
    onTexts,
    door,
    badge: (tasks, image) => showBadge(app, window.current(), { tasks, image, description: texts().badge(tasks) }),
    imagePath: join(app.getAppPath(), 'resources', 'tray'),
    open: window.showAt,
    quit: () => app.quit(),
    complain: complainIn(window, texts),
  })

/** Whoever clicked outside of the window reads there what could not be done. */
const complainIn =
  (window: MarketWindow, texts: () => Texts) =>
  (message: string): void => {
    window.show()
    const shown = window.current()
    if (shown !== null) void dialog.showMessageBox(shown, { type: 'warning', title: 'Claude Market', message: texts().said(message) })
  }

/** Quitting waits for the market, so that what is under way reaches the disk. */
const closeBeforeQuit = (close: () => Promise<unknown>): void => {
  app.on('will-quit', (event) => {
    event.preventDefault()
    void close().finally(() => app.exit())
  })
}
