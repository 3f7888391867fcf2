import { event, query } from './definition.ts'
import { maxWitnesses } from './escrow.ts'
import { changed, flag, listUpTo, multiaddr, peerId, record, release, revision, timeMs, whole, wordOf } from './primitives.ts'

export const maxPeers = 500
export const maxAddresses = 8
/** A century. */
export const maxClockOffsetMs = 3_155_760_000_000

const addresses = listUpTo(multiaddr, maxAddresses)
/** What it says it runs; null when it says nothing of the kind. */
const version = release.nullable()
const roundTripMs = whole(0, 3_600_000).nullable()

export const network = {
  status: query({
    input: {},
    output: record({
      revision,
      self: record({ peerId, addresses }).nullable(),
      peers: listUpTo(record({ peerId, addresses, roundTripMs, version }), maxPeers),
      /** Nothing can be decided while fewer vote. */
      quorum: whole(0, maxWitnesses),
      /** `connecting`: fewer vote, and it is too soon to say that this lasts. */
      settling: wordOf(['yes', 'connecting', 'no']),
      /** By how much the witnesses' clocks are ahead of this computer's; null while that is unknown, or is within what deadlines allow. */
      clockOffsetMs: whole(-maxClockOffsetMs, maxClockOffsetMs).nullable(),
      witnesses: listUpTo(
        record({
          index: whole(0, maxWitnesses - 1),
          peerId,
          reachable: flag,
          /** Why it answers and does not vote; null as far as is known here. */
          standsAside: wordOf(['retired', 'clock-off', 'halted']).nullable(),
          lastSeenMs: timeMs.nullable(),
          roundTripMs,
          version,
        }),
        maxWitnesses,
      ),
      /** The latest release that more than f witnesses say they run, or a later one; null when it is not newer than this program. */
      newer: record({ version: release, witnesses: whole(1, maxWitnesses) }).nullable(),
    }),
  }),
  changed: event(changed),
} as const
