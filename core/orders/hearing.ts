import type { Network, Verdict } from '../network/port.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'
import { decodeAuthorisedTx, decodeDecree } from '../settlement/encoding.ts'
import type { AuthorisedTx, Bytes32, Decree } from '../settlement/objects.ts'
import type { Asking } from './asking.ts'
import type { Bidding } from './bidding.ts'
import type { Book } from './book.ts'
import type { Endings } from './endings.ts'
import { requests, type Signed, type TaskRequest } from './model.ts'
import { isHostile, onceKnown, ownerUnknown } from './shelf.ts'
import type { Shelves } from './shelves.ts'
import { answerSync } from './snapshot.ts'
import type { Voice } from './voice.ts'
import { marketAnswers, marketMessages, noBid, offerGossips, type MarketAnswer, type MarketMessage } from './wire.ts'

export type HearingDeps = {
  readonly network: Network
  readonly federationId: Bytes32
  readonly book: Book
  readonly shelves: Shelves
  readonly endings: Endings
  readonly asking: Asking
  readonly bidding: Bidding
  readonly voice: Voice
  readonly keysAsked?: () => Promise<void>
  /** A peer had to tell this node what gossip had not. */
  readonly missed: () => void
  /** Nothing about these is checked yet. */
  readonly decree: (decree: Decree) => void
  readonly split: (order: AuthorisedTx) => void
}

/** Serves what peers ask and announce. Whatever they send ends in an answer; what is hostile is reported. */
export const listen = (deps: HearingDeps): void => {
  const { network, federationId, book, shelves, endings, bidding } = deps

  const hearOffer = (data: Uint8Array): Result<unknown, Failure> => {
    const message = offerGossips.decode(data)
    if (!message.ok) return message
    return message.value.kind === 'withdrawal'
      ? endings.takeWithdrawal(message.value.withdrawal)
      : shelves.offers.take(message.value.offer, 'announced')
  }
  const hearSettlement = (message: Extract<MarketMessage, { readonly kind: 'decree' | 'split' }>): Result<void, Failure> => {
    const decoded = message.kind === 'decree' ? decodeDecree(message.decree) : decodeAuthorisedTx(message.order)
    if (!decoded.ok) return decoded
    if (isDecree(decoded.value)) deps.decree(decoded.value)
    else deps.split(decoded.value)
    return ok(undefined)
  }
  const passOn = (data: Uint8Array): Result<unknown, Failure> => {
    const heard = hearOffer(data)
    if (!heard.ok) return heard
    deps.voice.gossip('offers', data)
    deps.missed()
    return heard
  }
  const hear = (message: Exclude<MarketMessage, { readonly kind: 'request' }>, from: string): Result<unknown, Failure> => {
    switch (message.kind) {
      case 'bid':
        return deps.asking.takeBid(message.bid, from)
      case 'closed':
        return endings.takeClosing(message.closed)
      case 'offer':
        return passOn(message.gossip)
      case 'decree':
      case 'split':
        return hearSettlement(message)
    }
  }

  /** A client may ask again about a request that gossip brought first. */
  const hearRequest = (bytes: Uint8Array): Result<Signed<TaskRequest>, Failure> => {
    const taken = shelves.requests.take(bytes, 'announced')
    const id = taken.ok || taken.error.code !== 'already-known' ? null : requests.idOf(bytes, federationId)
    const known = id === null ? null : book.requests.get(id)
    return known === null ? taken : ok(known)
  }
  const answerMarket = async (message: MarketMessage, from: string): Promise<Result<MarketAnswer, Failure>> => {
    if (message.kind === 'request') {
      const request = await onceKnown(deps, () => hearRequest(message.request))
      return request.ok ? ok(await bidding.answer(request.value, from)) : request
    }
    const heard = await onceKnown(deps, () => hear(message, from))
    return heard.ok ? ok({ kind: 'taken' }) : heard
  }
  const serveMarket = async (payload: Uint8Array, from: string): Promise<Uint8Array> => {
    const message = marketMessages.decode(payload)
    const answer = message.ok ? await answerMarket(message.value, from) : message
    if (answer.ok) return marketAnswers.encode(answer.value)
    if (isHostile(answer.error)) network.reportMisbehaviour(from, answer.error.code)
    return marketAnswers.encode(noBid(answer.error))
  }
  const serveSync = async (payload: Uint8Array, from: string): Promise<Uint8Array> => {
    const answer = answerSync(book, shelves, payload)
    if (answer.ok) return answer.value
    network.reportMisbehaviour(from, answer.error.code)
    return new Uint8Array()
  }

  /** Gossip wants its verdict at once; what has to be asked about first is taken in later and not passed on. */
  const heardNowOrLater = <T>(data: Uint8Array, take: (bytes: Uint8Array) => Result<T, Failure>, taken: (value: T) => void): Verdict => {
    const heard = take(data)
    if (heard.ok) taken(heard.value)
    else if (heard.error.code === ownerUnknown.error.code)
      void deps.keysAsked?.().then(() => {
        const later = take(data)
        if (later.ok) taken(later.value)
      })
    return verdictOf(heard)
  }

  network.serve('market', serveMarket)
  network.serve('sync', serveSync)
  network.subscribe('offers', (data) => heardNowOrLater(data, hearOffer, () => undefined))
  network.subscribe('closings', (data) => verdictOf(endings.takeClosing(data)))
  network.subscribe('requests', (data) =>
    heardNowOrLater(
      data,
      (bytes) => shelves.requests.take(bytes, 'announced'),
      (request) => void bidding.call(request),
    ),
  )
}

const isDecree = (order: AuthorisedTx | Decree): order is Decree => 'certificate' in order

const verdictOf = (heard: Result<unknown, Failure>): Verdict => (heard.ok ? 'accept' : isHostile(heard.error) ? 'reject' : 'ignore')
