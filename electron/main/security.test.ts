import { EventEmitter } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Session, WebContents } from 'electron'
import { describe, expect, test } from 'vitest'
import { contentSecurityPolicy } from '../../core/platform/static-files.ts'
import { SCHEME } from './protocol.ts'
import { APP_ORIGIN, enableSandbox, isAllowedExternalPage, isOwnMainFrame, lockContents, lockSession, WEB_PREFERENCES } from './security.ts'

type Handler = (...values: readonly unknown[]) => unknown

const lockedSession = () => {
  const handlers = new Map<string, Handler>()
  const keep = (name: string) => (handler: Handler) => void handlers.set(name, handler)
  const names = ['setPermissionRequestHandler', 'setPermissionCheckHandler', 'setDevicePermissionHandler', 'setDisplayMediaRequestHandler']
  const session = Object.fromEntries(names.map((name) => [name, keep(name)]))
  const events = new EventEmitter()
  lockSession(Object.assign(events, session, { webRequest: { onBeforeRequest: keep('onBeforeRequest') } }) as unknown as Session)
  return { events, call: (name: string, ...values: readonly unknown[]) => handlers.get(name)?.(...values) }
}

const decisionOf = (ask: (decide: (decision: unknown) => void) => void): unknown => {
  let decision: unknown = 'none'
  ask((made) => (decision = made))
  return decision
}

describe('the session', () => {
  test('denies all four kinds of permission', () => {
    const { call } = lockedSession()
    expect(decisionOf((decide) => call('setPermissionRequestHandler', null, 'notifications', decide))).toBe(false)
    expect(call('setPermissionCheckHandler', null, 'media')).toBe(false)
    expect(call('setDevicePermissionHandler', { deviceType: 'usb' })).toBe(false)
    expect(decisionOf((decide) => call('setDisplayMediaRequestHandler', {}, decide))).toEqual({})
  })

  test('saves what the page made itself, and downloads nothing', () => {
    const isPrevented = (url: string): boolean => {
      let prevented = false
      lockedSession().events.emit('will-download', { preventDefault: () => (prevented = true) }, { getURL: () => url })
      return prevented
    }
    const urls = [`blob:${APP_ORIGIN}/1`, `${APP_ORIGIN}/1`, 'blob:https://example.org/1', 'https://example.org/', 'data:text/plain,x']
    expect(urls.map(isPrevented)).toEqual([false, true, true, true, true])
  })

  test.each([
    [`${APP_ORIGIN}/assets/index.js`, false],
    [`blob:${APP_ORIGIN}/1`, false],
    [`blob:${APP_ORIGIN}.example.org/1`, true],
    [`${APP_ORIGIN}.example.org/`, true],
    ['app://elsewhere/', true],
    ['https://example.org/', true],
    ['http://127.0.0.1:8080/', true],
    ['ws://127.0.0.1:8080/', true],
    ['file:///etc/hostname', true],
  ])('a request to %s is cancelled: %s', (url, cancel) => {
    expect(decisionOf((decide) => lockedSession().call('onBeforeRequest', { url }, decide))).toEqual({ cancel })
  })
})

test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])('%s is prevented', (name) => {
  const events = new EventEmitter()
  let isPrevented = false
  lockContents(Object.assign(events, { setWindowOpenHandler: () => undefined }) as unknown as WebContents, () => undefined)
  events.emit(name, { preventDefault: () => (isPrevented = true) })
  expect(isPrevented).toBe(true)
})

test('no window opens, and no page outside the list goes to the browser', () => {
  const opened: string[] = []
  let handler: Handler = () => undefined
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: (given: Handler) => (handler = given) })
  lockContents(contents as unknown as WebContents, (url) => opened.push(url))
  for (const url of ['https://example.org/', 'file:///etc/hostname', 'javascript:alert(1)']) {
    expect(isAllowedExternalPage(url)).toBe(false)
    expect(handler({ url })).toEqual({ action: 'deny' })
  }
  expect(opened).toEqual([])
})

test('every process is sandboxed unless the command line has refused it', () => {
  const enabledWith = (switches: readonly string[]): boolean => {
    let isEnabled = false
    enableSandbox({ enableSandbox: () => (isEnabled = true), commandLine: { hasSwitch: (name) => switches.includes(name) } })
    return isEnabled
  }
  expect([enabledWith([]), enabledWith(['no-sandbox'])]).toEqual([true, false])
})

test('the content policy allows nothing inline, nothing evaluated and nothing from elsewhere', () => {
  // Word for word, so that whatever is loosened is loosened here too.
  expect(contentSecurityPolicy.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ])
})

test('the window is locked in every item of the list', () => {
  expect(WEB_PREFERENCES).toEqual({
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
    spellcheck: false,
  })
})

test('the one window that the app makes gets these preferences and nothing beside them', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
  // An inspected window leaves out what is off by default, so a later entry that turns it on would be seen by nobody.
  const found = sources.flatMap(
    (source) => source.match(/new (BrowserWindow|BaseWindow|WebContentsView|BrowserView)\b|webPreferences.*/g) ?? [],
  )
  expect(found.toSorted()).toEqual(['new BrowserWindow', 'webPreferences: { ...WEB_PREFERENCES, preload: preloadPath },'])
})

test('the page gets one thing from the preload script', () => {
  const preload = readFileSync(join(import.meta.dirname, '..', 'preload', 'index.ts'), 'utf8')
  expect(preload.match(/exposeIn\w+\([^,]*,/g)).toEqual(["exposeInMainWorld('market',"])
})

test.each([
  ['the page of the app', { origin: APP_ORIGIN, url: `${APP_ORIGIN}/#/wallet` }, true],
  ['a blank page with the same origin', { origin: APP_ORIGIN, url: 'about:blank' }, false],
  ['another host', { origin: `${APP_ORIGIN}.example.org`, url: `${APP_ORIGIN}.example.org/` }, false],
  ['an opaque origin', { origin: 'null', url: `${APP_ORIGIN}/` }, false],
])('%s in the main frame may speak: %s', (_what, frame, may) => {
  expect(isOwnMainFrame({ senderFrame: frame }, { mainFrame: frame })).toBe(may)
  expect(isOwnMainFrame({ senderFrame: { ...frame } }, { mainFrame: frame })).toBe(false)
})

test('the scheme of the pages is held to the policy, and every process is sandboxed before Electron is ready', () => {
  expect(SCHEME).toEqual({ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } })
  const main = readFileSync(join(import.meta.dirname, 'index.ts'), 'utf8')
  expect(main.indexOf('\nenableSandbox(app)\n')).toBeGreaterThan(0)
  expect(main.indexOf('\nenableSandbox(app)\n')).toBeLessThan(main.indexOf('startApp(log'))
})
