import { toHex } from '../platform/bytes.ts'
import { offenceId, type Conviction } from '../settlement/evidence.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'

/** One proven offence as this node knows it. */
export type Fact = Conviction & { readonly id: Bytes32; readonly foundAtMs: number }

/** One offence convicts; more of the same key prove nothing new, and a liar could make any number. */
export const maxPerCulprit = 8
/** Every witness and arbiter of many epochs, and owners: about 1 kB each. */
export const maxFacts = 5_000
/** Owners are this many at most, so that no flood of restored backups crowds out what convicts a witness. */
const maxOwners = 4_000
/** How long an owner that signed twice is not believed before its orders are final (settlement.md §4). */
export const noOptimismMs = 30 * 24 * 3_600_000

/** What is proven against whom; grows only. */
export type Convictions = ReturnType<typeof createConvictions>

export const createConvictions = () => {
  const facts: Fact[] = []
  const ids = new Set<string>()
  const byCulprit = new Map<string, Fact[]>()
  const keyOf = (culprit: Bytes32 | null): string => (culprit === null ? '' : toHex(culprit))
  const of = (culprit: Bytes32): readonly Fact[] => byCulprit.get(keyOf(culprit)) ?? []
  return {
    facts: (): readonly Fact[] => facts,
    has: (conviction: Conviction): boolean => ids.has(toHex(offenceId(conviction))),
    hasRoomFor: ({ culprit, account }: Conviction): boolean => {
      const isOwners = (fact: Pick<Fact, 'account'>): boolean => fact.account !== null
      // An arbiter's key is its account's too: what is no guilt takes no place from what is.
      const alike = (byCulprit.get(keyOf(culprit)) ?? []).filter((fact) => isOwners(fact) === isOwners({ account })).length
      const owners = account === null ? 0 : facts.filter(isOwners).length
      return alike < maxPerCulprit && facts.length < maxFacts && owners < maxOwners
    },
    add: (fact: Fact): void => {
      facts.push(fact)
      ids.add(toHex(fact.id))
      byCulprit.set(keyOf(fact.culprit), [...(byCulprit.get(keyOf(fact.culprit)) ?? []), fact])
    },
    /** Of a witness or an arbiter, whose place ends with the next epoch; an owner that signed two orders may have restored a backup. */
    isConvicted: (key: Bytes32): boolean => of(key).some(({ account }) => account === null),
    /** How often this account's owner signed two orders for one step, and when this node last learnt of one. */
    ordersTwice: (account: AccountId): { readonly count: number; readonly lastFoundAtMs: number | null } => {
      const found = facts.filter((fact) => fact.account !== null && keyOf(fact.account) === toHex(account))
      return { count: found.length, lastFoundAtMs: found.length === 0 ? null : Math.max(...found.map(({ foundAtMs }) => foundAtMs)) }
    },
    /** A whole committee has contradicted itself. */
    isBroken: (): boolean => byCulprit.has(''),
  }
}
