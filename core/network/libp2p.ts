import { createLibp2p } from 'libp2p'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { parseAddress, parsePeer, type BadAddress } from './libp2p-addresses.ts'
import { privateKeyFromSeed } from './libp2p-keys.ts'
import { libp2pOptions, type Libp2pNode, type NodeOptions } from './libp2p-options.ts'
import { createLibp2pTransport } from './libp2p-transport.ts'
import { defaultLimits, maxAddresses, type NetworkLimits } from './limits.ts'
import { createNode } from './node.ts'
import type { Network, PeerAddress } from './port.ts'
import { createStanding } from './standing.ts'

export type Libp2pNetworkOptions = {
  /** 32 bytes. The node's own key, not the member's. */
  readonly privateKeySeed: Uint8Array
  /** Multiaddrs to listen on, such as /ip4/127.0.0.1/tcp/0; none for a node that only dials. */
  readonly listen: readonly string[]
  /** Separates federations: nodes of different scopes share no protocol and no topic. The federation id in hex. */
  readonly scope?: string
  /** What it tells its peers that it runs. */
  readonly agent?: string
  /** Peers to stay connected to: where to find the others, and those that are dealt with directly (the witnesses). */
  readonly bootstrap?: readonly PeerAddress[]
  readonly directPeers?: readonly PeerAddress[]
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<NetworkLimits>
}

export type Libp2pFailure = Failure<'port-busy' | 'cannot-listen' | 'bad-address'>

/** Starts a libp2p node over TCP, Noise and yamux. `stop()` closes every socket and timer of it. */
export const createLibp2pNetwork = async (options: Libp2pNetworkOptions): Promise<Result<Network, Libp2pFailure>> => {
  const { clock, log, listen } = options
  const addresses = checkAddresses(listen)
  if (!addresses.ok) return addresses
  const kept = checkPeers([...(options.directPeers ?? []), ...(options.bootstrap ?? [])])
  if (!kept.ok) return kept

  const prefix = `/claude-market/${options.scope ?? 'open'}`
  const limits = { ...defaultLimits, ...options.limits }
  const standing = createStanding(clock, log)
  const node = await startNode(
    { privateKey: privateKeyFromSeed(options.privateKeySeed), listen, prefix, agent: options.agent ?? 'claude-market', limits, standing },
    log,
  )
  if (!node.ok) return node
  const transport = createLibp2pTransport(node.value, { prefix, kept: kept.value, clock, log, standing })
  return ok(createNode(transport, { clock, log, limits, standing }))
}

const checkAddresses = (texts: readonly string[]): Result<void, BadAddress> => {
  if (texts.length > maxAddresses) return fail('bad-address', `A node listens on at most ${maxAddresses} addresses.`)
  for (const text of texts) {
    const parsed = parseAddress(text)
    if (!parsed.ok) return parsed
  }
  return ok(undefined)
}

/** One entry a peer; the first wins. */
const checkPeers = (peers: readonly PeerAddress[]): Result<readonly PeerAddress[], BadAddress> => {
  const byId = new Map<string, PeerAddress>()
  for (const peer of peers) {
    const parsed = parsePeer(peer)
    if (!parsed.ok) return parsed
    if (!byId.has(peer.peerId)) byId.set(peer.peerId, peer)
  }
  return ok([...byId.values()])
}

const startNode = async (options: NodeOptions, log: Log): Promise<Result<Libp2pNode, Libp2pFailure>> => {
  const where = options.listen.join(', ')
  try {
    return ok(await createLibp2p(libp2pOptions(options)))
  } catch (error) {
    // libp2p puts the causes of a failed start into its message and nowhere else.
    const text = error instanceof Error ? error.message : ''
    if (text.includes('EADDRINUSE')) {
      return fail('port-busy', `Another program already listens on ${where}. Stop it, or choose another port (0 takes any free one).`)
    }
    if (text.includes('EACCES')) return fail('cannot-listen', `This user may not listen on ${where}. Choose a port above 1023.`)
    if (text.includes('EADDRNOTAVAIL'))
      return fail('cannot-listen', `${where} is no address of this computer. Use one of its own, or 0.0.0.0.`)
    log.write('error', 'network did not start', { error: text.split('\n')[0] ?? '' })
    return fail('cannot-listen', `The network could not be started on ${where}. The log has the reason.`)
  }
}
