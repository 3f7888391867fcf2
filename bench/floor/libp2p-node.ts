import { createLibp2p } from 'libp2p'
import { privateKeyFromSeed } from '../../core/network/libp2p-keys.ts'
import { libp2pOptions } from '../../core/network/libp2p-options.ts'
import { defaultLimits } from '../../core/network/limits.ts'
import { createStanding } from '../../core/network/standing.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { silentLog } from '../../core/platform/log.ts'
import { systemRandom } from '../../core/platform/random.ts'

// A node as the market sets it up, with nothing on top: what a market cannot be smaller than.
const node = await createLibp2p(
  libp2pOptions({
    privateKey: privateKeyFromSeed(systemRandom.bytes(32)),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    prefix: 'bench',
    agent: 'bench',
    limits: defaultLimits,
    standing: createStanding(systemClock, silentLog),
  }),
)
process.stdout.write(`${JSON.stringify({ ready: node.peerId.toString() })}\n`)
process.on('SIGTERM', () => void Promise.resolve(node.stop()).finally(() => process.exit(0)))
