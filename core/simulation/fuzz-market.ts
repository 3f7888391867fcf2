import { attest, attestedUntilMs, isAttested } from '../federation/membership.ts'
import { createPracticeFederation } from '../federation/practice.ts'
import { createFrameReader, encodeFrame } from '../network/frame-reader.ts'
import { dialTargets, parseAddress, parsePeer, parsePeerId } from '../network/libp2p-addresses.ts'
import { decodeRequestFrame, encodeRequestFrame, type RequestFrame } from '../network/request-frame.ts'
import { peerIdOfSeed } from '../identity/peer-id.ts'
import { digestBytes } from '../orders/digests.ts'
import { bids, closings, offers, requests, withdrawals, type Kind, type Signed } from '../orders/model.ts'
import { bidOf, federationId, offerOf, requestOf, signerOf, startMs } from '../orders/testing/fixtures.ts'
import {
  marketAnswers,
  marketMessages,
  offerGossips,
  syncIds,
  syncPages,
  syncQueries,
  type MarketAnswer,
  type MarketMessage,
  type OfferGossip,
  type SyncQuery,
} from '../orders/wire.ts'
import { assert } from '../platform/assert.ts'
import { concatBytes, equalBytes, utf8 } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import {
  decodeClientFrame,
  decodeProviderFrame,
  encodeClientFrame,
  encodeProviderFrame,
  type ClientFrame,
  type ProviderFrame,
} from '../tasks/wire.ts'
import { ofEveryKind, text, type Subject } from './fuzz-subject.ts'
import { hash, receipt, signature } from './fuzz-transactions.ts'

/** Orders, what carries them, the streams of tasks, and the frames and addresses below all of it. */
export const marketSubjects = (): readonly Subject[] => [...orderSubjects(), ...messageSubjects(), ...taskSubjects(), ...frameSubjects()]

const envelope = <T>(name: string, kind: Kind<T>, samples: readonly Signed<T>[]): Subject => ({
  name,
  samples: samples.map(kind.encode),
  read: (bytes) => {
    const id = kind.idOf(bytes, federationId)
    const decoded = kind.decode(bytes, federationId)
    assert(!decoded.ok || (id !== null && equalBytes(id, decoded.value.id)), 'an order has one id')
    return decoded
  },
  write: kind.encode,
})

const orderSubjects = (): readonly Subject[] => {
  const alice = signerOf('alice')
  const made = createPracticeFederation({
    random: createSeededRandom('fuzz organisation'),
    nowMs: startMs,
    requesterKey: alice.publicKey,
    witnessAddresses: Array.from({ length: 4 }, () => ['/ip4/127.0.0.1/tcp/4001']),
    customer: 'Example Ltd',
  })
  assert(made.ok, 'an organisation can be founded')
  const { federation } = made.value
  const attested = attest(federation, hash, alice, startMs)
  assert(attested !== null, 'members of an organisation attest')
  const request = requestOf('alice')
  const closing = { requestHash: request.id, clientKey: alice.publicKey, createdAtMs: startMs }
  return [
    envelope('offer', offers, [offerOf('bob')]),
    envelope('withdrawal', withdrawals, [
      withdrawals.sign({ offerId: hash, providerKey: alice.publicKey, createdAtMs: startMs }, alice, federationId),
    ]),
    envelope('request', requests, [request, requestOf('alice', { attestation: attested, firstTokenMs: 500, mode: 'best' })]),
    envelope('bid', bids, [bidOf('bob', request)]),
    envelope('closing', closings, [
      closings.sign({ ...closing, winner: hash }, alice, federationId),
      closings.sign({ ...closing, winner: null }, alice, federationId),
    ]),
    {
      name: 'attestation',
      samples: [attested],
      read: (bytes) => {
        const untilMs = attestedUntilMs(bytes)
        const isGood = isAttested(federation, { client: hash, clientKey: alice.publicKey, attestation: bytes }, startMs)
        assert(isGood === equalBytes(bytes, attested), 'nothing but the attestation that was signed attests')
        return untilMs === null ? null : { untilMs }
      },
    },
  ]
}

const messageSubjects = (): readonly Subject[] => {
  const order = new Uint8Array(64)
  const messages = ofEveryKind<MarketMessage>({
    request: { request: order },
    bid: { bid: order },
    closed: { closed: order },
    offer: { gossip: order },
    decree: { decree: order },
    split: { order },
  })
  const answers = ofEveryKind<MarketAnswer>({ bid: { bid: order }, 'no-bid': { code: 'busy', reason: 'All slots are taken.' }, taken: {} })
  const gossips = ofEveryKind<OfferGossip>({ offer: { offer: order }, withdrawal: { withdrawal: order } })
  const queries = ofEveryKind<SyncQuery>({
    compare: { side: 1, digests: new Uint8Array(digestBytes) },
    fetch: { side: 0, ids: order },
    endings: { side: 1, ids: order },
  })
  return [
    { name: 'market message', samples: messages.map(marketMessages.encode), read: marketMessages.decode, write: marketMessages.encode },
    { name: 'market answer', samples: answers.map(marketAnswers.encode), read: marketAnswers.decode, write: marketAnswers.encode },
    { name: 'offer gossip', samples: gossips.map(offerGossips.encode), read: offerGossips.decode, write: offerGossips.encode },
    { name: 'sync query', samples: queries.map(syncQueries.encode), read: syncQueries.decode, write: syncQueries.encode },
    {
      name: 'sync ids',
      samples: [syncIds.encode({ open: order, ended: order, buckets: new Uint8Array([1]) })],
      read: syncIds.decode,
      write: syncIds.encode,
    },
    { name: 'sync page', samples: [syncPages.encode({ envelopes: [order], left: 0 })], read: syncPages.decode, write: syncPages.encode },
  ]
}

const taskSubjects = (): readonly Subject[] => {
  const blob = new Uint8Array(90)
  const asked = ofEveryKind<ClientFrame>({
    start: { openDecree: blob, sealed: { enc: hash, ciphertext: blob, signature } },
    resume: { escrowId: hash, fromCounter: 4, signature },
    acknowledge: { nextCounter: 3, settledDecree: blob },
    cancel: {},
  })
  const answered = ofEveryKind<ProviderFrame>({
    accepted: { escrowId: hash, streamId: new Uint8Array(16) },
    refused: { code: 'busy', sentence: 'All slots are taken.' },
    chunk: { counter: 3, final: false, ciphertext: blob },
    done: { signed: receipt },
    failed: { fault: 'provider', sentence: 'The model gave nothing back.' },
  })
  return [
    { name: 'task frame of a client', samples: asked.map(encodeClientFrame), read: decodeClientFrame, write: encodeClientFrame },
    { name: 'task frame of a provider', samples: answered.map(encodeProviderFrame), read: decodeProviderFrame, write: encodeProviderFrame },
  ]
}

const frameSubjects = (): readonly Subject[] => {
  const payload = new Uint8Array(64)
  const peerId = peerIdOfSeed(new Uint8Array(32).fill(5))
  return [
    {
      name: 'request frame',
      samples: [
        encodeRequestFrame('request', 7, payload),
        encodeRequestFrame('answer', 7, payload),
        encodeRequestFrame('refused', 1),
        encodeRequestFrame('rate-limited', 2),
      ],
      read: decodeRequestFrame,
      write: ({ kind, id, payload: sent }: RequestFrame) => encodeRequestFrame(kind, id, sent),
    },
    {
      name: 'stream of frames',
      samples: [concatBytes(encodeFrame(payload), encodeFrame(new Uint8Array(0)), encodeFrame(payload.subarray(0, 9)))],
      read: readInPieces,
      write: (frames: readonly Uint8Array[]) => concatBytes(...frames.map(encodeFrame)),
    },
    { name: 'address', samples: ['/ip4/192.0.2.1/tcp/4001', '/dns4/example.org/tcp/4001'].map(utf8), read: text(parseAddress) },
    { name: 'peer id', samples: [utf8(peerId)], read: text(parsePeerId) },
    {
      name: 'peer with its addresses',
      samples: [utf8(`${peerId}\n/ip4/192.0.2.1/tcp/4001`)],
      read: text((lines) => {
        const [id = '', ...addresses] = lines.split('\n')
        const peer = { peerId: id, addresses }
        const parsed = parsePeer(peer)
        // Only a peer with a good id is dialled, at what can be read of its addresses.
        const targets = parsePeerId(id) === null ? [] : dialTargets(peer)
        assert(targets.length === addresses.length || !parsed.ok, 'a good peer can be dialled at all its addresses')
        return parsed
      }),
    },
  ]
}

/** Cut where the bytes themselves say, which must not matter. Null for a frame that is too long or does not end. */
const readInPieces = (bytes: Uint8Array): readonly Uint8Array[] | null => {
  const [whole, pieces] = [createFrameReader(4_096), createFrameReader(4_096)]
  const expected = whole.read(bytes)
  const frames: Uint8Array[] = []
  let isRefused = false
  for (let at = 0; at < bytes.length && !isRefused;) {
    const end = at + 1 + ((bytes[at] ?? 0) % 7)
    const more = pieces.read(bytes.subarray(at, end))
    isRefused = more === null
    frames.push(...(more ?? []))
    at = end
  }
  assert(isRefused === (expected === null), 'a stream is refused wherever it is cut')
  if (expected === null) return null
  assert(equalBytes(concatBytes(...frames), concatBytes(...expected)) && frames.length === expected.length, 'frames are the same')
  assert(whole.isMidFrame() === pieces.isMidFrame(), 'a stream ends where it ends')
  return whole.isMidFrame() ? null : expected
}
