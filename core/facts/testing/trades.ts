import { createScene, type Scene } from '../../settlement/testing/scene.ts'
import { federationId, passTime } from '../../settlement/testing/world.ts'
import { signReceipt } from '../../settlement/signatures.ts'
import type { Decree, EscrowMove, EscrowState, SignedUsageReceipt } from '../../settlement/objects.ts'
import type { Proof } from '../model.ts'

/** Trades of Alice and Bob that real witnesses have certified, each ended in its own way. */
export type Trades = Scene & {
  readonly receiptOf: (state: EscrowState, priceMicro: bigint, changes?: Partial<SignedUsageReceipt['receipt']>) => SignedUsageReceipt
  /** Opens an escrow and ends it with these moves, each by whom it needs. */
  readonly trade: (moves: (state: EscrowState) => readonly EscrowMove[]) => Promise<Proof & { readonly decrees: readonly Decree[] }>
  readonly paid: (priceMicro: bigint) => Promise<Proof & { readonly decrees: readonly Decree[] }>
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
  return {
    ...scene,
    receiptOf,
    trade,
    paid: (priceMicro) => trade((state) => [{ kind: 'release', receipt: receiptOf(state, priceMicro) }]),
    waitMs: (ms) => passTime(world.clock, new Promise((resolve) => void world.clock.after(ms, resolve)), 1_000),
  }
}

const signersOf = ({ kind }: EscrowMove): readonly ('client' | 'provider')[] => {
  if (kind === 'release' || kind === 'dispute') return ['client']
  if (kind === 'refund' || kind === 'deliver') return ['provider']
  return kind === 'split' ? ['client', 'provider'] : []
}
