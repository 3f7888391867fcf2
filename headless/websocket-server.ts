import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { createChannelSession } from '../core/contract/channel-session.ts'
import type { Dispatcher } from '../core/contract/dispatcher.ts'
import { marketProtocol, socketProtocols } from '../core/contract/websocket-transport.ts'
import { sha256, toHex, utf8 } from '../core/platform/bytes.ts'
import { nodeHttp } from '../core/platform/http.ts'
import type { Log } from '../core/platform/log.ts'
import type { Random } from '../core/platform/random.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { pageHeaders, type StaticFiles } from '../core/platform/static-files.ts'

/** The longest prompt of the contract with every character escaped, and some room. */
const maxMessageBytes = 2 * 1_024 * 1_024
/** Two of the longest answers; who does not read for so long has gone. */
const maxUnsentBytes = 16 * 1_024 * 1_024
/** A browser with a few windows, the command line and a script. */
const maxSockets = 16
const maxConnections = 64
const host = '127.0.0.1'
const socketPath = '/contract'

export type MarketServerDeps = {
  readonly dispatcher: Pick<Dispatcher, 'call' | 'subscribe'>
  /** The built pages; null serves the contract alone. */
  readonly files: StaticFiles | null
  readonly random: Random
  readonly log: Log
}

export type MarketServer = {
  readonly port: number
  /** Shows the app in a browser; the token behind the # never leaves the browser by itself. */
  readonly pageUrl: string
  readonly socketUrl: string
  /** 64 hexadecimal digits, new with every start. */
  readonly token: string
  readonly close: () => Promise<void>
}

/** Names under which this computer alone reaches the server. A page of another name rebound to this address shows another one. */
const ownHosts = (port: number): readonly string[] => [`${host}:${port}`, `localhost:${port}`]

const isOwnHost = ({ headers }: IncomingMessage, port: number): boolean => ownHosts(port).includes(headers.host ?? '')

const hasToken = ({ headers }: IncomingMessage, token: string): boolean => {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  return socketProtocols(token).every((needed) => offered.some((protocol) => timingSafeEqual(sha256(utf8(protocol)), sha256(utf8(needed)))))
}

/** Browsers always name the page's origin; a program on this computer names none and shows its token. */
const isOwnOrigin = ({ headers }: IncomingMessage, port: number): boolean =>
  headers.origin === undefined || ownHosts(port).some((own) => headers.origin === `http://${own}`)

const answerPage = (request: IncomingMessage, response: ServerResponse, port: number, files: StaticFiles | null): void => {
  const refuse = (status: number) => response.writeHead(status, pageHeaders).end(nodeHttp.STATUS_CODES[status])
  if (!isOwnHost(request, port)) return void refuse(403)
  if (request.method !== 'GET' && request.method !== 'HEAD') return void refuse(405)
  const file = files?.get((request.url ?? '').split('?', 1)[0] ?? '')
  if (file === undefined) return void refuse(404)
  response.writeHead(200, { ...pageHeaders, 'content-type': file.type, 'content-length': file.bytes.length })
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
}

const serveSocket = (socket: WebSocket, dispatcher: MarketServerDeps['dispatcher'], log: Log): void => {
  const session = createChannelSession(dispatcher, {
    send: (frame) => {
      if (socket.readyState !== socket.OPEN) return
      socket.send(JSON.stringify(frame))
      if (socket.bufferedAmount <= maxUnsentBytes) return
      log.write('warn', 'socket-too-slow', { unsentBytes: socket.bufferedAmount })
      socket.terminate()
    },
    onFault: (reason) => log.write('warn', 'client-broke-protocol', { reason }),
  })
  socket.on('message', (data, isBinary) => session.receive(isBinary ? null : parseJson(data)))
  socket.on('error', (error) => log.write('warn', 'socket-failed', { error: error.message }))
  socket.on('close', session.end)
}

const parseJson = (data: WebSocket.RawData): unknown => {
  try {
    return JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : '')
  } catch {
    return null
  }
}

const refuseUpgrade = (socket: Duplex, status: 401 | 403 | 404 | 503): void => {
  socket.end(`HTTP/1.1 ${status} ${nodeHttp.STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

const listen = async (server: Server, port: number): Promise<Result<number, Failure<'port-busy' | 'cannot-listen'>>> => {
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return ok((server.address() as AddressInfo).port)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
    if (code === 'EADDRINUSE') return fail('port-busy', `Port ${port} is taken by another program. Choose another one, or 0 for any.`)
    return fail('cannot-listen', `Port ${port} cannot be opened (${code}). Choose another one, or 0 for any.`)
  }
}

/**
 * Serves a market to this computer alone: the contract over WebSocket to whoever shows the token, and the pages over HTTP.
 * Port 0 takes a free one.
 */
export const startMarketServer = async (
  { dispatcher, files, random, log }: MarketServerDeps,
  wantedPort: number,
): Promise<Result<MarketServer, Failure<'port-busy' | 'cannot-listen'>>> => {
  const token = toHex(random.bytes(32))
  const server = nodeHttp.createServer()
  server.maxConnections = maxConnections
  const listening = await listen(server, wantedPort)
  if (!listening.ok) return listening
  const port = listening.value

  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, handleProtocols: () => marketProtocol })
  sockets.on('connection', (socket) => serveSocket(socket, dispatcher, log))
  server.on('request', (request, response) => answerPage(request, response, port, files))
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (!isOwnHost(request, port) || !isOwnOrigin(request, port)) return refuseUpgrade(socket, 403)
    if (request.url !== socketPath) return refuseUpgrade(socket, 404)
    if (!hasToken(request, token)) return refuseUpgrade(socket, 401)
    if (sockets.clients.size >= maxSockets) return refuseUpgrade(socket, 503)
    sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request))
  })

  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
    server.close()
    server.closeAllConnections()
    await closed
  }
  return ok({ port, token, pageUrl: `http://${host}:${port}/#token=${token}`, socketUrl: `ws://${host}:${port}${socketPath}`, close })
}
