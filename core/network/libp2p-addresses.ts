import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { maxAddresses, maxAddressLength } from './limits.ts'
import type { PeerAddress } from './port.ts'

export type BadAddress = Failure<'bad-address'>

const isTcp = (address: Multiaddr): boolean => address.getComponents().some(({ name }) => name === 'tcp')

/** A multiaddr such as /ip4/192.0.2.1/tcp/4001 or /dns4/example.org/tcp/4001. */
export const parseAddress = (text: string): Result<Multiaddr, BadAddress> => {
  const bad = fail('bad-address', `“${text.slice(0, 80)}” is no address of a node. Write it like /ip4/192.0.2.1/tcp/4001.`)
  if (text.length > maxAddressLength) return bad
  try {
    const address = multiaddr(text)
    return isTcp(address) ? ok(address) : bad
  } catch {
    return bad
  }
}

export const parsePeerId = (text: string) => {
  try {
    return text.length > 128 ? null : peerIdFromString(text)
  } catch {
    return null
  }
}

/** Checks one entry of a genesis document, an invite or the user's own settings. */
export const parsePeer = (peer: PeerAddress): Result<PeerAddress, BadAddress> => {
  if (parsePeerId(peer.peerId) === null) return fail('bad-address', `“${peer.peerId.slice(0, 80)}” is no peer id.`)
  if (peer.addresses.length > maxAddresses) return fail('bad-address', `${peer.peerId} has more than ${maxAddresses} addresses.`)
  for (const text of peer.addresses) {
    const parsed = parseAddress(text)
    if (!parsed.ok) return parsed
  }
  return ok(peer)
}

/** What can be dialled of a peer; what cannot be parsed is left out, for the rest may still work. */
export const dialTargets = (peer: PeerAddress): readonly Multiaddr[] =>
  peer.addresses.slice(0, maxAddresses).flatMap((text) => {
    const parsed = parseAddress(text)
    return parsed.ok ? [multiaddr(`${plainAddress(parsed.value)}/p2p/${peer.peerId}`)] : []
  })

/** Without the /p2p/ part, as port.ts has it. */
export const plainAddress = (address: Multiaddr): string => address.toString().replace(/\/p2p\/[^/]+$/, '')
