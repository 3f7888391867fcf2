import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { utf8 } from '../platform/bytes.ts'
import { createTcpProxy } from './testing/tcp-proxy.ts'
import { describeNetwork } from './testing/network-compliance.ts'
import { peerIdFromSeed } from './libp2p-keys.ts'
import type { Network, PeerAddress } from './port.ts'
import { portOf, seedOf, startNode, startOrThrow } from './testing/libp2p-nodes.ts'

describeNetwork('libp2p', async () => {
  const nodes = new Map<string, { readonly n: number; readonly network: Network; readonly addresses: readonly string[] }>()
  const add = async (n: number, options: Parameters<typeof startOrThrow>[1]): Promise<Network> => {
    const network = await startOrThrow(n, options)
    nodes.set(network.self().peerId, { n, network, addresses: network.self().addresses })
    return network
  }
  return {
    addNode: (limits = {}) => add(nodes.size + 1, { limits }),
    kill: (node) => node.stop(),
    revive: (node) => {
      const before = nodes.get(node.self().peerId)
      return add(before?.n ?? 0, { listen: before?.addresses ?? [] })
    },
    nobody: { peerId: peerIdFromSeed(seedOf(200)), addresses: ['/ip4/127.0.0.1/tcp/1'] },
    end: async () => void (await Promise.all([...nodes.values()].map(({ network }) => network.stop()))),
  }
})

const soon = { timeoutMs: 10_000 }
const echo = async (payload: Uint8Array): Promise<Uint8Array> => payload

test('a peer id is known before its node is started', async () => {
  const node = await startOrThrow(7)
  expect(node.self().peerId).toBe(peerIdFromSeed(seedOf(7)))
  await node.stop()
})

test('a peer says what it runs, and nothing of its computer; whoever says too much says nothing', async () => {
  const [honest, plain, hostile] = await Promise.all([
    startOrThrow(1, { agent: 'claude-market/0.3.0' }),
    startOrThrow(2),
    startOrThrow(3, { agent: 'x'.repeat(2_000) }),
  ])
  for (const other of [plain, hostile]) await honest.connect(other.self(), soon)
  const said = (from: Network, to: Network) => to.peers().find(({ peerId }) => peerId === from.self().peerId)
  // What it listens on comes with what it runs.
  await vi.waitFor(() =>
    expect([plain, hostile].map((other) => said(other, honest)?.addresses)).toEqual(
      [plain, hostile].map((other) => other.self().addresses),
    ),
  )
  await vi.waitFor(() => expect(said(honest, plain)?.agent).toBe('claude-market/0.3.0'))
  expect([said(plain, honest)?.agent, said(hostile, honest)?.agent]).toEqual(['claude-market', null])
  await Promise.all([honest, plain, hostile].map((node) => node.stop()))
})

test('a busy port, a bad address and a bad peer are failures with a sentence', async () => {
  const node = await startOrThrow(1)
  const somebody = { peerId: peerIdFromSeed(seedOf(9)), addresses: ['/ip4/127.0.0.1/tcp/1'] }
  const failures = await Promise.all([
    startNode(2, { listen: node.self().addresses }),
    startNode(2, { listen: ['localhost:4001'] }),
    startNode(2, { listen: ['/ip4/127.0.0.1/udp/4001'] }),
    startNode(2, { listen: [`/dns4/${'a'.repeat(1000)}/tcp/1`] }),
    startNode(2, { listen: ['/ip4/192.0.2.1/tcp/4001'] }),
    startNode(2, { bootstrap: [{ ...somebody, addresses: ['nowhere'] }] }),
    startNode(2, { directPeers: [{ ...somebody, peerId: 'nobody' }] }),
  ])
  expect(failures.map((failure) => (failure.ok ? 'started' : failure.error.code))).toEqual([
    'port-busy',
    'bad-address',
    'bad-address',
    'bad-address',
    'cannot-listen',
    'bad-address',
    'bad-address',
  ])
  for (const failure of failures) expect(failure.ok || failure.error.message).toMatch(/^[“/A-Z0-9].+\.$/)
  await node.stop()
})

test('a peer that matters is dialled until it is there, and again when it was away', async () => {
  const first = await startOrThrow(1)
  const witness: PeerAddress = first.self()
  await first.stop()
  const member = await startOrThrow(2, { bootstrap: [witness], directPeers: [witness] })
  expect(member.peers()).toEqual([])
  for (let life = 0; life < 2; life++) {
    const again = await startOrThrow(1, { listen: witness.addresses })
    await vi.waitFor(() => expect(member.peers().map(({ peerId }) => peerId)).toEqual([witness.peerId]), { timeout: 15_000 })
    await again.stop()
    await vi.waitFor(() => expect(member.peers()).toEqual([]), { timeout: 15_000 })
  }
  await member.stop()
})

test('an address once announced is enough to find the peer again', async () => {
  const [a, b] = [await startOrThrow(1), await startOrThrow(2)]
  b.serve('market', echo)
  await a.request(b.self(), 'market', utf8('x'), soon)
  const known = { peerId: b.self().peerId, addresses: [] }
  await vi.waitFor(() => expect(a.peers()[0]?.addresses).toEqual(b.self().addresses))
  const listen = b.self().addresses
  const gone = () => vi.waitFor(() => expect(a.peers()).toEqual([]))
  await b.stop()
  await gone()
  const back = await startOrThrow(2, { listen })
  back.serve('market', echo)
  expect(await a.request(known, 'market', utf8('x'), soon)).toEqual(utf8('x'))
  // An outdated address in the caller's book does not hide the one that works.
  await back.stop()
  await gone()
  const again = await startOrThrow(2, { listen })
  again.serve('market', echo)
  expect(await a.request({ ...known, addresses: ['/ip4/127.0.0.1/tcp/1', 'nonsense'] }, 'market', utf8('x'), soon)).toEqual(utf8('x'))
  await a.stop()
  await again.stop()
})

test('a line that breaks fails what is under way at once; the next request takes a new one', async () => {
  const [a, b] = [await startOrThrow(1), await startOrThrow(2, { listen: ['/ip4/127.0.0.1/tcp/0'] })]
  const proxy = await createTcpProxy(portOf(b), 0)
  const through = { peerId: b.self().peerId, addresses: [proxy.address] }
  let hang = true
  let reached = (): void => undefined
  const arrived = new Promise<void>((resolve) => {
    reached = resolve
  })
  b.serve('market', async (payload) => {
    reached()
    return hang ? new Promise<Uint8Array>(() => undefined) : payload
  })
  const request = a.request(through, 'market', utf8('x'), soon).catch((error: unknown) => error)
  await arrived
  proxy.cut()
  expect(await request).toMatchObject({ name: 'NetworkError', code: 'closed' })
  hang = false
  expect(await a.request(through, 'market', utf8('y'), soon)).toEqual(utf8('y'))
  await Promise.all([a.stop(), b.stop()])
  await proxy.stop()
})

test('a silent line times requests out and does not stand in the way once it is back', async () => {
  const [a, b] = [await startOrThrow(1), await startOrThrow(2)]
  const proxy = await createTcpProxy(portOf(b), 0)
  const through = { peerId: b.self().peerId, addresses: [proxy.address] }
  b.serve('market', echo)
  await a.request(through, 'market', utf8('x'), soon)
  proxy.setSilent(true)
  await expect(a.request(through, 'market', utf8('x'), { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' })
  // What was lost on the way leaves the connection undecipherable: it breaks, and the next one is fresh.
  proxy.setSilent(false)
  await vi.waitFor(async () => expect(await a.request(through, 'market', utf8('y'), { timeoutMs: 2000 })).toEqual(utf8('y')), {
    timeout: 15_000,
  })
  await Promise.all([a.stop(), b.stop()])
  await proxy.stop()
})

test('nodes of different federations share nothing', async () => {
  const [a, b] = [await startOrThrow(1, { scope: 'one' }), await startOrThrow(2, { scope: 'two' })]
  b.serve('market', echo)
  await expect(a.request(b.self(), 'market', utf8('x'), soon)).rejects.toMatchObject({ code: 'refused' })
  await Promise.all([a.stop(), b.stop()])
})

test('a stopped network keeps no socket and no timer: its process ends by itself', async () => {
  const nodes = new URL('./testing/libp2p-nodes.ts', import.meta.url).href
  const program = `
    const { startOrThrow } = await import(${JSON.stringify(nodes)})
    const b = await startOrThrow(2)
    const a = await startOrThrow(1, { directPeers: [b.self(), { ...b.self(), peerId: '${peerIdFromSeed(seedOf(9))}' }] })
    b.serve('market', async (payload) => payload)
    b.acceptStreams('task', () => new Promise(() => undefined))
    await a.request(b.self(), 'market', new Uint8Array(1), { timeoutMs: 10000 })
    await a.openStream(b.self(), 'task', { timeoutMs: 10000 })
    await Promise.all([a.stop(), b.stop()])
    console.log('stopped')`
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { timeout: 60_000 })
  expect((await run).stdout.trim()).toBe('stopped')
})
