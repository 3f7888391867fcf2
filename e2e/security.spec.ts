import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { contentSecurityPolicy } from '../core/platform/static-files.ts'
import { APP_ORIGIN, WEB_PREFERENCES } from '../electron/main/security.ts'
import { rootPath } from '../scripts/process.ts'
import { inMainProcess, startSecondInstance, test } from './harness/app.ts'

test('the window has exactly the locked web preferences', async ({ app }) => {
  const actual = await inMainProcess(() =>
    app.electron.evaluate(({ webContents }) => {
      // Undocumented, and the only way to see what a window really got. What is off by default it may leave out.
      type Inspected = { readonly getLastWebPreferences: () => Readonly<Record<string, unknown>> }
      const [contents] = webContents.getAllWebContents() as unknown as readonly Inspected[]
      return contents?.getLastWebPreferences() ?? {}
    }),
  )
  const names = Object.keys(WEB_PREFERENCES)
  const differing = Object.entries(WEB_PREFERENCES).filter(([name, value]) => (actual[name] ?? false) !== value)
  expect(differing).toEqual([])
  expect(names.filter((name) => name in actual)).toEqual(
    expect.arrayContaining(['contextIsolation', 'sandbox', 'nodeIntegration', 'webSecurity']),
  )
})

test('the page has no Node and no Electron, only the two functions of the bridge', async ({ app }) => {
  const seen = await app.page.evaluate(() => ({
    globals: ['require', 'process', 'module', 'Buffer', 'global', 'electron'].filter((name) => name in globalThis),
    bridge: Object.keys(window.market ?? {}).toSorted(),
  }))
  expect(seen).toEqual({ globals: [], bridge: ['listen', 'send'] })
})

test('the pages are those that the program started with, whatever is written beside them later', async ({ app }) => {
  const late = join(rootPath, 'out', 'renderer', 'late.html')
  writeFileSync(late, 'late')
  const statuses = await app.page.evaluate(async () => [(await fetch('/index.html')).status, (await fetch('/late.html')).status])
  rmSync(late)
  expect(statuses).toEqual([200, 404])
})

test('every permission, device and capture is denied', async ({ app }) => {
  const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'background-sync']
  const states = await app.page.evaluate(
    (asked) => Promise.all(asked.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state)),
    names,
  )
  expect(states).toEqual(names.map(() => 'denied'))
  const refused = await app.page.evaluate(async () => {
    const nameOf = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'allowed',
        () => 'refused',
      )
    return {
      notification: await Notification.requestPermission(),
      camera: await nameOf(navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await nameOf(navigator.mediaDevices.getDisplayMedia({ video: true })),
      location: await nameOf(new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
    }
  })
  expect(refused).toEqual({ notification: 'denied', camera: 'refused', screen: 'refused', location: 'refused' })
})

test('the page can neither go elsewhere nor open a window', async ({ app }) => {
  for (const target of ['https://example.org/', 'file:///etc/hostname', 'app://elsewhere/', 'data:text/html,x']) {
    await app.page.evaluate((url) => {
      location.href = url
    }, target)
    expect(await app.page.evaluate((url) => window.open(url) === null, target)).toBe(true)
    expect(await app.page.evaluate(() => location.href)).toBe(`${APP_ORIGIN}/`)
  }
  expect(app.electron.windows()).toHaveLength(1)
})

test('the page comes from its own scheme under the content policy', async ({ app }) => {
  const seen = await app.page.evaluate(async () => {
    const response = await fetch('/')
    return { origin: location.origin, secure: isSecureContext, policy: response.headers.get('content-security-policy') }
  })
  expect(seen).toEqual({ origin: APP_ORIGIN, secure: true, policy: contentSecurityPolicy })
})

test('only listed files are served, and nothing is fetched from elsewhere', async ({ app }) => {
  const statusOf = (path: string): Promise<number | string> =>
    app.page.evaluate(
      (asked) =>
        fetch(asked).then(
          (response) => response.status,
          () => 'blocked',
        ),
      path,
    )
  expect(await statusOf('/index.html')).toBe(200)
  for (const path of ['/package.json', '/../package.json', '/%2e%2e/%2e%2e/package.json', '/assets/', '/index.html/x'])
    expect(await statusOf(path), path).toBe(404)
  for (const url of ['app://elsewhere/', 'file:///etc/hostname', 'http://127.0.0.1:9/', 'https://example.org/'])
    expect(await statusOf(url), url).toBe('blocked')
})

test('text never becomes script: neither eval nor markup with code', async ({ app }) => {
  const outcomes = await app.page.evaluate(async () => {
    // What the debugger itself evaluates is exempt from the policy; what runs later is not.
    await new Promise((resolve) => setTimeout(resolve))
    const attempt = (action: () => unknown): string => {
      try {
        action()
        return 'done'
      } catch (error) {
        return error instanceof Error ? error.name : 'thrown'
      }
    }
    return {
      functions: attempt(() => new Function('return 1')),
      markup: attempt(() => {
        document.body.innerHTML = '<b>x</b>'
      }),
      script: attempt(() => {
        document.createElement('script').text = '1'
      }),
    }
  })
  expect(outcomes).toEqual({ functions: 'EvalError', markup: 'TypeError', script: 'TypeError' })
})

test('frames from any other window are refused, logged and told on the screen', async ({ app }) => {
  const refusals = (): number => app.log().split('foreign-sender-refused').length - 1
  await inMainProcess(() =>
    app.electron.evaluate(
      ({ BrowserWindow }, { preload, url }) => {
        if (BrowserWindow.getAllWindows().length > 1) return
        const foreign = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true, preload } })
        void foreign.loadURL(url)
      },
      { preload: join(rootPath, 'out', 'preload', 'index.cjs'), url: `${APP_ORIGIN}/` },
    ),
  )
  await expect.poll(refusals).toBeGreaterThan(0)
  const foreign = app.electron.windows().find((window) => window !== app.page)
  expect(foreign).toBeDefined()

  const refusalsBefore = refusals()
  const frames = await foreign?.evaluateHandle(() => {
    const arrived: unknown[] = []
    window.market?.listen((frame) => arrived.push(frame))
    window.market?.send({ kind: 'call', id: 1, name: 'app.info', input: {} })
    return arrived
  })
  await expect.poll(refusals).toBeGreaterThanOrEqual(refusalsBefore + 2)
  expect(await frames?.jsonValue()).toEqual([])
  await expect(app.pages.remark).toContainText('Something that is not this window tried to use your market')
})

test('a start with more words than can be handed over ends itself, and not the app that runs', async ({ app }) => {
  const asking = await app.pages.ask()
  await asking.prompt.fill('Not asked yet')
  const sentence = 'is too long to be handed over'
  const { output } = await startSecondInstance(app, `claude-market://invite/${'A'.repeat(40_000)}`, sentence)
  expect(output).toContain(sentence)
  await expect(asking.prompt).toHaveValue('Not asked yet')
})

test('a data folder that is none is said so, and no other one is taken; a log that cannot be kept stops nothing', async ({
  app,
  newUserDataPath,
  launchApp,
}) => {
  const userDataPath = join(await newUserDataPath(), 'a-file')
  writeFileSync(userDataPath, '')
  const sentence = `${userDataPath} and cannot write there (EEXIST)`
  expect((await startSecondInstance({ ...app, userDataPath }, undefined, sentence)).output).toContain(sentence)

  const withoutLog = await newUserDataPath()
  writeFileSync(join(withoutLog, 'logs'), '')
  const { pages } = await launchApp({ userDataPath: withoutLog })
  await expect(pages.setup.title).toContainText('Share AI capacity')
})

test('a frame of a wrong shape and a second instance are told on the screen, and what was typed and the session stay', async ({ app }) => {
  const { pages, page, electron } = app
  const asking = await pages.ask()
  await asking.prompt.fill('Not asked yet')
  await page.evaluate(() => window.market?.send({ kind: 'call', id: 'first', name: ['app.info'] }))
  await expect(pages.remark).toContainText('The market could not read something that this window sent')
  await page.getByRole('button', { name: 'OK', exact: true }).click()
  await expect(pages.remark).toBeHidden()

  const second = await startSecondInstance(app)
  expect([second.code, second.output]).toEqual([0, expect.stringContaining('already running with this data folder')])
  await expect(pages.remark).toContainText('Claude Market was running already: this is it.')
  await expect(asking.prompt).toHaveValue('Not asked yet')
  await expect((await pages.market()).offers).toHaveCount(3)
  expect(electron.process().exitCode).toBeNull()
})
