import { event, query } from './definition.ts'
import { amountMicro, changed, count, flag, hash, line, peerId, record, revision, timeMs, whole, wordOf } from './primitives.ts'

export const maxNameLength = 80

export const federation = record({
  id: hash,
  name: line(maxNameLength),
  kind: wordOf(['practice', 'organisation', 'community']),
  supplyMicro: amountMicro,
  /** n = 3f+1 witnesses, of which f may fail. */
  witnesses: whole(1, 100),
  faults: whole(0, 33),
})

export const app = {
  info: query({
    input: {},
    output: record({
      revision,
      /** Of the program, such as 0.1.0. */
      version: line(40),
      /** Both ends must have the same one. */
      contractVersion: count,
      federation: federation.nullable(),
      roles: record({ witness: flag, provider: flag }),
      /** Everything here is a rehearsal on this computer: answers are simulated and RUV are worth nothing outside. */
      practice: flag,
      peerId: peerId.nullable(),
      /** The market's clock when it answered, for countdowns. */
      nowMs: timeMs,
    }),
  }),
  changed: event(changed),
} as const
