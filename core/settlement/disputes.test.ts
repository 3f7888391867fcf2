import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { designatedOrder } from '../escrow/panel.ts'
import { createMemoryNetwork } from '../network/memory.ts'
import { createLog } from '../platform/log.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } from './bundle.ts'
import { createDriver } from './driver.ts'
import { firstEpoch } from './epochs.ts'
import type { Credit, Decree, EscrowMove, EscrowState, SeedShare } from './objects.ts'
import { createScene, type Scene } from './testing/scene.ts'
import {
  arbiterNames,
  createMember,
  decided,
  hash,
  moveOf,
  openingOf,
  passTime,
  rules,
  signerOf,
  termsBetween,
  type Member,
} from './testing/world.ts'
import { replayEscrow } from './verify.ts'

let scene: Scene
beforeEach(() => {
  scene = createScene()
})
afterEach(() => scene.world.close())

type Dispute = { readonly state: EscrowState; readonly chain: readonly Decree[] }
const witnessAt = (index: number) => {
  const witness = scene.world.witnesses[index]
  if (witness === undefined) throw new Error('no such witness')
  return witness
}
const stateOf = (chain: readonly Decree[]): EscrowState => decided(replayEscrow(chain, scene.verifying))
const disputeNow = (recused: readonly number[] = []): EscrowMove => ({
  kind: 'dispute',
  atMs: scene.world.clock.nowMs(),
  reasonHash: hash('reason'),
  recused,
})

const deliveredNow = async (): Promise<Dispute> => {
  const { opening, state } = await scene.openBetween()
  const delivered = await scene.settle(scene.move(state, scene.deliverNow(3_000_000n), ['provider']))
  return { state: stateOf([opening, delivered]), chain: [opening, delivered] }
}
const disputedNow = async (): Promise<Dispute> => {
  const { state, chain } = await deliveredNow()
  const disputed = [...chain, await scene.settle(scene.move(state, disputeNow(), ['client']))]
  return { state: stateOf(disputed), chain: disputed }
}
const orderOf = ({ state }: Dispute): readonly number[] => designatedOrder(scene.world.committee, state.dispute?.txHash ?? state.id)
const fetchShares = async ({ state, chain }: Dispute): Promise<readonly SeedShare[]> =>
  decided(await passTime(scene.world.clock, scene.driver.fetchShares(state, chain, { timeoutMs: 60_000 })))
const seatWith = ({ state }: Dispute, shares: readonly SeedShare[]) => scene.move(state, { kind: 'seat-panel', shares }, [])
const askShare = (index: number, { state }: Pick<Dispute, 'state'>, decrees: readonly Decree[] = []) => {
  const question = encodeRequest({ kind: 'fetch-share', escrowId: state.id, decrees })
  return decided(decodeAnswer(witnessAt(index).witness.exchange(question, scene.world.clock.nowMs())))
}

describe('a dispute', () => {
  it('goes from delivery to ruling over four witnesses, and anybody can replay it', async () => {
    const dispute = await disputedNow()
    const shares = await fetchShares(dispute)
    const seat = await scene.settle(seatWith(dispute, shares.slice(0, 2)))
    const seated = stateOf([...dispute.chain, seat])
    expect([seated.phase, seated.panel]).toEqual(['panel', [0, 1, 2]])
    const ruling = moveOf(seated, { kind: 'rule', outcome: 'refund' }, [
      ['arbiter', signerOf('ada')],
      ['arbiter', signerOf('cid')],
    ])
    const ruled = stateOf([...dispute.chain, seat, await scene.settle(ruling)])
    expect(ruled.payout).toEqual({ providerMicro: 0n, clientMicro: 5_000_000n, by: 'rule' })
  })

  it('that nobody judges ends in the middle of the price, once its time is over', async () => {
    const { state, chain } = await disputedNow()
    const ended = scene.move(state, { kind: 'expire-default' }, [])
    expect(await scene.reasonOf(ended)).toBe('too-early')
    scene.world.clock.advance(state.terms.ruleMs + 2_000)
    expect(stateOf([...chain, await scene.settle(ended)]).payout).toEqual({
      providerMicro: 1_500_000n,
      clientMicro: 3_500_000n,
      by: 'expire-default',
    })
  })
})

describe('a share of the seed', () => {
  it('is not given before the dispute is final, whoever asks and whatever it knows', async () => {
    const delivered = await deliveredNow()
    const order = scene.move(delivered.state, disputeNow(), ['client'])
    const { governance, objectId, step } = order.tx
    const question = {
      register: { governance, objectId, step },
      orders: [order],
      votes: [],
      proposals: [],
      carried: [],
      wantSkip: false,
      decrees: [],
    }
    for (const { witness } of scene.world.witnesses)
      witness.exchange(encodeRequest({ kind: 'exchange', ...question }), scene.world.clock.nowMs())
    expect([0, 1, 2, 3].map((index) => askShare(index, delivered))).toEqual(Array(4).fill({ kind: 'refused', refusal: 'wrong-phase' }))
    expect(askShare(0, { state: { ...delivered.state, id: hash('unknown') } })).toEqual({ kind: 'refused', refusal: 'missing-history' })
  })

  it('is given by a witness that learns of the dispute from the one who asks', async () => {
    scene.world.network.kill('witness-3')
    const dispute = await disputedNow()
    expect(askShare(3, dispute)).toEqual({ kind: 'refused', refusal: 'missing-history' })
    expect(askShare(3, dispute, dispute.chain)).toMatchObject({ kind: 'share' })
  })

  it('is the same every time', async () => {
    const dispute = await disputedNow()
    expect(askShare(1, dispute)).toEqual(askShare(1, dispute))
  })

  it('that a designated witness withholds delays the panel, and then any f+1 seat it', async () => {
    const dispute = await disputedNow()
    const [withholding = 0, second = 0, third = 0] = orderOf(dispute)
    witnessAt(withholding).lie = (question) => {
      const asked = decodeRequest(question)
      return asked.ok && asked.value.kind === 'fetch-share' ? encodeAnswer({ kind: 'refused', refusal: 'wrong-phase' }) : null
    }
    const shares = await fetchShares(dispute)
    expect(shares.map(({ witnessIndex }) => witnessIndex).slice(0, 2)).toEqual([second, third])
    const seat = seatWith(dispute, shares.slice(0, 2))
    expect(await scene.reasonOf(seat)).toBe('too-early')
    scene.world.clock.advance(rules.limits.seatAnyAfterMs + 2_000)
    expect(stateOf([...dispute.chain, await scene.settle(seat)]).phase).toBe('panel')
  })

  it('that is not the witness’s own is not taken, and is held against it', async () => {
    const dispute = await disputedNow()
    const [lying = 0, second = 0] = orderOf(dispute)
    const lines: string[] = []
    const network = scene.world.network.addNode('asker', { log: createLog((line) => lines.push(line), scene.world.clock.nowMs) })
    const driver = createDriver({
      network,
      epochs: firstEpoch(scene.world.committee),
      clock: scene.world.clock,
      log: createLog(
        () => undefined,
        () => 0,
      ),
    })
    const other = askShare(second, dispute)
    witnessAt(lying).lie = () => encodeAnswer(other)
    const shares = decided(await passTime(scene.world.clock, driver.fetchShares(dispute.state, dispute.chain)))
    expect(shares.some(({ witnessIndex }) => witnessIndex === lying)).toBe(false)
    expect(lines.join()).toContain(`witness-${lying}`)
  })

  it('cannot be had from fewer than f+1 witnesses', async () => {
    const dispute = await disputedNow()
    for (const index of orderOf(dispute).slice(1)) scene.world.network.kill(`witness-${index}`)
    expect(await passTime(scene.world.clock, scene.driver.fetchShares(dispute.state, dispute.chain))).toMatchObject({
      error: { code: 'no-quorum' },
    })
  })
})

describe('wrong shares in an order', () => {
  it('cost the one who sends them its connection, because judging them is dear', async () => {
    const dispute = await disputedNow()
    const shares = await fetchShares(dispute)
    const network = createMemoryNetwork({ clock: scene.world.clock })
    witnessAt(0).witness.serve(network.addNode('witness'))
    const attacker = network.addNode('attacker')
    const outcomes: string[] = []
    for (let attempt = 0; attempt < 12; attempt++) {
      const wrong = shares.slice(0, 2).map((one) => ({ ...one, share: one.share.with(40, attempt) }))
      const order = seatWith(dispute, wrong)
      const { governance, objectId, step } = order.tx
      const question = {
        register: { governance, objectId, step },
        orders: [order],
        votes: [],
        proposals: [],
        carried: [],
        wantSkip: false,
        decrees: [],
      }
      const payload = encodeRequest({ kind: 'exchange', ...question })
      const asked = attacker.request({ peerId: 'witness', addresses: [] }, 'settlement', payload, { timeoutMs: 1_000 })
      outcomes.push(
        await passTime(
          scene.world.clock,
          asked.then(
            () => 'answered',
            () => 'cut off',
          ),
        ),
      )
    }
    expect([outcomes[0], outcomes.at(-1)]).toEqual(['answered', 'cut off'])
  })
})

describe('an arbiter close to a party', () => {
  /** Pays `to` from `from`, which takes in what it is owed first. */
  const pay = async (from: Member, to: Uint8Array, amountMicro: bigint, decrees: readonly Decree[], credits: readonly Credit[]) => {
    const decree = await scene.settle(from.transfer(to, amountMicro, credits), decrees)
    if (decree.tx.step > from.state().step) from.follow(decree)
    return decree
  }

  it('is recused by whoever names it, once the certified chains show the invitation; nobody else is', async () => {
    const { world, alice, creditsOf } = scene
    // Alice funds Ada, who is an arbiter; Ada invites Bob through the account of a fresh key.
    const [ada, key, bob] = [createMember('ada'), createMember('invite key'), scene.bob]
    const funded = await pay(alice, ada.id, 50n, [], world.genesis)
    const invite = await pay(ada, key.id, 20n, [funded], creditsOf([funded]))
    const passedOn = await pay(key, bob.id, 20n, [invite], creditsOf([invite]))
    const claimed = await scene.settle(bob.order({ kind: 'claim-only' }, creditsOf([passedOn])), [passedOn])
    expect(claimed.tx.step).toBe(0)

    const order = openingOf(alice, bob, termsBetween(alice, bob, world.clock.nowMs(), { panel: { size: 1, quorum: 1 } }))
    const opening = await scene.settle(order)
    const delivered = await scene.settle(scene.move(stateOf([opening]), scene.deliverNow(1n), ['provider']))
    const state = stateOf([opening, delivered])
    // Bea and Cid have nothing to do with them; Ada was funded by Alice and invited Bob.
    expect(await scene.reasonOf(scene.move(state, disputeNow([0, 1]), ['client']))).toBe('wrong-recusal')
    const disputed = stateOf([opening, delivered, await scene.settle(scene.move(state, disputeNow([0]), ['client']))])
    expect(disputed.recused).toEqual([0])
    const chain = await passTime(world.clock, scene.driver.fetchObject(state.id, 0))
    const dispute = { state: disputed, chain: decided(chain) }
    const seat = await scene.settle(seatWith(dispute, (await fetchShares(dispute)).slice(0, 2)))
    expect(stateOf([...dispute.chain, seat]).panel).not.toContain(0)
  })

  it('is bought for no dust: what the two have traded comes to the lock, or it does not count', async () => {
    const { world, alice, bob, settle } = scene
    await settle(alice.transfer(bob.id, 1n, world.genesis))
    const buyFrom = async (name: string, amountMicro: bigint): Promise<void> => {
      const arbiter = createMember(name)
      const terms = termsBetween(alice, arbiter, world.clock.nowMs(), { amountMicro })
      const opening = await settle(openingOf(alice, arbiter, terms))
      await settle(moveOf(stateOf([opening]), { kind: 'release', receipt: null }, [['client', alice.signer]]), [opening])
    }
    for (const name of arbiterNames) await buyFrom(name, 1n)
    await buyFrom('ada', 4_999_998n)
    const opening = await settle(openingOf(alice, bob, termsBetween(alice, bob, world.clock.nowMs(), { panel: { size: 1, quorum: 1 } })))
    const delivered = await settle(scene.move(stateOf([opening]), scene.deliverNow(5_000_000n), ['provider']))
    const reasonFor = (...recused: readonly number[]): Promise<string> =>
      scene.reasonOf(scene.move(stateOf([opening, delivered]), disputeNow(recused), ['client']))
    expect([await reasonFor(0, 1, 2), await reasonFor(0, 1), await reasonFor(0)]).toEqual([
      'too-many-recused',
      'wrong-recusal',
      'wrong-recusal',
    ])
    await buyFrom('ada', 1n)
    expect(await reasonFor(0)).toBe('decided')
  })

  it('is recused for trading more than a tenth of its trade with a party, and not for less', async () => {
    const { world, alice, bob, settle } = scene
    const [ada, dan] = [createMember('ada'), createMember('dan')]
    const worksFor = async (client: Member, amountMicro: bigint, decrees: readonly Decree[], credits: readonly Credit[]): Promise<void> => {
      const opening = await settle(
        openingOf(client, ada, termsBetween(client, ada, world.clock.nowMs(), { amountMicro }), credits),
        decrees,
      )
      if (opening.tx.step > client.state().step) client.follow(opening)
      const release = moveOf(stateOf([opening]), { kind: 'release', receipt: null }, [['client', client.signer]])
      await settle(release, [opening])
    }
    const funded = await pay(alice, dan.id, 90_000_000n, [], world.genesis)
    const reasons: string[] = []
    const recusing = async (): Promise<string> => {
      const terms = termsBetween(alice, bob, world.clock.nowMs(), { amountMicro: 1_000n, panel: { size: 1, quorum: 1 } })
      const opening = await settle(openingOf(alice, bob, terms))
      return scene.reasonOf(scene.move(stateOf([opening]), { ...scene.deliverNow(1n), recused: [0] } as EscrowMove, ['provider']))
    }
    reasons.push(await recusing())
    await worksFor(alice, 1_000_000n, [], [])
    reasons.push(await recusing())
    await worksFor(dan, 9_000_000n, [funded], scene.creditsOf([funded]))
    reasons.push(await recusing())
    expect(reasons).toEqual(['wrong-recusal', 'decided', 'wrong-recusal'])
  })
})
