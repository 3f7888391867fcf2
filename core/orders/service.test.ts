import { expect, test } from 'vitest'
import { assert } from '../platform/assert.ts'
import { toHex } from '../platform/bytes.ts'
import { providerKeyOf, type Candidate } from './auction.ts'
import type { Offer, Signed } from './model.ts'
import type { PostedRequest } from './own-orders.ts'
import { pricingOf, startMs } from './testing/fixtures.ts'
import { createWorld, offerDraft, requestDraft, type TestNode, type World } from './testing/world.ts'

const publish = ({ orders }: TestNode, price = 100n, changes: Parameters<typeof offerDraft>[0] = {}): Signed<Offer> => {
  const published = orders.publishOffer(offerDraft({ pricing: pricingOf(price), ...changes }))
  assert(published.ok, 'the offer is published')
  return published.value
}
const post = ({ orders }: TestNode, changes: Parameters<typeof requestDraft>[0] = {}) => {
  const heard: Candidate[] = []
  const posted = orders.postRequest(requestDraft(changes), (candidate) => heard.push(candidate))
  assert(posted.ok, 'the request is posted')
  const outcome: { winner: string | null | undefined } = { winner: undefined }
  void posted.value.winner.then((winner) => (outcome.winner = winner === null ? null : winner.bid.value.peer.peerId))
  return { request: posted.value, heard, outcome }
}
const setUp = async (prices: Readonly<Record<string, bigint>> = { ann: 120n, ben: 100n, cat: 80n }) => {
  const world = createWorld()
  const client = world.join('client')
  const providers = Object.entries(prices).map(([name, price]) => {
    const node = world.join(name)
    node.provide()
    publish(node, price)
    return node
  })
  await world.settle()
  return { ...world, world, client, providers }
}
const advance = async ({ clock, settle }: World, byMs: number): Promise<void> => {
  await settle()
  clock.advance(byMs)
  await settle()
}
const winnerOf = async (request: PostedRequest): Promise<Candidate | null> => request.winner

test('a request goes to the makers of the offers, the cheapest wins, the losers are told, and every book forgets it', async () => {
  const { world, client, providers } = await setUp()
  const { request, heard, outcome } = post(client)
  await advance(world, 40)
  expect([outcome.winner, heard.map(({ bid }) => bid.value.peer.peerId).toSorted()]).toEqual(['cat', ['ann', 'ben', 'cat']])
  expect(providers.map(({ orders }) => orders.book.requests.count())).toEqual([1, 1, 1])

  request.close(await winnerOf(request))
  request.close(null)
  await world.settle()
  const id = toHex(request.request.id)
  expect(providers.map(({ closed }) => closed)).toEqual([
    [{ request: id, wonByMe: false }],
    [{ request: id, wonByMe: false }],
    [{ request: id, wonByMe: true }],
  ])
  expect([client, ...providers].map(({ orders }) => orders.book.requests.count())).toEqual([0, 0, 0, 0])
  expect([client, ...providers].flatMap(({ reports }) => reports)).toEqual([])
})
test('a provider whose offer the client never heard of hears the request by gossip and dials back', async () => {
  const world = createWorld()
  world.hub.setFaults(({ to, kind }) => (to === 'client' && kind === 'gossip' ? 'drop' : 'deliver'))
  const [client, ann] = [world.join('client'), world.join('ann')]
  ann.provide()
  publish(ann)
  await world.settle()
  expect(client.orders.book.offers.count()).toBe(0)
  const { outcome } = post(client)
  await advance(world, 40)
  expect([outcome.winner, client.dialled.to, ann.dialled.to]).toEqual(['ann', [], ['client']])
})
test('fail-over goes to the next bid, also after the losers were told', async () => {
  const { world, client } = await setUp()
  const { request } = post(client)
  await advance(world, 40)
  const winner = await winnerOf(request)
  assert(winner !== null, 'somebody won')
  request.close(winner)
  const next = request.next(new Set([providerKeyOf(winner)]))
  expect(next?.bid.value.peer.peerId).toBe('ben')
})

test('a request that nobody can serve ends within a second, and says what the providers said', async () => {
  const { world, client } = await setUp({ ann: 2_000n, ben: 100n })
  const { request, outcome } = post(client, { maxPriceMicro: 99n })
  await advance(world, 999)
  expect(outcome.winner).toBe(undefined)
  await advance(world, 1)
  expect(outcome.winner).toBe(null)
  expect(request.refusals().map(({ code, reason }) => [code, reason])).toEqual([
    ['limit-too-low', 'The price limit is below my price for the whole task.'],
    ['limit-too-low', 'The price limit is below my price for the whole task.'],
  ])
})
test('a request of a class that nobody offers ends within a second', async () => {
  const { world, client } = await setUp()
  const { request, outcome } = post(client, { classKey: 'unheard-of' })
  await advance(world, 1_000)
  expect([outcome.winner, request.refusals()]).toEqual([null, []])
})
test('a provider that does not answer is waited for no longer than its three seconds, and its silence is named last', async () => {
  const { world, client, hub } = await setUp({ ann: 2_000n, ben: 2_000n })
  hub.setFaults(({ to, kind }) => (to === 'ann' && kind !== 'gossip' ? 'drop' : 'deliver'))
  const { request, outcome } = post(client)
  await advance(world, 2_999)
  expect(outcome.winner).toBe(undefined)
  await advance(world, 1)
  await advance(world, 0)
  expect([outcome.winner, request.refusals().map(({ code }) => code)]).toEqual([null, ['limit-too-low', 'no-answer']])
})
test('a provider that is silent because it has just started elsewhere is asked again when its new offer is heard', async () => {
  const { world, client, providers } = await setUp({ ann: 100n })
  providers[0]?.orders.stop()
  world.hub.kill('ann')
  const { request, outcome } = post(client)
  await advance(world, 2_000)
  expect([outcome.winner, request.refusals().map(({ code }) => code)]).toEqual([undefined, ['no-answer']])
  const again = world.join('ann')
  again.provide()
  publish(again)
  await advance(world, 40)
  expect(outcome.winner).toBe('ann')
})
test('when all known providers are silent, one that comes back gets five seconds and no more', async () => {
  const { world, client } = await setUp({ ann: 100n })
  world.hub.kill('ann')
  const { outcome } = post(client)
  await advance(world, 4_999)
  expect(outcome.winner).toBe(undefined)
  await advance(world, 1)
  expect(outcome.winner).toBe(null)
})
test('a bidder that throws is a provider that does not bid', async () => {
  const { world, client, providers } = await setUp({ ann: 100n })
  const broken = () => {
    throw new Error('out of order')
  }
  providers[0]?.orders.setBidder({ bid: broken, closed: broken })
  const { request, outcome } = post(client)
  await advance(world, 1_000)
  expect([outcome.winner, request.refusals().map(({ code }) => code), client.reports]).toEqual([null, ['internal'], []])
  request.close(null)
  await world.settle()
  expect(providers[0]?.orders.book.requests.count()).toBe(0)
})
test('a bid that cannot be recorded still takes part', async () => {
  const { world, client } = await setUp({ ann: 100n })
  const posted = client.orders.postRequest(requestDraft(), () => {
    throw new Error('disk full')
  })
  assert(posted.ok, 'the request is posted')
  await advance(world, 40)
  expect((await posted.value.winner)?.bid.value.peer.peerId).toBe('ann')
})
test('stopping the node ends its auctions', async () => {
  const { world, client } = await setUp({})
  const { outcome } = post(client)
  client.orders.stop()
  await world.settle()
  expect(outcome.winner).toBe(null)
})

test('a withdrawn offer leaves every book, and replaying it brings it back to none', async () => {
  const { world, client, providers } = await setUp({ ann: 100n })
  const [ann] = providers
  assert(ann !== undefined, 'ann is there')
  const offer = publish(ann, 50n)
  await world.settle()
  expect(client.orders.book.offers.count()).toBe(2)
  expect(ann.orders.withdrawOffer(offer.id).ok).toBe(true)
  expect(ann.orders.withdrawOffer(offer.id)).toMatchObject({ ok: false, error: { code: 'not-my-offer' } })
  await world.settle()
  const late = world.join('late')
  late.orders.book.offers.insert(offer)
  await client.orders.joinFrom([late.network.self()])
  expect([client, ann].map(({ orders }) => orders.book.offers.get(offer.id))).toEqual([null, null])
})
test('nobody withdraws the offer of another', async () => {
  const { client, providers } = await setUp({ ann: 100n })
  const theirs = client.orders.book.offers.page(null, 0, 1)[0]
  assert(theirs !== undefined, 'there is an offer')
  expect(client.orders.withdrawOffer(theirs.id)).toMatchObject({ ok: false, error: { code: 'not-my-offer' } })
  expect([client, ...providers].map(({ orders }) => orders.book.offers.count())).toEqual([1, 1])
})

test('what has expired is forgotten in memory and on disk, and what was stored comes back only while it is valid', async () => {
  const { world, client } = await setUp({ ann: 100n })
  client.orders.stop()
  world.hub.kill('client')
  world.clock.advance(3_600_000)
  expect(world.join('client', { db: client.db }).orders.book.offers.count()).toBe(0)
  expect(client.db.prepare('SELECT count(*) AS n FROM book_order').get()).toEqual({ n: 0n })
})
test('an own offer is announced anew in the second half of its life, once, and elsewhere takes the place of the old', async () => {
  const { world, client, providers } = await setUp({ ann: 100n })
  const before = client.orders.book.offers.page(null, 0, 9)
  await advance(world, 1_800_000)
  const after = client.orders.book.offers.page(null, 0, 9)
  expect([before.length, after.length, after[0]?.value.validUntilMs]).toEqual([1, 1, startMs + 1_800_000 + 3_600_000])
  expect(providers[0]?.orders.book.offers.page(null, 0, 9)).toEqual(after)
})
test('a disk that cannot be written costs the file and not the book', async () => {
  const world = createWorld()
  const client = world.join('client', {
    store: (store) => ({
      ...store,
      flush: () => {
        throw new Error('disk full')
      },
    }),
  })
  const ann = world.join('ann')
  publish(ann)
  await advance(world, 5_000)
  client.orders.stop()
  expect([client.orders.book.offers.count(), client.warnings.some((line) => line.includes('book not written'))]).toEqual([1, true])
})
test('an own order beyond the bounds of the wire is refused here, and not by every peer', async () => {
  const { client, providers } = await setUp({ ann: 100n })
  expect(client.orders.publishOffer(offerDraft({ modelLabel: 'm'.repeat(81) }))).toMatchObject({ ok: false, error: { code: 'malformed' } })
  expect(client.orders.postRequest(requestDraft({ classKey: 'k'.repeat(65) }), () => undefined)).toMatchObject({
    error: { code: 'malformed' },
  })
  expect(client.orders.postRequest(requestDraft({ validForMs: 0 }), () => undefined)).toMatchObject({ error: { code: 'expired' } })
  expect(client.orders.publishOffer(offerDraft({ validForMs: 86_400_001 }))).toMatchObject({ error: { code: 'lives-too-long' } })
  expect(providers.flatMap(({ reports }) => reports)).toEqual([])
})
test('the revision grows by one with every change of the book', async () => {
  const { client } = await setUp()
  expect(client.revisions).toEqual([1, 2, 3])
  expect(client.orders.revision()).toBe(3)
})
