import { expect, test } from 'vitest'
import { equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import { createManualClock } from '../platform/clock.ts'
import { createBook, maxEnded } from './book.ts'
import { createMemberRate } from './member-rate.ts'
import { maxOfferLifeMs, offers, type Offer } from './model.ts'
import { createShelf } from './shelf.ts'
import { shortIdOf } from './side.ts'
import { accountOf, federationId, offerOf, signerOf, startMs } from './testing/fixtures.ts'

const setUp = (maxStrangers: number) => {
  const clock = createManualClock(startMs)
  const side = createBook(signerOf('me').publicKey).offers
  const shelf = createShelf<Offer>({
    kind: offers,
    side,
    makerOf: ({ provider, providerKey }) => ({ account: provider, key: providerKey }),
    maxLifeMs: maxOfferLifeMs,
    rate: createMemberRate(60),
    federationId,
    ownKey: signerOf('me').publicKey,
    keyBelongsTo: () => true,
    isKnown: (account) => equalBytes(account, accountOf('member')),
    maxStrangers,
    clock,
    added: () => undefined,
    removed: () => undefined,
  })
  const take = (name: string): string => {
    const taken = shelf.take(offers.encode(offerOf(name)), 'snapshot')
    return taken.ok ? 'taken' : taken.error.code
  }
  return { clock, side, take, shelf }
}

test('however many unknown orders strangers call ended, what a maker ended stays so', () => {
  const { shelf } = setUp(9)
  const order = offerOf('member')
  const take = () => shelf.take(offers.encode(order), 'snapshot')
  expect(take().ok).toBe(true)
  expect(shelf.end(order.id, order.value.providerKey, new Uint8Array(9)).ok).toBe(true)
  for (let index = 0; index <= maxEnded; index++) shelf.end(sha256(utf8(`order ${index}`)), sha256(utf8('stranger')), new Uint8Array(9))
  expect([take(), shelf.endings.of(shortIdOf(order.id))]).toMatchObject([{ ok: false, error: { code: 'ended' } }, new Uint8Array(9)])
})

test('fresh keys that nobody vouches for fill their part of the book and no more; members and this node find room', () => {
  const { shelf, take } = setUp(3)
  expect(Array.from({ length: 6 }, (_, index) => take(`fresh key ${index}`))).toEqual([
    'taken',
    'taken',
    'taken',
    'book-full',
    'book-full',
    'book-full',
  ])
  expect([take('member'), take('member'), shelf.put(offerOf('me')).ok]).toEqual(['taken', 'taken', true])
})
test('what has left the book makes room for another stranger', () => {
  const { clock, side, take } = setUp(1)
  expect([take('a'), take('b')]).toEqual(['taken', 'book-full'])
  side.expire(startMs + 3_600_000, 9)
  clock.advance(1_000)
  expect(take('b')).toBe('taken')
})
