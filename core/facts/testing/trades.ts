import { createScene, type Scene } from '../../settlement/testing/scene.ts'
import { createMember, federationId, passTime, type Member } from '../../settlement/testing/world.ts'
import { signReceipt } from '../../settlement/signatures.ts'
import type { AccountId, Decree, EscrowMove, EscrowState, SignedUsageReceipt } from '../../settlement/objects.ts'
import type { Proof } from '../model.ts'

/** Trades of Alice and Bob that real witnesses have certified, each ended in its own way. */
export type Trades = Scene & {
  readonly receiptOf: (state: EscrowState, priceMicro: bigint, changes?: Partial<SignedUsageReceipt['receipt']>) => SignedUsageReceipt
  /** Opens an escrow and ends it with these moves, each by whom it needs. */
  readonly trade: (moves: (state: EscrowState) => readonly EscrowMove[]) => Promise<Proof & { readonly decrees: readonly Decree[] }>
  readonly paid: (priceMicro: bigint) => Promise<Proof & { readonly decrees: readonly Decree[] }>
  /** A member takes in what these decrees pay it, and pays a whole RUV to somebody. */
  readonly passOn: (member: Member, to: AccountId, decrees: readonly Decree[]) => Promise<Decree>
  /** The two transfers of an invite: a sponsor's to a fresh key, and from there. `decrees` pay the sponsor, if it needs that. */
  readonly invite: (sponsor: Member, to: AccountId, decrees?: readonly Decree[]) => Promise<readonly [Decree, Decree]>
  readonly waitMs: (ms: number) => Promise<void>
}

export const createTrades = (): Trades => {
  const scene = createScene()
  const { world, bob } = scene
  const receiptOf: Trades['receiptOf'] = ({ id }, priceMicro, changes = {}) => {
    const startedAtMs = world.clock.nowMs()
    const times = { startedAtMs, firstTokenAtMs: startedAtMs + 400, finishedAtMs: startedAtMs + 9_000 }
    const usage = { priceMicro, inputTokens: 1_000, outputTokens: 500, transcriptHash: new Uint8Array(32) }
    return signReceipt(federationId, { escrowId: id, ...usage, ...times, ...changes }, bob.signer)
  }
  const trade: Trades['trade'] = async (movesOf) => {
    const { opening, state } = await scene.openBetween()
    const decrees = [opening]
    let current = state
    for (const move of movesOf(state)) {
      const decree = await scene.settle(scene.move(current, move, signersOf(move)), decrees)
      decrees.push(decree)
      current = { ...current, step: decree.tx.step, headHash: decree.certificate.statement.txHash }
    }
    return { kind: 'settlement', decrees }
  }
  const passOn: Trades['passOn'] = async (member, to, decrees) => {
    const credits = scene.creditsOf(decrees)
    const decree = await scene.settle(member.transfer(to, giftMicro, credits), decrees)
    if (decree.tx.step > member.state().step) member.follow(decree)
    return decree
  }
  let invites = 0
  return {
    ...scene,
    receiptOf,
    trade,
    passOn,
    invite: async (sponsor, to, decrees = []) => {
      const fresh = createMember(`fresh key ${invites++}`)
      const given = await passOn(sponsor, fresh.id, decrees)
      return [given, await passOn(fresh, to, [given])]
    },
    paid: (priceMicro) => trade((state) => [{ kind: 'release', receipt: receiptOf(state, priceMicro) }]),
    waitMs: (ms) => passTime(world.clock, new Promise((resolve) => void world.clock.after(ms, resolve)), 1_000),
  }
}

const giftMicro = 1_000_000n

const signersOf = ({ kind }: EscrowMove): readonly ('client' | 'provider')[] => {
  if (kind === 'release' || kind === 'dispute') return ['client']
  if (kind === 'refund' || kind === 'deliver') return ['provider']
  return kind === 'split' ? ['client', 'provider'] : []
}
