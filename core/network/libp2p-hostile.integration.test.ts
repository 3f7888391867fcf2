import { gossipsub, StrictNoSign } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import type { Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { concatBytes, utf8 } from '../platform/bytes.ts'
import { createManualClock, systemClock, type Clock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { createSeededRandom } from '../platform/random.ts'
import { frameTimeoutMs, maxConnectionsPerPeer, type WireProtocol } from './limits.ts'
import type { Network } from './port.ts'
import { encodeRequestFrame } from './request-frame.ts'
import { startOrThrow } from './testing/libp2p-nodes.ts'
import { maxFrameBytes } from './transport.ts'

/** A peer that speaks libp2p correctly and our protocols not at all. */
const startStranger = () =>
  createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        fallbackToFloodsub: false,
        allowPublishToZeroTopicPeers: true,
        floodPublish: true,
      }),
    },
  })

const random = createSeededRandom('hostile peer')
const header = (length: number): Uint8Array => new Uint8Array([length >>> 24, length >>> 16, length >>> 8, length])
const framed = (frame: Uint8Array): Uint8Array => concatBytes(header(frame.length), frame)
const protocols: readonly WireProtocol[] = ['settlement', 'market', 'sync', 'task']
const requestProtocols = ['settlement', 'market', 'sync'] as const
const soon = { timeoutMs: 10_000 }

let stranger: Awaited<ReturnType<typeof startStranger>>
let victim: Network
let witnessed: string[]
const start = async (clock: Clock = systemClock): Promise<void> => {
  stranger = await startStranger()
  witnessed = []
  const log = createLog((line) => witnessed.push(line), clock.nowMs)
  victim = await startOrThrow(1, { clock, log })
  for (const protocol of requestProtocols) victim.serve(protocol, async (payload) => payload)
  victim.acceptStreams('task', async (channel) => {
    while ((await channel.receive()) !== null);
    await channel.finish()
  })
}
const address = () => multiaddr(`${victim.self().addresses[0]}/p2p/${victim.self().peerId}`)
const open = (protocol: WireProtocol): Promise<Stream> => stranger.dialProtocol(address(), `/claude-market/open/${protocol}/1`)
const misbehaviours = (reason: string): number =>
  witnessed.filter((line) => line.includes('"peer misbehaved"') && line.includes(reason)).length
const isClosed = (stream: Stream) => vi.waitFor(() => expect(stream.status).not.toBe('open'), { timeout: 10_000 })

/** Whatever the stranger did, an honest peer is served. */
const expectAlive = async (): Promise<void> => {
  const honest = await startOrThrow(2)
  for (const protocol of requestProtocols) expect(await honest.request(victim.self(), protocol, utf8('hello'), soon)).toEqual(utf8('hello'))
  await honest.stop()
}

afterEach(async () => {
  await Promise.all([stranger.stop(), victim.stop()])
})

describe('a hostile peer', () => {
  beforeEach(() => start())

  test.each(protocols)('that announces a frame over the bound of %s is cut off before it sends it', async (protocol) => {
    for (const length of [maxFrameBytes(protocol) + 1, 0x7fff_ffff, 0xffff_ffff]) {
      const stream = await open(protocol)
      stream.send(header(length))
      await isClosed(stream)
    }
    expect(misbehaviours(`frame over the bound on ${protocol}`)).toBe(3)
    await expectAlive()
  })

  test.each(protocols)('that ends %s inside a frame has misbehaved', async (protocol) => {
    const stream = await open(protocol)
    stream.send(framed(random.bytes(100)).subarray(0, 50))
    await stream.close()
    await vi.waitFor(() => expect(misbehaviours(`frame cut short on ${protocol}`)).toBe(1))
    await expectAlive()
  })

  test.each(requestProtocols)('that sends %s no requests has misbehaved', async (protocol) => {
    const nonsense = [new Uint8Array(0), random.bytes(3), new Uint8Array([9, 0, 0, 0, 1]), encodeRequestFrame('answer', 1, random.bytes(9))]
    for (const frame of nonsense.slice(0, 3)) {
      const stream = await open(protocol)
      stream.send(framed(frame))
      await isClosed(stream)
    }
    expect(misbehaviours(`not a ${protocol} request`)).toBe(3)
    await expectAlive()
  })

  test('that goes on with it is banned, and finds the door closed', async () => {
    await vi.waitFor(async () => {
      const stream = await open('market').catch(() => null)
      stream?.send(framed(encodeRequestFrame('answer', 1)))
      expect(victim.peers()).toEqual([])
      expect(witnessed.some((line) => line.includes('"peer banned"'))).toBe(true)
    })
    await expect(victim.connect({ peerId: stranger.peerId.toString(), addresses: [] }, soon)).rejects.toMatchObject({ code: 'refused' })
    await stranger.hangUp(address()).catch(() => undefined)
    await open('market').catch(() => undefined)
    await vi.waitFor(() => expect(victim.peers()).toEqual([]))
    await expectAlive()
  })

  test('that sends random bytes on every protocol harms nobody', async () => {
    for (const protocol of protocols) {
      for (const length of [1, 4, 5, 1000, 100_000]) {
        const stream = await open(protocol).catch(() => null)
        try {
          stream?.send(random.bytes(length))
        } catch {
          // It was cut off already.
        }
        await stream?.close().catch(() => undefined)
      }
    }
    expect(misbehaviours('')).toBeGreaterThan(0)
    await expectAlive()
  })

  test('that resets its streams at any time has not misbehaved: lines do break', async () => {
    for (const protocol of protocols) {
      const stream = await open(protocol)
      stream.send(framed(random.bytes(100)).subarray(0, 50))
      stream.abort(new Error('gone'))
    }
    await expectAlive()
    expect(witnessed.filter((line) => line.includes('misbehaved'))).toEqual([])
  })

  test('that answers what was not asked loses the stream, and the asker hears an error', async () => {
    await stranger.handle('/claude-market/open/market/1', (stream) => {
      stream.addEventListener('message', () => void stream.send(framed(encodeRequestFrame('answer', 77, utf8('surprise')))))
    })
    const peer = {
      peerId: stranger.peerId.toString(),
      addresses: stranger.getMultiaddrs().map((a) => a.toString().split('/p2p/')[0] ?? ''),
    }
    await expect(victim.request(peer, 'market', utf8('x'), soon)).rejects.toMatchObject({ name: 'NetworkError', code: 'closed' })
    expect(misbehaviours('answer to nothing that was asked')).toBe(1)
  })

  test('that opens many connections keeps few', async () => {
    for (let n = 0; n < 3 * maxConnectionsPerPeer; n++) await stranger.dial(address(), { force: true })
    await vi.waitFor(() => expect(stranger.getConnections().length).toBeLessThanOrEqual(maxConnectionsPerPeer))
    await expectAlive()
  })

  test('that gossips invalid messages is cut off, and what is on no topic of ours is not heard', async () => {
    const heard: string[] = []
    victim.subscribe('offers', (data) => {
      heard.push(new TextDecoder().decode(data))
      return 'reject'
    })
    await stranger.dial(address())
    let n = 0
    await vi.waitFor(
      async () => {
        await stranger.services.pubsub.publish('/claude-market/other/offers/1', utf8(`other federation ${n}`))
        await stranger.services.pubsub.publish('/claude-market/open/offers/1', utf8(`bad ${n++}`))
        expect(misbehaviours('invalid message on offers')).toBeGreaterThanOrEqual(3)
      },
      { timeout: 15_000 },
    )
    expect(heard.filter((text) => !text.startsWith('bad'))).toEqual([])
    await expectAlive()
  })
})

test('a frame that is begun and never finished is not waited for for ever', async () => {
  const clock = createManualClock()
  await start(clock)
  const stream = await open('task')
  stream.send(header(1000))
  await vi.waitFor(() => {
    clock.advance(frameTimeoutMs)
    expect(misbehaviours('frame that does not end on task')).toBe(1)
  })
  await isClosed(stream)
})
