import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type ElectronApplication } from '@playwright/test'
import { inMainProcess, test } from './harness/app.ts'

type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

const placed = (electron: ElectronApplication, area: Area): Promise<void> =>
  electron.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), area)
const areaOf = (electron: ElectronApplication): Promise<Area | undefined> =>
  inMainProcess(() => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds()))
const screenOf = (electron: ElectronApplication): Promise<Area> =>
  inMainProcess(() => electron.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea))

test('the window opens where it was, and comes back onto the screen when it was pushed off', async ({ launchApp, userDataPath }) => {
  const kept = { x: 60, y: 40, width: 900, height: 620 }
  const first = await launchApp()
  await placed(first.electron, kept)
  await expect.poll(() => areaOf(first.electron)).toEqual(kept)
  await first.electron.close()

  const path = join(userDataPath, 'window.json')
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ area: kept, isMaximised: false })
  const second = await launchApp()
  expect(await areaOf(second.electron)).toEqual(kept)
  await second.electron.close()

  writeFileSync(path, JSON.stringify({ area: { ...kept, x: 40, y: -580 }, isMaximised: false }))
  const third = await launchApp()
  expect(await areaOf(third.electron)).toEqual({ ...kept, x: 40, y: (await screenOf(third.electron)).y })
  await third.electron.close()

  writeFileSync(path, '{"area":')
  const fourth = await launchApp()
  await expect(fourth.pages.setup.title).toBeVisible()
  expect(readFileSync(join(userDataPath, 'logs', 'market.log'), 'utf8')).toContain('window-not-remembered')
})

test('the menu has what every text field, reader and window needs', async ({ launchApp }) => {
  const { electron } = await launchApp()
  const roles = await inMainProcess(() =>
    electron.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).flatMap(({ submenu }) =>
        (submenu?.items ?? []).map(({ role }) => String(role).toLowerCase()),
      ),
    ),
  )
  const needed = [
    'undo',
    'redo',
    'cut',
    'copy',
    'paste',
    'selectall',
    'resetzoom',
    'zoomin',
    'zoomout',
    'togglefullscreen',
    'minimize',
    'about',
  ]
  expect(needed.filter((role) => !roles.includes(role))).toEqual([])
})
