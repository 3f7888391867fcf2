import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createManualClock } from '../platform/clock.ts'
import { createSeededRandom } from '../platform/random.ts'
import type { Decree, ObjectId } from '../settlement/objects.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createFakeWitnesses, signerOf, testRules, type Mishap } from '../wallet/testing/fake-witnesses.ts'
import { agree, startMember, type Member } from '../wallet/testing/member.ts'

const names = ['ann', 'ben'] as const
type Side = 0 | 1
type Move = 'release' | 'refund' | 'deliver' | 'split'
type Step =
  | { readonly kind: 'transfer' | 'open' | 'receipt'; readonly by: Side; readonly amount: number }
  | { readonly kind: 'move'; readonly move: Move; readonly by: Side; readonly which: number }
  | { readonly kind: 'wait'; readonly byMs: number }
  | { readonly kind: 'restart' | 'lose-database'; readonly by: Side }
type Action = { readonly step: Step; readonly mishap: Mishap | null }

const by = fc.constantFrom<Side>(0, 1)
const moves: readonly Move[] = ['release', 'refund', 'deliver', 'split']
const action: fc.Arbitrary<Action> = fc.record({
  step: fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('transfer' as const), by, amount: fc.integer({ min: 1, max: 700 }) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('open' as const), by, amount: fc.integer({ min: 50, max: 400 }) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('receipt' as const), by, amount: fc.integer({ min: 0, max: 60 }) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), move: fc.constantFrom(...moves), by, which: fc.nat(2) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), byMs: fc.constantFrom(1_000, 35_000, 130_000) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart', 'lose-database'), by }) },
  ),
  mishap: fc.option(fc.constantFrom<Mishap>('question-lost', 'answer-lost'), { freq: 3 }),
})

const supplyMicro = 2_000n
const turns = async (count = 12): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Two members, each client and provider, on witnesses that now and then do not hear or are not heard. */
const createTown = () => {
  const clock = createManualClock()
  const random = createSeededRandom('town')
  const witnesses = createFakeWitnesses(
    clock,
    names.map((name) => ({ firstKey: signerOf(name).publicKey, amountMicro: supplyMicro / 2n })),
  )
  const dbs = names.map(() => openMemoryDatabase())
  const start = (at: Side): Member =>
    startMember(signerOf(names[at]), dbs[at] ?? openMemoryDatabase(), witnesses, clock, (decree) => tell(at, decree))
  const tell = (from: Side, decree: Decree): void => {
    const other = members[1 - from]
    other?.wallet.receive(decree)
    void other?.escrows.receive(decree)
  }
  const members: Member[] = [start(0), start(1)]
  const memberAt = (at: Side): Member => members[at] ?? start(at)
  const escrowIds = (member: Member): readonly ObjectId[] => member.escrows.page(null, 20).map(({ state }) => state.id)

  const spend = async ({
    kind,
    by: at,
    amount,
  }: {
    readonly kind: 'transfer' | 'open' | 'receipt'
    readonly by: Side
    readonly amount: number
  }): Promise<void> => {
    const [me, other] = [memberAt(at), memberAt(at === 0 ? 1 : 0)]
    if (kind === 'transfer') return void (await me.wallet.transfer(other.wallet.accountId, BigInt(amount), ''))
    if (kind === 'open') {
      const { terms, acceptSignature } = agree(me, other, clock, { amountMicro: BigInt(amount), nonce: random.bytes(16) })
      const opened = await me.wallet.openEscrow(terms, acceptSignature)
      if (opened.ok) await other.escrows.receive(opened.value)
      return
    }
    const escrowId = me.escrows.page(null, 20).find(({ role, receipt: noted }) => role === 'provider' && noted === null)?.state.id
    if (escrowId === undefined) return
    const times = { startedAtMs: 1, firstTokenAtMs: 2, finishedAtMs: 3, transcriptHash: new Uint8Array(32) }
    const receipt = { escrowId, priceMicro: BigInt(amount), inputTokens: 1, outputTokens: 1, ...times }
    for (const member of members) member.escrows.noteReceipt(signReceipt(testRules.federationId, receipt, me.signer))
  }
  const move = async (kind: Move, at: Side, which: number): Promise<void> => {
    const [me, other] = [memberAt(at), memberAt(at === 0 ? 1 : 0)]
    const ids = escrowIds(me)
    const id = ids[which % Math.max(ids.length, 1)]
    if (id === undefined) return
    if (kind !== 'split') return void (await me.escrows[kind](id))
    const offer = me.escrows.proposeSplit(id, 1n)
    if (offer.ok && other.escrows.receiveSplit(offer.value).ok) await other.escrows.acceptSplit(id, 1n)
  }
  const restart = async (at: Side): Promise<void> => {
    memberAt(at).stop()
    members[at] = start(at)
    await memberAt(at).wallet.resume()
    await memberAt(at).escrows.resume()
  }
  const act = async ({ step, mishap }: Action): Promise<void> => {
    witnesses.plan(...(mishap === null ? [] : [mishap]))
    switch (step.kind) {
      case 'wait':
        return clock.advance(step.byMs)
      case 'restart':
        return restart(step.by)
      case 'lose-database':
        dbs[step.by] = openMemoryDatabase()
        return restart(step.by)
      case 'move':
        return move(step.move, step.by, step.which)
      default:
        return spend(step)
    }
  }
  return { clock, witnesses, members, restart, act }
}

test('whatever two members do and whatever is lost on the way, no µRUV appears or vanishes, and all of it is free in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 20, size: 'max' }), async (actions) => {
      const town = createTown()
      await Promise.all(town.members.flatMap(({ wallet, escrows }) => [wallet.resume(), escrows.resume()]))
      for (const next of actions) {
        await town.act(next)
        await turns(3)
        expect(town.witnesses.totalMicro()).toBe(supplyMicro)
      }
      town.witnesses.plan()
      for (let round = 0; round < 6; round += 1) {
        town.clock.advance(310_000)
        await turns()
      }
      await town.restart(0)
      await town.restart(1)
      await turns()
      const summaries = town.members.map(({ wallet }) => wallet.summary())
      expect(summaries.map(({ lockedMicro }) => lockedMicro)).toEqual([0n, 0n])
      expect(summaries.reduce((sum, { availableMicro }) => sum + availableMicro, 0n)).toBe(supplyMicro)
      for (const { wallet } of town.members) wallet.stop()
    }),
    { numRuns: 40 },
  )
}, 120_000)
