import { expect, test } from 'vitest'
import { defaultLimits } from '../network/limits.ts'
import { assert } from '../platform/assert.ts'
import { offers, type Offer, type Signed } from './model.ts'
import type { PostedRequest } from './own-orders.ts'
import { offerOf, pricingOf, signerOf } from './testing/fixtures.ts'
import { createWorld, offerDraft, requestDraft, type TestNode, type World } from './testing/world.ts'
import { offerGossips } from './wire.ts'

const publish = ({ orders }: TestNode, price = 100n, changes: Parameters<typeof offerDraft>[0] = {}): Signed<Offer> => {
  const published = orders.publishOffer(offerDraft({ pricing: pricingOf(price), ...changes }))
  assert(published.ok, 'the offer is published')
  return published.value
}
const post = ({ orders }: TestNode, changes: Parameters<typeof requestDraft>[0] = {}): PostedRequest => {
  const posted = orders.postRequest(requestDraft(changes), () => undefined)
  assert(posted.ok, 'the request is posted')
  return posted.value
}
const setUp = async (prices: Readonly<Record<string, bigint>>) => {
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

test('a node that joins has the whole book after its snapshot, page by page, of offers and of requests', async () => {
  const { world, client, providers } = await setUp({ ann: 100n })
  for (let index = 0; index < 150; index++)
    client.orders.book.offers.insert(offerOf(`member ${index % 10}`, { pricing: pricingOf(BigInt(index)) }))
  post(client)
  world.hub.setFaults(({ kind }) => (kind === 'gossip' ? 'drop' : 'deliver'))
  const late = world.join('late')
  const sources = [client, ...providers].map(({ network }) => network.self())
  expect(await late.orders.joinFrom(sources)).toBe(152)
  expect(late.orders.book.offers.page(null, 0, 1_000)).toEqual(client.orders.book.offers.page(null, 0, 1_000))
  expect([late.orders.book.requests.count(), late.reports]).toEqual([1, []])
})

test('a snapshot larger than the rate of its source is waited for, and complete', async () => {
  const world = createWorld()
  const [source, late] = [
    world.join('source', { limits: { rates: { ...defaultLimits.rates, sync: { perSecond: 1, burst: 2 } } } }),
    world.join('late'),
  ]
  for (let index = 0; index < 300; index++)
    source.orders.book.offers.insert(offerOf(`member ${index % 10}`, { pricing: pricingOf(BigInt(index)) }))
  let taken: number | null = null
  void late.orders.joinFrom([source.network.self()]).then((count) => (taken = count))
  for (let turn = 0; turn < 50 && taken === null; turn++) await advance(world, 200)
  expect([taken !== null, late.orders.book.offers.count()]).toEqual([true, 300])
})

test('an offer published before anyone could hear it reaches the others through the first peer that is greeted', async () => {
  const world = createWorld()
  world.hub.partition([['client', 'hub'], ['ann']])
  const [client, hub, ann] = [world.join('client'), world.join('hub'), world.join('ann')]
  publish(ann)
  await world.settle()
  world.hub.heal()
  await ann.orders.greet(hub.network.self())
  await world.settle()
  expect([hub, client].map(({ orders }) => orders.book.offers.count())).toEqual([1, 1])
})

test('after a restart the book is there again, without what this node itself had open', async () => {
  const { world, client, providers } = await setUp({ ann: 100n, ben: 90n })
  publish(client, 70n)
  post(client, { classKey: 'unheard-of', validForMs: 600_000 })
  post(providers[0] ?? client, { classKey: 'unheard-of', validForMs: 600_000 })
  await world.settle()
  client.orders.stop()
  world.hub.kill('client')
  world.hub.setFaults(({ kind }) => (kind === 'gossip' ? 'drop' : 'deliver'))
  const again = world.join('client', { db: client.db })
  expect(again.orders.book.offers.page(null, 0, 9).map(({ value }) => value.peer.peerId)).toEqual(['ben', 'ann'])
  expect(again.orders.book.requests.page(null, 0, 9).map(({ value }) => value.peer.peerId)).toEqual(['ann'])
  // The others still show the old offer; they hear that it is over from the first that is asked.
  world.hub.setFaults(null)
  await again.orders.greet({ peerId: 'ann', addresses: [] })
  await world.settle()
  expect([again, ...providers].map(({ orders }) => orders.book.offers.ofMember(signerOf('client').publicKey))).toEqual([[], [], []])
})

test('a maker whose word about an earlier offer was lost says it again the next time it sees that offer', async () => {
  const { world, client, providers } = await setUp({ ann: 100n })
  providers[0]?.orders.stop()
  world.hub.kill('ann')
  const again = world.join('ann')
  world.hub.setFaults(({ kind, protocol }) => (kind === 'request' && protocol === 'market' ? 'drop' : 'deliver'))
  await again.orders.joinFrom([client.network.self()])
  await world.settle()
  expect(client.orders.book.offers.count()).toBe(1)
  world.hub.setFaults(null)
  await again.orders.joinFrom([client.network.self()])
  await world.settle()
  expect(client.orders.book.offers.count()).toBe(0)
})

test('a maker that starts anew ends its earlier offers by its next one, also where nobody heard that they are over', async () => {
  const { world, client, providers } = await setUp({ ann: 100n })
  const [ann] = providers
  assert(ann !== undefined, 'ann is there')
  const old = client.orders.book.offers.page(null, 0, 9)
  // Everybody stops at once; only the client's disk still has the offer.
  world.hub.setFaults(() => 'drop')
  for (const { orders, name } of [client, ann]) {
    orders.stop()
    world.hub.kill(name)
  }
  world.hub.setFaults(null)
  world.clock.advance(1_000)
  const again = world.join('client', { db: client.db })
  expect(again.orders.book.offers.page(null, 0, 9)).toEqual(old)
  const offer = publish(world.join('ann'))
  await world.settle()
  expect(again.orders.book.offers.page(null, 0, 9)).toEqual([offer])
  const eve = world.hub.addNode('eve')
  for (const replayed of old) await eve.publish('offers', offerGossips.encode({ kind: 'offer', offer: offers.encode(replayed) }))
  await world.settle()
  expect(again.orders.book.offers.page(null, 0, 9)).toEqual([offer])
  again.orders.stop()
  world.hub.kill('client')
  expect(world.join('client', { db: client.db }).orders.book.offers.page(null, 0, 9)).toEqual([offer])
})

test('a maker’s other open offers stay when it publishes one more or renews one', async () => {
  const { world, client, providers } = await setUp({ ann: 100n })
  const [ann] = providers
  assert(ann !== undefined, 'ann is there')
  world.clock.advance(1_000)
  publish(ann, 90n)
  await world.settle()
  expect(client.orders.book.offers.count()).toBe(2)
  await advance(world, 1_799_000)
  expect(client.orders.book.offers.page(null, 0, 9)).toEqual(ann.orders.book.offers.page(null, 0, 9))
  expect(client.orders.book.offers.count()).toBe(2)
})

test('an offer whose announcement was missed is found by comparing books with a connected peer', async () => {
  const world = createWorld()
  const ann = world.join('ann')
  publish(ann)
  await world.settle()
  const late = world.join('late')
  await world.settle()
  expect(late.orders.book.offers.count()).toBe(0)
  for (let round = 0; round < 3; round++) await advance(world, 2_000)
  expect(late.orders.book.offers.count()).toBe(1)
})

test('where gossip does not reach, a new offer gets around by comparing books, within a quarter of an hour', async () => {
  const world = createWorld()
  const nodes = Array.from({ length: 20 }, (_, index) => world.join(`node ${index}`))
  const passMinutes = async (minutes: number): Promise<void> => {
    for (let passed = 0; passed < minutes * 60; passed += 5) await advance(world, 5_000)
  }
  // Until everybody compares as rarely as ever.
  await passMinutes(25)
  world.hub.setFaults(({ kind }) => (kind === 'gossip' ? 'drop' : 'deliver'))
  publish(nodes[0] ?? world.join('nobody'))
  await passMinutes(15)
  expect(nodes.filter(({ orders }) => orders.book.offers.count() === 0).map(({ name }) => name)).toEqual([])
})

test('where a comparison has found something, the next peer is asked soon', async () => {
  const world = createWorld()
  const [ann, ben, late] = [world.join('ann'), world.join('ben'), world.join('late')]
  const passMs = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 5_000) await advance(world, 5_000)
  }
  await passMs(1_200_000)
  world.hub.setFaults(({ kind }) => (kind === 'gossip' ? 'drop' : 'deliver'))
  for (const maker of [ann, ben]) publish(maker)
  while (late.orders.book.offers.count() === 0) await passMs(5_000)
  await passMs(100_000)
  expect(late.orders.book.offers.count()).toBe(2)
})

test('the end of an order that was missed is found by comparing books, and told on', async () => {
  const { world, client, providers } = await setUp({ ann: 100n, ben: 90n })
  const [ann, ben] = providers
  assert(ann !== undefined && ben !== undefined, 'both are there')
  const request = post(client, { classKey: 'unheard-of' })
  await world.settle()
  const late = world.join('late')
  await late.orders.joinFrom([ann.network.self()])
  expect([late.orders.book.offers.count(), late.orders.book.requests.count()]).toEqual([2, 1])
  world.hub.partition([['late'], ['client', 'ann', 'ben']])
  for (const { orders } of [ann, ben]) for (const { id } of orders.book.offers.ofMember(signerOf('ann').publicKey)) orders.withdrawOffer(id)
  request.close(null)
  await world.settle()
  world.hub.heal()
  world.hub.setFaults(({ kind }) => (kind === 'gossip' ? 'drop' : 'deliver'))
  // Ben made neither: what it heard is enough.
  expect(await late.orders.joinFrom([ben.network.self()])).toBe(2)
  expect(late.orders.book.offers.page(null, 0, 9).map(({ value }) => value.peer.peerId)).toEqual(['ben'])
  expect([late.orders.book.requests.count(), late.reports]).toEqual([0, []])
})

test('who missed both offers that followed each other hears the end of each from anybody who saw them', async () => {
  const { world, client, providers } = await setUp({ ann: 100n })
  const [ann] = providers
  assert(ann !== undefined, 'ann is there')
  const late = world.join('late')
  await late.orders.joinFrom([client.network.self()])
  expect(late.orders.book.offers.count()).toBe(1)
  world.hub.partition([['late'], ['client', 'ann']])
  // A maker that starts anew has not signed anywhere that the offer before is over.
  ann.orders.stop()
  world.hub.kill('ann')
  world.clock.advance(1_000)
  const again = world.join('ann')
  const { id } = publish(again)
  await world.settle()
  expect(again.orders.withdrawOffer(id).ok).toBe(true)
  await world.settle()
  again.orders.stop()
  world.hub.kill('ann')
  world.hub.heal()
  expect(await late.orders.joinFrom([client.network.self()])).toBe(1)
  expect([late.orders.book.offers.count(), late.reports]).toEqual([0, []])
})

test('books that are alike cost one small question a side, and an order that differs costs itself', async () => {
  const world = createWorld()
  const [ann, ben] = [world.join('ann'), world.join('ben')]
  for (let index = 0; index < 500; index++) {
    const offer = offerOf(`member ${index % 20}`, { pricing: pricingOf(BigInt(index)) })
    for (const { orders } of [ann, ben]) orders.book.offers.insert(offer)
  }
  const bytes: number[] = []
  world.hub.setFaults(({ kind, bytes: sent }) => {
    if (kind !== 'gossip') bytes.push(sent)
    return kind === 'gossip' ? 'drop' : 'deliver'
  })
  expect(await ann.orders.joinFrom([ben.network.self()])).toBe(0)
  expect(bytes.reduce((sum, sent) => sum + sent, 0)).toBeLessThan(7_000)
  bytes.length = 0
  ben.orders.book.offers.insert(offerOf('late', { pricing: pricingOf(1n) }))
  expect(await ann.orders.joinFrom([ben.network.self()])).toBe(1)
  expect(bytes.reduce((sum, sent) => sum + sent, 0)).toBeLessThan(8_000)
})

test('an order that a peer still shows although its maker ended it is fetched once', async () => {
  const world = createWorld()
  const [ann, ben] = [world.join('ann'), world.join('ben')]
  const offer = publish(ben)
  await world.settle()
  expect(ben.orders.withdrawOffer(offer.id).ok).toBe(true)
  await world.settle()
  ben.orders.book.offers.insert(offer)
  world.hub.setFaults(({ kind }) => (kind === 'gossip' ? 'drop' : 'deliver'))
  await ann.orders.joinFrom([ben.network.self()])
  const before = ann.dialled.to.length
  await ann.orders.joinFrom([ben.network.self()])
  expect([ann.orders.book.offers.count(), ann.dialled.to.length - before]).toEqual([0, 2])
})
