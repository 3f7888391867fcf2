import { equalBytes, toHex } from '../platform/bytes.ts'
import { decodeDecree, encodeDecree, txHash } from '../settlement/encoding.ts'
import type { Bytes32, Committee, Decree } from '../settlement/objects.ts'
import { verifyAuthorisation } from '../settlement/signatures.ts'
import { createAuthorityAudit, type AuthorityAudit } from './audit-authority.ts'
import { createEvidenceAudit, type EvidenceAudit } from './audit-evidence.ts'
import { createKeyAudit, type KeyAudit } from './audit-keys.ts'
import { createLedgerAudit, type LedgerAudit } from './audit-ledger.ts'
import { createTimeAudit, type TimeAudit } from './audit-time.ts'
import { registerKey } from './audit-steps.ts'
import { createVoteAudit, type VoteAudit } from './audit-votes.ts'
import type { SimulatedFederation } from './federation.ts'
import { createWitnessWatch, type WitnessWatch } from './witness-watch.ts'

export type Violation = { readonly rule: string; readonly detail: string; readonly atMs: number }

/** Sees every signature, every disk and every final step, and holds them against the invariants of settlement.md §8. */
export type Auditor = {
  readonly votes: VoteAudit
  readonly ledger: LedgerAudit
  readonly authority: AuthorityAudit
  readonly keys: KeyAudit
  readonly times: TimeAudit
  readonly evidence: EvidenceAudit
  readonly violate: (rule: string, detail: string) => void
  readonly violation: () => Violation | null
  /** An interesting state, which some seed of a campaign has to reach. */
  readonly reach: (state: string) => void
  readonly reached: () => ReadonlySet<string>
  /** Somebody honest has learnt of the next committee, before the step is written down anywhere. */
  readonly learn: (decree: Decree) => void
  /** Somebody honest holds this to be final. */
  readonly believe: (decree: Decree, who: string) => void
  /** Whenever a step became final that was not known to be. */
  readonly onFinal: (listener: (decree: Decree) => void) => void
  readonly watch: (witness: number, isHonest: boolean) => WitnessWatch
}

export type AuditorDeps = {
  readonly federation: SimulatedFederation
  readonly liars: readonly number[]
  readonly honestKeys: readonly Bytes32[]
  readonly nowMs: () => number
  readonly note: (text: string) => void
}

export const createAuditor = ({ federation, liars, nowMs, note, honestKeys }: AuditorDeps): Auditor => {
  const { committee, rules, genesis, epochs, membersOf } = federation
  const reached = new Set<string>()
  const listeners: ((decree: Decree) => void)[] = []
  const finals = new Map<string, string>()
  let violation: Violation | null = null
  const violate = (rule: string, detail: string): void => {
    violation ??= { rule, detail, atMs: nowMs() }
  }
  const reach = (state: string): void => void reached.add(state)
  const unlessBeyond = (rule: string, detail: string): void =>
    liars.length > committee.faults && onTheWay.includes(rule) ? reach(`signed by liars: ${rule}`) : violate(rule, detail)

  const evidence = createEvidenceAudit({ epochs, honestKeys, violate, reach })
  const keys = createKeyAudit({ ownerKeyOf: federation.ownerKeyOf, violate, reach })
  const ledger = createLedgerAudit({ genesis, epochs, violate, reach })
  const authority = createAuthorityAudit({ federation, ledger, violate })
  const committeeOf = (epoch: number): Committee | null => membersOf(epoch)?.committee ?? null
  const times = createTimeAudit({
    limits: rules.limits,
    nowMs,
    escrow: ledger.escrow,
    committeeOf,
    violate: unlessBeyond,
    reach,
  })
  const votes = createVoteAudit({
    membersOf,
    liars,
    violate: unlessBeyond,
    reach,
    final: times.final,
    backed: times.voted,
    orderOf: times.orderOf,
  })

  const learn = (decree: Decree): void => {
    const problem = epochs.take(decree)
    if (problem !== null) violate('epochs', `the next committee does not hold: ${problem}`)
    reach('a new committee')
  }

  const believe = (decree: Decree, who: string): void => {
    const key = registerKey(decree.tx)
    const name = toHex(txHash(decree.tx))
    const known = finals.get(key)
    if (known === name) return
    if (known !== undefined) return violate('two finals', `${who} believes another one for ${key}`)
    finals.set(key, name)
    if (!votes.isCertified(decree.certificate.statement)) violate('certificates', `${who} believes one for ${key} that no quorum signed`)
    if (!decree.authorisations.every((one) => verifyAuthorisation(decree.tx, one))) violate('authorisations', `of ${key}, at ${who}`)
    checkEncoding(decree, violate)
    if (decree.tx.type === 'federation') learn(decree)
    if (decree.tx.type === 'account') keys.take(decree.tx, decree.authorisations)
    ledger.take(decree)
    ledger.assertConserved()
    for (const listener of listeners) listener(decree)
  }

  return {
    votes,
    ledger,
    authority,
    keys,
    times,
    evidence,
    violate,
    violation: () => violation,
    reach,
    reached: () => reached,
    learn,
    believe,
    onFinal: (listener) => void listeners.push(listener),
    watch: (witness, isHonest) => {
      const keep = (decree: Decree, who: string): void => {
        believe(decree, who)
        ledger.keep(decree)
      }
      const deps = { votes, ledger, authority, keys, times, evidence, violate, reach, believe: keep, note }
      return createWitnessWatch(deps, witness, isHonest)
    },
  }
}

/** With more than f liars nothing is broken before two values are final, and what these leave behind shall be seen. */
const onTheWay: readonly string[] = ['skipped and final', 'two notarizations', 'deadlines']

/** Only one encoding of a decree exists, and it decodes to the same decree. */
const checkEncoding = (decree: Decree, violate: Auditor['violate']): void => {
  const bytes = encodeDecree(decree)
  const decoded = decodeDecree(bytes)
  if (!decoded.ok || !equalBytes(encodeDecree(decoded.value), bytes)) violate('encoding', `a decree of ${registerKey(decree.tx)}`)
}
