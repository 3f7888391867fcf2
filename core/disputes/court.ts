import { applyEscrowMove } from '../escrow/model.ts'
import type { Network } from '../network/port.ts'
import { equalBytes, utf8 } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { decodeAuthorisedTx, txHash } from '../settlement/encoding.ts'
import { contradictingOrders, type EvidenceSink } from '../settlement/evidence.ts'
import type { AccountId, AuthorisedTx, Bytes32, Credit, Decree, EscrowState, ObjectId } from '../settlement/objects.ts'
import { guardMs, type SettlementRules } from '../settlement/rules.ts'
import { verifyAuthorisation } from '../settlement/signatures.ts'
import { replayEscrow } from '../settlement/verify.ts'
import {
  compareExhibits,
  decodeSealed,
  encodeSealed,
  isAskedByArbiter,
  isBoxSigned,
  isChoiceSigned,
  isFromParty,
  type Box,
  type Choice,
  type OwnRulingQuestion,
  type SealedExhibit,
} from './model.ts'
import { isNamed, judgesWith, seatedOf } from './rosters.ts'
import type { CourtKind, DisputeStore } from './store.ts'
import {
  boxBytes,
  choiceBytes,
  decodeBox,
  decodeChain,
  decodeChoice,
  decodeCourtRequest,
  encodeChain,
  encodeCourtAnswer,
  maxCases,
  orderBytes,
  type CourtAnswer,
  type CourtRequest,
} from './wire.ts'

export type CourtDeps = {
  readonly store: DisputeStore
  readonly rules: SettlementRules
  readonly genesisCredits: readonly Credit[]
  readonly clock: Clock
  /** Which keys an account has revoked or rotated away, as far as this witness has seen its chain. */
  readonly isRevoked: (account: AccountId, key: Bytes32) => boolean
  readonly found: EvidenceSink
}

const nothing = new Uint8Array()
const taken: CourtAnswer = { kind: 'taken' }
const refused: CourtAnswer = { kind: 'refused' }

/**
 * A witness's letter box for disputes. It takes in what proves itself, belongs to a case with a seated panel; what a
 * party said later replaces what it said before, never the other way round. A case that is settled loses its letters.
 */
export const createCourt = (deps: CourtDeps) => {
  const { store, clock } = deps
  const { federationId } = deps.rules
  const context = { rules: deps.rules, genesisCredits: deps.genesisCredits }
  const put: Put = (kind, subject, part, body) => store.putItem(kind, subject, part, body, clock.nowMs())

  const caseOf = (escrowId: ObjectId): { readonly state: EscrowState; readonly chain: readonly Decree[] } | null => {
    const body = store.item('case', escrowId, nothing)
    const chain = body === null ? null : decodeChain(body)
    const state = chain?.ok === true ? replayEscrow(chain.value, context) : null
    return state?.ok === true && chain?.ok === true ? { state: state.value, chain: chain.value } : null
  }

  const announce = (chain: readonly Decree[]): CourtAnswer => {
    const replayed = replayEscrow(chain, context)
    if (!replayed.ok || replayed.value.panel === null) return refused
    const { id, step, phase } = replayed.value
    if ((caseOf(id)?.state.step ?? -1) >= step) return taken
    put('case', id, nothing, encodeChain(chain))
    for (const { publicKey } of seatedOf(deps.rules, replayed.value))
      if (phase === 'settled') store.deleteItem('seat', publicKey, id)
      else if (store.item('seat', publicKey, id) === null) put('seat', publicKey, id, nothing)
    if (phase === 'settled') for (const kind of ['exhibit', 'ruling'] as const) store.deleteItems(kind, id)
    return taken
  }

  const putBox = (box: Box): CourtAnswer => {
    const isArbiter = judgesWith(deps.rules, box.arbiter, clock.nowMs()).length > 0
    if (!isArbiter || box.expiresAtMs <= clock.nowMs() || !isBoxSigned(box, federationId)) return refused
    put('box', box.arbiter, nothing, boxBytes(box))
    return taken
  }
  const boxOf = (arbiter: Uint8Array): readonly Box[] => {
    const body = store.item('box', arbiter, nothing)
    const box = body === null ? null : decodeBox(body)
    return box?.ok === true && box.value.expiresAtMs > clock.nowMs() ? [box.value] : []
  }

  /**
   * A key that the account has revoked acts no more, as for moves of the escrow (settlement/judge.ts). A witness may lack the account's
   * newest steps, and the next one may have them: what the escrow names and nobody here has seen revoked is good.
   */
  const isRevoked = ({ role, by }: SealedExhibit, { terms }: EscrowState): boolean =>
    deps.isRevoked(role === 'client' ? terms.client : terms.provider, by)

  /** Said since the dispute, and not later than a clock that is as far ahead as honest clocks are of each other. */
  const isDated = ({ madeAtMs }: SealedExhibit, { dispute }: EscrowState): boolean =>
    dispute !== null && madeAtMs >= dispute.atMs && madeAtMs <= clock.nowMs() + guardMs(deps.rules.limits)

  const putExhibit = (exhibit: SealedExhibit): CourtAnswer => {
    const state = caseOf(exhibit.escrowId)?.state
    if (state?.phase !== 'panel' || !isDated(exhibit, state)) return refused
    if (!isFromParty(exhibit, state, federationId) || isRevoked(exhibit, state)) return refused
    const body = store.item('exhibit', exhibit.escrowId, utf8(exhibit.role))
    const earlier = body === null ? null : decodeSealed(body)
    // What a key said that was revoked since stays until the party says something else, whenever it was said.
    if (earlier?.ok === true && !isRevoked(earlier.value, state)) {
      const order = compareExhibits(exhibit, earlier.value)
      if (order <= 0) return order === 0 ? taken : refused
    }
    put('exhibit', exhibit.escrowId, utf8(exhibit.role), encodeSealed(exhibit))
    return taken
  }

  const { putChoice, putRuling, rulingOf, fetchOwnRuling } = createRulings(deps, put, (id) => caseOf(id)?.state ?? null)

  const fetchCase = (escrowId: ObjectId): CourtAnswer => {
    const known = caseOf(escrowId)
    if (known === null) return refused
    const exhibits = store.items('exhibit', escrowId, 2).flatMap(({ body }) => {
      const exhibit = decodeSealed(body)
      return exhibit.ok ? [exhibit.value] : []
    })
    return { kind: 'case', chain: known.chain, exhibits, ruling: known.state.phase === 'panel' ? rulingOf(known.state) : null }
  }

  const fetchCases = (arbiter: Bytes32, after: ObjectId): CourtAnswer => ({
    kind: 'cases',
    chains: store.items('seat', arbiter, maxCases, after).flatMap(({ part }) => chainOf(part)),
  })

  const answer = (request: CourtRequest): CourtAnswer => {
    switch (request.kind) {
      case 'announce':
        return announce(request.chain)
      case 'put-box':
        return putBox(request.box)
      case 'put-exhibit':
        return putExhibit(request.exhibit)
      case 'put-choice':
        return putChoice(request.choice)
      case 'put-ruling':
        return putRuling(request.order)
      case 'fetch-boxes':
        return { kind: 'boxes', boxes: request.arbiters.flatMap(boxOf) }
      case 'fetch-cases':
        return fetchCases(request.arbiter, request.after)
      case 'fetch-case':
        return fetchCase(request.escrowId)
      case 'fetch-own-ruling':
        return fetchOwnRuling(request.question)
    }
  }
  const chainOf = (escrowId: ObjectId): readonly (readonly Decree[])[] => {
    const known = caseOf(escrowId)
    return known === null ? [] : [known.chain]
  }

  return {
    serve: (network: Network): void =>
      network.serve('court', (payload, from) => {
        const request = decodeCourtRequest(payload)
        if (!request.ok) network.reportMisbehaviour(from, 'a court question that is not well-formed')
        return Promise.resolve(encodeCourtAnswer(request.ok ? answer(request.value) : refused))
      }),
  }
}

type Put = (kind: CourtKind, subject: Uint8Array, part: Uint8Array, body: Uint8Array) => void

/** What arbiters choose and sign, each once. */
const createRulings = ({ store, rules, found }: CourtDeps, put: Put, stateOf: (id: ObjectId) => EscrowState | null) => {
  const { federationId } = rules

  /** Kept with the arbiter's seat, as long as that waits for a ruling. */
  const choiceBy = (escrowId: ObjectId, arbiter: Bytes32): Choice | null => {
    const choice = decodeChoice(store.item('seat', arbiter, escrowId) ?? nothing)
    return choice.ok ? choice.value : null
  }

  /** Never replaced: of two quorums that took different choices one honest witness would have taken both. */
  const putChoice = (choice: Choice): CourtAnswer => {
    const { escrowId, arbiter, outcome } = choice
    if (store.item('seat', arbiter, escrowId) === null || !isChoiceSigned(choice, federationId)) return refused
    const earlier = choiceBy(escrowId, arbiter)
    if (earlier !== null) return earlier.outcome === outcome ? taken : refused
    put('seat', arbiter, escrowId, choiceBytes(choice))
    return taken
  }

  const rulingBy = (escrowId: ObjectId, arbiter: Bytes32): AuthorisedTx | null => {
    const body = store.item('ruling', escrowId, arbiter)
    const order = body === null ? null : decodeAuthorisedTx(body)
    return order?.ok === true ? order.value : null
  }

  const putRuling = (order: AuthorisedTx): CourtAnswer => {
    const { tx, authorisations } = order
    const [only, ...others] = authorisations
    const state = stateOf(tx.objectId)
    if (tx.type !== 'escrow' || only === undefined || others.length > 0 || state === null) return refused
    if (!isNamed(seatedOf(rules, state), only.publicKey)) return refused
    if (!verifyAuthorisation(tx, only) || only.role !== 'arbiter' || tx.body.kind !== 'rule') return refused
    const earlier = rulingBy(tx.objectId, only.publicKey)
    if (earlier !== null) {
      contradictingOrders([earlier, order], []).forEach(found)
      return taken
    }
    put('ruling', tx.objectId, only.publicKey, orderBytes(order))
    return taken
  }

  /** The order that enough arbiters have signed, one and the same, in the order of the roster; null while there is none. */
  const rulingOf = (state: EscrowState): AuthorisedTx | null => {
    const signed = seatedOf(rules, state).flatMap(({ publicKey }) => rulingBy(state.id, publicKey) ?? [])
    for (const { tx } of signed) {
      const alike = signed.filter((other) => equalBytes(txHash(other.tx), txHash(tx)))
      const authorisations = alike.flatMap((order) => order.authorisations).slice(0, state.terms.panel.quorum)
      const applied = tx.type === 'escrow' ? applyEscrowMove(state, { tx, authorisations }, { rules, nowMs: null }) : null
      if (applied?.ok === true) return { tx, authorisations }
    }
    return null
  }

  const fetchOwnRuling = (question: OwnRulingQuestion): CourtAnswer => {
    const { escrowId, arbiter } = question
    if (!isAskedByArbiter(question, federationId)) return refused
    return { kind: 'own-ruling', choice: choiceBy(escrowId, arbiter), order: rulingBy(escrowId, arbiter) }
  }

  return { putChoice, putRuling, rulingOf, fetchOwnRuling }
}
