/** Everything the screens follow of the market, by area. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { RefusedFrame } from '../../../core/contract/channel-frames.ts'
import type { MarketClient } from '../api/client.ts'
import type { Connection } from '../api/connect.ts'
import { valueOf } from './loaded.ts'
import { createPagedList, type PagedList } from './paged-list.ts'
import { createPriceResources, type PriceResources } from './price-resources.ts'
import { createKeyed, createResource, type After, type Followed, type Source, type Subscribe } from './resource.ts'
import { watchTask } from './task-resource.ts'
import type {
  AppInfo,
  Approvals,
  AuditStatus,
  CaseDetail,
  Cases,
  CommitteeStatus,
  Consents,
  Credentials,
  Devices,
  Diagnosis,
  Discovered,
  Earnings,
  OwnerRules,
  Policy,
  Decision,
  Dispute,
  EscrowDetail,
  EscrowRow,
  Evidence,
  Face,
  FoundTask,
  HistoryRow,
  Incoming,
  Invites,
  NetworkStatus,
  OfferRow,
  OneOffer,
  Opinions,
  OwnOrders,
  ProviderStatus,
  Reputation,
  RequestRow,
  Settings,
  SetupStatus,
  TaskDetail,
  TaskRow,
  WalletSummary,
} from './types.ts'

/** What comes by the way, whatever is shown: the program was started again, lost its settings, or would not take what a page sent. */
export type Remark = 'started-again' | 'settings-reset' | RefusedFrame

export type Market = PriceResources & {
  readonly client: MarketClient
  readonly isConnected: Pick<StoreApi<boolean>, 'getState' | 'subscribe' | 'getInitialState'>
  /** The last one that nobody has put away. */
  readonly remark: Pick<StoreApi<Remark | null>, 'getState' | 'subscribe' | 'getInitialState' | 'setState'>
  /** The market's clock, for countdowns. */
  readonly nowMs: () => number
  readonly setup: Followed<SetupStatus>
  readonly settings: Followed<Settings>
  /** What was opened outside of the app and waits for a decision. */
  readonly incoming: Followed<Incoming>
  readonly info: Followed<AppInfo>
  /** Of an account or another key; it never changes. */
  readonly face: (key: string) => Followed<Face>
  readonly wallet: Followed<WalletSummary>
  readonly history: PagedList<HistoryRow>
  /** Those that were made here. */
  readonly invites: Followed<Invites>
  /** By model class; null is all of them. */
  readonly offers: (classKey: string | null) => PagedList<OfferRow>
  readonly requests: (classKey: string | null) => PagedList<RequestRow>
  readonly ownOrders: Followed<OwnOrders>
  readonly offer: (offerId: string) => Followed<OneOffer>
  readonly tasks: PagedList<TaskRow>
  /** What was asked or answered with these words. */
  readonly foundTasks: (words: string) => PagedList<FoundTask>
  readonly task: (taskId: string) => Followed<TaskDetail>
  readonly escrows: PagedList<EscrowRow>
  readonly escrow: (escrowId: string) => Followed<EscrowDetail>
  readonly dispute: (escrowId: string) => Followed<Dispute>
  /** Disputes this member was drawn to judge. */
  readonly cases: Followed<Cases>
  readonly case: (escrowId: string) => Followed<CaseDetail>
  readonly evidence: Followed<Evidence>
  readonly provider: Followed<ProviderStatus>
  /** Why there is no work, what providing brought in, and by which rules it serves. */
  readonly diagnosis: Followed<Diagnosis>
  /** What on this computer could do the work; looked for anew whenever somebody looks again. */
  readonly discovered: Followed<Discovered>
  readonly earnings: Followed<Earnings>
  readonly ownerRules: Followed<OwnerRules>
  readonly policy: Followed<Policy>
  readonly consents: Followed<Consents>
  readonly approvals: Followed<Approvals>
  readonly credentials: Followed<Credentials>
  readonly devices: Followed<Devices>
  /** The log of what was decided here, and how it is kept. */
  readonly audit: Followed<AuditStatus>
  readonly decisions: PagedList<Decision>
  /** What this member keeps in mind of others. */
  readonly opinions: Followed<Opinions>
  readonly reputation: Followed<Reputation>
  readonly network: Followed<NetworkStatus>
  readonly committee: Followed<CommitteeStatus>
  /** The same for another market behind the same door: nothing that was shown of this one is shown again. */
  readonly renewed: () => Market
}

export type MarketDeps = {
  readonly client: MarketClient
  readonly connection: Connection
  readonly nowMs: () => number
  readonly after: After
}

const PAGE_ROWS = 200
/** Enough for an eye, and it leaves the processor to the market. */
const BUSY_REST_MS = 250

type Revised = { readonly revision: number }
type Changed = Subscribe<Revised>

const byRevision = (value: Revised): number => value.revision
const listenTo =
  (changed: Changed) =>
  (hear: (revision: number) => void): (() => void) =>
    changed(({ revision }) => hear(revision))

type Home = Pick<Market, 'setup' | 'settings' | 'incoming' | 'isConnected' | 'remark'>

export const createMarket = (deps: MarketDeps): Market => {
  const { client, connection } = deps
  const isConnected = createStore<boolean>()(() => true)
  connection.onStateChanged((state) => isConnected.setState(state === 'connected', true))
  const remark = createStore<Remark | null>()(() => null)
  connection.transport.onRefused((what) => remark.setState(what, true))
  client.setup.startedAgain(() => remark.setState('started-again', true))
  const source = sourceOf(deps)
  const settings = snapshotOf(source, () => client.settings.get({}), client.settings.changed)
  const stopLooking = settings.store.subscribe((loaded) => {
    const known = valueOf(loaded)
    if (known === null) return
    stopLooking()
    if (known.wereReset) remark.setState('settings-reset', true)
  })
  return marketIn(deps, {
    setup: snapshotOf(source, () => client.setup.status({}), client.setup.changed),
    settings,
    incoming: snapshotOf(source, () => client.incoming.current({}), client.incoming.changed),
    isConnected,
    remark,
  })
}

const sourceOf = ({ connection, nowMs, after }: MarketDeps): Source & { readonly nowMs: () => number } => ({
  after,
  onGap: connection.transport.onGap,
  nowMs,
})

const snapshotOf = <T extends Revised>(source: Source, fetch: () => Promise<Answer<T>>, changed: Changed, restMs?: number): Followed<T> =>
  createResource<T>(source, { fetch, revisionOf: byRevision, listen: listenTo(changed), ...(restMs === undefined ? {} : { restMs }) })

const marketIn = (deps: MarketDeps, home: Home): Market => {
  const { client, nowMs } = deps
  const source = sourceOf(deps)
  const snapshot = <T extends Revised>(fetch: () => Promise<Answer<T>>, changed: Changed, restMs?: number): Followed<T> =>
    snapshotOf(source, fetch, changed, restMs)

  let offsetMs = 0
  const fetchInfo = async () => {
    const answer = await client.app.info({})
    if (answer.ok) offsetMs = answer.value.nowMs - nowMs()
    return answer
  }

  return {
    ...home,
    ...createPriceResources(source, client),
    renewed: () => marketIn(deps, home),
    client,
    nowMs: () => nowMs() + offsetMs,
    info: snapshot(fetchInfo, client.app.changed),
    face: createKeyed((key) =>
      createResource<Face>(source, {
        fetch: () => client.identity.face({ key }),
        revisionOf: () => 0,
        listen: () => () => undefined,
      }),
    ),
    wallet: snapshot(() => client.wallet.summary({}), client.wallet.changed),
    invites: snapshot(() => client.invites.list({}), client.wallet.changed, BUSY_REST_MS),
    provider: snapshot(() => client.provider.status({}), client.provider.changed),
    diagnosis: snapshot(() => client.provider.diagnosis({}), client.provider.changed, BUSY_REST_MS),
    discovered: createResource<Discovered>(source, {
      fetch: () => client.provider.discover({}),
      revisionOf: () => 0,
      listen: () => () => undefined,
    }),
    earnings: snapshot(() => client.provider.earnings({}), client.provider.changed, BUSY_REST_MS),
    ownerRules: snapshot(() => client.provider.rules({}), client.provider.changed, BUSY_REST_MS),
    policy: snapshot(() => client.provider.policy({}), client.provider.changed, BUSY_REST_MS),
    consents: snapshot(() => client.consents.list({}), client.consents.changed),
    approvals: snapshot(() => client.approvals.list({}), client.approvals.changed),
    credentials: snapshot(() => client.credentials.list({}), client.credentials.changed),
    devices: snapshot(() => client.devices.list({}), client.devices.changed, BUSY_REST_MS),
    audit: snapshot(() => client.audit.status({}), client.audit.changed, BUSY_REST_MS),
    decisions: createPagedList(source, {
      fetchPage: (cursor) => client.audit.list({ cursor, limit: PAGE_ROWS }),
      keyOf: ({ seq }) => String(seq),
      listen: listenTo(client.audit.changed),
    }),
    opinions: snapshot(() => client.opinions.list({}), client.opinions.changed),
    reputation: snapshot(() => client.reputation.list({}), client.reputation.changed, BUSY_REST_MS),
    network: snapshot(() => client.network.status({}), client.network.changed, BUSY_REST_MS),
    committee: snapshot(() => client.federation.status({}), client.federation.changed),
    ownOrders: snapshot(() => client.orders.mine({}), client.orders.changed, BUSY_REST_MS),
    offer: createKeyed((offerId) => snapshot(() => client.orders.offer({ offerId }), client.orders.changed, BUSY_REST_MS)),
    history: createPagedList(source, {
      fetchPage: (cursor) => client.wallet.history({ cursor, limit: PAGE_ROWS }),
      keyOf: ({ txHash, kind }) => `${txHash} ${kind}`,
      // One decree may claim several credits.
      mayRepeat: true,
      listen: listenTo(client.wallet.changed),
    }),
    tasks: createPagedList(source, {
      fetchPage: (cursor) => client.tasks.list({ cursor, limit: PAGE_ROWS }),
      keyOf: ({ taskId }) => taskId,
      listen: listenTo(client.tasks.changed),
    }),
    foundTasks: createKeyed((words) =>
      createPagedList(source, {
        fetchPage: (cursor) => client.tasks.search({ words, cursor, limit: PAGE_ROWS }),
        keyOf: ({ task }) => task.taskId,
        listen: listenTo(client.tasks.changed),
      }),
    ),
    task: createKeyed((taskId) => watchTask(source, client, taskId)),
    escrows: createPagedList(source, {
      fetchPage: async (cursor) => {
        const answer = await client.escrow.list({ cursor, limit: PAGE_ROWS })
        return answer.ok ? { ok: true, value: answer.value.page } : answer
      },
      keyOf: ({ id }) => id,
      listen: listenTo(client.escrow.changed),
    }),
    escrow: createKeyed((escrowId) => snapshot(() => client.escrow.get({ escrowId }), client.escrow.changed)),
    dispute: createKeyed((escrowId) => snapshot(() => client.escrow.getDispute({ escrowId }), client.escrow.changed)),
    cases: snapshot(() => client.arbiter.list({}), client.arbiter.changed),
    case: createKeyed((escrowId) => snapshot(() => client.arbiter.get({ escrowId }), client.arbiter.changed, BUSY_REST_MS)),
    evidence: snapshot(() => client.evidence.list({}), client.evidence.changed),
    offers: createKeyed((classKey) =>
      createPagedList(source, {
        fetchPage: async (offersCursor) => {
          const answer = await client.orders.book({ classKey, limit: PAGE_ROWS, offersCursor, requestsCursor: null })
          return answer.ok ? { ok: true, value: answer.value.offers } : answer
        },
        keyOf: ({ id }) => id,
        listen: listenTo(client.orders.changed),
      }),
    ),
    requests: createKeyed((classKey) =>
      createPagedList(source, {
        fetchPage: async (requestsCursor) => {
          const answer = await client.orders.book({ classKey, limit: PAGE_ROWS, offersCursor: null, requestsCursor })
          return answer.ok ? { ok: true, value: answer.value.requests } : answer
        },
        keyOf: ({ id }) => id,
        listen: listenTo(client.orders.changed),
      }),
    ),
  }
}

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly message: string } }
