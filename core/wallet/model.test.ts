import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareBytes, sha256, utf8 } from '../platform/bytes.ts'
import { initialAccount } from '../settlement/account.ts'
import { txHash } from '../settlement/encoding.ts'
import type { AccountOperation, Credit } from '../settlement/objects.ts'
import { assertConserved, balancesOf, chooseClaims, fingerprintOf, movementsOfOwnTx, nextAccountTx, sumOf } from './model.ts'

const id = (text: string): Uint8Array => sha256(utf8(text))
const account = initialAccount({ federationId: id('federation'), epoch: 0 }, id('key'))
const creditOf = (amountMicro: bigint, index: number): Credit => ({
  id: id(`credit ${index}`),
  account: account.id,
  amountMicro,
  sourceHash: id('source'),
  index,
})
const transfer = (amountMicro: bigint): AccountOperation => ({ kind: 'transfer', to: id('payee'), amountMicro, memo: '' })
const amounts = fc.array(fc.bigInt({ min: 1n, max: 1_000n }), { minLength: 1, maxLength: 20 })

test('claims are the largest credits that fit into one step, in ascending order of id', () => {
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 20 }), (values, maxClaims) => {
      const credits = values.map(creditOf)
      const chosen = chooseClaims(credits, maxClaims)
      const left = credits.filter((credit) => !chosen.includes(credit))
      expect(chosen).toHaveLength(Math.min(maxClaims, credits.length))
      expect(chosen.toSorted((a, b) => compareBytes(a.id, b.id))).toEqual(chosen)
      for (const credit of left) expect(chosen.every(({ amountMicro }) => amountMicro >= credit.amountMicro)).toBe(true)
    }),
  )
})

test('the next transaction spends what is there and no more, and its rows add up to the balance it leaves', () => {
  fc.assert(
    fc.property(amounts, fc.bigInt({ min: 0n, max: 25_000n }), (values, spentMicro) => {
      const credits = chooseClaims(values.map(creditOf), 64)
      const tx = nextAccountTx(account, credits, transfer(spentMicro))
      expect(tx.ok).toBe(spentMicro <= sumOf(credits))
      if (!tx.ok) return
      const { freeAfterMicro } = tx.value.body
      const deltas = movementsOfOwnTx(tx.value, sumOf(credits)).reduce((sum, row) => sum + row.availableDeltaMicro, sumOf(credits))
      assertConserved({ freeMicro: freeAfterMicro, unclaimedMicro: 0n, availableDeltasMicro: deltas, lockedDeltasMicro: 0n })
      const promised = { freeMicro: 0n, unclaimedMicro: sumOf(credits), lockedMicro: 0n, pending: transfer(spentMicro) }
      expect(balancesOf(promised).availableMicro).toBe(freeAfterMicro)
    }),
  )
})

test('the conservation check finds a µRUV too many', () => {
  const facts = { freeMicro: 5n, unclaimedMicro: 1n, availableDeltasMicro: 6n, lockedDeltasMicro: 0n }
  expect(() => assertConserved(facts)).not.toThrow()
  expect(() => assertConserved({ ...facts, unclaimedMicro: 2n })).toThrow('add up')
  expect(() => assertConserved({ ...facts, lockedDeltasMicro: -1n })).toThrow('negative')
})

test('a request is recognised wherever in the chain it ends up, and only if it asks for the same', () => {
  const later = { ...account, step: 7, headHash: id('head'), freeMicro: 9n }
  expect(fingerprintOf(transfer(5n), later)).toEqual(fingerprintOf(transfer(5n), account))
  expect(fingerprintOf(transfer(6n), account)).not.toEqual(fingerprintOf(transfer(5n), account))
  const tx = nextAccountTx(later, [], transfer(5n))
  expect(tx.ok && txHash(tx.value)).not.toEqual(fingerprintOf(transfer(5n), account))
})
