import type { NetworkLimits } from '../../network/limits.ts'
import { createMemoryNetwork } from '../../network/memory.ts'
import type { Network, PeerAddress } from '../../network/port.ts'
import { equalBytes, toHex } from '../../platform/bytes.ts'
import { createManualClock } from '../../platform/clock.ts'
import { createLog } from '../../platform/log.ts'
import { createSeededRandom } from '../../platform/random.ts'
import { fail, ok } from '../../platform/result.ts'
import { accountIdOf } from '../../settlement/account-id.ts'
import type { Bytes32, Decree, EscrowTerms } from '../../settlement/objects.ts'
import type { Database } from '../../storage/database.ts'
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts'
import { draftBid } from '../matching.ts'
import { bids, type Signed, type TaskRequest } from '../model.ts'
import type { OfferDraft, RequestDraft } from '../own-orders.ts'
import { createOrders, type Orders } from '../service.ts'
import { createOrderStore, type OrderStore } from '../store.ts'
import { signTerms } from '../../settlement/signatures.ts'
import { accountOf, federationId, limits, offerValue, requestValue, signerOf, situationOf, standardPanel, startMs } from './fixtures.ts'

export type TestNode = {
  readonly name: string
  readonly orders: Orders
  readonly network: Network
  readonly db: Database
  /** "peer: reason" for each report of misbehaviour. */
  readonly reports: string[]
  readonly warnings: string[]
  /** What this node sent, by receiver, with how many are unanswered. */
  readonly dialled: { readonly to: string[]; open: number; mostOpen: number }
  /** The closings its provider role heard. */
  readonly closed: { readonly request: string; readonly wonByMe: boolean }[]
  readonly revisions: number[]
  /** Switches the provider role on: honest bids on what is asked. */
  readonly provide: () => void
}
export type NodeOptions = {
  readonly db?: Database
  readonly perMinute?: number
  readonly isKnown?: (accountId: Bytes32) => boolean
  readonly limits?: Partial<NetworkLimits>
  readonly store?: (store: OrderStore) => OrderStore
  readonly decree?: (decree: Decree) => void
  /** Whom this member never wants again, or again. */
  readonly words?: Readonly<Record<string, 'again' | 'never'>>
  readonly reputationPpm?: (terms: EscrowTerms) => number | null
}
export type World = ReturnType<typeof createWorld>

/** Members' order services on one memory network and one manual clock. */
export const createWorld = () => {
  const clock = createManualClock(startMs)
  const hub = createMemoryNetwork({ clock })

  const join = (
    name: string,
    {
      db = openMemoryDatabase(),
      perMinute = 60,
      isKnown = () => true,
      limits: networkLimits = {},
      store = (plain) => plain,
      decree = () => undefined,
      words = {},
      reputationPpm = () => 500_000,
    }: NodeOptions = {},
  ): TestNode => {
    const plain = hub.addNode(name, { limits: networkLimits })
    const reports: string[] = []
    const warnings: string[] = []
    const closed: TestNode['closed'] = []
    const revisions: number[] = []
    const dialled: TestNode['dialled'] = { to: [], open: 0, mostOpen: 0 }
    const network: Network = {
      ...plain,
      reportMisbehaviour: (peerId, reason) => void reports.push(`${peerId}: ${reason}`),
      request: async (peer: PeerAddress, ...rest) => {
        dialled.to.push(peer.peerId)
        dialled.mostOpen = Math.max(dialled.mostOpen, ++dialled.open)
        try {
          return await plain.request(peer, ...rest)
        } finally {
          dialled.open--
        }
      },
    }
    const signer = signerOf(name)
    const wordOf = new Map(Object.entries(words).map(([other, word]) => [toHex(accountOf(other)), word] as const))
    const orders = createOrders(
      {
        network,
        store: store(createOrderStore(db)),
        signer,
        federationId,
        accountId: accountOf(name),
        keyBelongsTo: (account: Bytes32, key: Bytes32) => equalBytes(accountIdOf({ federationId, epoch: 0 }, key), account),
        clock,
        random: createSeededRandom(`${name} ${clock.nowMs()}`),
        log: createLog((line) => void warnings.push(line), clock.nowMs),
        limits,
        panelFor: standardPanel,
        maxOrdersPerMinute: perMinute,
        attestation: () => null,
        isKnown,
        sawPeer: () => undefined,
        wordOn: (provider) => wordOf.get(toHex(provider)) ?? null,
        neverProviders: () => new Set([...wordOf].flatMap(([account, word]) => (word === 'never' ? [account] : []))),
        reputationPpm,
      },
      {
        changed: (revision) => void revisions.push(revision),
        decree,
        split: () => undefined,
      },
    )
    orders.start()
    const bid = async (request: Signed<TaskRequest>) => {
      const situation = situationOf(orders.book.offers.ofMember(signer.publicKey), { nowMs: clock.nowMs() })
      const draft = draftBid(request, situation, { nonce: request.id.slice(0, 16), taskKey: new Uint8Array(32) })
      if (!draft.ok) return fail(draft.error.code, draft.error.message)
      return ok(bids.sign({ ...draft.value, acceptSignature: signTerms(federationId, draft.value.terms, signer) }, signer, federationId))
    }
    const provide = (): void => orders.setBidder({ bid, closed: (hash, wonByMe) => void closed.push({ request: toHex(hash), wonByMe }) })
    return { name, orders, network, db, reports, warnings, dialled, closed, revisions, provide }
  }

  return {
    clock,
    hub,
    join,
    /** Lets everything that waits for no time happen. */
    settle: async (): Promise<void> => {
      for (let turn = 0; turn < 400; turn++) await Promise.resolve()
    },
  }
}

/** What a person asks or offers: an order without what its node adds. */
export const offerDraft = (changes: Partial<OfferDraft> = {}): OfferDraft => {
  const {
    provider: _p,
    providerKey: _k,
    peer: _a,
    nonce: _n,
    createdAtMs: _c,
    validUntilMs: _v,
    oldestOpenMs: _o,
    ...draft
  } = offerValue('nobody')
  return { ...draft, validForMs: 3_600_000, ...changes }
}
export const requestDraft = (changes: Partial<RequestDraft> = {}): RequestDraft => {
  const {
    client: _c,
    clientKey: _k,
    peer: _a,
    nonce: _n,
    attestation: _t,
    createdAtMs: _m,
    validUntilMs: _v,
    ...draft
  } = requestValue('nobody')
  return { ...draft, validForMs: 15_000, ...changes }
}
