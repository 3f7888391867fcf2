import { systemClock } from '../../platform/clock.ts'
import { silentLog } from '../../platform/log.ts'
import { createLibp2pNetwork, type Libp2pNetworkOptions } from '../libp2p.ts'
import type { Network } from '../port.ts'

export const seedOf = (n: number): Uint8Array => new Uint8Array(32).fill(n)

/** Node number n on a free loopback port. */
export const startNode = (n: number, options: Partial<Libp2pNetworkOptions> = {}) =>
  createLibp2pNetwork({
    privateKeySeed: seedOf(n),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    clock: systemClock,
    log: silentLog,
    ...options,
  })

export const startOrThrow = async (n: number, options: Partial<Libp2pNetworkOptions> = {}): Promise<Network> => {
  const started = await startNode(n, options)
  if (!started.ok) throw new Error(started.error.message)
  return started.value
}

export const portOf = (node: Network): number => Number(node.self().addresses[0]?.split('/').at(-1))
