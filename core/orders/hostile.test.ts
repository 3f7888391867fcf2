import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Network, Topic } from '../network/port.ts'
import { assert } from '../platform/assert.ts'
import { sha256, toHex, utf8 } from '../platform/bytes.ts'
import { bids, closings, offers, requests, withdrawals, type Kind, type Offer, type Signed } from './model.ts'
import {
  accountOf,
  bidOf,
  federationId,
  offerOf,
  otherFederationId,
  peerOf,
  pricingOf,
  requestOf,
  requestValue,
  signerOf,
  startMs,
} from './testing/fixtures.ts'
import { createWorld, offerDraft, requestDraft, type TestNode } from './testing/world.ts'
import { marketAnswers, marketMessages, offerGossips, type MarketMessage } from './wire.ts'

/** One honest node, which provides and asks, and a peer that says whatever it likes. */
const setUp = async ({ perMinute = 60 } = {}) => {
  const world = createWorld()
  const ann = world.join('ann', { perMinute })
  const mallory = world.hub.addNode('mallory')
  const published = ann.orders.publishOffer(offerDraft())
  assert(published.ok, 'the offer is published')
  ann.provide()
  await world.settle()
  const send = (message: MarketMessage) => ask(mallory, ann, marketMessages.encode(message))
  return { ...world, world, ann, mallory, send }
}
const ask = async (from: Network, { name }: TestNode, payload: Uint8Array): Promise<string> => {
  const answer = marketAnswers.decode(await from.request(peerOf(name), 'market', payload, { timeoutMs: 1_000 }))
  assert(answer.ok, 'the answer can be read')
  return answer.value.kind === 'no-bid' ? answer.value.code : answer.value.kind
}
const encoded = <T>(kind: Kind<T>, order: Signed<T>): Uint8Array => kind.encode(order)
const gossiped = (offer: Signed<Offer>): Uint8Array => offerGossips.encode({ kind: 'offer', offer: offers.encode(offer) })

test('garbage of every kind is answered, reported, and changes nothing', async () => {
  const { ann, mallory, send, settle } = await setUp()
  const before = ann.orders.revision()
  const junk = utf8('not an order')
  const messages: readonly MarketMessage[] = [
    { kind: 'request', request: junk },
    { kind: 'bid', bid: junk },
    { kind: 'closed', closed: junk },
    { kind: 'offer', gossip: junk },
    { kind: 'offer', gossip: offerGossips.encode({ kind: 'withdrawal', withdrawal: junk }) },
    { kind: 'decree', decree: junk },
    { kind: 'split', order: junk },
  ]
  for (const message of messages) expect(await send(message)).toBe('malformed')
  expect(await ask(mallory, ann, junk)).toBe('malformed')
  expect((await mallory.request(peerOf('ann'), 'sync', junk, { timeoutMs: 1_000 })).length).toBe(0)
  expect(ann.reports).toEqual(Array.from({ length: messages.length + 2 }, () => 'mallory: malformed'))
  for (const topic of ['offers', 'requests', 'closings'] as const) await mallory.publish(topic, junk)
  await settle()
  expect(ann.orders.revision()).toBe(before)
})
test('random bytes on every door never throw', async () => {
  const { ann, clock, mallory, settle } = await setUp()
  const topics: readonly Topic[] = ['offers', 'requests', 'closings']
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
      // What was sent before is forgiven, or the sender would be refused altogether.
      clock.advance(100_000)
      expect(await ask(mallory, ann, bytes)).toBe('malformed')
      for (const topic of topics) await mallory.publish(topic, bytes)
    }),
    { numRuns: 60 },
  )
  await settle()
  expect(ann.warnings.filter((line) => line.includes('"error"'))).toEqual([])
})
test('orders of another federation, and of an account that is not the key’s, are refused and reported', async () => {
  const { ann, send } = await setUp()
  const foreign = requests.sign(requestValue('mallory'), signerOf('mallory'), otherFederationId)
  const stolen = requestOf('mallory', { client: accountOf('victim') })
  const eternal = requestOf('mallory', { validUntilMs: startMs + 600_001 })
  expect([
    await send({ kind: 'request', request: encoded(requests, foreign) }),
    await send({ kind: 'request', request: encoded(requests, stolen) }),
    await send({ kind: 'request', request: encoded(requests, eternal) }),
    await send({ kind: 'offer', gossip: gossiped(offerOf('mallory', { provider: accountOf('victim') })) }),
  ]).toEqual(['bad-signature', 'not-the-owner', 'lives-too-long', 'not-the-owner'])
  expect(ann.reports.length).toBe(4)
  expect(ann.orders.book.requests.count()).toBe(0)
})
test('what is merely late, early or known is refused without a report', async () => {
  const { ann, send } = await setUp()
  const offer = offerOf('mallory')
  expect([
    await send({ kind: 'request', request: encoded(requests, requestOf('mallory', { validUntilMs: startMs })) }),
    await send({
      kind: 'request',
      request: encoded(requests, requestOf('mallory', { createdAtMs: startMs + 30_001, validUntilMs: startMs + 40_000 })),
    }),
    await send({ kind: 'offer', gossip: gossiped(offer) }),
    await send({ kind: 'offer', gossip: gossiped(offer) }),
    await send({ kind: 'bid', bid: encoded(bids, bidOf('mallory', requestOf('nobody'))) }),
  ]).toEqual(['expired', 'from-the-future', 'taken', 'already-known', 'unknown-request'])
  expect(ann.reports).toEqual([])
})
test('gossip that is hostile is not passed on', async () => {
  const { world, mallory, settle } = await setUp()
  const ben = world.join('ben')
  world.hub.setFaults(({ from, to }) => (from === 'mallory' && to === 'ben' ? 'drop' : 'deliver'))
  await mallory.publish('offers', gossiped(offerOf('mallory', { provider: accountOf('victim') })))
  await mallory.publish('offers', gossiped(offerOf('mallory')))
  await settle()
  expect(ben.orders.book.offers.ofMember(signerOf('mallory').publicKey).length).toBe(1)
})

test('a member announces no more than the federation allows a minute; others are not held up by it', async () => {
  const { ann, clock, send } = await setUp({ perMinute: 5 })
  const flood = async (count: number): Promise<readonly string[]> => {
    const answers: string[] = []
    for (let index = 0; index < count; index++) answers.push(await send({ kind: 'offer', gossip: gossiped(offerOf('mallory')) }))
    return answers
  }
  expect((await flood(8)).filter((answer) => answer === 'rate-limited').length).toBe(3)
  expect(await send({ kind: 'offer', gossip: gossiped(offerOf('ben')) })).toBe('taken')
  clock.advance(12_000)
  expect(await flood(2)).toEqual(['taken', 'rate-limited'])
  expect(ann.reports).toEqual([])
})
test('replaying a member’s old and known orders does not use up what it may send', async () => {
  const { send } = await setUp({ perMinute: 2 })
  const old = gossiped(offerOf('ben', { createdAtMs: startMs - 10_000, validUntilMs: startMs - 1 }))
  for (let replay = 0; replay < 5; replay++) expect(await send({ kind: 'offer', gossip: old })).toBe('expired')
  const known = gossiped(offerOf('ben'))
  expect(await send({ kind: 'offer', gossip: known })).toBe('taken')
  for (let replay = 0; replay < 5; replay++) expect(await send({ kind: 'offer', gossip: known })).toBe('already-known')
  expect(await send({ kind: 'offer', gossip: gossiped(offerOf('ben')) })).toBe('taken')
})
test('a closed request that is replayed gets no second bid', async () => {
  const { ann, send } = await setUp()
  const request = requestOf('mallory')
  const closed = closings.sign(
    { requestHash: request.id, clientKey: signerOf('mallory').publicKey, winner: null, createdAtMs: startMs },
    signerOf('mallory'),
    federationId,
  )
  expect([
    await send({ kind: 'request', request: encoded(requests, request) }),
    await send({ kind: 'closed', closed: encoded(closings, closed) }),
    await send({ kind: 'request', request: encoded(requests, request) }),
    await send({ kind: 'closed', closed: encoded(closings, closed) }),
  ]).toEqual(['bid', 'taken', 'ended', 'not-here'])
  expect(ann.closed).toEqual([{ request: toHex(request.id), wonByMe: false }])
})
test('a withdrawal that overtakes its offer keeps it out; a stranger’s does not', async () => {
  const { ann, send } = await setUp()
  const withdraw = (offer: Signed<Offer>, by: string) => {
    const value = { offerId: offer.id, providerKey: signerOf(by).publicKey, createdAtMs: startMs }
    return send({
      kind: 'offer',
      gossip: offerGossips.encode({
        kind: 'withdrawal',
        withdrawal: withdrawals.encode(withdrawals.sign(value, signerOf(by), federationId)),
      }),
    })
  }
  const [gone, stays] = [offerOf('ben'), offerOf('ben')]
  expect([await withdraw(gone, 'ben'), await withdraw(stays, 'mallory')]).toEqual(['not-here', 'not-here'])
  expect(await send({ kind: 'offer', gossip: gossiped(gone) })).toBe('ended')
  expect(await send({ kind: 'offer', gossip: gossiped(stays) })).toBe('taken')
  expect(await withdraw(stays, 'mallory')).toBe('not-the-owner')
  expect(await withdraw(gone, 'mallory')).toBe('not-here')
  expect(await send({ kind: 'offer', gossip: gossiped(gone) })).toBe('ended')
  expect([ann.orders.book.offers.get(stays.id)?.id, ann.reports]).toEqual([stays.id, ['mallory: not-the-owner']])
})
test('a stranger’s closing frees no slot, whether the request is known or not', async () => {
  const { ann, send } = await setUp()
  const request = requestOf('mallory')
  await send({ kind: 'request', request: encoded(requests, request) })
  const closeAs = (name: string, requestHash: Uint8Array) => {
    const value = { requestHash, clientKey: signerOf(name).publicKey, winner: null, createdAtMs: startMs }
    return send({ kind: 'closed', closed: encoded(closings, closings.sign(value, signerOf(name), federationId)) })
  }
  expect([await closeAs('eve', request.id), await closeAs('eve', sha256(utf8('unknown')))]).toEqual(['not-the-owner', 'not-here'])
  expect(ann.closed).toEqual([])
})
test('only the client learns a bid: a rival that passes its request on hears nothing', async () => {
  const { world, ann, send, mallory } = await setUp()
  const request = requestOf('client')
  expect(await send({ kind: 'request', request: encoded(requests, request) })).toBe('not-the-sender')
  const client = world.hub.addNode('client')
  expect(await ask(client, ann, marketMessages.encode({ kind: 'request', request: encoded(requests, request) }))).toBe('bid')
  expect(await ask(mallory, ann, marketMessages.encode({ kind: 'request', request: encoded(requests, request) }))).toBe('not-the-sender')
})

test('a bid counts only from the peer it names, by its account’s key, with its terms signed, while the request is open', async () => {
  const { ann, clock, send, settle } = await setUp()
  const posted = ann.orders.postRequest(requestDraft(), () => undefined)
  assert(posted.ok, 'the request is posted')
  const { request } = posted.value
  const bid = (changes: Parameters<typeof bidOf>[2] = {}) => send({ kind: 'bid', bid: encoded(bids, bidOf('mallory', request, changes)) })
  expect([
    await bid({ bid: { peer: peerOf('victim') } }),
    await bid({ terms: { provider: accountOf('victim') } }),
    await bid({ bid: { acceptSignature: new Uint8Array(64) } }),
    await bid({ terms: { pricing: pricingOf(1_001n) } }),
    await bid(),
    await bid(),
  ]).toEqual(['not-the-sender', 'not-the-owner', 'bad-signature', 'over-the-limit', 'taken', 'already-bid'])
  expect(ann.reports).toEqual(['mallory: not-the-owner', 'mallory: bad-signature'])
  clock.advance(40)
  await settle()
  expect(await bid()).toBe('already-decided')
  posted.value.close(null)
  expect(await bid()).toBe('unknown-request')
})
test('a maker that answers a request with a forged bid, or with nonsense, is reported and not waited for', async () => {
  const { ann, clock, mallory, send, settle } = await setUp()
  const answers = [
    (request: Signed<ReturnType<typeof requestValue>>) =>
      marketAnswers.encode({ kind: 'bid', bid: bids.encode(bidOf('mallory', request, { bid: { acceptSignature: new Uint8Array(64) } })) }),
    () => marketAnswers.encode({ kind: 'taken' }),
    () => utf8('nonsense'),
  ]
  let answer = answers[0]
  mallory.serve('market', async (payload) => {
    const message = marketMessages.decode(payload)
    const request = message.ok && message.value.kind === 'request' ? requests.decode(message.value.request, federationId) : null
    return request?.ok === true && answer !== undefined ? answer(request.value) : new Uint8Array()
  })
  expect(await send({ kind: 'offer', gossip: gossiped(offerOf('mallory')) })).toBe('taken')
  const codes: string[] = []
  for (answer of answers) {
    const posted = ann.orders.postRequest(requestDraft(), () => undefined)
    assert(posted.ok, 'the request is posted')
    await settle()
    clock.advance(1_000)
    expect(await posted.value.winner).toBe(null)
    codes.push(...posted.value.refusals().map(({ code }) => code))
    posted.value.close(null)
  }
  expect(codes).toEqual(['bad-signature', 'malformed', 'malformed'])
  expect(ann.reports).toEqual(['mallory: bad-signature', 'mallory: malformed', 'mallory: malformed'])
})

test('posting a request dials sixteen makers at most, each peer once', async () => {
  const { ann, settle } = await setUp()
  for (let index = 0; index < 40; index++)
    ann.orders.book.offers.insert(offerOf(`sybil ${index}`, { pricing: pricingOf(1n), peer: peerOf(`peer ${Math.floor(index / 2)}`) }))
  ann.orders.postRequest(requestDraft(), () => undefined)
  await settle()
  expect([ann.dialled.to.length, new Set(ann.dialled.to).size]).toEqual([16, 16])
})
test('a flood of requests that name one victim makes sixteen calls at a time at most', async () => {
  const { ann, hub, mallory, settle } = await setUp()
  const victim = hub.addNode('victim')
  victim.serve('market', () => new Promise(() => undefined))
  for (let index = 0; index < 40; index++)
    await mallory.publish('requests', requests.encode(requestOf(`sybil ${index}`, { peer: peerOf('victim') })))
  await settle()
  expect([ann.orders.book.requests.count(), ann.dialled.mostOpen]).toEqual([40, 16])
})
