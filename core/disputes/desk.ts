import { orderFor } from '../escrow/mover.ts'
import type { Signer } from '../identity/signing.ts'
import { compareBytes, equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Driver } from '../settlement/driver-port.ts'
import { decodeAuthorisedTx, encodeAuthorisedTx } from '../settlement/encoding.ts'
import { committeeNamed } from '../settlement/epochs.ts'
import {
  quorumOf,
  type AuthorisedTx,
  type Bytes32,
  type Committee,
  type Credit,
  type Decree,
  type EscrowState,
  type ObjectId,
  type RulingOutcome,
  type Witness,
} from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { verifyAuthorisation } from '../settlement/signatures.ts'
import { replayEscrow } from '../settlement/verify.ts'
import type { Letters } from './letters.ts'
import {
  askOwnRuling,
  checkExhibit,
  compareExhibits,
  factsOf,
  isChoiceSigned,
  isFromParty,
  signBox,
  signChoice,
  type Choice,
  type Exhibit,
  type ExhibitChecks,
  type PartyRole,
  type SealedExhibit,
} from './model.ts'
import { isNamed, judgesWith, seatedOf } from './rosters.ts'
import { boxKeysOf, openExhibit } from './sealing.ts'
import type { DisputeStore } from './store.ts'

export type DeskDeps = {
  readonly store: DisputeStore
  readonly letters: Letters
  readonly driver: Driver
  readonly rules: SettlementRules
  readonly genesisCredits: readonly Credit[]
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly log: Log
  /** Rules by itself from what can be checked alone; for practice, where nobody sits at the desk. */
  readonly rulesByItself: boolean
  readonly changed: () => void
}
export type Case = { readonly state: EscrowState; readonly chain: readonly Decree[] }
export type Shown = { readonly role: PartyRole; readonly madeAtMs: number; readonly exhibit: Exhibit; readonly checks: ExhibitChecks }
export type Desk = ReturnType<typeof createDesk>

const lookEveryMs = 30_000
const practiceLookEveryMs = 5_000
/** However often somebody opens the desk. */
const lookAgainMs = 3_000
const boxLifeMs = 30 * 24 * 3_600_000
/** Practice gives both sides this long to show something. */
const practicePatienceMs = 15_000

/** An arbiter's desk: the cases it is seated in, what was shown to it, and its ruling, once. */
export const createDesk = (deps: DeskDeps) => {
  const { store, letters, signer, clock, federationId } = deps
  const context = { rules: deps.rules, genesisCredits: deps.genesisCredits }
  const cases = new Map<string, Case>()
  let cancel = (): void => undefined
  let isStopped = false
  let isLooking = false
  let lookedAtMs = Number.NEGATIVE_INFINITY

  const committees = (): readonly Committee[] => judgesWith(deps.rules, signer.publicKey, clock.nowMs())
  const isArbiter = (): boolean => committees().length > 0
  const committeeOf = ({ governance }: EscrowState): Committee | null => committeeNamed(deps.rules.epochs, governance)

  /** Null: not a case of this desk. */
  const take = (chain: readonly Decree[]): ObjectId | null => {
    const replayed = replayEscrow(chain, context)
    if (!replayed.ok || !isNamed(seatedOf(deps.rules, replayed.value), signer.publicKey)) return null
    const { id, step } = replayed.value
    if ((cases.get(toHex(id))?.state.step ?? -1) < step) {
      cases.set(toHex(id), { state: replayed.value, chain })
      deps.changed()
    }
    return id
  }

  const lookAtCases = async (): Promise<void> => {
    await takeChanges(deps, committees(), [...cases.values()], take)
    for (const { state } of cases.values()) {
      if (state.phase !== 'panel') continue
      const chosen = await recall(state)
      const signed = store.ruling(state.id)
      if (signed !== null) await bringHome(state.id, signed.order)
      else if (chosen.ok && chosen.value !== null) await rule(state.id, chosen.value)
      else if (deps.rulesByItself && clock.nowMs() - (state.dispute?.atMs ?? 0) >= practicePatienceMs) await ruleAlone(state)
    }
  }

  const recall = (state: EscrowState): Promise<Recalled> => recallOutcome(deps, state, committeeOf(state))

  /** Leaves the own signature again, and makes the ruling final once enough arbiters have signed alike. */
  const bringHome = async (id: ObjectId, signed: Uint8Array): Promise<void> => {
    const order = decodeAuthorisedTx(signed)
    const known = cases.get(toHex(id))
    const committee = known === undefined ? null : committeeOf(known.state)
    if (known === undefined || committee === null) return
    if (order.ok) await letters.leave(committee, { kind: 'put-ruling', order: order.value })
    for (const answer of await letters.askAll(committee, { kind: 'fetch-case', escrowId: id })) {
      if (answer.kind !== 'case') continue
      take(answer.chain)
      if (answer.ruling === null) continue
      const decided = await deps.driver.decide(answer.ruling, known.chain)
      const decree = decided.ok ? decided.value : decided.error.code === 'conflict' ? decided.error.decree : null
      if (decree !== null) {
        take([...known.chain, decree])
        await letters.leave(committee, { kind: 'announce', chain: [...known.chain, decree] })
        return
      }
    }
  }

  const shownIn = async ({ state, chain }: Case): Promise<readonly Shown[]> => {
    const keys = await boxKeysOf(signer, federationId)
    const committee = committeeOf(state)
    if (committee === null) return []
    const answers = await letters.askAll(committee, { kind: 'fetch-case', escrowId: state.id })
    const carried = answers.map((answer) =>
      answer.kind === 'case' ? answer.exhibits.filter((one) => isFromParty(one, state, federationId)) : [],
    )
    const facts = factsOf(chain)
    const opened = await Promise.all(
      newestOf(carried, committee).map(async (one) => {
        const exhibit = await openExhibit(one, keys, federationId)
        return exhibit === null
          ? []
          : [{ role: one.role, madeAtMs: one.madeAtMs, exhibit, checks: checkExhibit(exhibit, one.role, state, facts) }]
      }),
    )
    return opened.flat()
  }

  const rule = async (
    id: ObjectId,
    outcome: RulingOutcome,
  ): Promise<Result<null, Failure<'not-found' | 'wrong-phase' | 'already-ruled' | 'no-quorum'>>> => {
    const known = cases.get(toHex(id))
    if (known === undefined) return fail('not-found', 'You are not on the panel of such a dispute.')
    if (known.state.phase !== 'panel') return fail('wrong-phase', 'This dispute is over.')
    const earlier = await recall(known.state)
    if (!earlier.ok) return earlier
    if (earlier.value !== null && earlier.value !== outcome)
      return fail('already-ruled', 'You have chosen another outcome before. Two signatures of one arbiter would be proof against you.')
    if (store.ruling(id) === null) {
      if (!(await leaveChoice(deps, known, committeeOf(known.state), outcome))) return tooFew
      store.saveRuling(id, outcome, encodeAuthorisedTx(orderFor(known.state, { kind: 'rule', outcome }, signer, 'arbiter')))
      deps.changed()
    }
    await bringHome(id, store.ruling(id)?.order ?? new Uint8Array())
    return ok(null)
  }

  /** The encrypted answer that was registered is there: the price. It is not there: nothing. */
  const ruleAlone = async (state: EscrowState): Promise<void> => {
    const known = cases.get(toHex(state.id))
    if (known === undefined) return
    const shown = await shownIn(known)
    const isDelivered = shown.some(({ checks }) => checks.isAnswerAsDelivered === true)
    await rule(state.id, isDelivered ? 'release' : 'refund')
  }

  const look = (): void => {
    isLooking = true
    lookedAtMs = clock.nowMs()
    const work = isArbiter() ? leaveBox(deps, committees()).then(lookAtCases) : Promise.resolve()
    work
      .catch((error: unknown) => deps.log.write('warn', 'cases not looked at', { reason: String(error) }))
      .finally(() => {
        isLooking = false
        if (!isStopped) cancel = clock.after(deps.rulesByItself ? practiceLookEveryMs : lookEveryMs, look)
      })
  }

  return {
    isArbiter,
    /** Those that wait for a ruling first, then the ones with the least time. */
    cases: (): readonly Case[] => [...cases.values()].toSorted(byUrgency),
    case: (id: ObjectId): Case | null => cases.get(toHex(id)) ?? null,
    ownRuling: (id: ObjectId): RulingOutcome | null => store.ruling(id)?.outcome ?? null,
    shownIn,
    rule,
    start: look,
    /** For whoever opens the desk: what came since the last look is there before the next one. */
    lookAgain: (): void => {
      if (isLooking || clock.nowMs() - lookedAtMs < lookAgainMs) return
      cancel()
      look()
    },
    stop: (): void => {
      isStopped = true
      cancel()
    },
  }
}

type Take = (chain: readonly Decree[]) => ObjectId | null

/** Takes in every case that a witness has waiting, page by page; what leads no further is the last page. */
const takeWaiting = async ({ letters, signer }: DeskDeps, witness: Witness, take: Take): Promise<readonly ObjectId[]> => {
  const waiting: ObjectId[] = []
  for (let after: ObjectId = new Uint8Array(32); ;) {
    const answer = await letters.ask(witness, { kind: 'fetch-cases', arbiter: signer.publicKey, after })
    const ids = answer?.kind === 'cases' ? answer.chains.map(take).filter((id) => id !== null) : []
    waiting.push(...ids)
    const last = ids.at(-1)
    if (last === undefined || compareBytes(last, after) <= 0) return waiting
    after = last
  }
}

/** What waits at the witnesses, and the ends of the known cases that wait with no honest one of them any more. */
const takeChanges = async (deps: DeskDeps, committees: readonly Committee[], known: readonly Case[], take: Take): Promise<void> => {
  const witnesses = committees.flatMap((committee) => committee.witnesses)
  const waiting = (await Promise.all(witnesses.map((witness) => takeWaiting(deps, witness, take)))).flat()
  for (const { state } of known) {
    const committee = committeeNamed(deps.rules.epochs, state.governance)
    if (committee === null || state.phase === 'settled') continue
    if (waiting.filter((id) => equalBytes(id, state.id)).length > committee.faults) continue
    const answers = await deps.letters.askAll(committee, { kind: 'fetch-case', escrowId: state.id })
    for (const answer of answers) if (answer.kind === 'case') take(answer.chain)
  }
}

const byUrgency = (a: Case, b: Case): number =>
  Number(a.state.phase === 'settled') - Number(b.state.phase === 'settled') || (a.state.ruleByMs ?? 0) - (b.state.ruleByMs ?? 0)

const leaveBox = async ({ letters, signer, clock, federationId }: DeskDeps, committees: readonly Committee[]): Promise<void> => {
  const { publicKey } = await boxKeysOf(signer, federationId)
  const box = signBox(signer, federationId, publicKey, clock.nowMs() + boxLifeMs)
  await Promise.all(committees.map((committee) => letters.leave(committee, { kind: 'put-box', box })))
}

type Recalled = Result<RulingOutcome | null, Failure<'no-quorum'>>
const tooFew = fail('no-quorum', 'Too few witnesses answered to keep you from signing two outcomes. Try again in a minute.')

/**
 * A desk whose disk was lost takes up from the witnesses what it has signed or chosen before: signing another outcome would convict it.
 * Choices that differ come from a desk that was lost before it signed; only the one that most witnesses have may still find a quorum.
 */
const recallOutcome = async (deps: DeskDeps, { id }: EscrowState, committee: Committee | null): Promise<Recalled> => {
  const { store, letters, signer, federationId } = deps
  const kept = store.ruling(id)
  if (kept !== null) return ok(kept.outcome)
  if (committee === null) return tooFew
  const question = askOwnRuling(signer, federationId, id)
  const answers = await letters.askAll(committee, { kind: 'fetch-own-ruling', question })
  const said = answers.filter((answer) => answer.kind === 'own-ruling')
  const isOwn = ({ tx, authorisations }: AuthorisedTx): boolean =>
    equalBytes(tx.objectId, id) && authorisations.some((one) => equalBytes(one.publicKey, signer.publicKey) && verifyAuthorisation(tx, one))
  const own = said.find(({ order }) => order !== null && isOwn(order))?.order
  if (own?.tx.type === 'escrow' && own.tx.body.kind === 'rule') {
    store.saveRuling(id, own.tx.body.outcome, encodeAuthorisedTx(own))
    deps.changed()
    return ok(own.tx.body.outcome)
  }
  if (said.length < quorumOf(committee)) return tooFew
  const isOwnChoice = ({ escrowId, arbiter }: Choice): boolean => equalBytes(escrowId, id) && equalBytes(arbiter, signer.publicKey)
  const chosen = said.flatMap(({ choice }) =>
    choice !== null && isOwnChoice(choice) && isChoiceSigned(choice, federationId) ? [choice.outcome] : [],
  )
  const times = (outcome: RulingOutcome): number => chosen.filter((other) => other === outcome).length
  return ok(chosen.toSorted((a, b) => times(b) - times(a))[0] ?? null)
}

/** Whether a quorum keeps to this outcome: then none will ever keep to another, whatever becomes of this desk. */
const leaveChoice = async (
  deps: DeskDeps,
  { state, chain }: Case,
  committee: Committee | null,
  outcome: RulingOutcome,
): Promise<boolean> => {
  if (committee === null) return false
  await deps.letters.leave(committee, { kind: 'announce', chain })
  return deps.letters.leave(committee, { kind: 'put-choice', choice: signChoice(deps.signer, deps.federationId, state.id, outcome) })
}

/**
 * Each side's exhibit that replaces its others. An arbiter knows nothing of revoked keys: what more than f witnesses carry was taken in
 * by an honest one, which does, and goes before what the others may have from anybody.
 */
const newestOf = (carried: readonly (readonly SealedExhibit[])[], { faults }: Committee): readonly SealedExhibit[] => {
  const isSame = (a: SealedExhibit, b: SealedExhibit): boolean => a.role === b.role && a.madeAtMs === b.madeAtMs && equalBytes(a.by, b.by)
  const isVouchedFor = (one: SealedExhibit): boolean =>
    carried.filter((exhibits) => exhibits.some((other) => isSame(one, other))).length > faults
  return (['client', 'provider'] as const).flatMap((role) => {
    const ofRole = carried.flat().filter((one) => one.role === role)
    const vouchedFor = ofRole.filter(isVouchedFor)
    return (vouchedFor.length > 0 ? vouchedFor : ofRole).toSorted(compareExhibits).slice(-1)
  })
}
