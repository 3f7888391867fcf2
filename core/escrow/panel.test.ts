import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes, sha256 } from '../platform/bytes.ts'
import type { EscrowState } from '../settlement/objects.ts'
import { arbiterOf, committeeOf, federationId, hash, rulesOf } from '../settlement/testing/world.ts'
import type { EscrowContext } from './model.ts'
import { canBeSeated, designatedOrder, drawPanel, eligibleArbiters, isDesignated, panelFor, seedOf } from './panel.ts'
import {
  after,
  applied,
  arbitersSign,
  client,
  committee,
  designated,
  disputed,
  disputedBefore,
  provider,
  seated,
  sharesOf,
  terms,
} from './testing/states.ts'

const roster = (size: number, change: (place: number) => Parameters<typeof arbiterOf>[1] = () => ({})) =>
  Array.from({ length: size }, (_, place) => arbiterOf(`arbiter ${place}`, change(place)))
const anySeed = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('who may judge', () => {
  it.each<readonly [string, Parameters<typeof arbiterOf>[1]]>([
    ['a party’s account', { account: client.id }],
    ['the other party’s account', { account: provider.id }],
    ['the key of a party', { publicKey: client.signer.publicKey }],
    ['the key of the other party', { publicKey: provider.signer.publicKey }],
  ])('is nobody with %s', (_what, change) => {
    const before = committeeOf(
      4,
      roster(4, (place) => (place === 2 ? change : {})),
    )
    expect(eligibleArbiters(before, terms, [])).toEqual([0, 1, 3])
  })

  it('is nobody under the operator of a party, and silence is no operator', () => {
    const named = committeeOf(
      4,
      roster(5, (place) => ({ operator: place < 3 ? 'Acme' : '', ...(place === 0 ? { account: client.id } : {}) })),
    )
    expect(eligibleArbiters(named, terms, [])).toEqual([3, 4])
    const silent = committeeOf(
      4,
      roster(3, (place) => (place === 0 ? { account: client.id } : {})),
    )
    expect(eligibleArbiters(silent, terms, [])).toEqual([1, 2])
  })

  it('is nobody who was recused', () => {
    expect(eligibleArbiters(committeeOf(4, roster(4)), terms, [0, 3])).toEqual([1, 2])
  })

  it('is refused at once as long as too few are left, and the dispute still ends by agreement or by its default', () => {
    const { state, context } = disputedBefore(roster(3, (place) => (place === 0 ? { account: provider.id } : {})))
    expect(canBeSeated(state, context.rules.epochs.newest().committee)).toBe(false)
    expect(applied(state, { kind: 'seat-panel', shares: sharesOf(state, designated(state).slice(0, 2)) }, [], context)).toMatchObject({
      error: { code: 'no-panel' },
    })
    expect(after(state, { kind: 'expire-default' }, [], context).payout).toEqual({
      providerMicro: 1_500_000n,
      clientMicro: 3_500_000n,
      by: 'expire-default',
    })
    expect(after(state, { kind: 'refund' }, [['provider', provider.signer]], context).payout?.by).toBe('refund')
  })
})

describe('the panel both sides write into their terms', () => {
  const panelOf = (size: number, ruv: bigint) => {
    const { size: seats, quorum } = panelFor(committeeOf(4, roster(size)), terms, ruv * 1_000_000n)
    return `${quorum} of ${seats}`
  }

  it.each<readonly [number, bigint, string]>([
    [0, 5n, '1 of 1'],
    [1, 5n, '1 of 1'],
    [2, 500n, '1 of 1'],
    [3, 500n, '2 of 3'],
    [4, 500n, '2 of 3'],
    [5, 500n, '4 of 5'],
    [7, 19n, '4 of 5'],
    [7, 20n, '5 of 7'],
    [64, 20n, '5 of 7'],
  ])('of %i arbiters for %d RUV is %s', (size, ruv, expected) => {
    expect(panelOf(size, ruv)).toBe(expected)
  })

  it('counts no party among them', () => {
    const before = committeeOf(
      4,
      roster(3, (place) => (place === 0 ? { account: client.id } : {})),
    )
    expect(panelFor(before, terms, 1n)).toEqual({ size: 1, quorum: 1 })
  })
})

describe('the draw', () => {
  const drawn = (seed: Uint8Array, before: ReturnType<typeof disputedBefore>) => drawPanel(seed, before.state, before.committee) ?? []

  it('seats as many as the terms say, each once, none of them excluded', () => {
    const before = disputedBefore(
      roster(12, (place) => ({ weight: 1 + (place % 4), ...(place === 5 ? { account: provider.id } : {}) })),
      { panel: { size: 7, quorum: 5 } },
    )
    fc.assert(
      fc.property(anySeed, (seed) => {
        const panel = drawn(seed, before)
        expect(panel).toEqual([...new Set(panel)].toSorted((a, b) => a - b))
        expect([panel.length, panel.includes(5)]).toEqual([7, false])
      }),
    )
  })

  it('seats whoever is there when there are no more', () => {
    const before = disputedBefore(roster(3))
    fc.assert(
      fc.property(anySeed, (seed) => {
        expect(drawn(seed, before)).toEqual([0, 1, 2])
      }),
    )
  })

  it('gives every ticket the same chance', () => {
    const weights = [1, 2, 3, 4, 1, 4]
    const before = disputedBefore(
      roster(6, (place) => ({ weight: weights[place] ?? 1 })),
      { panel: { size: 1, quorum: 1 } },
    )
    const draws = 15_000
    const wins = weights.map(() => 0)
    for (let number = 0; number < draws; number += 1) {
      const [winner = 0] = drawn(sha256(new Uint8Array([number & 255, number >> 8])), before)
      wins[winner] = (wins[winner] ?? 0) + 1
    }
    const expected = weights.map((weight) => (draws * weight) / 15)
    const chiSquared = wins.reduce((sum, won, place) => sum + (won - (expected[place] ?? 0)) ** 2 / (expected[place] ?? 1), 0)
    // Five degrees of freedom: 20.5 is passed once in a thousand seeds, and these seeds are always the same.
    expect(chiSquared).toBeLessThan(20.5)
  })

  it('is the same for everybody who has the decrees, and hangs on every share', () => {
    const shares = sharesOf(disputed, designated(disputed).slice(0, 2))
    expect(drawPanel(seedOf(federationId, shares), disputed, committee)).toEqual(seated.panel)
    const seeds = [shares, shares.toReversed(), shares.slice(1), sharesOf(disputed, designated(disputed).slice(1, 3))].map((some) =>
      seedOf(federationId, some),
    )
    expect(new Set(seeds.map((seed) => seed.join())).size).toBe(4)
  })
})

describe('shares that seat a panel', () => {
  const order = designated(disputed)
  const [first = 0, second = 0, third = 0] = order
  const seat = (shares: ReturnType<typeof sharesOf>) => {
    const result = applied(disputed, { kind: 'seat-panel', shares }, [])
    return result.ok ? 'panel' : result.error.code
  }
  const swapped = sharesOf(disputed, [second]).map((one) => ({ ...one, witnessIndex: first }))

  it.each<readonly [string, ReturnType<typeof sharesOf>, string]>([
    ['of the designated', sharesOf(disputed, [first, second]), 'panel'],
    ['of others, once a certificate vouches for the time', sharesOf(disputed, [second, third]), 'panel'],
    ['too few', sharesOf(disputed, [first]), 'bad-share'],
    ['too many', sharesOf(disputed, [first, second, third]), 'bad-share'],
    ['none', [], 'bad-share'],
    ['one twice', sharesOf(disputed, [first, first]), 'bad-share'],
    ['out of order', sharesOf(disputed, [second, first]), 'bad-share'],
    ['of no witness', sharesOf(disputed, [first, 9]), 'bad-share'],
    ['under another’s name', [...swapped, ...sharesOf(disputed, [second])], 'bad-share'],
    ['of another dispute', sharesOf({ ...disputed, id: hash('other') }, [first, second]), 'bad-share'],
  ])('%s', (_what, shares, expected) => {
    expect(seat(shares)).toBe(expected)
  })

  it('come from witnesses that nobody can choose: the order changes with the dispute', () => {
    const orders = new Set(Array.from({ length: 200 }, (_, number) => designatedOrder(committee, hash(`dispute ${number}`)).join()))
    // All 24 orders of four witnesses.
    expect(orders.size).toBe(24)
    expect(isDesignated(committee, disputed.dispute?.txHash ?? disputed.id, sharesOf(disputed, [first, second]))).toBe(true)
    expect(isDesignated(committee, disputed.dispute?.txHash ?? disputed.id, sharesOf(disputed, [first, third]))).toBe(false)
  })

  it('let f lying witnesses choose nothing: with an honest share among them, theirs are one of one', () => {
    // A liar may give any 96 bytes; only one value is its share, so it has no second draw to choose from.
    const [honest] = sharesOf(disputed, [first])
    const [own] = sharesOf(disputed, [second])
    if (honest === undefined || own === undefined) throw new Error('no shares')
    const tries = Array.from({ length: 40 }, (_, number) => own.share.with(number + 8, (own.share[number + 8] ?? 0) ^ (1 + number)))
    const taken = [own.share, ...tries].filter((share) => seat([honest, { witnessIndex: second, share }]) === 'panel')
    expect(taken).toEqual([own.share])
  })
})

describe('a ruling', () => {
  it('is by seated arbiters, not by others of the roster', () => {
    const before = disputedBefore(roster(6), { panel: { size: 3, quorum: 2 } })
    const shares = sharesOf(before.state, designatedOrder(before.committee, before.state.dispute?.txHash ?? hash('')).slice(0, 2))
    const panel = after(before.state, { kind: 'seat-panel', shares }, [], before.context)
    const outside = [0, 1, 2, 3, 4, 5].filter((place) => panel.panel?.includes(place) !== true)
    const inside = panel.panel ?? []
    const rule = (places: readonly number[]) =>
      applied(panel, { kind: 'rule', outcome: 'refund' }, arbitersSign(...places.map((place) => `arbiter ${place}`)), before.context).ok
    expect(rule(inside.slice(0, 2))).toBe(true)
    expect(rule([inside[0] ?? 0, outside[0] ?? 0].toSorted((a, b) => a - b))).toBe(false)
    expect(rule(outside.slice(0, 2))).toBe(false)
  })
})

describe('recusal', () => {
  const close = (a: Uint8Array, b: Uint8Array): boolean => equalBytes(a, arbiterOf('bea').account) && equalBytes(b, client.id)
  const dispute = (recused: readonly number[]) => ({ kind: 'dispute', atMs: 0, reasonHash: hash('why'), recused }) as const
  const arbiters = ['ada', 'bea', 'cid', 'dan'].map((name) => arbiterOf(name))
  const delivered = (panel: EscrowState['terms']['panel'], named: readonly number[] = []): EscrowState => {
    const { state } = disputedBefore(arbiters, { panel })
    return { ...state, phase: 'delivered', dispute: null, recused: named }
  }
  const disputing = (state: EscrowState, recused: readonly number[], isClose: EscrowContext['isClose']) => {
    const context = { rules: rulesOf(committeeOf(4, arbiters)), ...(isClose === undefined ? {} : { isClose }) }
    const result = applied(state, dispute(recused), [['client', client.signer]], context)
    return result.ok ? result.value.state.recused : result.error.code
  }
  const tried = (recused: readonly number[]) => disputing(delivered({ size: 1, quorum: 1 }), recused, close)

  it.each<readonly [readonly number[], readonly number[] | string]>([
    [[], []],
    [[1], [1]],
    [[0], 'wrong-recusal'],
    [[0, 1], 'wrong-recusal'],
    [[1, 1], 'wrong-recusal'],
    [[4], 'wrong-recusal'],
  ])('of %j: only of who is shown to be close to a party', (recused, expected) => {
    expect(tried(recused)).toEqual(expected)
  })

  const [one, three] = [
    { size: 1, quorum: 1 },
    { size: 3, quorum: 2 },
  ]
  it.each<readonly [string, EscrowState, readonly number[], readonly number[] | string]>([
    ['three of four for one judge', delivered(one), [0, 1, 2], [0, 1, 2]],
    ['all four for one judge', delivered(one), [0, 1, 2, 3], 'too-many-recused'],
    ['one of four for three judges', delivered(three), [2], [2]],
    ['two of four for three judges', delivered(three), [2, 3], 'too-many-recused'],
    ['the one whom the provider named', delivered(three, [2]), [2], [2]],
    ['another than the provider named', delivered(three, [2]), [1], 'too-many-recused'],
    ['nobody, where there are too few in any case', delivered({ size: 5, quorum: 4 }), [], []],
    ['one, where there are too few in any case', delivered({ size: 5, quorum: 4 }), [0], 'too-many-recused'],
  ])('of %s: as many are left as the panel has seats, whoever is close and whoever certified it', (_what, state, recused, expected) => {
    expect(disputing(state, recused, () => true)).toEqual(expected)
    expect(disputing(state, recused, undefined)).toEqual(expected)
  })
})
