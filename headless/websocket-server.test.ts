import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket as NodeSocket } from 'ws'
import { createClient } from '../core/contract/client.ts'
import { createExample, exampleContract, type Example } from '../core/contract/testing/example-contract.ts'
import { describeTransport } from '../core/contract/testing/transport-compliance.ts'
import { createWebSocketTransport, socketProtocols, type SocketLike } from '../core/contract/websocket-transport.ts'
import { createManualClock, systemClock } from '../core/platform/clock.ts'
import { silentLog, type Log } from '../core/platform/log.ts'
import { createSeededRandom } from '../core/platform/random.ts'
import { loadStaticFiles, type StaticFiles } from '../core/platform/static-files.ts'
import { startMarketServer, type MarketServer } from './websocket-server.ts'

const start = async (example: Example, files: StaticFiles | null = null, port = 0, logged: string[] = []): Promise<MarketServer> => {
  const random = createSeededRandom('token')
  const log: Log = { ...silentLog, write: (_level, event) => void logged.push(event) }
  const started = await startMarketServer({ dispatcher: example.dispatcher, files, random, log }, port)
  if (!started.ok) throw new Error(started.error.message)
  return started.value
}

const socketsOf: readonly (readonly [string, (server: MarketServer) => SocketLike])[] = [
  ['node’s ws', (server) => new NodeSocket(server.socketUrl, socketProtocols(server.token))],
  ['the standard WebSocket', (server) => new WebSocket(server.socketUrl, socketProtocols(server.token))],
]
for (const [name, connect] of socketsOf) {
  describeTransport(`WebSocket by ${name}`, async (example) => {
    const server = await start(example)
    const transport = createWebSocketTransport({ connect: () => connect(server), after: systemClock.after })
    const dispose = async () => {
      transport.close()
      await server.close()
    }
    return { transport, close: transport.close, dispose }
  })
}

describe('a market server', () => {
  let example: Example
  let server: MarketServer
  let folder: string
  let logged: string[]
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'market-pages-'))
    mkdirSync(join(folder, 'pages', 'assets'), { recursive: true })
    writeFileSync(join(folder, 'secret.txt'), 'not a page')
    writeFileSync(join(folder, 'pages', 'index.html'), '<!doctype html>')
    writeFileSync(join(folder, 'pages', 'assets', 'app.js'), 'start()')
    writeFileSync(join(folder, 'pages', 'assets', 'app.js.map'), '{}')
    const files = loadStaticFiles(join(folder, 'pages'))
    example = createExample()
    logged = []
    server = await start(example, files.ok ? files.value : null, 0, logged)
  })
  afterEach(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })

  const get = (path: string, options: { readonly method?: string; readonly host?: string } = {}) =>
    new Promise<{ readonly status: number; readonly body: string; readonly headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
      const headers = { host: options.host ?? `127.0.0.1:${server.port}` }
      const sent = httpRequest({ port: server.port, host: '127.0.0.1', path, method: options.method ?? 'GET', headers }, (response) => {
        let body = ''
        response.on('data', (data: Buffer) => void (body += data.toString()))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
      })
      sent.on('error', reject).end()
    })

  /** How an attempt to connect ends: `open`, or the status of the refusal. */
  const attempt = (change: { readonly path?: string; readonly token?: string; readonly host?: string; readonly origin?: string }) =>
    new Promise<number | 'open'>((resolve) => {
      const url = `ws://127.0.0.1:${server.port}${change.path ?? '/contract'}`
      const headers = change.host === undefined ? {} : { host: change.host }
      const socket = new NodeSocket(url, socketProtocols(change.token ?? server.token), {
        headers,
        ...(change.origin === undefined ? {} : { origin: change.origin }),
      })
      socket.on('error', () => undefined)
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.on('open', () => resolve('open'))
    })
  const openSocket = (): Promise<NodeSocket> =>
    new Promise((resolve) => {
      const socket = new NodeSocket(server.socketUrl, socketProtocols(server.token))
      socket.on('error', () => undefined)
      socket.on('open', () => resolve(socket))
    })

  test('lets in who shows the token, from its own pages or from none', async () => {
    const origin = `http://127.0.0.1:${server.port}`
    expect(await Promise.all([attempt({}), attempt({ origin }), attempt({ origin: `http://localhost:${server.port}` })])).toEqual([
      'open',
      'open',
      'open',
    ])
  })

  test.each([
    ['a wrong token', { token: 'f'.repeat(64) }, 401],
    ['an empty token', { token: '' }, 401],
    ['a page of another origin', { origin: 'https://evil.example' }, 403],
    ['a page on another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page in a sandbox', { origin: 'null' }, 403],
    ['a name bound to this address', { host: 'evil.example' }, 403],
    ['another path', { path: '/other' }, 404],
  ])('refuses %s', async (_what, change, status) => {
    expect(await attempt('token' in change && change.token === '' ? { token: 'none' } : change)).toBe(status)
  })

  test('refuses one connection too many, and has room again when one has gone', async () => {
    const sockets = await Promise.all(Array.from({ length: 16 }, openSocket))
    expect(await attempt({})).toBe(503)
    sockets[0]?.close()
    await vi.waitFor(async () => expect(await attempt({})).toBe('open'))
  })

  test.each([
    ['not JSON', 'hello'],
    ['bytes', Buffer.from([1, 2, 3])],
    ['no frame', '{"kind":"shutdown"}'],
  ])('refuses a message that is %s, and goes on with the same connection', async (_what, message) => {
    const socket = await openSocket()
    const heard: unknown[] = []
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString())))
    socket.send(message)
    socket.send(JSON.stringify({ kind: 'call', id: 1, name: 'purse.balance', input: {} }))
    await vi.waitFor(() => expect(heard).toHaveLength(2))
    expect(heard).toMatchObject([
      { kind: 'refused', what: 'unreadable' },
      { kind: 'answer', id: 1, answer: { ok: true } },
    ])
    expect(logged).toEqual(['client-broke-protocol'])
  })

  test('drops a connection whose message is too large, and serves the others', async () => {
    const socket = await openSocket()
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.send(`"${'x'.repeat(2 * 1_024 * 1_024)}"`)
    expect(await closed).toBe(1_009)
    expect(await attempt({})).toBe('open')
  })

  test('drops who asks for much and reads nothing', async () => {
    const socket = await openSocket()
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    const input = { requestId: 'request-000000001', amountMicro: '1', note: 'x'.repeat(1_000_000) }
    socket.pause()
    for (let id = 1; id <= 40; id += 1) socket.send(JSON.stringify({ kind: 'call', id, name: 'purse.pay', input }))
    await vi.waitFor(() => expect(logged).toEqual(['socket-too-slow']), { timeout: 15_000 })
    socket.resume()
    expect(await closed).toBe(1_006)
  })

  test('serves its pages with headers that allow nothing foreign', async () => {
    const page = await get('/')
    expect([page.status, page.body, page.headers['content-type']]).toEqual([200, '<!doctype html>', 'text/html; charset=utf-8'])
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    expect(await get('/assets/app.js?v=1')).toMatchObject({ status: 200, body: 'start()' })
    expect(await get('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
  })

  test.each(['/secret.txt', '/../secret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt', '/assets', '/assets/app.js.map', '//'])(
    'does not serve %s',
    async (path) => {
      expect(await get(path)).toMatchObject({ status: 404, body: 'Not Found' })
    },
  )

  test('refuses other methods and other host names', async () => {
    expect((await get('/', { method: 'POST' })).status).toBe(405)
    expect((await get('/', { host: 'evil.example' })).status).toBe(403)
  })

  test('says in a sentence that its port is taken', async () => {
    const second = await startMarketServer(
      { dispatcher: example.dispatcher, files: null, random: createSeededRandom('2'), log: silentLog },
      server.port,
    )
    expect(second).toEqual({
      ok: false,
      error: { code: 'port-busy', message: `Port ${server.port} is taken by another program. Choose another one, or 0 for any.` },
    })
  })

  test('a client outlives a restart of the server: it reconnects, is told of the gap, and hears events again', async () => {
    const clock = createManualClock()
    const transport = createWebSocketTransport({ connect: () => socketsOf[0]![1](server), after: clock.after })
    const client = createClient(exampleContract, transport)
    const heard: number[] = []
    const seen: string[] = []
    client.purse.changed(({ revision }) => heard.push(revision))
    transport.onStateChanged((state) => seen.push(state))
    transport.onGap(() => seen.push('gap'))
    const underWay = client.purse.wait({ place: 1 })
    await vi.waitFor(() => expect(example.waiting()).toEqual([1]))

    await server.close()
    expect(await underWay).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    server = await start(example, null, server.port)
    clock.advance(5_000)
    expect((await client.purse.balance({})).ok).toBe(true)
    example.dispatcher.emit('purse.changed', { revision: 7, micro: 0n })
    await client.purse.balance({})
    expect([heard, seen]).toEqual([[7], ['connected', 'connecting', 'gap', 'connected']])
    transport.close()
    expect(transport.state()).toBe('closed')
  })
})

test('a folder without pages is refused with what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'market-pages-'))
  expect([loadStaticFiles(folder), loadStaticFiles(join(folder, 'missing'))]).toMatchObject([
    { ok: false, error: { code: 'no-pages', message: `There is no page in ${folder}. Build the app first with "npm run build".` } },
    { ok: false, error: { code: 'no-pages' } },
  ])
  rmSync(folder, { recursive: true })
})
