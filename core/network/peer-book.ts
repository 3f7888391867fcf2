import { toHex } from '../platform/bytes.ts'
import type { PeerAddress } from './port.ts'

const maxKnownPeers = 1_000

/** Where accounts were last heard from; the newest thousand. */
export type PeerBook = {
  readonly get: (account: Uint8Array) => PeerAddress | null
  readonly put: (account: Uint8Array, peer: PeerAddress) => void
}

export const createPeerBook = (): PeerBook => {
  const known = new Map<string, PeerAddress>()
  return {
    get: (account) => known.get(toHex(account)) ?? null,
    put: (account, peer) => {
      const key = toHex(account)
      known.delete(key)
      known.set(key, peer)
      const oldest = known.keys().next().value
      if (known.size > maxKnownPeers && oldest !== undefined) known.delete(oldest)
    },
  }
}
