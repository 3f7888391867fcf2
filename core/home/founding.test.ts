import { expect, test } from 'vitest'
import { containing } from '../contract/testing/matching.ts'
import { accountKeysOf, newSecrets } from '../identity/secrets.ts'
import { toHex } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { foundFrom, type FoundingWish } from './founding.ts'

const random = createSeededRandom('founding')
const founder = newSecrets(random)
const [ada, bo] = ['Ada', 'Bo,A company'].map((named) => `${toHex(accountKeysOf(newSecrets(random)).firstKey)},${named}`)
const foundedWith = (arbiters: FoundingWish['arbiters']) =>
  foundFrom(
    { name: 'Our team', kind: 'community', customer: null, supplyMicro: 1_000n, witnesses: { kind: 'here' }, arbiters },
    founder,
    [1, 2, 3, 4],
    0,
  )

test('the arbiters that its founder names are the roster of the federation', () => {
  const founded = foundedWith([ada ?? '', bo ?? ''])
  expect(founded.ok && founded.value.genesis.arbiters.map(({ name, operator }) => [name, operator])).toEqual([
    ['Ada', ''],
    ['Bo', 'A company'],
  ])
})

test('only what is wrong with its witnesses is said of its witnesses', () => {
  const founded = foundFrom(
    { name: 'The\nwitnesses', kind: 'community', customer: null, supplyMicro: 1_000n, witnesses: { kind: 'here' }, arbiters: [] },
    founder,
    [1, 2, 3, 4],
    0,
  )
  expect(founded).toMatchObject({ ok: false, error: { code: 'refused', message: containing('name must be one line') } })
})

test.each([
  ['without a key', ['Ada'], 'Arbiter 1: An arbiter is its account key'],
  ['twice', [ada ?? '', ada ?? ''], 'arbiters[1].publicKey is the same as arbiters[0]'],
])('an arbiter named %s founds no federation', (_what, arbiters, sentence) => {
  const founded = foundedWith(arbiters)
  expect(founded.ok ? null : [founded.error.code, founded.error.message.includes(sentence)]).toEqual(['bad-arbiters', true])
})
