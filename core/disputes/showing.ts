import type { Escrows } from '../escrow/service.ts'
import type { Signer } from '../identity/signing.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import { quorumOf, type AccountState, type Bytes32, type Committee, type EscrowState, type ObjectId } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import type { Letters } from './letters.ts'
import {
  factsOf,
  isBoxSigned,
  isFromParty,
  reasonHashOf,
  saysNothing,
  type Box,
  type Exhibit,
  type PartyRole,
  type SealedExhibit,
} from './model.ts'
import { seatedOf } from './rosters.ts'
import { sealExhibit } from './sealing.ts'
import type { DisputeStore, Statement } from './store.ts'
import type { CourtAnswer } from './wire.ts'

/** What a party can show of a trade; from the tasks. */
export type Material = (escrowId: ObjectId, role: PartyRole) => Pick<Exhibit, 'task' | 'answer' | 'chunks'>

export type ShowingDeps = {
  readonly store: DisputeStore
  readonly escrows: Escrows
  readonly rules: SettlementRules
  readonly letters: Letters
  readonly material: Material
  readonly signer: Signer
  /** Which keys the account has. */
  readonly keys: () => Pick<AccountState, 'ownerKey' | 'deviceKeys'>
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly random: Random
  readonly changed: () => void
}
type TrackedEscrow = NonNullable<ReturnType<Escrows['get']>>

/** How a party's exhibit comes to its panel and stays there, whichever of the account's computers it is from. */
export const createShowing = (deps: ShowingDeps) => {
  const { store, escrows, letters } = deps

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
  const boxesOf = async (state: EscrowState, committee: Committee): Promise<readonly Box[]> => {
    const seated = seatedOf(deps.rules, state)
    const answers = await letters.askAll(committee, { kind: 'fetch-boxes', arbiters: seated.map(({ publicKey }) => publicKey) })
    const boxes = answers.flatMap((answer) => (answer.kind === 'boxes' ? answer.boxes : []))
    return seated.flatMap(
      ({ publicKey }) => boxes.find((box) => equalBytes(box.arbiter, publicKey) && isBoxSigned(box, deps.federationId)) ?? [],
    )
  }

  /**
   * What this computer has to show: what its owner said here. A provider that said nothing still shows the encrypted answer that it
   * registered; without the key nobody reads it. A client's words count only as given with the dispute, so a computer that does not
   * have them (another one of the account, or one that came back from the phrase) has nothing to show.
   */
  const ownOf = (tracked: TrackedEscrow): { readonly said: Statement; readonly exhibit: Exhibit } | null => {
    const { state, role } = tracked
    const silent = { statement: '', salt: deps.random.bytes(32), showsTask: false, showsAnswer: true, saidAtMs: 0, readers: 0 }
    const said = store.statement(state.id) ?? (role === 'provider' ? { ...silent, role } : null)
    if (said === null) return null
    const { reasonHash } = factsOf(escrows.decrees(state.id))
    if (role === 'client' && !equalBytes(reasonHashOf(said.salt, said.statement), reasonHash)) return null
    const exhibit = exhibitOf(tracked, said)
    return saysNothing(exhibit) ? null : { said, exhibit }
  }

  /** What the witnesses have from this party, one list a witness; what a revoked computer put is nothing of the party's. */
  const shownBy = ({ state, role }: TrackedEscrow, answers: readonly CourtAnswer[]): readonly (readonly SealedExhibit[])[] => {
    const { ownerKey, deviceKeys } = deps.keys()
    const isOwn = ({ by }: SealedExhibit): boolean => [deps.signer.publicKey, ownerKey, ...deviceKeys].some((key) => equalBytes(key, by))
    return answers.flatMap((answer) =>
      answer.kind === 'case'
        ? [answer.exhibits.filter((one) => one.role === role && isOwn(one) && isFromParty(one, state, deps.federationId))]
        : [],
    )
  }

  const noteReaders = (said: Statement, id: ObjectId, readers: number): void => {
    const known = store.statement(id)
    // Something else was said meanwhile: the next look shows that.
    if (said.readers === readers || (known !== null && known.saidAtMs !== said.saidAtMs)) return
    if (known === null) store.saveStatement(id, said)
    store.saveReaders(id, readers)
    deps.changed()
  }

  /** Puts what this computer has to show, unless a quorum has it or the party has said something later on another one. */
  return async (tracked: TrackedEscrow, committee: Committee, answers: readonly CourtAnswer[]): Promise<void> => {
    const { state, role } = tracked
    const own = ownOf(tracked)
    const shown = shownBy(tracked, answers)
    // Too few to know what is there: the next look asks again.
    if (own === null || shown.length < quorumOf(committee)) return
    const about = { escrowId: state.id, role, madeAtMs: Math.max(own.said.saidAtMs, state.dispute?.atMs ?? 0) }
    if (shown.flat().some(({ madeAtMs }) => madeAtMs > about.madeAtMs)) return noteReaders(own.said, state.id, 0)
    const boxes = await boxesOf(state, committee)
    if (boxes.length === 0) return
    const isThere = (one: SealedExhibit): boolean => one.madeAtMs === about.madeAtMs && one.keys.length >= boxes.length
    const count = shown.filter((exhibits) => exhibits.some(isThere)).length
    if (count >= quorumOf(committee)) return noteReaders(own.said, state.id, boxes.length)
    // What is too large for one letter goes without the answer, and says so by its absence.
    const sealed =
      (await sealExhibit(deps, about, own.exhibit, boxes)) ??
      (await sealExhibit(deps, about, { ...own.exhibit, answer: null, chunks: null }, boxes))
    if (sealed !== null && (await letters.leave(committee, { kind: 'put-exhibit', exhibit: sealed })))
      noteReaders(own.said, state.id, boxes.length)
  }
}
