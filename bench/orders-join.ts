import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PeerAddress } from '../core/network/port.ts'
import { fromHex } from '../core/platform/bytes.ts'
import { systemRandom } from '../core/platform/random.ts'
import { verifySignature } from '../core/identity/signing.ts'
import type { Measurement } from './benchmark.ts'
import { startUntilReady, stop } from './child.ts'
import { createBenchOrders } from './floor/bench-orders.ts'
import { openBenchNetwork } from './bench-network.ts'

/** What a joining node needs at least: one check of a signature an order. */
const goalMs = 2_000

/** What the process that has the book says of itself. */
export type BookReady = {
  readonly peer: PeerAddress
  readonly federationId: string
  readonly orders: number
  readonly members: number
  readonly sample: { readonly key: string; readonly body: string; readonly signature: string }
}

/** A node with an empty book asks another process over libp2p, on loopback, for all it has. */
export const measureJoin = async (): Promise<Measurement> => {
  const { child, readyLine } = await startUntilReady([join(import.meta.dirname, 'floor', 'book-holder.ts')])
  const ready = JSON.parse(readyLine) as BookReady
  const network = await openBenchNetwork({ scope: ready.federationId })
  const orders = createBenchOrders(network, fromHex(ready.federationId), systemRandom.bytes(32))
  orders.start()
  try {
    await network.connect(ready.peer, { timeoutMs: 5_000 })
    await sleep(500)
    const startMs = performance.now()
    await orders.joinFrom([ready.peer])
    const figure = performance.now() - startMs
    if (orders.book.offers.count() !== ready.orders) throw new Error(`${orders.book.offers.count()} of ${ready.orders} orders came`)
    const againMs = performance.now()
    await orders.joinFrom([ready.peer])
    const alikeMs = performance.now() - againMs
    const floor = verifyMs(ready)
    return {
      figure,
      floor,
      figureIs: `a joining node has all ${ready.orders.toLocaleString('en')} orders of ${ready.members.toLocaleString('en')} members, over libp2p on loopback`,
      floorIs: 'checking as many signatures and doing nothing else, the keys being known',
      unit: 'ms',
      goalText: `within ${goalMs} ms`,
      goalMet: figure <= goalMs,
      details: [{ name: 'comparing the two books once they are alike', value: alikeMs, unit: 'ms' }],
    }
  } finally {
    orders.stop()
    await network.stop()
    await stop(child)
  }
}

const verifyMs = ({ orders, federationId, sample }: BookReady): number => {
  const [id, key, body, signature] = [federationId, sample.key, sample.body, sample.signature].map(fromHex)
  if (id === undefined || key === undefined || body === undefined || signature === undefined) throw new Error('no sample')
  // None of them holds, as one that did would not be checked again; what it takes to say so is the same.
  const others = Array.from({ length: orders }, (_, index) => signature.with(32, index % 251).with(33, Math.floor(index / 251)))
  const startMs = performance.now()
  for (const other of others) verifySignature('RUV1/OFFER', id, body, other, key)
  return performance.now() - startMs
}
