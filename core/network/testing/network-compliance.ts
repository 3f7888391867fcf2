import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { equalBytes, fromUtf8, utf8 } from '../../platform/bytes.ts'
import { defaultLimits, maxInFlight, maxPayloadBytes, misbehaviour, streamBufferBytes, type NetworkLimits } from '../limits.ts'
import { NetworkError, type FrameChannel, type Network, type NetworkErrorCode, type PeerAddress, type Verdict } from '../port.ts'

/** Nodes of one kind of network, started unconnected. */
export type NetworkWorld = {
  readonly addNode: (limits?: Partial<NetworkLimits>) => Promise<Network>
  /** The node goes without a word to the others. */
  readonly kill: (node: Network) => Promise<void>
  /** A killed node comes back under the same id and address. */
  readonly revive: (node: Network) => Promise<Network>
  /** An address at which nobody is. */
  readonly nobody: PeerAddress
  readonly end: () => Promise<void>
}

const soon = { timeoutMs: 10_000 }
const bytes = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill)
const code = (expected: NetworkErrorCode) => ({ name: 'NetworkError', code: expected })
const echo = async (payload: Uint8Array): Promise<Uint8Array> => payload
/** Deep equality of half a megabyte takes vitest a second. */
const expectSame = (received: Uint8Array | null, sent: Uint8Array): void => {
  expect(received?.length).toBe(sent.length)
  expect(received !== null && equalBytes(received, sent)).toBe(true)
}

/** A promise and its resolver: what a test holds back until it says so. */
const gate = () => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** What every Network does, whatever carries it. */
export const describeNetwork = (kind: string, createWorld: () => Promise<NetworkWorld>): void => {
  let world: NetworkWorld
  let a: Network
  let b: Network
  beforeEach(async () => {
    world = await createWorld()
    a = await world.addNode()
    b = await world.addNode()
  })
  afterEach(() => world.end())

  const channelPair = async (): Promise<readonly [FrameChannel, FrameChannel]> => {
    const accepted = new Promise<FrameChannel>((resolve) => b.acceptStreams('task', async (channel) => resolve(channel)))
    return [await a.openStream(b.self(), 'task', soon), await accepted]
  }

  describe(`${kind}: requests`, () => {
    test('an answer comes back, and the handler learns who asked', async () => {
      b.serve('market', async (payload, from) => utf8(`${from} ${fromUtf8(payload)}`))
      expect(fromUtf8(await a.request(b.self(), 'market', utf8('hello'), soon))).toBe(`${a.self().peerId} hello`)
    })

    test('two nodes may ask each other at once', async () => {
      a.serve('market', async () => utf8('from a'))
      b.serve('market', async () => utf8('from b'))
      const answers = await Promise.all([a.request(b.self(), 'market', bytes(1), soon), b.request(a.self(), 'market', bytes(1), soon)])
      expect(answers.map(fromUtf8)).toEqual(['from b', 'from a'])
    })

    test('requests overtake each other on one stream', async () => {
      const slow = gate()
      b.serve('market', async (payload) => {
        if (payload[0] === 1) await slow.opened
        return payload
      })
      const first = a.request(b.self(), 'market', bytes(1, 1), soon)
      expect(await a.request(b.self(), 'market', bytes(1, 2), soon)).toEqual(bytes(1, 2))
      slow.open()
      expect(await first).toEqual(bytes(1, 1))
    })

    test('200 at once are all answered, each with its own answer, and no more than the bound are worked on', async () => {
      let working = 0
      let most = 0
      b.serve('settlement', async (payload) => {
        most = Math.max(most, ++working)
        await new Promise((resolve) => setImmediate(resolve))
        working--
        return payload
      })
      const numbers = Array.from({ length: 200 }, (_, index) => index)
      const answers = await Promise.all(numbers.map((n) => a.request(b.self(), 'settlement', utf8(String(n)), soon)))
      expect(answers.map((answer) => Number(fromUtf8(answer)))).toEqual(numbers)
      expect(most).toBeLessThanOrEqual(maxInFlight.settlement)
    })

    test('a payload at the bound passes, one byte more does not leave, and an answer over it is refused', async () => {
      const bound = maxPayloadBytes.market
      b.serve('market', async (payload) => (payload.length === 1 ? bytes(bound + 1) : payload))
      expectSame(await a.request(b.self(), 'market', bytes(bound), soon), bytes(bound))
      expectSame(await a.request(b.self(), 'market', bytes(0), soon), bytes(0))
      await expect(a.request(b.self(), 'market', bytes(bound + 1), soon)).rejects.toMatchObject(code('too-large'))
      await expect(a.request(b.self(), 'market', bytes(1), soon)).rejects.toMatchObject(code('refused'))
    })

    test('a handler that throws is a refusal without its reason, and serves on', async () => {
      b.serve('market', async (payload) => {
        if (payload[0] === 1) throw new Error('the secret reason')
        return payload
      })
      const refused = await a.request(b.self(), 'market', bytes(1, 1), soon).catch((error: unknown) => error)
      expect(refused).toMatchObject(code('refused'))
      expect(String(refused)).not.toContain('secret')
      expect(await a.request(b.self(), 'market', bytes(1, 2), soon)).toEqual(bytes(1, 2))
    })

    test('a slow handler times the asker out, and its late answer confuses nobody', async () => {
      const slow = gate()
      b.serve('market', async (payload) => {
        if (payload[0] === 1) await slow.opened
        return payload
      })
      await a.request(b.self(), 'market', bytes(1, 2), soon)
      await expect(a.request(b.self(), 'market', bytes(1, 1), { timeoutMs: 50 })).rejects.toMatchObject(code('timeout'))
      slow.open()
      expect(await a.request(b.self(), 'market', bytes(1, 3), soon)).toEqual(bytes(1, 3))
    })

    test('the asker may stop waiting at any time', async () => {
      const [reached, never] = [gate(), gate()]
      b.serve('market', async (payload) => {
        if (payload[0] !== 1) return payload
        reached.open()
        await never.opened
        return payload
      })
      const controller = new AbortController()
      const request = a.request(b.self(), 'market', bytes(1, 1), { ...soon, signal: controller.signal })
      await reached.opened
      controller.abort()
      await expect(request).rejects.toMatchObject(code('aborted'))
      await expect(a.request(b.self(), 'market', bytes(1, 2), { ...soon, signal: controller.signal })).rejects.toMatchObject(
        code('aborted'),
      )
      expect(await a.request(b.self(), 'market', bytes(1, 3), soon)).toEqual(bytes(1, 3))
      never.open()
    })

    test('a peer that dies in the middle is an error at once, and is reached again when it is back', async () => {
      const reached = gate()
      b.serve('market', async () => {
        reached.open()
        return new Promise<Uint8Array>(() => undefined)
      })
      const request = a.request(b.self(), 'market', bytes(1), soon).catch((error: unknown) => error)
      await reached.opened
      await world.kill(b)
      expect(await request).toMatchObject(code('closed'))
      await expect(a.request(b.self(), 'market', bytes(1), soon)).rejects.toMatchObject(code('unreachable'))
      b = await world.revive(b)
      b.serve('market', echo)
      expect(await a.request(b.self(), 'market', bytes(1), soon)).toEqual(bytes(1))
    })

    test('nobody there is unreachable, and a protocol that is not served is refused', async () => {
      await expect(a.request(world.nobody, 'market', bytes(1), soon)).rejects.toMatchObject(code('unreachable'))
      await expect(a.connect(world.nobody, soon)).rejects.toMatchObject(code('unreachable'))
      await expect(a.request(b.self(), 'sync', bytes(1), soon)).rejects.toMatchObject(code('refused'))
      await expect(a.openStream(b.self(), 'task', soon)).rejects.toMatchObject(code('refused'))
    })

    test('a node asks itself as it asks others', async () => {
      a.serve('market', async (payload) => {
        if (payload.length === 0) throw new Error('no')
        return payload
      })
      expect(await a.request(a.self(), 'market', bytes(3), soon)).toEqual(bytes(3))
      await expect(a.request(a.self(), 'market', bytes(0), soon)).rejects.toMatchObject(code('refused'))
      await expect(a.request(a.self(), 'market', bytes(maxPayloadBytes.market + 1), soon)).rejects.toMatchObject(code('too-large'))
      await expect(a.request(a.self(), 'sync', bytes(1), soon)).rejects.toMatchObject(code('refused'))
    })

    test('more requests than the rate allows are turned away, per peer', async () => {
      const strict = await world.addNode({ rates: { ...defaultLimits.rates, market: { perSecond: 0.000_001, burst: 3 } } })
      strict.serve('market', echo)
      for (let n = 0; n < 3; n++) await a.request(strict.self(), 'market', bytes(1), soon)
      await expect(a.request(strict.self(), 'market', bytes(1), soon)).rejects.toMatchObject(code('rate-limited'))
      expect(await b.request(strict.self(), 'market', bytes(1), soon)).toEqual(bytes(1))
    })

    test('after stop nothing works and nothing hangs', async () => {
      b.serve('market', () => new Promise(() => undefined))
      const pending = a.request(b.self(), 'market', bytes(1), soon).catch((error: unknown) => error)
      await a.connect(b.self(), soon)
      await a.stop()
      expect(await pending).toBeInstanceOf(NetworkError)
      await expect(a.request(b.self(), 'market', bytes(1), soon)).rejects.toBeInstanceOf(NetworkError)
    })
  })

  describe(`${kind}: peers`, () => {
    test('both ends see a connection come and go, with addresses that can be dialled', async () => {
      const changed = vi.fn<() => void>()
      const stopListening = b.onPeersChanged(changed)
      await a.connect(b.self(), soon)
      expect(a.peers().map(({ peerId }) => peerId)).toEqual([b.self().peerId])
      await vi.waitFor(() => expect(b.peers()).toMatchObject([{ peerId: a.self().peerId, addresses: a.self().addresses }]))
      await world.kill(a)
      await vi.waitFor(() => expect(b.peers()).toEqual([]))
      expect(changed.mock.calls.length).toBeGreaterThanOrEqual(2)
      stopListening()
    })

    test('a peer reported often enough is dropped and refused, both ways', async () => {
      b.serve('market', echo)
      a.serve('market', echo)
      await a.request(b.self(), 'market', bytes(1), soon)
      const reportsToBan = misbehaviour.ban / misbehaviour.reported
      for (let n = 1; n < reportsToBan; n++) b.reportMisbehaviour(a.self().peerId, 'nonsense')
      expect(await a.request(b.self(), 'market', bytes(1), soon)).toEqual(bytes(1))
      // A point is forgiven every second, so one more than the sum may be needed.
      for (let n = 0; n < 2; n++) b.reportMisbehaviour(a.self().peerId, 'nonsense')
      await vi.waitFor(() => expect(b.peers()).toEqual([]))
      await expect(a.request(b.self(), 'market', bytes(1), soon)).rejects.toBeInstanceOf(NetworkError)
      await expect(b.request(a.self(), 'market', bytes(1), soon)).rejects.toMatchObject(code('refused'))
    })
  })

  describe(`${kind}: streams`, () => {
    test('whole frames arrive in order, both ways, up to the bound', async () => {
      const [near, far] = await channelPair()
      expect([near.remotePeerId, far.remotePeerId]).toEqual([b.self().peerId, a.self().peerId])
      for (const frame of [bytes(0), bytes(1), bytes(maxPayloadBytes.task)]) {
        await near.send(frame)
        expectSame(await far.receive(), frame)
        await far.send(frame)
        expectSame(await near.receive(), frame)
      }
      await expect(near.send(bytes(maxPayloadBytes.task + 1))).rejects.toMatchObject(code('too-large'))
      await near.send(bytes(2))
      expect(await far.receive()).toEqual(bytes(2))
    })

    test('the sender may reuse its buffer', async () => {
      const [near, far] = await channelPair()
      const buffer = bytes(1000, 1)
      const sent = near.send(buffer)
      buffer.fill(2)
      await sent
      expect(await far.receive()).toEqual(bytes(1000, 1))
    })

    test('half-close: the finished side still receives, and the other gets a clean end', async () => {
      const [near, far] = await channelPair()
      await near.send(bytes(1))
      await near.finish()
      await expect(near.send(bytes(1))).rejects.toMatchObject(code('closed'))
      expect(await far.receive()).toEqual(bytes(1))
      expect(await far.receive()).toBeNull()
      await far.send(bytes(2))
      await far.finish()
      expect(await near.receive()).toEqual(bytes(2))
      expect(await near.receive()).toBeNull()
    })

    test('everything sent before a finish is read, however late, even when the sender is gone', async () => {
      const [near, far] = await channelPair()
      for (let n = 0; n < 10; n++) await near.send(bytes(1000, n))
      await near.finish()
      // What is sent later on the same connection has arrived: so has the finish.
      b.serve('market', echo)
      await a.request(b.self(), 'market', bytes(1), soon)
      await world.kill(a)
      await vi.waitFor(() => expect(b.peers()).toEqual([]))
      for (let n = 0; n < 10; n++) expect(await far.receive()).toEqual(bytes(1000, n))
      expect(await far.receive()).toBeNull()
    })

    test('an abort ends both sides with an error', async () => {
      const [near, far] = await channelPair()
      await near.send(bytes(1))
      expect(await far.receive()).toEqual(bytes(1))
      near.abort('enough')
      await expect(far.receive()).rejects.toMatchObject(code('closed'))
      await expect(near.receive()).rejects.toMatchObject(code('closed'))
      await expect(near.send(bytes(1))).rejects.toMatchObject(code('closed'))
      await expect(far.send(bytes(1))).rejects.toMatchObject(code('closed'))
    })

    test('a peer that dies ends the stream with an error, not with a clean end', async () => {
      const [near, far] = await channelPair()
      await far.send(bytes(1))
      expect(await near.receive()).toEqual(bytes(1))
      await world.kill(b)
      await expect(near.receive()).rejects.toMatchObject(code('closed'))
    })

    test('a handler that throws aborts its stream', async () => {
      b.acceptStreams('task', () => Promise.reject(new Error('no')))
      const channel = await a.openStream(b.self(), 'task', soon)
      await expect(channel.receive()).rejects.toMatchObject(code('closed'))
    })

    test('waiting for a frame may be given up without harm to the stream', async () => {
      const [near, far] = await channelPair()
      const controller = new AbortController()
      const waiting = far.receive(controller.signal)
      controller.abort()
      await expect(waiting).rejects.toMatchObject(code('aborted'))
      await near.send(bytes(1))
      expect(await far.receive()).toEqual(bytes(1))
    })

    test('a reader that does not read stops the sender, and loses nothing', async () => {
      const [near, far] = await channelPair()
      const [frameBytes, frameCount] = [64 * 1024, 100]
      let sent = 0
      const sending = (async () => {
        for (; sent < frameCount; sent++) await near.send(bytes(frameBytes, sent % 256))
        await near.finish()
      })()
      b.serve('market', echo)
      // Round trips on the same connection give the sender every chance to go on.
      for (let before = -1; before !== sent;) {
        before = sent
        for (let n = 0; n < 20; n++) await a.request(b.self(), 'market', bytes(1), soon)
      }
      expect(sent * frameBytes).toBeLessThan(streamBufferBytes)

      for (let n = 0; n < frameCount; n++) {
        const frame = await far.receive()
        expect([frame?.length, frame?.[0], frame?.[frameBytes - 1]]).toEqual([frameBytes, n % 256, n % 256])
      }
      expect(await far.receive()).toBeNull()
      await sending
    })

    test('a sender that waits for room can give up', async () => {
      const [near] = await channelPair()
      const controller = new AbortController()
      const flood = async (): Promise<void> => {
        for (;;) await near.send(bytes(64 * 1024), controller.signal)
      }
      const flooding = flood()
      b.serve('market', echo)
      for (let n = 0; n < 20; n++) await a.request(b.self(), 'market', bytes(1), soon)
      controller.abort()
      await expect(flooding).rejects.toMatchObject(code('aborted'))
    })
  })

  describe(`${kind}: gossip`, () => {
    /** A chain: a and c know only b. */
    const chain = async () => {
      const c = await world.addNode()
      const heard = { a: [] as string[], b: [] as string[], c: [] as string[] }
      const verdicts = new Map<string, Verdict>()
      const listen = (node: Network, to: string[]): void =>
        node.subscribe('offers', (data) => {
          const text = fromUtf8(data)
          if (!text.startsWith('probe')) to.push(text)
          else probes.add(`${text} ${node.self().peerId}`)
          return verdicts.get(text) ?? 'accept'
        })
      const probes = new Set<string>()
      listen(a, heard.a)
      listen(b, heard.b)
      listen(c, heard.c)
      await a.connect(b.self(), soon)
      await c.connect(b.self(), soon)
      let round = 0
      await vi.waitFor(
        async () => {
          round++
          await a.publish('offers', utf8(`probe a ${round}`))
          await c.publish('offers', utf8(`probe c ${round}`))
          expect([...probes].filter((probe) => probe.startsWith('probe a') && probe.endsWith(c.self().peerId))).not.toEqual([])
          expect([...probes].filter((probe) => probe.startsWith('probe c') && probe.endsWith(a.self().peerId))).not.toEqual([])
        },
        { timeout: 15_000 },
      )
      return { c, heard, verdicts }
    }

    test('a message reaches everyone through those between, once, and not its own publisher', async () => {
      const { c, heard } = await chain()
      await a.publish('offers', utf8('one'))
      await vi.waitFor(() => expect(heard.c).toEqual(['one']), { timeout: 10_000 })
      // The same bytes again, from both ends: still delivered once.
      await a.publish('offers', utf8('one'))
      await c.publish('offers', utf8('one'))
      await c.publish('offers', utf8('two'))
      await vi.waitFor(() => expect(heard.a).toEqual(['two']), { timeout: 10_000 })
      expect(heard).toEqual({ a: ['two'], b: ['one', 'two'], c: ['one'] })
    })

    test.each(['reject', 'ignore'] as const)('what a node would %s goes no further', async (verdict) => {
      const { heard, verdicts } = await chain()
      verdicts.set('bad', verdict)
      await a.publish('offers', utf8('bad'))
      await vi.waitFor(() => expect(heard.b).toEqual(['bad']), { timeout: 10_000 })
      await a.publish('offers', utf8('good'))
      await vi.waitFor(() => expect(heard.c).toContain('good'), { timeout: 10_000 })
      expect(heard.c).toEqual(['good'])
    })

    test('a validator that throws loses the message and nothing else', async () => {
      const { heard } = await chain()
      b.subscribe('closings', () => {
        throw new Error('broken validator')
      })
      await a.publish('closings', utf8('bang'))
      await a.publish('offers', utf8('good'))
      await vi.waitFor(() => expect(heard.c).toEqual(['good']), { timeout: 10_000 })
    })

    test('a message over the bound does not leave', async () => {
      await expect(a.publish('offers', bytes(16 * 1024 + 1))).rejects.toMatchObject(code('too-large'))
    })
  })
}
