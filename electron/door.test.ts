/** The shipped main process, preload script and page, joined as Electron joins them. */
import { describe, expect, test, vi } from 'vitest'
import { maxUnheardEvents } from '../core/contract/channel-frames.ts'
import { createClient } from '../core/contract/client.ts'
import { createExample, exampleContract, type Example } from '../core/contract/testing/example-contract.ts'
import { describeTransport } from '../core/contract/testing/transport-compliance.ts'
import type { Log } from '../core/platform/log.ts'
import { connectBridge } from '../renderer/src/api/connect.ts'
import { openDoor, type StartingMarket } from './main/ipc.ts'
import { APP_ORIGIN } from './main/security.ts'
import { createTwoProcesses } from './testing/two-processes.ts'

const startedMarket = ({ dispatcher }: Example): StartingMarket => Promise.resolve({ ok: true, value: dispatcher })

const createApp = (starting: StartingMarket) => {
  const { ipcMain, openWindow, sendToMain, settled } = createTwoProcesses()
  const logged: string[] = []
  const log: Log = { write: (_level, event) => void logged.push(event), child: () => log }
  const window = openWindow()
  openDoor(ipcMain, () => window.contents, starting, log)
  const loadPage = async () => {
    const connection = connectBridge(await window.load())
    return { ...connection, client: createClient(exampleContract, connection.transport) }
  }
  return { window, openWindow, sendToMain, settled, logged, loadPage }
}

describeTransport("the app's own door", async (example) => {
  const { transport, close } = await createApp(startedMarket(example)).loadPage()
  return { transport, close, dispose: close }
})

/** An app that shows a page with a subscription, so that whatever ends the session can be seen to end it. */
const createShownApp = async () => {
  const example = createExample()
  const app = createApp(startedMarket(example))
  const page = await app.loadPage()
  const heard: number[] = []
  const refusals: string[] = []
  page.client.purse.changed(({ revision }) => heard.push(revision))
  page.transport.onRefused((what) => refusals.push(what))
  const emit = async (revision: number): Promise<readonly number[]> => {
    example.dispatcher.emit('purse.changed', { revision, micro: 0n })
    await app.settled()
    return heard
  }
  await app.settled()
  return { ...app, example, page, heard, refusals, emit }
}

const pageId = '0b8c1f6e-7c1d-4a5e-9f1b-2d3c4b5a6978'
const call = { kind: 'call', id: 1, name: 'purse.wait', input: { place: 1 } } as const

test('the page sees two functions and nothing else', async () => {
  const { window } = createApp(startedMarket(createExample()))
  expect(Object.keys(await window.load()).toSorted()).toEqual(['listen', 'send'])
})

describe('a sender that is not the page is refused and logged, and the page is told and goes on', () => {
  test.each([
    ['a frame inside the page', { origin: APP_ORIGIN, url: `${APP_ORIGIN}/` }],
    ['a frame of another origin', { origin: 'https://example.org', url: 'https://example.org/' }],
    ['a frame that is gone', null],
  ])('%s', async (_what, sender) => {
    const { sendToMain, settled, logged, example, refusals, emit } = await createShownApp()
    sendToMain(sender, 'market:frame', [call])
    sendToMain(sender, 'market:open', [pageId])
    sendToMain(sender, 'market:frame', ['garbage'])
    await settled()
    expect([logged, example.waiting(), await emit(1)]).toEqual([Array(3).fill('foreign-sender-refused'), [], [1]])
    expect(refusals).toEqual(Array(3).fill('foreign'))
  })

  test('another window of the app', async () => {
    const { openWindow, settled, logged, example, emit } = await createShownApp()
    const other = connectBridge(await openWindow().load())
    void other.transport.call(call.name, call.input)
    await settled()
    expect([logged, example.waiting(), await emit(1)]).toEqual([Array(2).fill('foreign-sender-refused'), [], [1]])
  })
})

test.each(['https://example.org', 'null', `${APP_ORIGIN}.example.org`])('its own window is refused while it shows %s', async (origin) => {
  const { window, settled, logged, example } = await createShownApp()
  window.showForeignPage(origin)
  window.sendRaw('market:open', pageId)
  window.sendRaw('market:frame', call)
  await settled()
  expect([logged, example.waiting()]).toEqual([Array(2).fill('foreign-sender-refused'), []])
})

test.each([
  ['nothing', undefined],
  ['text', 'hello'],
  ['a number too large', { kind: 'heard', events: Number.POSITIVE_INFINITY }],
  ['an unknown kind', { kind: 'shutdown' }],
  ['a name without end', { ...call, name: 'x'.repeat(1_000_000) }],
  ['bytes', new Uint8Array(1_000)],
  ['a prototype', JSON.parse('{"__proto__": {"kind": "call"}}')],
  ['an accident of structured clones', new Map([['kind', 'call']])],
])('a frame that is %s is refused and logged, and the page is told and goes on', async (_what, frame) => {
  const { window, page, settled, logged, refusals, emit } = await createShownApp()
  window.sendRaw('market:frame', frame)
  await settled()
  expect([logged, refusals, await emit(1)]).toEqual([['page-broke-protocol'], ['unreadable'], [1]])
  expect((await page.client.purse.balance({})).ok).toBe(true)
})

test.each([undefined, '', 'x'.repeat(1_000_000), { id: pageId }])(
  'a page that opens the door with %.20s opens nothing and ends nothing',
  async (id) => {
    const { window, settled, logged, refusals, emit } = await createShownApp()
    window.sendRaw('market:open', id)
    await settled()
    expect([logged, refusals, await emit(1)]).toEqual([['page-broke-protocol'], ['unreadable'], [1]])
  },
)

test('frames before a page has opened the door are ignored', async () => {
  const example = createExample()
  const { window, settled } = createApp(startedMarket(example))
  await window.load()
  window.sendRaw('market:frame', call)
  await settled()
  expect(example.waiting()).toEqual([])
})

describe('a page that starts anew', () => {
  test('ends the session of the page before it', async () => {
    const { loadPage, settled, emit, heard } = await createShownApp()
    const next = await loadPage()
    const heardByNext: number[] = []
    next.client.purse.closed(() => heardByNext.push(0))
    await settled()
    await emit(1)
    expect([heard, heardByNext]).toEqual([[], []])
  })

  test('hears no answer meant for the page before it', async () => {
    const { page, loadPage, settled, example } = await createShownApp()
    void page.client.purse.wait({ place: 7 })
    await settled()
    const next = loadPage()
    example.answerWaiting(7)
    expect(await (await next).client.purse.balance({})).toEqual({ ok: true, value: { micro: 9_000n } })
  })

  test('is not held up by calls and events of the page before it', async () => {
    const { page, loadPage, settled, example } = await createShownApp()
    for (let place = 1; place <= 64; place += 1) void page.client.purse.wait({ place })
    for (let revision = 0; revision <= maxUnheardEvents; revision += 1) example.dispatcher.emit('purse.changed', { revision, micro: 0n })
    const next = await loadPage()
    const heard: number[] = []
    next.client.purse.changed(({ revision }) => heard.push(revision))
    expect((await next.client.purse.balance({})).ok).toBe(true)
    example.dispatcher.emit('purse.changed', { revision: 9, micro: 0n })
    await settled()
    expect(heard).toEqual([9])
  })
})

describe('a destroyed window', () => {
  test('is sent nothing more', async () => {
    const { window, page, settled, example, emit } = await createShownApp()
    void page.client.purse.wait({ place: 1 })
    await settled()
    window.destroy()
    const send = vi.spyOn(window.contents, 'send')
    example.answerWaiting(1)
    expect([await emit(1), await emit(2), send.mock.calls]).toEqual([[], [], []])
  })

  test('lets nobody in', async () => {
    const { window, openWindow, settled, logged } = await createShownApp()
    window.destroy()
    window.sendRaw('market:frame', call)
    connectBridge(await openWindow().load())
    await settled()
    expect(logged).toEqual(Array(2).fill('foreign-sender-refused'))
  })
})

describe('a market that is still starting', () => {
  test('answers and tells events once it has started', async () => {
    const example = createExample()
    let start = (_market: Awaited<StartingMarket>): void => undefined
    const { loadPage, settled } = createApp(new Promise((resolve) => (start = resolve)))
    const { client } = await loadPage()
    const heard: string[] = []
    client.purse.changed(({ revision }) => heard.push(`changed ${revision}`))
    client.purse.closed(() => heard.push('closed'))()
    const answer = client.purse.balance({})
    await settled()
    start({ ok: true, value: example.dispatcher })
    expect((await answer).ok).toBe(true)
    example.dispatcher.emit('purse.closed', { reason: 'nobody listens any more' })
    example.dispatcher.emit('purse.changed', { revision: 1, micro: 0n })
    await settled()
    expect(heard).toEqual(['changed 1'])
  })

  test('answers with the reason why it could not start', async () => {
    const message = 'The data folder is in use.'
    const { client } = await createApp(Promise.resolve({ ok: false, error: { message } })).loadPage()
    expect(await client.purse.balance({})).toEqual({ ok: false, error: { code: 'unavailable', message } })
  })
})
