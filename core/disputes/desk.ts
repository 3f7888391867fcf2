import { orderFor } from '../escrow/mover.ts'
import type { Signer } from '../identity/signing.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Driver } from '../settlement/driver-port.ts'
import { decodeAuthorisedTx, encodeAuthorisedTx } from '../settlement/encoding.ts'
import { committeeNamed, type Epochs } from '../settlement/epochs.ts'
import type { Bytes32, Credit, Decree, EscrowState, ObjectId, RulingOutcome } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { replayEscrow } from '../settlement/verify.ts'
import type { Letters } from './letters.ts'
import { checkExhibit, isFromParty, signBox, type Exhibit, type ExhibitChecks, type PartyRole, type SealedExhibit } from './model.ts'
import { boxKeysOf, openExhibit } from './sealing.ts'
import type { DisputeStore } from './store.ts'

export type DeskDeps = {
  readonly store: DisputeStore
  readonly letters: Letters
  readonly driver: Driver
  readonly epochs: Epochs
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

  const isArbiter = (): boolean => deps.epochs.newest().committee.arbiters.some(({ publicKey }) => equalBytes(publicKey, signer.publicKey))
  const isSeated = (state: EscrowState): boolean =>
    (state.panel ?? []).some((place) =>
      equalBytes(committeeNamed(deps.rules.epochs, state.governance)?.arbiters[place]?.publicKey ?? new Uint8Array(), signer.publicKey),
    )

  const take = (chain: readonly Decree[]): void => {
    const replayed = replayEscrow(chain, context)
    if (!replayed.ok || !isSeated(replayed.value)) return
    const key = toHex(replayed.value.id)
    if ((cases.get(key)?.state.step ?? -1) >= replayed.value.step) return
    cases.set(key, { state: replayed.value, chain })
    deps.changed()
  }

  const lookAtCases = async (): Promise<void> => {
    const answers = await letters.askAll({ kind: 'fetch-cases', arbiter: signer.publicKey })
    for (const answer of answers) if (answer.kind === 'cases') answer.chains.forEach(take)
    for (const { state } of cases.values()) {
      if (state.phase !== 'panel') continue
      const signed = store.ruling(state.id)
      if (signed !== null) await bringHome(state.id, signed.order)
      else if (deps.rulesByItself && clock.nowMs() - (state.dispute?.atMs ?? 0) >= practicePatienceMs) await ruleAlone(state)
    }
  }

  /** Leaves the own signature again, and makes the ruling final once enough arbiters have signed alike. */
  const bringHome = async (id: ObjectId, signed: Uint8Array): Promise<void> => {
    const order = decodeAuthorisedTx(signed)
    if (order.ok) await letters.leave({ kind: 'put-ruling', order: order.value })
    const answers = await letters.askAll({ kind: 'fetch-case', escrowId: id })
    const known = cases.get(toHex(id))
    for (const answer of answers) {
      if (answer.kind !== 'case' || known === undefined) continue
      take(answer.chain)
      if (answer.ruling === null) continue
      const decided = await deps.driver.decide(answer.ruling, known.chain)
      const decree = decided.ok ? decided.value : decided.error.code === 'conflict' ? decided.error.decree : null
      if (decree !== null) {
        take([...known.chain, decree])
        await letters.leave({ kind: 'announce', chain: [...known.chain, decree] })
      }
      return
    }
  }

  const shownIn = async ({ state, chain }: Case): Promise<readonly Shown[]> => {
    const keys = await boxKeysOf(signer, federationId)
    const answers = await letters.askAll({ kind: 'fetch-case', escrowId: state.id })
    const sealed = answers.flatMap((answer) => (answer.kind === 'case' ? answer.exhibits : []))
    const facts = factsOf(chain)
    const opened = await Promise.all(
      newestOf(sealed.filter((one) => isFromParty(one, state, federationId))).map(async (one) => {
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
  ): Promise<Result<null, Failure<'not-found' | 'wrong-phase' | 'already-ruled'>>> => {
    const known = cases.get(toHex(id))
    if (known === undefined) return fail('not-found', 'You are not on the panel of such a dispute.')
    const earlier = store.ruling(id)
    if (earlier !== null && earlier.outcome !== outcome)
      return fail('already-ruled', 'You have signed another outcome. Two signatures of one arbiter would be proof against you.')
    if (known.state.phase !== 'panel') return fail('wrong-phase', 'This dispute is over.')
    store.saveRuling(id, outcome, encodeAuthorisedTx(orderFor(known.state, { kind: 'rule', outcome }, signer, 'arbiter')))
    deps.changed()
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

  const leaveBox = async (): Promise<void> => {
    const { publicKey } = await boxKeysOf(signer, federationId)
    await letters.leave({ kind: 'put-box', box: signBox(signer, federationId, publicKey, clock.nowMs() + boxLifeMs) })
  }

  const look = (): void => {
    isLooking = true
    lookedAtMs = clock.nowMs()
    const work = isArbiter() ? leaveBox().then(lookAtCases) : Promise.resolve()
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
    cases: (): readonly Case[] =>
      [...cases.values()].toSorted(
        (a, b) =>
          Number(a.state.phase === 'settled') - Number(b.state.phase === 'settled') || (a.state.ruleByMs ?? 0) - (b.state.ruleByMs ?? 0),
      ),
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

/** What DELIVER and DISPUTE commit to. */
const factsOf = (chain: readonly Decree[]): { readonly reasonHash: Bytes32; readonly resultHash: Bytes32 } => {
  const bodies = chain.flatMap(({ tx }) => (tx.type === 'escrow' ? [tx.body] : []))
  const none = new Uint8Array(32)
  return {
    reasonHash: bodies.find((body) => body.kind === 'dispute')?.reasonHash ?? none,
    resultHash: bodies.find((body) => body.kind === 'deliver')?.resultHash ?? none,
  }
}

const newestOf = (sealed: readonly SealedExhibit[]): readonly SealedExhibit[] =>
  (['client', 'provider'] as const).flatMap((role) => {
    const [newest] = sealed.filter((one) => one.role === role).toSorted((a, b) => b.madeAtMs - a.madeAtMs)
    return newest === undefined ? [] : [newest]
  })
