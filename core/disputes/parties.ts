import { toHex } from '../platform/bytes.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { committeeNamed } from '../settlement/epochs.ts'
import type { Arbiter, Committee, Decree, EscrowState, ObjectId } from '../settlement/objects.ts'
import { reasonHashOf } from './model.ts'
import { seatedOf } from './rosters.ts'
import { createShowing, type ShowingDeps } from './showing.ts'
import type { Statement } from './store.ts'

export type PartiesDeps = ShowingDeps & { readonly log: Log }
export type Wish = Pick<Statement, 'statement' | 'showsTask' | 'showsAnswer'>
export type Parties = ReturnType<typeof createParties>

/** While a panel sits, its letters are looked for this often. */
const lookEveryMs = 10_000

/** A party's side of its disputes: says why, shows the panel what it chose to show, and brings the ruling home. */
export const createParties = (deps: PartiesDeps) => {
  const { store, escrows, letters, clock } = deps
  const show = createShowing(deps)
  const looking = new Map<string, () => void>()
  let isStopped = false

  const committeeOf = ({ governance }: EscrowState): Committee | null => committeeNamed(deps.rules.epochs, governance)
  const look = async (id: ObjectId): Promise<void> => {
    const tracked = escrows.get(id)
    const committee = tracked === null ? null : committeeOf(tracked.state)
    if (tracked === null || committee === null || tracked.state.panel === null) return
    await letters.leave(committee, { kind: 'announce', chain: escrows.decrees(id) })
    if (tracked.state.phase !== 'panel') return
    const answers = await letters.askAll(committee, { kind: 'fetch-case', escrowId: id })
    for (const answer of answers) {
      if (answer.kind !== 'case' || answer.ruling === null) continue
      if ((await escrows.submitRuling(answer.ruling)).ok) return
    }
    await show(tracked, committee, answers)
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
      const isNew = tracked.state.phase === 'delivered'
      const known = isNew ? null : store.statement(id)
      const salt = known?.salt ?? deps.random.bytes(32)
      if (isNew) store.saveStatement(id, { ...wish, role: 'client', salt, saidAtMs: 0 })
      const disputed = await escrows.dispute(id, reasonHashOf(salt, known?.statement ?? wish.statement))
      deps.changed()
      return disputed
    },
    /** By the provider, as often as it likes until the ruling. */
    respond: (id: ObjectId, wish: Wish): Result<null, Failure<'not-found' | 'not-yours' | 'wrong-phase' | 'answer-elsewhere'>> => {
      const tracked = escrows.get(id)
      if (tracked === null) return fail('not-found', 'There is no such escrow in this wallet.')
      if (tracked.role !== 'provider') return fail('not-yours', 'The client has said what it says with the dispute itself.')
      if (tracked.state.phase !== 'disputed' && tracked.state.phase !== 'panel')
        return fail('wrong-phase', 'This escrow is not disputed, or the dispute is over.')
      // It would take the place of what the computer that has the answer shows.
      if (wish.showsAnswer && deps.material(id, 'provider').chunks === null)
        return fail(
          'answer-elsewhere',
          'The answer is not on this computer. Say it on the one that gave the answer, or without showing it.',
        )
      // A clock that was set back makes what is said now no older than what was said before.
      const saidAtMs = Math.max(clock.nowMs(), (store.statement(id)?.saidAtMs ?? 0) + 1)
      store.saveStatement(id, { ...wish, role: 'provider', salt: deps.random.bytes(32), saidAtMs })
      keepLooking(id)
      deps.changed()
      return ok(null)
    },
    /** What this side has said, and how many of the seated can read it. */
    said: (id: ObjectId): Statement | null => store.statement(id),
    seatedOf: (state: EscrowState): readonly Arbiter[] => seatedOf(deps.rules, state),
    /** The end of a dispute is told the witnesses too, however it came about: nothing waits for the panel any more. */
    follow: ({ id, panel }: EscrowState): void => {
      if (panel !== null) keepLooking(id)
    },
    stop: (): void => {
      isStopped = true
      for (const cancel of looking.values()) cancel()
    },
  }
}
