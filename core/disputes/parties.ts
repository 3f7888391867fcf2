import type { Escrows } from '../escrow/service.ts'
import type { Signer } from '../identity/signing.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { committeeNamed } from '../settlement/epochs.ts'
import type { Arbiter, Bytes32, Decree, EscrowState, ObjectId } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import type { Letters } from './letters.ts'
import { isBoxSigned, reasonHashOf, type Box, type Exhibit, type PartyRole } from './model.ts'
import { sealExhibit } from './sealing.ts'
import type { DisputeStore, Statement } from './store.ts'

/** What a party can show of a trade; from the tasks. */
export type Material = (escrowId: ObjectId, role: PartyRole) => Pick<Exhibit, 'task' | 'answer' | 'chunks'>

export type PartiesDeps = {
  readonly store: DisputeStore
  readonly escrows: Escrows
  readonly rules: SettlementRules
  readonly letters: Letters
  readonly material: Material
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly changed: () => void
}
type TrackedEscrow = NonNullable<ReturnType<Escrows['get']>>
export type Wish = Pick<Statement, 'statement' | 'showsTask' | 'showsAnswer'>
export type Parties = ReturnType<typeof createParties>

/** While a panel sits, its letters are looked for this often. */
const lookEveryMs = 10_000

/** A party's side of its disputes: says why, shows the panel what it chose to show, and brings the ruling home. */
export const createParties = (deps: PartiesDeps) => {
  const { store, escrows, letters, clock } = deps
  const looking = new Map<string, () => void>()
  let isStopped = false

  const committeeOf = ({ governance }: EscrowState) => committeeNamed(deps.rules.epochs, governance)
  const seatedOf = (state: EscrowState): readonly Arbiter[] =>
    (state.panel ?? []).flatMap((place) => committeeOf(state)?.arbiters[place] ?? [])

  const exhibitOf = ({ state, role, receipt }: TrackedEscrow, said: Statement): Exhibit => {
    const { task, answer, chunks } = deps.material(state.id, role)
    return {
      statement: said.statement,
      salt: said.salt,
      task: said.showsTask ? task : null,
      answer: said.showsAnswer ? answer : null,
      chunks: said.showsAnswer ? chunks : null,
      receipt,
    }
  }

  /** Boxes of the seated, each signed by the arbiter it belongs to. */
  const boxesOf = async (state: EscrowState): Promise<readonly Box[]> => {
    const seated = seatedOf(state)
    const answers = await letters.askAll({ kind: 'fetch-boxes', arbiters: seated.map(({ publicKey }) => publicKey) })
    const boxes = answers.flatMap((answer) => (answer.kind === 'boxes' ? answer.boxes : []))
    return seated.flatMap(
      ({ publicKey }) => boxes.find((box) => equalBytes(box.arbiter, publicKey) && isBoxSigned(box, deps.federationId)) ?? [],
    )
  }

  const show = async (tracked: TrackedEscrow, said: Statement): Promise<void> => {
    const { state, role } = tracked
    const boxes = await boxesOf(state)
    if (boxes.length <= said.readers) return
    const sealing = { ...deps, nowMs: clock.nowMs() }
    const whole = exhibitOf(tracked, said)
    const about = { escrowId: state.id, role }
    // What is too large for one letter goes without the answer, and says so by its absence.
    const sealed =
      (await sealExhibit(sealing, about, whole, boxes)) ??
      (await sealExhibit(sealing, about, { ...whole, answer: null, chunks: null }, boxes))
    if (sealed !== null && (await letters.leave({ kind: 'put-exhibit', exhibit: sealed }))) {
      store.saveReaders(state.id, boxes.length)
      deps.changed()
    }
  }

  const look = async (id: ObjectId): Promise<void> => {
    const tracked = escrows.get(id)
    if (tracked === null || tracked.state.phase !== 'panel') return
    await letters.leave({ kind: 'announce', chain: escrows.decrees(id) })
    const said = store.statement(id) ?? sayNothing(tracked)
    await show(tracked, said)
    const answers = await letters.askAll({ kind: 'fetch-case', escrowId: id })
    for (const answer of answers) {
      if (answer.kind !== 'case' || answer.ruling === null) continue
      if ((await escrows.submitRuling(answer.ruling)).ok) break
    }
  }

  /** A provider that is not at its computer still shows the encrypted answer that it registered; without the key nobody reads it. */
  const sayNothing = ({ state: { id }, role }: TrackedEscrow): Statement => {
    const said = { role, statement: '', salt: deps.random.bytes(32), showsTask: false, showsAnswer: role === 'provider' }
    store.saveStatement(id, said)
    return { ...said, readers: 0 }
  }

  const keepLooking = (id: ObjectId): void => {
    const key = toHex(id)
    if (looking.has(key) || isStopped) return
    const next = (): void => {
      look(id)
        .catch((error: unknown) => deps.log.write('warn', 'dispute not followed', { reason: String(error) }))
        .finally(() => {
          if (isStopped || escrows.get(id)?.state.phase !== 'panel') looking.delete(key)
          else looking.set(key, clock.after(lookEveryMs, next))
        })
    }
    looking.set(key, clock.after(0, next))
  }

  return {
    /** By the client: the statement is committed to with the dispute, and nobody can change it when the panel is known. */
    open: async (
      id: ObjectId,
      wish: Wish,
    ): Promise<Result<Decree, Failure<'not-found' | 'not-yours' | 'wrong-phase' | 'too-late' | 'no-quorum' | 'refused'>>> => {
      const tracked = escrows.get(id)
      if (tracked === null) return fail('not-found', 'There is no such escrow in this wallet.')
      if (tracked.role !== 'client') return fail('not-yours', 'Only the client of an escrow can dispute its delivery.')
      const known = tracked.state.phase === 'delivered' ? null : store.statement(id)
      const salt = known?.salt ?? deps.random.bytes(32)
      if (known === null) store.saveStatement(id, { ...wish, role: 'client', salt })
      const disputed = await escrows.dispute(id, reasonHashOf(salt, known?.statement ?? wish.statement))
      deps.changed()
      return disputed
    },
    /** By the provider, as often as it likes until the ruling. */
    respond: (id: ObjectId, wish: Wish): Result<null, Failure<'not-found' | 'not-yours' | 'wrong-phase'>> => {
      const tracked = escrows.get(id)
      if (tracked === null) return fail('not-found', 'There is no such escrow in this wallet.')
      if (tracked.role !== 'provider') return fail('not-yours', 'The client has said what it says with the dispute itself.')
      if (tracked.state.phase !== 'disputed' && tracked.state.phase !== 'panel')
        return fail('wrong-phase', 'This escrow is not disputed, or the dispute is over.')
      store.saveStatement(id, { ...wish, role: 'provider', salt: deps.random.bytes(32) })
      keepLooking(id)
      deps.changed()
      return ok(null)
    },
    /** What this side has said, and how many of the seated can read it. */
    said: (id: ObjectId): Statement | null => store.statement(id),
    seatedOf,
    follow: ({ id, phase }: EscrowState): void => {
      if (phase === 'panel') keepLooking(id)
    },
    stop: (): void => {
      isStopped = true
      for (const cancel of looking.values()) cancel()
    },
  }
}
