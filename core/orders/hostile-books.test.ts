import { expect, test } from 'vitest'
import type { Network } from '../network/port.ts'
import { assert } from '../platform/assert.ts'
import { sha256, toHex, utf8 } from '../platform/bytes.ts'
import { fail } from '../platform/result.ts'
import { createBook, maxOrders } from './book.ts'
import { offers, withdrawals } from './model.ts'
import { shortIdOf } from './side.ts'
import { bytesOfIds, fetchSide, maxFetchMs, sides } from './snapshot.ts'
import { federationId, offerOf, offerValue, signerOf, startMs } from './testing/fixtures.ts'
import { createWorld } from './testing/world.ts'
import { marketAnswers, marketMessages, maxPageOrders, offerGossips, syncIds, syncPages, syncQueries } from './wire.ts'

/** One honest node that compares its book with peers that say whatever they like. */
const setUp = () => {
  const world = createWorld()
  return { ...world, ann: world.join('ann'), mallory: world.hub.addNode('mallory') }
}

/** A peer that says it has so many orders of each side, and answers with what it likes. */
const serveBook = (network: Network, claimed: number, page: (ids: Uint8Array) => readonly Uint8Array[]) => {
  const asked: string[] = []
  network.serve('sync', async (payload) => {
    const query = syncQueries.decode(payload)
    assert(query.ok, 'the query can be read')
    asked.push(query.value.kind)
    if (query.value.kind === 'fetch') return syncPages.encode({ envelopes: page(query.value.ids), left: 0 })
    const open = bytesOfIds(Array.from({ length: claimed }, (_, index) => shortIdOf(sha256(utf8(`id ${index}`)))))
    return syncIds.encode({ buckets: new Uint8Array(), open, ended: new Uint8Array() })
  })
  return asked
}
const known = () => fail('already-known', 'The book holds this order already.')
const boundless = { perSecond: 10_000, burst: 10_000 }

/** Into an empty book, for one who knows everything that comes. */
const fetchingNothing = () => ({
  side: sides.offers,
  own: createBook().offers,
  declined: new Set<string>(),
  take: known,
  takeEnding: known,
  peerLacks: () => undefined,
})

test('a book without an end is left when it is as long as a book can be', async () => {
  const { ann, clock, hub } = setUp()
  const eve = hub.addNode('eve', {
    limits: {
      rates: {
        settlement: boundless,
        market: boundless,
        sync: boundless,
        facts: boundless,
        court: boundless,
        committee: boundless,
        copies: boundless,
      },
    },
  })
  const asked = serveBook(eve, maxOrders, () => Array.from({ length: maxPageOrders }, () => new Uint8Array(1)))
  expect(await fetchSide({ network: ann.network, clock }, eve.self(), fetchingNothing())).toBe(0)
  expect(asked.length).toBe(1 + Math.ceil(maxOrders / maxPageOrders))
})
test('more ids than a book can hold are an offence', async () => {
  const { ann, mallory } = setUp()
  const asked = serveBook(mallory, maxOrders + 1, () => [])
  expect(await ann.orders.joinFrom([mallory.self()])).toBe(0)
  expect([asked, ann.reports]).toEqual([
    ['compare', 'compare'],
    ['mallory: snapshot: malformed', 'mallory: snapshot: malformed'],
  ])
})
test('a book that drips is left after its time', async () => {
  const { ann, clock, mallory } = setUp()
  // Else the clock that is moved below starts a comparison of its own in the middle.
  ann.orders.stop()
  const asked = serveBook(mallory, maxOrders, () => {
    clock.advance(500)
    return []
  })
  await fetchSide({ network: ann.network, clock }, mallory.self(), fetchingNothing())
  // Four questions are under way when the time is over.
  expect(asked.length).toBeLessThanOrEqual(1 + Math.ceil(maxFetchMs / 500) + 4)
})
test('a book ends at the first order that no honest peer holds; what came before it stays', async () => {
  const { ann, mallory } = setUp()
  const forged = offers.sign(offerValue('victim'), signerOf('mallory'), federationId)
  const asked = serveBook(mallory, 1, () => [offerOf('member'), forged].map(offers.encode))
  expect(await ann.orders.joinFrom([mallory.self()])).toBe(1)
  // One look at the other side shows that these are no requests.
  expect(asked).toEqual(['compare', 'fetch', 'compare', 'fetch'])
  expect(ann.reports).toEqual(['mallory: snapshot: bad-signature', 'mallory: snapshot: malformed'])
})

test('a peer that says it lacks everything is told no more than the sixteen newest of the last ten minutes', async () => {
  const { ann, clock, mallory, settle } = setUp()
  ann.orders.stop()
  const heard: string[] = []
  mallory.serve('market', async (payload) => {
    heard.push(toHex(payload))
    return marketAnswers.encode({ kind: 'taken' })
  })
  mallory.serve('sync', async () =>
    syncIds.encode({ buckets: Uint8Array.from({ length: 256 }, (_, bucket) => bucket), open: new Uint8Array(), ended: new Uint8Array() }),
  )
  const made = Array.from({ length: 20 }, (_, index) => offerOf(`maker ${index}`))
  for (const offer of made) ann.orders.book.offers.insert(offer)
  const told = made.slice(-16).map((offer) => {
    const gossip = offerGossips.encode({ kind: 'offer', offer: offers.encode(offer) })
    return toHex(marketMessages.encode({ kind: 'offer', gossip }))
  })
  await ann.orders.joinFrom([mallory.self()])
  await settle()
  expect(heard).toEqual(told)
  clock.advance(600_001)
  await ann.orders.joinFrom([mallory.self()])
  await settle()
  expect(heard.length).toBe(16)
})
test('an end that is another maker’s offer, or one in the maker’s name that it did not sign, ends nothing', async () => {
  const { ann, mallory } = setUp()
  const offer = offerOf('ben')
  expect(ann.orders.book.offers.insert(offer).ok).toBe(true)
  const later = { createdAtMs: startMs + 9, oldestOpenMs: startMs + 9 }
  const shown = [offerOf('mallory', later), offers.sign(offerValue('ben', later), signerOf('mallory'), federationId)].map(offers.encode)
  mallory.serve('sync', async (payload) => {
    const query = syncQueries.decode(payload)
    assert(query.ok, 'the query can be read')
    if (query.value.kind === 'endings') return syncPages.encode({ envelopes: shown, left: 0 })
    return syncIds.encode({ buckets: new Uint8Array(), open: new Uint8Array(), ended: bytesOfIds([shortIdOf(offer.id)]) })
  })
  expect(await ann.orders.joinFrom([mallory.self()])).toBe(0)
  expect([ann.orders.book.offers.has(offer.id), ann.reports]).toEqual([true, ['mallory: snapshot: malformed']])
})
test('a peer that shows something else than the maker’s own word for the end of an order is reported, and the order stays', async () => {
  const { ann, hub, settle } = setUp()
  const offer = offerOf('ben')
  expect(ann.orders.book.offers.insert(offer).ok).toBe(true)
  const served: readonly Uint8Array[] = ['mallory', 'ben'].map((name) =>
    withdrawals.encode(
      withdrawals.sign({ offerId: offer.id, providerKey: signerOf(name).publicKey, createdAtMs: startMs }, signerOf(name), federationId),
    ),
  )
  const asked: string[] = []
  const serve = (name: string, ending: Uint8Array | undefined) => {
    const peer = hub.addNode(name)
    peer.serve('sync', async (payload) => {
      const query = syncQueries.decode(payload)
      assert(query.ok && ending !== undefined, 'the query can be read')
      asked.push(query.value.kind)
      if (query.value.kind === 'endings') return syncPages.encode({ envelopes: [ending], left: 0 })
      return syncIds.encode({
        buckets: new Uint8Array(),
        open: new Uint8Array(),
        ended: bytesOfIds([shortIdOf(offer.id), shortIdOf(sha256(utf8('unknown')))]),
      })
    })
    return peer.self()
  }
  await ann.orders.joinFrom([serve('liar', served[0])])
  expect([ann.orders.book.offers.has(offer.id), ann.reports]).toEqual([true, ['liar: snapshot: not-the-owner']])
  await ann.orders.joinFrom([serve('honest', served[1])])
  await settle()
  expect([ann.orders.book.offers.has(offer.id), ann.reports.length, asked]).toEqual([
    false,
    1,
    ['compare', 'endings', 'compare', 'compare', 'endings', 'compare'],
  ])
})
