import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { equalBytes } from '../platform/bytes.ts'
import { leaderOf } from './ballots.ts'
import { txHash } from './encoding.ts'
import type { AuthorisedTx, Credit, Decree, EscrowMove } from './objects.ts'
import { authorise, signReceipt } from './signatures.ts'
import { createScene, type Scene } from './testing/scene.ts'
import { birth, createMember, createWorld, decided, federationId, hash, passTime } from './testing/world.ts'
import type { Member } from './testing/world.ts'
import { replayEscrow } from './verify.ts'

let scene: Scene
beforeEach(() => {
  scene = createScene()
})
afterEach(() => scene.world.close())

describe('transfers', () => {
  it('settle, and the payee spends them with nothing but their decree', async () => {
    const { world, alice, bob, creditsOf, settle } = scene
    const paid = await settle(alice.transfer(bob.id, 30n, world.genesis))
    const back = await settle(bob.transfer(alice.id, 10n, creditsOf([paid])), [paid])
    await settle(alice.transfer(bob.id, 5n, creditsOf([back])), [back])
    expect([alice.state().freeMicro, bob.state().freeMicro]).toEqual([99_999_975n, 20n])
  })

  it('take two round trips: each witness is asked twice and informed once', async () => {
    const { world, alice, bob, settle } = scene
    const asked: string[] = []
    world.network.setFaults(({ kind, to }) => {
      if (kind === 'request') asked.push(to)
      return 'deliver'
    })
    await settle(alice.transfer(bob.id, 30n, world.genesis))
    expect(asked.slice(0, 8).toSorted()).toEqual([0, 0, 1, 1, 2, 2, 3, 3].map((index) => `witness-${index}`))
    expect(asked.length).toBe(12)
  })

  it('take two round trips however early the leader of the next view answers with a proposal that nobody needs', async () => {
    const { world, alice, bob, settle } = scene
    const order = alice.transfer(bob.id, 30n, world.genesis)
    const leader = `witness-${leaderOf(order.tx, world.committee, 1)}`
    const asked: string[] = []
    world.network.setFaults(({ kind, from, to }) => {
      if (kind === 'request') asked.push(to)
      return { delayMs: [from, to].includes(leader) ? 20 : 200 }
    })
    await settle(order)
    expect(asked.length).toBe(12)
  })

  it('answer a repeated order with the same decree', async () => {
    const { world, alice, bob, settle } = scene
    const order = alice.transfer(bob.id, 30n, world.genesis)
    const [first, again] = [await settle(order), await settle(order)]
    expect(txHash(again.tx)).toEqual(txHash(first.tx))
  })

  it('go on after a crash that no witness has heard the end of, with what the payer kept', async () => {
    const { world, alice, bob, driver, reasonOf, settleUnheard } = scene
    const unheard = await settleUnheard(alice.transfer(bob.id, 30n, world.genesis))
    const next = alice.transfer(bob.id, 5n, [])
    expect(await reasonOf(next)).toBe('missing-history')
    const kept = (fromStep: number): readonly Decree[] => [unheard].slice(fromStep)
    const decree = decided(await passTime(world.clock, driver.decide(next, [], { ownSteps: kept })))
    expect(txHash(decree.tx)).toEqual(txHash(next.tx))
  })

  it('find a credit that was claimed already, unproven, or another’s', async () => {
    const { world, alice, bob, creditsOf, settle, reasonOf } = scene
    const paid = await settle(alice.transfer(bob.id, 30n, world.genesis))
    expect(await reasonOf(bob.transfer(alice.id, 1n, creditsOf([paid])), [])).toBe('decided')
    const carol = createMember('carol')
    const unheard = { ...(creditsOf([paid])[0] as Credit), id: hash('unheard of') }
    expect([
      await reasonOf(alice.transfer(bob.id, 1n, world.genesis)),
      await reasonOf(carol.transfer(bob.id, 1n, [unheard])),
      await reasonOf(carol.transfer(bob.id, 1n, creditsOf([paid]))),
    ]).toEqual(['already-claimed', 'unknown-credit', 'foreign-credit'])
  })

  it('are refused when signed by another, for another federation, or above the balance', async () => {
    const { world, alice, bob, reasonOf } = scene
    const order = alice.transfer(bob.id, 30n, world.genesis)
    const elsewhere = { federationId: hash('elsewhere'), epoch: 0 }
    const poor = {
      ...order.tx,
      body: {
        ...order.tx.body,
        operation: { kind: 'transfer', to: bob.id, amountMicro: 200_000_000n, memo: '' } as const,
        freeAfterMicro: 0n,
      },
    }
    const signed = (tx: typeof order.tx, by: Member): AuthorisedTx => ({ tx, authorisations: [authorise(tx, 'owner', by.signer)] })
    expect([
      await reasonOf(signed(order.tx, bob)),
      await reasonOf(signed({ ...order.tx, governance: elsewhere, next: elsewhere }, alice)),
      await reasonOf(signed({ ...order.tx, governance: { ...birth, epoch: 7 } }, alice)),
      await reasonOf(signed(poor, alice)),
      await reasonOf(signed({ ...order.tx, step: 3 }, alice)),
      await reasonOf(signed({ ...order.tx, previousHash: hash('other') }, alice)),
    ]).toEqual(['wrong-object', 'wrong-federation', 'unknown-epoch', 'insufficient', 'missing-history', 'wrong-previous'])
    expect(await reasonOf(order)).toBe('decided')
  })

  it('tell an owner with an old backup what was decided instead', async () => {
    const { world, alice, bob, settle, failureOf } = scene
    const [first, second] = [alice.transfer(bob.id, 30n, world.genesis), alice.transfer(bob.id, 40n, world.genesis)]
    await settle(first)
    const failure = await failureOf(second)
    expect(failure).toMatchObject({ code: 'conflict' })
    expect(failure?.code === 'conflict' && txHash(failure.decree.tx)).toEqual(txHash(first.tx))
  })
})

describe('committees', () => {
  it.each([
    [1, 0],
    [4, 1],
    [7, 2],
  ])('of %i settle with %i silent', async (size, silent) => {
    const carol = createMember('carol')
    const world = createWorld([[carol, 10n]], size)
    for (let index = 0; index < silent; index++) world.network.kill(`witness-${index}`)
    const decree = decided(
      await passTime(world.clock, world.driverOf('carol').decide(carol.transfer(hash('somebody'), 1n, world.genesis), [])),
    )
    expect(decree.certificate.signatures.length).toBe(size - silent)
    world.close()
  })
})

describe('escrows', () => {
  const payouts = (opening: Decree, ...moves: readonly Decree[]) => {
    const { bob, creditsOf, verifying } = scene
    const settledState = decided(replayEscrow([opening, ...moves], verifying))
    const credits = creditsOf([opening, ...moves]).map(({ account, amountMicro }) => [
      equalBytes(account, bob.id) ? 'bob' : 'alice',
      amountMicro,
    ])
    return { phase: settledState.phase, credits }
  }

  it('release the metered price, and both sides spend what they were paid', async () => {
    const { alice, bob, creditsOf, settle, openBetween, move } = scene
    const { opening, state } = await openBetween()
    const receipt = signReceipt(
      federationId,
      {
        escrowId: state.id,
        priceMicro: 1_200_000n,
        inputTokens: 1,
        outputTokens: 2,
        transcriptHash: hash('t'),
        startedAtMs: 1,
        firstTokenAtMs: 2,
        finishedAtMs: 3,
      },
      bob.signer,
    )
    const release = await settle(move(state, { kind: 'release', receipt }, ['client']))
    expect(payouts(opening, release)).toEqual({
      phase: 'settled',
      credits: [
        ['bob', 1_200_000n],
        ['alice', 3_800_000n],
      ],
    })
    const [toBob, toAlice] = creditsOf([opening, release])
    if (toBob === undefined || toAlice === undefined) throw new Error('not paid')
    await settle(bob.transfer(alice.id, 1_200_000n, [toBob]), [opening, release])
    await settle(alice.order({ kind: 'claim-only' }, [toAlice]), [opening, release])
    expect(alice.state().freeMicro).toBe(98_800_000n)
  })

  it('go back, are split, and expire in favour of the client', async () => {
    const { world, settle, reasonOf, openBetween, move } = scene
    const refunded = await openBetween()
    const refund = await settle(move(refunded.state, { kind: 'refund' }, ['provider']))
    const shared = await openBetween()
    const split = await settle(move(shared.state, { kind: 'split', toProviderMicro: 1n }, ['client', 'provider']))
    const forgotten = await openBetween()
    const expire = move(forgotten.state, { kind: 'expire-refund' }, [])
    const early = await reasonOf(expire)
    world.clock.advance(60_000 + 1_000)
    const expired = await settle(expire)
    expect(early).toBe('too-early')
    expect([
      payouts(refunded.opening, refund).credits,
      payouts(shared.opening, split).credits,
      payouts(forgotten.opening, expired).credits,
    ]).toEqual([
      [['alice', 5_000_000n]],
      [
        ['bob', 1n],
        ['alice', 4_999_999n],
      ],
      [['alice', 5_000_000n]],
    ])
  })

  it('pay the delivered price at the end of the review, even if the client never returns', async () => {
    const { world, verifying, settle, reasonOf, openBetween, move, deliverNow } = scene
    const { opening, state } = await openBetween()
    const delivered = await settle(move(state, deliverNow(2_000_000n), ['provider']))
    const after = decided(replayEscrow([opening, delivered], verifying))
    const expire = move(after, { kind: 'expire-release' }, [])
    const early = await reasonOf(expire)
    world.clock.advance(60_000 + 1_000)
    const expired = await settle(expire)
    expect([early, after.phase, payouts(opening, delivered, expired).credits]).toEqual([
      'too-early',
      'delivered',
      [
        ['bob', 2_000_000n],
        ['alice', 3_000_000n],
      ],
    ])
  })

  it('cannot be delivered late, settled twice, or disputed late', async () => {
    const { world, verifying, settle, failureOf, reasonOf, openBetween, move, deliverNow } = scene
    const { opening, state } = await openBetween()
    const release = move(state, { kind: 'release', receipt: null }, ['client'])
    const late = { ...deliverNow(1n), atMs: world.clock.nowMs() + 61_000 } as EscrowMove
    expect(await reasonOf(move(state, late, ['provider']))).toBe('too-late')
    const delivered = await settle(move(state, deliverNow(1n), ['provider']))
    const after = decided(replayEscrow([opening, delivered], verifying))
    const lateDispute: EscrowMove = { kind: 'dispute', atMs: world.clock.nowMs() + 61_000, reasonHash: hash('why'), recused: [] }
    expect(await reasonOf(move(after, lateDispute, ['client']))).toBe('too-late')
    expect(await failureOf(release)).toMatchObject({ code: 'conflict' })
    const settledState = decided(replayEscrow([opening, delivered, await settle(move(after, { kind: 'refund' }, ['provider']))], verifying))
    expect(await reasonOf(move(settledState, { kind: 'refund' }, ['provider']))).toBe('wrong-phase')
  })
})
