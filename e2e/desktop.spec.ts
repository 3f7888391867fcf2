import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type ElectronApplication } from '@playwright/test'
import { inMainProcess, startSecondInstance, test } from './harness/app.ts'
import { startDaemon } from './harness/daemon.ts'
import { watchTray } from './harness/tray.ts'

const isWindowVisible = (electron: ElectronApplication): Promise<boolean> =>
  inMainProcess(() => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false))
const closeWindow = (electron: ElectronApplication): Promise<void> =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
/** Answers the app's next questions as a person would who presses that button. */
const answerDialogs = (electron: ElectronApplication, button: number): Promise<void> =>
  electron.evaluate(({ dialog }, response) => {
    dialog.showMessageBox = () => Promise.resolve({ response, checkboxChecked: false })
  }, button)
const settingsOf = (userDataPath: string): unknown => {
  const path = join(userDataPath, 'settings.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null
}
const writeSettings = (userDataPath: string, changed: object): void =>
  writeFileSync(join(userDataPath, 'settings.json'), JSON.stringify({ format: 'claude-market-settings', ...changed }))
const [keepRunning, quit, cancel] = [0, 1, 2]

test('closing asks the first time, is remembered, and the window comes back with what was typed', async ({ app }) => {
  const asking = await app.pages.ask()
  await asking.prompt.fill('Not finished yet')
  await answerDialogs(app.electron, cancel)
  await closeWindow(app.electron)
  await expect.poll(() => isWindowVisible(app.electron)).toBe(true)
  expect(settingsOf(app.userDataPath)).toBeNull()

  await answerDialogs(app.electron, keepRunning)
  await closeWindow(app.electron)
  await expect.poll(() => isWindowVisible(app.electron)).toBe(false)
  expect(settingsOf(app.userDataPath)).toMatchObject({ onClose: 'keep-running' })

  const second = await startSecondInstance(app)
  expect([second.code, second.output]).toEqual([0, expect.stringContaining('already running with this data folder')])
  await expect.poll(() => isWindowVisible(app.electron)).toBe(true)
  await expect(asking.prompt).toHaveValue('Not finished yet')
})

test('the keys for zooming zoom, with and without Shift and on a number pad, and 0 takes it back', async ({ app }) => {
  const zoomLevel = (): Promise<number> =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel() ?? 0)
  // As the keyboard sends them: what a page is sent by a test never reaches the menu.
  const press = (keyCode: string): Promise<void> =>
    app.electron.evaluate(({ BrowserWindow }, key) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      contents?.focus()
      contents?.sendInputEvent({ type: 'keyDown', keyCode: key, modifiers: ['control'] })
      contents?.sendInputEvent({ type: 'keyUp', keyCode: key, modifiers: ['control'] })
    }, keyCode)
  await (await app.pages.ask()).prompt.click()
  for (const [key, level] of [
    ['=', 0.5],
    ['Plus', 1],
    ['numadd', 1.5],
    ['-', 1],
    ['numsub', 0.5],
    ['0', 0],
    ['-', -0.5],
    ['num0', 0],
  ] as const) {
    await press(key)
    await expect.poll(zoomLevel, { message: key }).toBe(level)
  }
})

test('closing quits where that was chosen, and the market is closed before', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  await answerDialogs(app.electron, quit)
  const ended = app.electron.waitForEvent('close')
  await closeWindow(app.electron)
  await ended
  expect(settingsOf(app.userDataPath)).toMatchObject({ onClose: 'quit' })
  // SQLite removes the write-ahead log when the last connection closes as it should.
  expect(existsSync(join(app.userDataPath, 'market', 'practice', 'own', 'market.db-wal'))).toBe(false)
})

test('hidden, it runs without a window until somebody wants one', async ({ userDataPath, launchHidden }) => {
  writeSettings(userDataPath, { startHidden: 'on', theme: 'dark' })
  const { electron } = await launchHidden()
  const tray = await watchTray(electron)
  await expect.poll(tray.tooltip).toBe('Claude Market: Provider mode is off')
  expect(electron.windows()).toHaveLength(0)
  const opened = electron.waitForEvent('window')
  await tray.click('Open Claude Market')
  const page = await opened
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true)
})

test('the tray switches provider mode, pauses it, opens the window and quits', async ({ userDataPath, launchApp }) => {
  const daemon = await startDaemon(join(userDataPath, 'market'))
  const chosen = await daemon.client.provider.start({
    requestId: crypto.randomUUID(),
    backend: { kind: 'practice' },
    consentRef: null,
    caps: {
      concurrent: 2,
      tasksPerDay: 100,
      outputTokensPerTask: 1_000,
      outputTokensPerDay: 100_000,
      moneyPerDayCents: 0,
      moneyPerMonthCents: 0,
      centsPerMillionInputTokens: 0,
      centsPerMillionOutputTokens: 0,
      weeklyHours: Array.from({ length: 7 }, () => 0xff_ffff),
    },
    offers: [],
    approveEachTask: false,
  })
  expect(chosen).toEqual({ ok: true, value: { backendId: 1 } })
  await daemon.client.provider.stop({ requestId: crypto.randomUUID() })
  await daemon.stop()

  const { electron } = await launchApp()
  const tray = await watchTray(electron)
  const status = async (): Promise<string> => (await tray.labels())[0] ?? ''
  await expect.poll(status).toBe('Provider mode is off')
  expect(await tray.item('Provider mode')).toMatchObject({ checked: false, enabled: true })

  await tray.click('Provider mode')
  await expect.poll(status).toBe('Providing, nothing runs now')
  expect(await tray.item('Provider mode')).toMatchObject({ checked: true })
  await tray.click('Pause for an hour')
  await expect.poll(status).toMatch(/^Paused until \d/)
  await tray.click('Resume now')
  await expect.poll(status).toBe('Providing, nothing runs now')
  await tray.click('Pause until I resume')
  await expect.poll(status).toBe('Paused')
  await tray.click('Provider mode')
  await expect.poll(status).toBe('Provider mode is off')
  expect(await tray.tooltip()).toBe('Claude Market: Provider mode is off')

  await answerDialogs(electron, keepRunning)
  await closeWindow(electron)
  await expect.poll(() => isWindowVisible(electron)).toBe(false)
  await tray.click('Open Claude Market')
  await expect.poll(() => isWindowVisible(electron)).toBe(true)
  const ended = electron.waitForEvent('close')
  void tray.click('Quit').catch(() => undefined)
  await ended
})

test('a page that crashes is shown again, and the market has not noticed', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  const crashed = app.page.waitForEvent('crash')
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer())
  await crashed
  const title = () =>
    inMainProcess(() =>
      app.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.querySelectorAll("[data-testid=offer]").length'),
      ),
    )
  await expect.poll(title, { timeout: 20_000 }).toBe(3)
  expect(app.log()).toContain('page-gone')
})

test('without its witnesses it says so, keeps what was typed, and goes on when they are started again', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  const asking = await app.pages.ask()
  await asking.prompt.fill('Not asked yet')
  const wallet = await app.pages.wallet()
  await wallet.write({ to: 'Not sent yet', amount: '2.5' })
  const ownPid = app.electron.process().pid
  const witnessesPid = await inMainProcess(() =>
    app.electron.evaluate(({ app: main }) => main.getAppMetrics().find(({ name }) => name === 'Witnesses')?.pid),
  )
  expect(witnessesPid).toBeGreaterThan(1)
  process.kill(witnessesPid ?? 0, 'SIGKILL')
  const { setup } = app.pages
  await expect(setup.title).toHaveText('The market has stopped')
  await expect(setup.problem).toContainText('The process that runs the witnesses of this computer has ended')
  await setup.press('Try again')
  await expect(wallet.written('To account')).toHaveValue('Not sent yet')
  await expect(wallet.written('Amount')).toHaveValue('2.5')
  await app.page.keyboard.press('Escape')
  await app.pages.ask()
  await expect(asking.prompt).toHaveValue('Not asked yet')
  // At once, when this node still knows its providers by the addresses of before.
  await asking.ask('Not asked yet')
  await expect(asking.task).toHaveAttribute('data-state', 'settled')
  expect(app.electron.process()).toMatchObject({ pid: ownPid, exitCode: null })
})

test('what it logs is in a file of its owner alone', async ({ app }) => {
  const path = join(app.userDataPath, 'logs', 'market.log')
  await startSecondInstance(app)
  await app.electron.evaluate(() => void Promise.reject(new Error('on purpose')))
  await expect.poll(() => existsSync(path) && readFileSync(path, 'utf8')).toContain('on purpose')
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('the menu bar does what the keys do, in the language of the screens', async ({ app }) => {
  await app.pages.home()
  const click = (id: string): Promise<void> =>
    inMainProcess(() => app.electron.evaluate(({ Menu }, wanted) => void Menu.getApplicationMenu()?.getMenuItemById(wanted)?.click(), id))
  await click('wallet')
  await expect(app.page.getByRole('heading', { level: 1, name: 'Wallet' })).toBeVisible()
  await click('palette')
  await expect(app.page.getByRole('dialog', { name: 'Command palette' })).toBeVisible()
  await app.page.keyboard.press('Escape')
  await click('sheet')
  await expect(app.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await app.page.keyboard.press('Escape')
  const settings = await app.pages.settings()
  await settings.chooseLanguage('Deutsch')
  await expect(app.page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible()
  const label = (): Promise<string> =>
    inMainProcess(() => app.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('market')?.label ?? ''))
  await expect.poll(label).toBe('Markt')
  expect(settingsOf(app.userDataPath)).toMatchObject({ language: 'de' })
})
