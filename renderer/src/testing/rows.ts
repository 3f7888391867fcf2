/** Rows as a market would have them, as many as wanted. */
import type {
  Approval,
  ConsentRow,
  Decision,
  EscrowDetail,
  EscrowRow,
  Face,
  HistoryRow,
  OfferRow,
  OpinionRow,
  OwnInvite,
  RequestRow,
  Standing,
  TaskDetail,
  TaskRow,
} from '../store/types.ts'
import { createSeeded, type Seeded } from './seeded.ts'

/** A quiet Monday at noon. */
export const START_MS = Date.UTC(2026, 5, 15, 12, 0, 0)
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
export const ME = 'a17c'.repeat(16)

const MODELS = [
  { classKey: 'llama3.1:8b', backend: 'local', model: 'llama3.1:8b-instruct-q5' },
  { classKey: 'qwen2.5-coder:14b', backend: 'local', model: 'qwen2.5-coder:14b' },
  { classKey: 'claude-small', backend: 'anthropic', model: 'claude-haiku-5' },
  { classKey: 'claude-large', backend: 'anthropic', model: 'claude-opus-5' },
  { classKey: 'practice-small', backend: 'practice', model: 'practice-1' },
] as const
const QUESTIONS = [
  'Summarise the minutes of the last three meetings in ten sentences and list who promised what.',
  'Why does this query take four seconds with an index and forty milliseconds without?',
  'Write release notes from these commit messages. Leave out everything a user cannot see.',
  'Translate the safety sheet into German; keep the numbering.',
  'Name three ways in which the retry logic below can pay twice.',
  'Give me a regular expression for ISO 8601 durations, with tests.',
] as const
const members = (random: Seeded, count: number): readonly [string, ...string[]] => [
  random.id(),
  ...Array.from({ length: count - 1 }, random.id),
]

export const offers = (count: number): readonly OfferRow[] => {
  const random = createSeeded(1)
  const providers = members(random, Math.max(3, Math.ceil(count / 8)))
  const rows = Array.from({ length: count }, (_, index): OfferRow => {
    const perThousandOutputTokensMicro = BigInt(20_000 + random.below(900_000))
    return {
      id: random.id(),
      provider: index === 2 ? ME : random.pick(providers),
      ...random.pick(MODELS),
      pricing: {
        perTaskMicro: random.below(3) === 0 ? BigInt(random.below(50_000)) : 0n,
        perThousandInputTokensMicro: perThousandOutputTokensMicro / 5n,
        perThousandOutputTokensMicro,
        minimumMicro: 1_000n,
      },
      promise: { firstTokenMs: 400 + random.below(12) * 200, totalMs: 60_000 },
      concurrent: 1 + random.below(8),
      leftToday: random.below(3) === 0 ? null : random.below(400),
      validUntilMs: START_MS + random.below(24) * HOUR_MS,
      own: index === 2,
    }
  })
  return rows.toSorted((one, other) => Number(one.pricing.perThousandOutputTokensMicro - other.pricing.perThousandOutputTokensMicro))
}

export const requests = (count: number): readonly RequestRow[] => {
  const random = createSeeded(2)
  return Array.from({ length: count }, (_, index) => ({
    id: random.id(),
    client: index === 1 ? ME : random.id(),
    classKey: random.pick(MODELS).classKey,
    inputBucketBytes: 1_024 * 2 ** random.below(7),
    maxOutputTokens: random.pick([128, 512, 2_048]),
    maxPriceMicro: BigInt(50_000 + random.below(4_000_000)),
    mode: random.pick(['first', 'best']),
    validUntilMs: START_MS + (1 + random.below(9)) * MINUTE_MS,
    own: index === 1,
  }))
}

/** One offer’s provider is never wanted again, one whose standing is known is, and one member gets nothing run. */
export const opinionRows = (known: readonly OfferRow[], members: readonly Standing[]): readonly OpinionRow[] => {
  const unwanted = known.find(({ own }) => !own)?.provider ?? '7a'.repeat(32)
  const [, wanted = '5e'.repeat(32)] = members.flatMap(({ role, own, accountId }) => (role === 'provider' && !own ? [accountId] : []))
  return [
    { accountId: unwanted, role: 'provider', word: 'never', atMs: START_MS - 2 * HOUR_MS },
    { accountId: wanted, role: 'provider', word: 'again', atMs: START_MS - DAY_MS },
    { accountId: '9b'.repeat(32), role: 'client', word: 'never', atMs: START_MS - 3 * DAY_MS },
  ]
}

const FIRST_STATES = ['running', 'waiting-for-bids', 'delivered'] as const
const TASK_STATES = ['settled', 'settled', 'settled', 'settled', 'refunded', 'failed', 'cancelled'] as const

export const tasks = (count: number): readonly TaskRow[] => {
  const random = createSeeded(3)
  return Array.from({ length: count }, (_, index): TaskRow => {
    const state = FIRST_STATES[index] ?? random.pick(TASK_STATES)
    const maxPriceMicro = BigInt(200_000 + random.below(4_000_000))
    return {
      taskId: random.id(),
      state,
      classKey: random.pick(MODELS).classKey,
      promptStart: QUESTIONS[index % QUESTIONS.length] ?? QUESTIONS[0],
      askedAtMs: START_MS - index * 47 * MINUTE_MS - 20_000,
      maxPriceMicro,
      priceMicro: state === 'settled' ? (maxPriceMicro * BigInt(20 + random.below(60))) / 100n : null,
      escrowId: state === 'waiting-for-bids' || state === 'cancelled' ? null : random.id(),
      provider: state === 'waiting-for-bids' ? null : random.id(),
    }
  })
}

const ANSWER = `The query is slow with the index because the planner expects the index to leave few rows, and it leaves nearly all of them.

Every row it finds that way is then fetched on its own, in index order, so the disk reads the same pages again and again. Without the index the table is read once, from start to end.

1. Run **ANALYZE**. The statistics are older than last week's import.
2. If the estimate is right after that, make the index cover the two columns the query returns, so that no row has to be fetched.
3. Do not drop the index: the nightly report needs it.

\`\`\`sql
analyze orders;
create index orders_open on orders (created_at desc) include (name, total) where state = 'open'; -- half the size
\`\`\`

| plan | rows read | time |
| --- | ---: | ---: |
| index, today | 1,204,331 | 4.1 s |
| \`orders_open\` | 50 | 0.6 ms |

> Measured on a copy; see [the manual](https://www.postgresql.org/docs/current/indexes-partial.html).`

const STEP_NAMES = ['requested', 'bids', 'locked', 'sent', 'received', 'running', 'delivered', 'settled'] as const
const STEP_DETAILS = [
  '3 providers asked',
  '3 bids',
  '0.84 RUV locked',
  'sealed for the winner',
  'it has the task',
  'first token',
  '312 tokens',
  '0.41 RUV paid',
] as const
const STEPS_REACHED: Readonly<Record<TaskRow['state'], number>> = {
  'waiting-for-bids': 1,
  locking: 2,
  running: 6,
  delivered: 7,
  settled: 8,
  failed: 6,
  refunded: 4,
  cancelled: 1,
}
const ENDS = {
  failed: 'The provider stopped in the middle of the answer.',
  refunded: 'The provider gave the task back.',
  cancelled: 'You cancelled it.',
}

export const taskDetail = (row: TaskRow): TaskDetail => {
  const random = createSeeded(Number.parseInt(row.taskId.slice(0, 8), 16))
  const isStreamed = row.state === 'settled' || row.state === 'delivered' || row.state === 'failed'
  const end = row.state in ENDS ? (row.state as keyof typeof ENDS) : null
  const steps = STEP_NAMES.slice(0, STEPS_REACHED[row.state]).map((name, index) => ({
    name,
    atMs: row.askedAtMs + [0, 41, 95, 132, 160, 780, 9_400, 9_700][index]!,
    detail: STEP_DETAILS[index] ?? '',
  }))
  const bidders = row.state === 'waiting-for-bids' ? [random.id(), random.id()] : [row.provider ?? random.id(), random.id(), random.id()]
  return {
    ...row,
    revision: 1,
    prompt: `${row.promptStart}\n\nselect name, total from orders where state = 'open' order by created_at desc limit 50;`,
    reads: null,
    deadlineMs: row.askedAtMs + MINUTE_MS,
    mode: 'first',
    maxOutputTokens: 512,
    steps: end === null ? steps : [...steps, { name: end, atMs: row.askedAtMs + 11_000, detail: ENDS[end] }],
    bids: bidders.map((provider, index) => bidOf(row, provider, index, random)),
    answer: isStreamed ? (row.state === 'failed' ? ANSWER.slice(0, 210) : ANSWER) : row.state === 'running' ? ANSWER.slice(0, 330) : '',
    simulated: row.classKey === 'practice-small',
    receipt:
      row.state === 'settled' && row.provider !== null
        ? {
            provider: row.provider,
            priceMicro: row.priceMicro ?? 0n,
            inputTokens: 83,
            outputTokens: 312,
            transcriptHash: random.id(),
            startedAtMs: row.askedAtMs + 160,
            firstTokenAtMs: row.askedAtMs + 780,
            finishedAtMs: row.askedAtMs + 9_400,
          }
        : null,
    problem: end === 'failed' ? 'The provider stopped in the middle of its answer. The whole amount came back to you.' : null,
    hold: row.state === 'delivered' ? 'owner' : null,
    copies: [],
  }
}

/** The first wins: of the best standing, though not the cheapest. */
const bidOf = (row: TaskRow, provider: string, index: number, random: Seeded): TaskDetail['bids'][number] => {
  const capMicro = row.maxPriceMicro - BigInt(index * 30_000)
  const lowPpm = [760_000, 610_000, 240_000][index] ?? 0
  return {
    provider,
    backend: 'local',
    model: random.pick(MODELS).model,
    capMicro,
    expectedMicro: (capMicro * 55n) / 100n,
    round: 0,
    standing: { lowPpm, midPpm: lowPpm + 120_000, highPpm: lowPpm + 190_000, trades: [84, 31, 3][index] ?? 0 },
    ranked: { standingPpm: lowPpm, scorePpm: [1_000_000, 702_000, 113_000][index] ?? 0 },
    preferred: false,
    promise: { firstTokenMs: 800 + index * 400, totalMs: 60_000 },
    atMs: row.askedAtMs + 24 + index * 9,
    outcome:
      row.state === 'waiting-for-bids'
        ? 'waiting'
        : index === 0
          ? 'won'
          : row.state === 'refunded' && index === 2
            ? 'unacceptable'
            : 'lost',
  }
}

export const escrows = (count: number): readonly EscrowRow[] => {
  const random = createSeeded(4)
  const phases = ['open', 'delivered', 'delivered', 'disputed', 'panel', 'panel', 'settled', 'settled'] as const
  return Array.from({ length: count }, (_, index): EscrowRow => {
    const phase = phases[index] ?? 'settled'
    const role =
      index === 2 || index === 5 ? 'provider' : index === 1 || index === 4 ? 'client' : random.pick(['client', 'client', 'provider'])
    const amountMicro = BigInt(200_000 + random.below(4_000_000))
    const priceMicro = phase === 'open' ? null : (amountMicro * BigInt(30 + random.below(60))) / 100n
    const isReturned = phase === 'settled' && random.below(7) === 0
    const openedAtMs = START_MS - index * 51 * MINUTE_MS - 60_000
    const reviewByMs = phase === 'delivered' || phase === 'disputed' || phase === 'panel' ? START_MS + 9 * MINUTE_MS : null
    return {
      id: random.id(),
      phase,
      role,
      classKey: random.pick(MODELS).classKey,
      amountMicro,
      priceMicro,
      counterparty: random.id(),
      taskId: random.id(),
      openedAtMs,
      deliverByMs: openedAtMs + 5 * MINUTE_MS,
      reviewByMs,
      exits: exitsOf(phase, role, { amountMicro, priceMicro, reviewByMs, deliverByMs: openedAtMs + 5 * MINUTE_MS }),
      payout:
        phase !== 'settled' || priceMicro === null
          ? null
          : isReturned
            ? { providerMicro: 0n, clientMicro: amountMicro }
            : { providerMicro: priceMicro, clientMicro: amountMicro - priceMicro },
      settledBy: phase !== 'settled' ? null : isReturned ? 'refund' : 'release',
      splitOffer: index === 1 ? { by: 'provider', toProviderMicro: amountMicro / 4n } : null,
    }
  })
}

type Amounts = {
  readonly amountMicro: bigint
  readonly priceMicro: bigint | null
  readonly reviewByMs: number | null
  readonly deliverByMs: number
}

const exitsOf = (
  phase: EscrowRow['phase'],
  role: EscrowRow['role'],
  { amountMicro, priceMicro, reviewByMs, deliverByMs }: Amounts,
): EscrowRow['exits'] => {
  const toProvider = (providerMicro: bigint) => ({ providerMicro, clientMicro: amountMicro - providerMicro })
  const give = { move: role === 'client' ? ('release' as const) : ('refund' as const), fromMs: null, untilMs: null }
  if (phase === 'settled') return []
  const concession = { ...give, pays: toProvider(role === 'client' ? (priceMicro ?? amountMicro) : 0n) }
  if (phase === 'open') return [concession, { move: 'expire-refund', fromMs: deliverByMs, untilMs: null, pays: toProvider(0n) }]
  if (phase !== 'delivered')
    return [
      concession,
      { move: 'expire-default', fromMs: START_MS + 2 * DAY_MS, untilMs: null, pays: toProvider((priceMicro ?? amountMicro) / 2n) },
    ]
  return [
    concession,
    ...(role === 'client' && phase === 'delivered' ? [{ move: 'dispute' as const, fromMs: null, untilMs: reviewByMs, pays: null }] : []),
    { move: 'expire-release', fromMs: reviewByMs, untilMs: null, pays: toProvider(priceMicro ?? amountMicro) },
  ]
}

export const escrowDetail = (row: EscrowRow): EscrowDetail => {
  const random = createSeeded(Number.parseInt(row.id.slice(0, 8), 16))
  const isDisputed = row.phase === 'disputed' || row.phase === 'panel'
  const delivered = row.phase === 'delivered' || isDisputed || row.settledBy === 'expire-release'
  const moves = [
    'open' as const,
    ...(delivered ? ['deliver' as const] : []),
    ...(isDisputed ? ['dispute' as const] : []),
    ...(row.phase === 'panel' ? ['seat-panel' as const] : []),
    ...(row.settledBy === null ? [] : [row.settledBy]),
  ]
  return {
    ...row,
    revision: 1,
    certificates: moves.map((move, step) => ({
      step,
      move,
      atMs: row.openedAtMs + step * 95_000,
      txHash: random.id(),
      epoch: 0,
      view: 0,
      signers: step === 1 ? [0, 1, 2, 3] : [0, 1, 3],
      quorum: 3,
      committeeSize: 4,
    })),
    panel: { quorum: 4, seats: 5, hasJudges: true },
    ruleMs: 2 * DAY_MS,
  }
}

const WORDS = 'copper orbit lemon hazard velvet snow eight oak cricket umbrella maple rocket tiny ocean swift amber'.split(' ')

/** Always the same for a key, but not what the market would make of it. */
export const face = (key: string): Face => {
  const random = createSeeded(Number.parseInt(key.slice(0, 8), 16))
  return { words: Array.from({ length: 8 }, () => random.pick(WORDS as [string, ...string[]])), picture: random.id().slice(0, 16) }
}

const KINDS = ['escrow-locked', 'escrow-returned', 'escrow-paid', 'transfer', 'escrow-locked', 'escrow-returned'] as const

export const history = (count: number): readonly HistoryRow[] => {
  const random = createSeeded(5)
  return Array.from({ length: count }, (_, index): HistoryRow => {
    const isFirst = index === count - 1
    const kind = isFirst ? 'invite' : random.pick(KINDS)
    const magnitude = BigInt(10_000 + random.below(3_000_000))
    const isEscrow = kind !== 'transfer' && kind !== 'invite'
    return {
      atMs: START_MS - index * 33 * MINUTE_MS,
      kind,
      amountMicro: isFirst ? 250_000_000n : kind === 'escrow-locked' || (kind === 'transfer' && index % 2 === 0) ? -magnitude : magnitude,
      counterparty: random.id(),
      escrowId: isEscrow ? random.id() : null,
      txHash: random.id(),
      state: index === 0 ? 'pending' : 'final',
      memo: kind === 'transfer' ? 'thanks for the review' : '',
    }
  })
}

const DECIDED = [
  ['policy', 'ask', 'local-model/community'],
  ['approval', 'run-once', 'approval'],
  ['request', 'bid', 'offer'],
  ['request', 'no-bid', 'no-offer-for-class'],
  ['cap', 'hold', 'tasks-a-day'],
  ['approval', 'refuse-and-block', 'approval'],
  ['switch', 'paused', 'by-owner'],
] as const

export const decisions = (count: number): readonly Decision[] => {
  const random = createSeeded(13)
  return Array.from({ length: count }, (_, index): Decision => {
    const [kind, outcome, rule] = random.pick(DECIDED)
    const isOwn = kind === 'cap' || kind === 'switch'
    return {
      seq: count - index,
      atMs: START_MS - index * 7 * MINUTE_MS,
      kind,
      outcome,
      rule,
      member: isOwn ? null : random.id(),
      reference: kind === 'approval' ? random.id() : null,
      times: kind === 'request' ? 1 + random.below(40) : 1,
    }
  })
}

export const standings = (count: number): readonly Standing[] => {
  const random = createSeeded(6)
  return Array.from({ length: count }, (_, index): Standing => {
    const trades = index < 3 ? 40 + random.below(300) : random.below(60)
    const bad = random.below(1 + Math.ceil(trades / 9))
    const midPpm = Math.round((1_000_000 * (trades - bad + 1)) / (trades + 2))
    const half = Math.round(900_000 / Math.sqrt(trades + 3))
    return {
      accountId: index === 0 ? ME : random.id(),
      role: index % 3 === 2 ? 'client' : 'provider',
      own: index === 0,
      lowPpm: Math.max(0, midPpm - half),
      midPpm,
      highPpm: Math.min(1_000_000, midPpm + Math.round(half / 2)),
      trades,
      paid: trades - bad,
      split: Math.floor(bad / 3),
      refunded: bad - Math.floor(bad / 3),
      expired: 0,
      volumeMicro: BigInt(trades) * 640_000n,
      lastAtMs: START_MS - random.below(40) * DAY_MS,
    }
  })
}

const CAPS = {
  concurrent: 2,
  tasksPerDay: 200,
  outputTokensPerTask: 2_048,
  outputTokensPerDay: 200_000,
  moneyPerDayCents: 0,
  moneyPerMonthCents: 0,
  centsPerMillionInputTokens: 0,
  centsPerMillionOutputTokens: 0,
  weeklyHours: Array.from({ length: 7 }, () => 2 ** 24 - 1),
}

export const consents = (): readonly ConsentRow[] => {
  const random = createSeeded(7)
  const row = (changed: Partial<ConsentRow>): ConsentRow => ({
    id: random.id(),
    documentId: 'serve-others',
    version: 2,
    textHash: random.id(),
    backend: 'local',
    model: 'llama3.1:8b-instruct-q5',
    baseUrl: 'http://127.0.0.1:11434',
    caps: CAPS,
    grantedAtMs: START_MS - 12 * DAY_MS,
    expiresAtMs: START_MS + 78 * DAY_MS,
    status: 'valid',
    revokedAtMs: null,
    ...changed,
  })
  return [
    row({}),
    row({
      backend: 'anthropic',
      model: 'claude-haiku-5',
      status: 'revoked',
      revokedAtMs: START_MS - 3 * DAY_MS,
      grantedAtMs: START_MS - 40 * DAY_MS,
    }),
    row({ version: 1, status: 'outdated', grantedAtMs: START_MS - 130 * DAY_MS, expiresAtMs: START_MS - 40 * DAY_MS }),
  ]
}

export const approvals = (count: number): readonly Approval[] => {
  const random = createSeeded(8)
  return Array.from({ length: count }, (_, index): Approval => ({
    id: random.id(),
    requester: random.id(),
    standing:
      index === 0
        ? { lowPpm: 0, midPpm: 500_000, highPpm: 1_000_000, trades: 0 }
        : { lowPpm: 620_000, midPpm: 800_000, highPpm: 930_000, trades: 31 },
    tradesBefore: index === 0 ? 0 : 7,
    failedBefore: index === 0 ? 0 : 1,
    classKey: 'llama3.1:8b',
    prompt: `${QUESTIONS[(index + 4) % QUESTIONS.length] ?? QUESTIONS[0]}\n\nasync function settle(order) {\n  await pay(order)\n  await markPaid(order)\n}\n\nThe rest is at https://example.org/retries.`,
    findings: index === 0 ? ['It names web addresses. Nothing opens them.'] : [],
    maxOutputTokens: 800,
    capMicro: BigInt(400_000 + random.below(500_000)),
    worstCostCents: 0,
    receivedAtMs: START_MS - 8_000,
    armedAtMs: START_MS - 7_300,
    refuseAtMs: START_MS + 52_000 + index * 20_000,
  }))
}

const INVITE_STATES = ['on-its-way', 'ready', 'expired', 'claimed', 'taken-back'] as const

/** One of each state. */
export const ownInvites = (count: number): { readonly heldMicro: bigint; readonly rows: readonly OwnInvite[] } => {
  const random = createSeeded(9)
  const rows = INVITE_STATES.slice(0, count).map((state, index): OwnInvite => {
    const madeAtMs = START_MS - index * 9 * DAY_MS
    const claimedBy = state === 'claimed' ? random.id() : state === 'taken-back' ? ME : null
    return { account: random.id(), amountMicro: 5_000_000n, madeAtMs, expiresAtMs: madeAtMs + 30 * DAY_MS, state, claimedBy }
  })
  return { heldMicro: 5_000_000n * BigInt(rows.filter(({ claimedBy }) => claimedBy === null).length), rows }
}
