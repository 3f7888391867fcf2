import { expect, test } from 'vitest'
import { createMemoryNetwork } from '../network/memory.ts'
import type { FrameChannel, Network } from '../network/port.ts'
import { concatBytes, utf8 } from '../platform/bytes.ts'
import { silentLog } from '../platform/log.ts'
import { createSeededRandom } from '../platform/random.ts'
import { guardNetwork } from './guard-network.ts'
import { createSecretGuard } from './secret-guard.ts'

const seed = createSeededRandom('seed').bytes(32)
const leak = concatBytes(utf8('before '), seed, utf8(' after'))
const harmless = utf8('hello')
const options = { timeoutMs: 1_000 }

/** A guarded node, and an unguarded one that keeps all that reaches it. */
const scene = () => {
  const memory = createMemoryNetwork()
  const lines: string[] = []
  const log = { ...silentLog, write: (_: string, event: string) => void lines.push(event) }
  const guarded = guardNetwork(memory.addNode('guarded'), createSecretGuard([seed]), log)
  const other = memory.addNode('other')
  const received: Uint8Array[] = []
  other.serve('market', (payload) => {
    received.push(payload)
    return Promise.resolve(harmless)
  })
  other.subscribe('offers', (data) => {
    received.push(data)
    return 'accept'
  })
  return { guarded, other, received, lines }
}
const addressOf = (network: Network) => network.self()

test('a request with a secret is stopped before it leaves, a harmless one passes', async () => {
  const { guarded, other, received, lines } = scene()
  await expect(guarded.request(addressOf(other), 'market', leak, options)).rejects.toMatchObject({ code: 'refused' })
  expect(await guarded.request(addressOf(other), 'market', harmless, options)).toEqual(harmless)
  expect(received).toEqual([harmless])
  expect(lines).toEqual(['secret-stopped'])
})

test('an answer with a secret is refused to the peer that asked', async () => {
  const { guarded, other } = scene()
  guarded.serve('sync', (payload) => Promise.resolve(payload.length > 0 ? leak : harmless))
  await expect(other.request(addressOf(guarded), 'sync', harmless, options)).rejects.toMatchObject({ code: 'refused' })
  expect(await other.request(addressOf(guarded), 'sync', new Uint8Array(0), options)).toEqual(harmless)
})

test('gossip with a secret is stopped', async () => {
  const { guarded, received } = scene()
  await expect(guarded.publish('offers', leak)).rejects.toMatchObject({ code: 'refused' })
  await guarded.publish('offers', harmless)
  expect(received).toEqual([harmless])
})

test('a stream frame with a secret is stopped on either end that is guarded', async () => {
  const { guarded, other } = scene()
  const accepted = (network: Network) =>
    new Promise<FrameChannel>((resolve) => network.acceptStreams('task', (channel) => Promise.resolve(resolve(channel))))
  const [incoming, atOther] = [accepted(guarded), accepted(other)]
  const outgoing = await guarded.openStream(addressOf(other), 'task', options)
  await other.openStream(addressOf(guarded), 'task', options)
  for (const channel of [outgoing, await incoming]) await expect(channel.send(leak)).rejects.toMatchObject({ code: 'refused' })
  await outgoing.send(harmless)
  expect(await (await atOther).receive()).toEqual(harmless)
})

test('a stranger’s text in the form of a key does not stop an answer that passes it on', async () => {
  const { guarded, other } = scene()
  const memo = utf8(`a certified decree with the memo sk-ant-api03-${'A'.repeat(24)}`)
  guarded.serve('settlement', () => Promise.resolve(memo))
  expect(await other.request(addressOf(guarded), 'settlement', harmless, options)).toEqual(memo)
})
