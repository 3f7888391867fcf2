import { expect, test } from 'vitest'
import { utf8 } from '../platform/bytes.ts'
import { createManualClock } from '../platform/clock.ts'
import { createMemoryNetwork } from './memory.ts'
import type { Network } from './port.ts'
import { describeNetwork } from './testing/network-compliance.ts'

describeNetwork('memory', async () => {
  const hub = createMemoryNetwork({ connect: 'as-asked' })
  let made = 0
  return {
    addNode: async (limits = {}) => hub.addNode(`node-${made++}`, { limits }),
    kill: async (node) => hub.kill(node.self().peerId),
    revive: async (node) => hub.addNode(node.self().peerId),
    nobody: { peerId: 'nobody', addresses: [] },
    end: async () => undefined,
  }
})

const long = { timeoutMs: 60_000 }
/** Lets everything that needs no clock happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve))
const echo = async (payload: Uint8Array): Promise<Uint8Array> => payload

test('a delay is measured on the clock, and order is kept whatever the delays are', async () => {
  const clock = createManualClock()
  const hub = createMemoryNetwork({ clock })
  const [a, b] = [hub.addNode('a'), hub.addNode('b')]
  const served: number[] = []
  b.serve('market', async (payload) => {
    served.push(payload[0] ?? 0)
    return payload
  })
  let sent = 0
  hub.setFaults(({ kind }) => (kind === 'request' ? { delayMs: 300 - 100 * sent++ } : 'deliver'))
  const answers = Promise.all([1, 2, 3].map((n) => a.request(b.self(), 'market', new Uint8Array([n]), long)))
  await settle()
  clock.advance(299)
  await settle()
  expect(served).toEqual([])
  clock.advance(1)
  expect(await answers).toEqual([new Uint8Array([1]), new Uint8Array([2]), new Uint8Array([3])])
  expect(served).toEqual([1, 2, 3])
})

test('a lost answer is silence until the time limit', async () => {
  const clock = createManualClock()
  const hub = createMemoryNetwork({ clock })
  const [a, b] = [hub.addNode('a'), hub.addNode('b')]
  let served = 0
  b.serve('market', async (payload) => {
    served++
    return payload
  })
  hub.setFaults(({ kind }) => (kind === 'answer' ? 'drop' : 'deliver'))
  const request = a.request(b.self(), 'market', utf8('x'), { timeoutMs: 1000 }).catch((error: unknown) => error)
  await settle()
  clock.advance(999)
  expect(await Promise.race([request, settle().then(() => 'still waiting')])).toBe('still waiting')
  clock.advance(1)
  expect(await request).toMatchObject({ code: 'timeout' })
  expect(served).toBe(1)
})

test('a partition cuts requests, streams and gossip between its sides, and healing joins them', async () => {
  const hub = createMemoryNetwork()
  const nodes = ['a', 'b', 'c'].map((id) => hub.addNode(id))
  const [a, b, c] = nodes as [Network, Network, Network]
  const heard: string[] = []
  for (const node of nodes) {
    node.serve('market', echo)
    node.subscribe('offers', () => {
      heard.push(node.self().peerId)
      return 'accept'
    })
  }
  hub.partition([['a', 'b'], ['c']])
  await expect(a.request(c.self(), 'market', utf8('x'), long)).rejects.toMatchObject({ code: 'unreachable' })
  expect(await a.request(b.self(), 'market', utf8('x'), long)).toEqual(utf8('x'))
  await a.publish('offers', utf8('cut'))
  await settle()
  expect(heard).toEqual(['b'])
  hub.heal()
  expect(await c.request(a.self(), 'market', utf8('x'), long)).toEqual(utf8('x'))
  await a.publish('offers', utf8('whole'))
  await settle()
  expect(heard).toEqual(['b', 'b', 'c'])
})

test('a lost frame breaks a stream, because what follows it would be wrong', async () => {
  const hub = createMemoryNetwork()
  const [a, b] = [hub.addNode('a'), hub.addNode('b')]
  b.acceptStreams('task', async (channel) => {
    while ((await channel.receive()) !== null);
  })
  const channel = await a.openStream(b.self(), 'task', long)
  hub.setFaults(() => 'drop')
  await channel.send(utf8('x'))
  await expect(channel.receive()).rejects.toMatchObject({ code: 'closed' })
})
