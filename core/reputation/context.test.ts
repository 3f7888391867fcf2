import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ppm } from '../platform/fixed-point.ts'
import { contextOf, type Ground, type PairRecord } from './context.ts'
import { trustFrom } from './trust.ts'

const pair = (client: string, provider: string, well = 1, ended = well): PairRecord => ({ client, provider, well, ended })
const ground = (changes: Partial<Ground> = {}): Ground => ({ pairs: [], introductions: [], payments: [], genesis: ['founder'], ...changes })
const trustIn = (changes: Partial<Ground>) => contextOf(ground(changes), 0).trustOf

test('a genesis member is trusted wholly, and whom it paid or brought in as well', () => {
  const trustOf = trustIn({ pairs: [pair('founder', 'paid')], introductions: [{ sponsor: 'founder', account: 'invited' }] })
  expect(['founder', 'paid', 'invited', 'nobody'].map(trustOf)).toEqual([ppm, ppm, ppm, 0])
})

test('accounts that nobody trusted ever paid have no trust, however much they trade among themselves', () => {
  const ring = Array.from({ length: 20 }, (_, index) => pair(`ring ${index}`, `ring ${(index + 1) % 20}`, 1_000))
  const trustOf = trustIn({ pairs: [pair('founder', 'honest'), ...ring] })
  expect(Array.from({ length: 20 }, (_, index) => trustOf(`ring ${index}`)).every((trust) => trust === 0)).toBe(true)
})

test('making a thousand accounts does not lower what counts as well trusted', () => {
  const members = Array.from({ length: 20 }, (_, index) => `member ${index}`)
  const introductions = members.map((account) => ({ sponsor: 'founder', account }))
  const sybils = Array.from({ length: 1_000 }, (_, index) => pair('member 0', `sybil ${index}`))
  const before = trustIn({ introductions })
  const after = trustIn({ introductions, pairs: sybils })
  expect(members.map(before)).toEqual(members.map(() => ppm))
  expect(members.map(after)).toEqual(members.map(() => ppm))
  expect(after('sybil 7')).toBeLessThan(ppm / 100)
})

test('trust does not depend on the order of what is known, and never exceeds the whole', () => {
  const anyPair = fc.record({
    from: fc.constantFrom('f', 'a', 'b', 'c', 'd'),
    to: fc.constantFrom('f', 'a', 'b', 'c', 'd'),
    count: fc.nat(9),
  })
  const shuffled = fc
    .array(anyPair, { maxLength: 30 })
    .chain((pairs) => fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })))
  fc.assert(
    fc.property(shuffled, ([pairs, other]) => {
      const [one, two] = [trustFrom(pairs, ['f', 'a']), trustFrom(other, ['a', 'f', 'f'])]
      expect(two).toEqual(one)
      expect([...one.values()].every((trust) => trust >= 0 && trust <= ppm)).toBe(true)
    }),
  )
})

test('whoever came through a member is one counterparty with it; whoever a genesis member brought in is their own', () => {
  const { clusterOf } = contextOf(
    ground({
      introductions: [
        { sponsor: 'founder', account: 'ann' },
        { sponsor: 'ann', account: 'ben' },
        { sponsor: 'ben', account: 'cleo' },
      ],
    }),
    0,
  )
  expect(['founder', 'ann', 'ben', 'cleo', 'stranger'].map(clusterOf)).toEqual(['founder', 'ann', 'ann', 'ann', 'stranger'])
})

test('accounts that brought in each other end somewhere, and in one place', () => {
  const { clusterOf } = contextOf(
    ground({
      introductions: [
        { sponsor: 'x', account: 'y' },
        { sponsor: 'y', account: 'z' },
        { sponsor: 'z', account: 'x' },
      ],
    }),
    0,
  )
  expect(['x', 'y', 'z'].map(clusterOf)).toEqual(['x', 'x', 'x'])
})

test('a client is as reliable as its trades with everybody but the provider in question', () => {
  const { reliabilityOf } = contextOf(ground({ pairs: [pair('c', 'p', 0, 8), pair('c', 'q', 3, 4)] }), 0)
  expect([reliabilityOf('c', 'p'), reliabilityOf('c', 'q'), reliabilityOf('new', 'p')]).toEqual([666_666, 100_000, 500_000])
})

test('a usual payment is what trusted clients pay, whatever a flood of others does', () => {
  const flood = Array.from({ length: 900 }, () => ({ client: 'sybil', paidMicro: 1n }))
  const honest = [100n, 200n, 300n].map((paidMicro) => ({ client: 'founder', paidMicro }))
  expect([contextOf(ground({ payments: [...flood, ...honest] }), 0).usualMicro, contextOf(ground(), 0).usualMicro]).toEqual([200n, 1n])
})
