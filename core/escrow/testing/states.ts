import type {
  Arbiter,
  AuthorisationRole,
  Committee,
  EscrowMove,
  EscrowPhase,
  EscrowState,
  SeedShare,
  Tx,
} from '../../settlement/objects.ts'
import type { Signer } from '../../identity/signing.ts'
import {
  committeeOf,
  createMember,
  federationId,
  hash,
  moveOf,
  openingOf,
  rulesOf,
  seedKeyOfWitness,
  signerOf,
  termsBetween,
} from '../../settlement/testing/world.ts'
import { applyEscrowMove, openEscrow, type EscrowContext } from '../model.ts'
import { designatedOrder } from '../panel.ts'

/** An escrow of 5 RUV between two members, in any phase, reached by real moves. */
export const [client, provider] = [createMember('client'), createMember('provider')]
export const startMs = 1_750_000_000_000
export const terms = termsBetween(client, provider, startMs)
export const committee = committeeOf(4)
export const rules = rulesOf(committee)
/** What DELIVER asks for. */
export const priceMicro = 3_000_001n

export const opened = (changes: Parameters<typeof termsBetween>[3] = {}): EscrowState => {
  const state = openEscrow(openingOf(client, provider, { ...terms, ...changes }).tx)
  if (state === null) throw new Error('no escrow')
  return state
}

export const deliver: EscrowMove = { kind: 'deliver', atMs: startMs, resultHash: hash('result'), priceMicro, recused: [] }
export const dispute: EscrowMove = { kind: 'dispute', atMs: startMs, reasonHash: hash('reason'), recused: [] }

export type Signatures = readonly (readonly [AuthorisationRole, Signer])[]
export const roleOf = (role: 'client' | 'provider'): Signatures[number] => [role, role === 'client' ? client.signer : provider.signer]
export const arbitersSign = (...names: readonly string[]): Signatures => names.map((name) => ['arbiter', signerOf(name)] as const)

/** The share that each of these witnesses gives for this dispute. */
export const sharesOf = ({ id, dispute: disputed }: EscrowState, witnesses: readonly number[]): readonly SeedShare[] =>
  witnesses.map((witnessIndex) => ({
    witnessIndex,
    share: seedKeyOfWitness(witnessIndex).share({ federationId, escrowId: id, disputeHash: disputed?.txHash ?? id }),
  }))
export const designated = (state: EscrowState, by: Committee = committee): readonly number[] =>
  designatedOrder(by, state.dispute?.txHash ?? state.id)

export const applied = (state: EscrowState, move: EscrowMove, signatures: Signatures, context: Partial<EscrowContext> = {}) => {
  const { tx, authorisations } = moveOf(state, move, signatures)
  return applyEscrowMove(state, { tx: asEscrow(tx), authorisations }, { rules, nowMs: null, ...context })
}
export const asEscrow = (tx: Tx): Extract<Tx, { readonly type: 'escrow' }> => {
  if (tx.type !== 'escrow') throw new Error('not a move')
  return tx
}
export const after = (state: EscrowState, move: EscrowMove, signatures: Signatures, context: Partial<EscrowContext> = {}): EscrowState => {
  const result = applied(state, move, signatures, context)
  if (!result.ok) throw new Error(result.error.message)
  return result.value.state
}

export const seat = (state: EscrowState): EscrowMove => ({ kind: 'seat-panel', shares: sharesOf(state, designated(state).slice(0, 2)) })

export const delivered = after(opened(), deliver, [roleOf('provider')])
export const disputed = after(delivered, dispute, [roleOf('client')])
export const seated = after(disputed, seat(disputed), [])
export const settled = after(opened(), { kind: 'refund' }, [roleOf('provider')])

export const stateIn = (phase: EscrowPhase): EscrowState => ({ open: opened(), delivered, disputed, panel: seated, settled })[phase]

/** The same dispute before another roster. */
export const disputedBefore = (arbiters: readonly Arbiter[], changes: Parameters<typeof termsBetween>[3] = {}) => {
  const before = committeeOf(4, arbiters)
  const context = { rules: rulesOf(before) }
  const state = after(after(opened(changes), deliver, [roleOf('provider')], context), dispute, [roleOf('client')], context)
  return { state, context, committee: before }
}
