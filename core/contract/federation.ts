import { z } from 'zod'
import { command, event, query } from './definition.ts'
import { maxWitnesses } from './escrow.ts'
import {
  accountId,
  changed,
  count,
  flag,
  hash,
  line,
  listUpTo,
  multiaddr,
  must,
  peerId,
  publicKey,
  record,
  revision,
  timeMs,
  whole,
} from './primitives.ts'
import { maxArbiters, maxWitnessCardLength } from './setup.ts'

export const maxProposals = 8
/** A committee may be replaced as a whole, one change for each seat that there was or will be. */
export const maxChanges = 80

const member = record({
  publicKey,
  peerId,
  addresses: listUpTo(multiaddr, 4),
  /** Its key is this node's. */
  isOwn: flag,
})

/** Who may be drawn to judge a dispute. */
const arbiter = record({ name: line(64, 1), operator: line(32), publicKey, accountId, isOwn: flag })
const arbiters = listUpTo(arbiter, maxArbiters)

/** A change of the committee that is proposed and not decided yet. */
export const committeeProposal = record({
  id: hash,
  epoch: count,
  startsAtMs: timeMs,
  /** It has to be decided before, because the notice begins then. */
  decideByMs: timeMs,
  added: listUpTo(member, maxWitnesses),
  removed: listUpTo(member, maxWitnesses),
  arbitersAdded: arbiters,
  arbitersRemoved: arbiters,
  witnesses: whole(1, maxWitnesses),
  faults: whole(0, maxWitnesses),
  /** Places in the committee. */
  endorsedBy: listUpTo(whole(0, maxWitnesses - 1), maxWitnesses),
  needed: whole(1, maxWitnesses),
  /** This node has a witness of the committee that has not endorsed it. */
  mayEndorse: flag,
})

const card = line(maxWitnessCardLength, 1)
const change = z.discriminatedUnion(
  'kind',
  [
    record({ kind: z.literal('add'), card }),
    record({ kind: z.literal('remove'), publicKey }),
    record({ kind: z.literal('replace'), publicKey, card }),
    record({ kind: z.literal('add-arbiter'), card }),
    record({ kind: z.literal('remove-arbiter'), publicKey }),
  ],
  must('a change of kind add, remove, replace, add-arbiter or remove-arbiter'),
)

export const federation = {
  /** Who decides now, and what is about to change. */
  status: query({
    input: {},
    output: record({
      revision,
      epoch: count,
      startsAtMs: timeMs,
      faults: whole(0, maxWitnesses),
      quorum: whole(1, maxWitnesses),
      committee: listUpTo(member, maxWitnesses),
      arbiters,
      /** A committee that is decided and has not begun. */
      next: record({
        epoch: count,
        startsAtMs: timeMs,
        added: listUpTo(member, maxWitnesses),
        removed: listUpTo(member, maxWitnesses),
        arbitersAdded: arbiters,
        arbitersRemoved: arbiters,
      }).nullable(),
      noticeMs: count,
      mayPropose: flag,
      proposals: listUpTo(committeeProposal, maxProposals),
    }),
  }),
  /**
   * By the founder or a witness. A witness's card is the line that `keys --witness` prints, with an address behind it; an arbiter's is
   * `ACCOUNTKEY,NAME[,OPERATOR]`. `startsAtMs` null: as soon as the notice allows, with a day to endorse it. */
  propose: command({
    input: { changes: listUpTo(change, maxChanges), startsAtMs: timeMs.nullable() },
    output: record({ id: hash }),
    errors: ['not-allowed', 'bad-card', 'unknown-witness', 'unknown-arbiter', 'refused'],
  }),
  /** By a witness. Once enough have, it is submitted by itself. */
  endorse: command({
    input: { id: hash },
    output: record({ endorsements: whole(0, maxWitnesses), needed: whole(1, maxWitnesses) }),
    errors: ['not-found', 'not-allowed', 'refused'],
  }),
  submit: command({
    input: { id: hash },
    output: record({ epoch: count }),
    errors: ['not-found', 'not-endorsed', 'refused', 'no-quorum'],
  }),
  changed: event(changed),
} as const
