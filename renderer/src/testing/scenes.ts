/** What the fake market is like: one scene for every state that a screen can be in. */
import { contractExamples } from '../../../core/contract/testing/contract-examples.ts'
import type { Incoming, OfferRow, ProviderStatus, RequestRow, TaskRow } from '../store/types.ts'
import { founder, newcomer, outdated, silent } from './changed-scenes.ts'
import type { Emit, Scene, SceneHandlers } from './fake-market.ts'
import { cases } from './dispute-rows.ts'
import { hostileText, wordlessText } from './hostile.ts'
import {
  approvals,
  consents,
  decisions,
  escrowDetail,
  escrows,
  face,
  history,
  ME,
  offers,
  opinionRows,
  ownInvites,
  requests,
  standings,
  START_MS,
  taskDetail,
  tasks,
} from './rows.ts'
import { liveDevices } from './live-devices.ts'
import { liveDisputes } from './live-disputes.ts'
import { liveOpinions } from './live-opinions.ts'
import { liveProvider } from './live-provider.ts'
import { candles, depth, priceClasses, trades } from './price-rows.ts'
import { createSeeded } from './seeded.ts'
import { inStorm } from './storm.ts'
import { INVITE, liveSetup } from './live-setup.ts'

const startedAtMs = performance.now()
/** Runs on from the quiet Monday. */
const nowMs = (): number => Math.round(START_MS + performance.now() - startedAtMs)

const pageOf = <T>(rows: readonly T[], cursor: string | null, limit: number) => {
  const from = Number(cursor ?? 0)
  return { rows: rows.slice(from, from + limit), nextCursor: from + limit < rows.length ? String(from + limit) : null, total: rows.length }
}
const answer = <T>(value: T) => ({ ok: true as const, value })
const refused = (code: 'unavailable', message: string) => ({ ok: false as const, error: { code, message } })

const running: SceneHandlers['setup'] = {
  status: () => answer({ revision: 1, phase: 'running', kind: 'organisation', keyStore: 'os', awaitedMicro: 0n, problem: null }),
}
const LAB = {
  id: 'f3'.repeat(32),
  name: 'Riverside Lab',
  kind: 'organisation',
  supplyMicro: 1_000_000_000_000n,
  witnesses: 4,
  faults: 1,
} as const
const info = (name: string = LAB.name, kind: 'practice' | 'organisation' | 'community' = 'organisation'): SceneHandlers['app'] => ({
  info: () =>
    answer({
      ...contractExamples.app.info.output,
      federation: { ...LAB, name, kind },
      practice: kind === 'practice',
      nowMs: nowMs(),
    }),
})

const logRows = (['info', 'warn', 'error', 'debug'] as const).map((level, index) => ({
  atMs: START_MS - index * 60_000,
  level,
  domain: 'network',
  event: level === 'error' ? 'call-failed' : 'peer misbehaved',
  detail:
    level === 'info' ? '' : 'peerId: 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp\nreason: an order that is not signed\npoints: 20',
}))

/** Preferences that can be changed. */
const liveSettings = (emit: Emit): SceneHandlers['settings'] => {
  let shown = {
    ...contractExamples.settings.get.output,
    theme: 'system' as 'system' | 'light' | 'dark',
    language: 'system' as 'system' | 'en' | 'de',
    startedAtMs: START_MS - 5_400_000,
    logFile: '/home/me/.config/claude-market/logs/market.log',
  }
  return {
    get: () => answer(shown),
    log: ({ least }) => answer({ rows: logRows.filter(({ level }) => least === 'debug' || level !== 'debug'), hasMore: true }),
    set: ({ requestId: _requestId, ...fields }) => {
      shown = { ...shown, ...fields, revision: shown.revision + 1 }
      emit('settings.changed', { revision: shown.revision })
      return answer({})
    },
  }
}

/** As long as with four witnesses. */
const INVITE_LINK = `claude-market://invite/${`${ME}-Zz9_`.repeat(14)}`
const EMAIL = /[\w.]+@[\w.]+\w/g

/** Of the account that runs in these scenes. */
const BACKUP_FILE: Incoming['item'] = {
  kind: 'backup-file',
  backup: { federation: LAB, accountId: ME, madeAtMs: START_MS - 12 * 86_400_000 },
  content: contractExamples.setup.readBackup.input.content,
}
const liveIncoming = (emit: Emit, item: Incoming['item'] = { kind: 'invite', link: INVITE }): SceneHandlers['incoming'] => {
  let shown: Incoming = { revision: 1, item }
  return {
    current: () => answer(shown),
    dismiss: () => {
      shown = { revision: shown.revision + 1, item: null }
      emit('incoming.changed', { revision: shown.revision })
      return answer({})
    },
  }
}

type Sizes = {
  readonly offers: number
  readonly requests: number
  readonly rows: number
  readonly standings: number
  readonly peers: number
  readonly approvals: number
  readonly cases: number
}

/** What of these is mine; one offer rests. */
const ownOrders = (all: {
  readonly offers: readonly OfferRow[]
  readonly requests: readonly RequestRow[]
  readonly tasks: readonly TaskRow[]
}) => {
  const open = all.offers.slice(0, 2).map(({ id, classKey, pricing, promise, concurrent, validUntilMs }) => ({
    offerId: id,
    state: 'open' as const,
    classKey,
    pricing,
    promise,
    concurrent,
    validUntilMs,
  }))
  const resting = open.slice(0, 1).map((offer) => ({ ...offer, offerId: null, state: 'resting' as const, validUntilMs: null }))
  const requests = all.requests.slice(0, 1).flatMap(({ classKey, maxPriceMicro, validUntilMs: untilMs }) => {
    const taskId = all.tasks[0]?.taskId
    return taskId === undefined ? [] : [{ taskId, classKey, maxPriceMicro, bids: 0, toOne: false, stands: true, untilMs }]
  })
  return {
    taken: open.length === 0 ? null : { running: 1, promised: 0, slots: 2, leftToday: 38 },
    restsBecause: resting.length === 0 ? null : 'The computer is in use.',
    offers: [...open, ...resting],
    requests,
  }
}

const SPAN_MS = { 'ten-minutes': 600_000, hour: 3_600_000, day: 86_400_000 } as const

const committee = contractExamples.federation.status.output

/** A market with rows in it. */
const marketOf = (sizes: Sizes, emit: Emit): SceneHandlers => {
  const rows = escrows(sizes.rows)
  const reviewed = rows.find(({ phase, role }) => phase === 'delivered' && role === 'client')?.id ?? null
  const all = {
    offers: offers(sizes.offers),
    requests: requests(sizes.requests),
    tasks: tasks(sizes.rows).map((task) => (task.state === 'delivered' ? { ...task, escrowId: reviewed } : task)),
    escrows: rows,
    history: history(sizes.rows),
    decisions: decisions(sizes.rows),
    cases: cases(sizes.cases),
  }
  const opinions = liveOpinions(emit, sizes.rows === 0 ? [] : opinionRows(all.offers, standings(sizes.standings)), nowMs)
  const disputes = liveDisputes(emit, all.escrows, all.cases)
  const onTheWayMicro = sizes.rows === 0 ? 0n : 412_500n
  const availableMicro = all.history.reduce((sum, row) => sum + row.amountMicro, 0n) - onTheWayMicro
  return {
    setup: running,
    settings: liveSettings(emit),
    app: info(),
    identity: {
      current: () => answer({ current: { accountId: ME, publicKey: ME, accountKey: ME, keyProtection: 'os' } }),
      face: ({ key }) => answer(face(key)),
    },
    wallet: {
      summary: () =>
        answer({
          revision: 1,
          accountId: ME,
          availableMicro: availableMicro < 0n ? 0n : availableMicro,
          lockedMicro: sizes.rows === 0 ? 0n : 5_230_000n,
          onTheWayMicro,
          steps: sizes.rows,
        }),
      history: ({ cursor, limit }) => answer(pageOf(all.history, cursor, limit)),
    },
    orders: {
      book: ({ classKey, limit, offersCursor, requestsCursor }) => {
        const of = <T extends { readonly classKey: string }>(rows: readonly T[]) =>
          rows.filter((row) => classKey === null || row.classKey === classKey)
        return answer({
          revision: 1,
          offers: pageOf(of(all.offers), offersCursor, limit),
          requests: pageOf(of(all.requests), requestsCursor, limit),
        })
      },
      mine: () => answer({ revision: 1, ...ownOrders(all) }),
      offer: ({ offerId }) => {
        const offer = all.offers.find(({ id }) => id === offerId)
        return offer === undefined
          ? { ok: false, error: { code: 'not-found', message: 'This offer is not open any more.' } }
          : answer({ revision: 1, offer })
      },
    },
    prices: {
      classes: () => answer({ revision: 1, rows: priceClasses(sizes.rows === 0) }),
      depth: ({ classKey }) => answer({ revision: 1, ...depth(classKey) }),
      candles: ({ classKey, span }) => answer({ revision: 1, rows: candles(classKey, SPAN_MS[span]) }),
      trades: ({ classKey, limit, cursor }) => answer({ revision: 1, page: pageOf(trades(classKey), cursor, limit) }),
    },
    invites: {
      create: () => answer({ link: INVITE_LINK, txHash: ME }),
      link: () => answer({ link: INVITE_LINK }),
      list: () => answer({ revision: 1, ...ownInvites(sizes.rows === 0 ? 0 : 5) }),
    },
    tasks: {
      preview: ({ prompt, placeholders }) => {
        const findings = [...prompt.matchAll(EMAIL)].map(({ 0: found, index }) => ({
          kind: 'email' as const,
          start: index,
          end: index + found.length,
        }))
        let number = 0
        return answer({ reads: placeholders ? prompt.replaceAll(EMAIL, () => `[EMAIL-${++number}]`) : prompt, findings, problem: null })
      },
      list: ({ cursor, limit }) => answer(pageOf(all.tasks, cursor, limit)),
      search: ({ words, cursor, limit }) => {
        const found = all.tasks.flatMap((task) => {
          const at = task.promptStart.toLowerCase().indexOf(words.toLowerCase())
          const parts = [
            { text: task.promptStart.slice(0, at), isHit: false },
            { text: task.promptStart.slice(at, at + words.length), isHit: true },
            { text: task.promptStart.slice(at + words.length), isHit: false },
          ]
          return at < 0 ? [] : [{ task, snippet: parts.filter(({ text }) => text !== '') }]
        })
        return answer(pageOf(found, cursor, limit))
      },
      get: ({ taskId }) => {
        const row = all.tasks.find((task) => task.taskId === taskId)
        return row === undefined
          ? { ok: false, error: { code: 'not-found', message: 'There is no such task here.' } }
          : answer(taskDetail(row))
      },
    },
    escrow: {
      list: ({ cursor, limit }) => answer({ revision: 1, page: pageOf(all.escrows, cursor, limit) }),
      get: ({ escrowId }) => {
        const row = all.escrows.find(({ id }) => id === escrowId)
        if (row === undefined) return { ok: false, error: { code: 'not-found', message: 'There is no such escrow in this wallet.' } }
        return answer({ ...escrowDetail(disputes.current(row)), revision: disputes.revision() })
      },
      ...disputes.escrow,
    },
    arbiter: disputes.arbiter,
    evidence: disputes.evidence,
    ...liveProvider(
      emit,
      {
        status: sizes.rows === 0 ? stopped : serving,
        approvals: approvals(sizes.approvals),
        consents: sizes.rows === 0 ? [] : consents(),
        refs: sizes.rows === 0 ? [] : ['work'],
      },
      (accountId) => opinions.say({ accountId, role: 'client', word: 'never' }),
      nowMs,
    ),
    opinions: opinions.handlers,
    audit: {
      status: () => answer({ ...contractExamples.audit.status.output, revision: 1, entries: sizes.rows, wasCut: sizes.rows > 0 }),
      list: ({ cursor, limit }) => answer(pageOf(all.decisions, cursor, limit)),
      check: () => answer({ entries: sizes.rows, problem: null }),
    },
    federation: { status: () => answer({ ...committee, arbiters: sizes.rows === 0 ? [] : committee.arbiters }) },
    reputation: { list: () => answer({ revision: 1, rows: standings(sizes.standings) }) },
    network: { status: () => answer(networkOf(sizes.peers)) },
    devices: liveDevices(emit, sizes.rows > 0),
  }
}

const stopped: ProviderStatus = {
  revision: 1,
  state: 'stopped',
  pausedUntilMs: null,
  hold: null,
  backends: [],
  activeOffers: 0,
  runningTasks: 0,
  approvalsWaiting: 0,
  tasksToday: 0,
  outputTokensToday: 0,
  moneyTodayCents: 0,
  moneyThisMonthCents: 0,
  earnedTodayMicro: 0n,
  earnedMicro: 0n,
}

const choice = {
  consentRef: null,
  caps: { ...contractExamples.provider.start.input.caps, moneyPerDayCents: 0, moneyPerMonthCents: 0 },
  offers: contractExamples.provider.start.input.offers,
  approveEachTask: true,
}
const local: ProviderStatus['backends'][number] = {
  caps: choice.caps,
  id: 1,
  kind: 'local',
  model: 'llama3.1:8b',
  choice: {
    ...choice,
    backend: { kind: 'local', baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama3.1:8b' },
    offers: choice.offers.map((offer) => ({ ...offer, classKey: 'llama3.1:8b' })),
  },
  state: 'on',
  hold: null,
  problem: null,
  policy: { verdict: 'ask-each-time', reason: 'Each task of a stranger needs your approval until you turn that off.' },
  activeOffers: 1,
  runningTasks: 1,
  tasksToday: 41,
  outputTokensToday: 93_120,
  moneyTodayCents: 0,
  moneyThisMonthCents: 0,
}
const resting: ProviderStatus['backends'][number] = {
  ...local,
  id: 2,
  kind: 'practice',
  model: 'practice (simulated)',
  choice: { ...choice, backend: { kind: 'practice' } },
  state: 'off',
  policy: { verdict: 'allow', reason: 'Allowed.' },
  activeOffers: 0,
  runningTasks: 0,
  tasksToday: 3,
  outputTokensToday: 260,
}
const serving: ProviderStatus = {
  ...stopped,
  state: 'running',
  backends: [local, resting],
  activeOffers: 1,
  runningTasks: 1,
  tasksToday: 44,
  outputTokensToday: 93_380,
  earnedTodayMicro: 4_281_500n,
  earnedMicro: 96_400_250n,
}

const PEER_LETTERS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const peerId = (random: ReturnType<typeof createSeeded>): string =>
  `12D3KooW${Array.from({ length: 44 }, () => PEER_LETTERS[random.below(PEER_LETTERS.length)] ?? 'A').join('')}`

const OWN_VERSION = contractExamples.app.info.output.version

const networkOf = (peers: number) => {
  const random = createSeeded(9)
  return {
    revision: 1,
    self: { peerId: peerId(random), addresses: ['/ip4/192.168.1.20/tcp/4001', '/ip4/127.0.0.1/tcp/4001'] },
    peers: Array.from({ length: peers }, (_, index) => ({
      peerId: peerId(random),
      addresses: [`/ip4/10.0.${index % 250}.${random.below(250)}/tcp/4001`],
      roundTripMs: random.below(6) === 0 ? null : 1 + random.below(180),
      version: index % 4 === 3 ? null : OWN_VERSION,
    })),
    quorum: 3,
    settling: 'yes' as const,
    clockOffsetMs: null,
    witnesses: Array.from({ length: 4 }, (_, index) => ({
      index,
      peerId: peerId(random),
      reachable: index !== 2,
      standsAside: null,
      lastSeenMs: START_MS - (index === 2 ? 640_000 : 900),
      roundTripMs: index === 2 ? null : 8 + index * 7,
      version: OWN_VERSION,
    })),
    newer: null,
  }
}

const NONE: Sizes = { offers: 0, requests: 0, rows: 0, standings: 0, peers: 0, approvals: 0, cases: 0 }
const SOME: Sizes = { offers: 24, requests: 6, rows: 30, standings: 14, peers: 9, approvals: 2, cases: 3 }
const MANY: Sizes = { offers: 10_000, requests: 2_000, rows: 10_000, standings: 500, peers: 500, approvals: 40, cases: 60 }

const never = () => new Promise<never>(() => undefined)
const everyCall = (reply: () => unknown): SceneHandlers =>
  Object.fromEntries(
    Object.entries(contractExamples).map(([area, members]) => [
      area,
      Object.fromEntries(Object.keys(members).map((name) => [name, reply])),
    ]),
  )

const setupScene =
  (phase: 'locked' | 'starting' | 'failed'): Scene =>
  (emit) => ({
    settings: liveSettings(emit),
    setup: {
      status: () =>
        answer({
          revision: 1,
          phase,
          kind: 'community',
          keyStore: 'passphrase',
          awaitedMicro: 0n,
          problem:
            phase === 'failed'
              ? {
                  code: 'damaged',
                  message:
                    'The database market.db is damaged: its pages do not add up. Put back a backup, or start over; nothing is deleted.',
                }
              : null,
        }),
      unlock: () => ({ ok: false, error: { code: 'wrong-passphrase', message: 'That is not the passphrase of this data folder.' } }),
    },
  })

const named = <N extends string>(all: Readonly<Record<N, Scene>>): Readonly<Record<N, Scene>> => all

export const scenes = named({
  busy: (emit) => marketOf(SOME, emit),
  practice: (emit) => ({ ...marketOf({ ...SOME, approvals: 0 }, emit), app: info('Practice', 'practice') }),
  empty: (emit) => marketOf(NONE, emit),
  crowd: (emit) => marketOf(MANY, emit),
  storm: inStorm((emit) => marketOf(MANY, emit)),
  /** For finding texts: none of what peers chose has a letter in it. */
  wordless: (emit) => wordlessText(marketOf(SOME, emit)),
  'wordless-empty': (emit) => wordlessText(marketOf(NONE, emit)),
  hostile: (emit) => hostileText(marketOf(SOME, emit)),
  newcomer: (emit) => newcomer(marketOf({ ...SOME, rows: 0 }, emit)),
  founder: (emit) => founder(marketOf(NONE, emit)),
  silent: (emit) => silent(marketOf(SOME, emit)),
  outdated: (emit) => outdated(marketOf(SOME, emit)),
  loading: (emit) => ({ ...everyCall(never), setup: running, settings: liveSettings(emit), app: info() }),
  failing: () => ({
    ...everyCall(() => refused('unavailable', 'The database is locked by another program. Close it and try again.')),
    setup: running,
    app: info(),
  }),
  /** An invite was opened outside of the app. */
  invited: (emit) => ({ ...marketOf(SOME, emit), incoming: liveIncoming(emit) }),
  'first-start': (emit) => liveSetup(emit, marketOf(NONE, emit)),
  'first-start-invited': (emit) => ({ ...liveSetup(emit, marketOf(NONE, emit)), incoming: liveIncoming(emit) }),
  'first-start-backup': (emit) => ({ ...liveSetup(emit, marketOf(NONE, emit)), incoming: liveIncoming(emit, BACKUP_FILE) }),
  /** A backup file of this account was opened outside of the app. */
  'backup-opened': (emit) => ({ ...marketOf(SOME, emit), incoming: liveIncoming(emit, BACKUP_FILE) }),
  locked: setupScene('locked'),
  starting: setupScene('starting'),
  broken: setupScene('failed'),
})

export type SceneName = keyof typeof scenes
