import { event, query } from './definition.ts'
import { maxWitnesses } from './escrow.ts'
import { changed, flag, listUpTo, multiaddr, peerId, record, revision, timeMs, whole } from './primitives.ts'

export const maxPeers = 500
export const maxAddresses = 8

const addresses = listUpTo(multiaddr, maxAddresses)
const roundTripMs = whole(0, 3_600_000).nullable()

export const network = {
  status: query({
    input: {},
    output: record({
      revision,
      self: record({ peerId, addresses }).nullable(),
      peers: listUpTo(record({ peerId, addresses, roundTripMs }), maxPeers),
      /** Nothing can be decided while fewer are reachable. */
      quorum: whole(0, maxWitnesses),
      witnesses: listUpTo(
        record({ index: whole(0, maxWitnesses - 1), peerId, reachable: flag, lastSeenMs: timeMs.nullable(), roundTripMs }),
        maxWitnesses,
      ),
    }),
  }),
  changed: event(changed),
} as const
