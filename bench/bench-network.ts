import { createLibp2pNetwork } from '../core/network/libp2p.ts'
import type { Network } from '../core/network/port.ts'
import { systemClock } from '../core/platform/clock.ts'
import { silentLog } from '../core/platform/log.ts'
import { systemRandom } from '../core/platform/random.ts'

type Given = Parameters<typeof createLibp2pNetwork>[0]
/** Without `listen` it takes a free port on loopback, without `privateKeySeed` it is nobody known. */
export type BenchNetworkWish = Pick<Given, 'scope'> & Partial<Pick<Given, 'privateKeySeed' | 'listen' | 'limits'>>

/** A node of the shipping network that says nothing; throws when it cannot be opened. */
export const openBenchNetwork = async (wish: BenchNetworkWish): Promise<Network> => {
  const network = await createLibp2pNetwork({
    privateKeySeed: systemRandom.bytes(32),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    clock: systemClock,
    log: silentLog,
    ...wish,
  })
  if (!network.ok) throw new Error(network.error.message)
  return network.value
}
