import type { AmountMicro } from '../platform/amount.ts'
import { fromHex, sha256, toHex } from '../platform/bytes.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import type {
  ClassSummary,
  Fact,
  FactPosition,
  Fault,
  IntroductionFact,
  JudgedSettlement,
  Outcome,
  PairCount,
  Party,
  PriceSpan,
  SettlementFact,
  Side,
  Speed,
} from './model.ts'

export type FactStore = ReturnType<typeof createFactStore>

export const dayMs = 24 * 3_600_000

type SettlementRow = {
  readonly id: Buffer
  readonly at_ms: bigint
  readonly client: Buffer
  readonly provider: Buffer
  readonly class_key: string
  readonly locked_micro: bigint
  readonly paid_micro: bigint
  readonly price_micro: bigint
  readonly outcome: Outcome
  readonly promised_first_ms: bigint | null
  readonly first_ms: bigint | null
  readonly promised_total_ms: bigint | null
  readonly total_ms: bigint | null
  readonly head_hash: Buffer
  readonly fault: Fault | null
}

/** A client may contradict itself; the first word in the alphabet stands, whichever was heard first. */
const judged = `SELECT s.*, (SELECT min(n.fault) FROM note_fact n WHERE n.escrow = s.id AND n.client = s.client) AS fault FROM settlement_fact s`
const paidOutcomes = `('paid', 'expired-paid', 'ruled-paid')`
/** What makes a price: paid as agreed, without a panel. */
const priced = `s.outcome IN ('paid', 'expired-paid') AND s.paid_micro > 0 AND s.price_micro > 0`

export const createFactStore = (db: Database) => {
  /** By day; a digest reads every id of its day, and is asked for by every peer. */
  const digests = new Map<number, Bytes32>()
  return { ...writing(db, digests), ...comparing(db, digests), ...ofAccounts(db), ...ofClasses(db) }
}

const writing = (db: Database, digests: Map<number, Bytes32>) => {
  const insertFact = db.prepare('INSERT INTO fact VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING')
  const insertSettlement = db.prepare('INSERT INTO settlement_fact VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const insertIntroduction = db.prepare('INSERT INTO introduction_fact VALUES (?, ?, ?)')
  const insertNote = db.prepare('INSERT INTO note_fact VALUES (?, ?, ?, ?)')
  const removeDays = db.prepare('DELETE FROM fact WHERE day > 0 AND day < ?')

  const insertDetails = (fact: Fact): void => {
    if (fact.kind === 'settlement') insertSettlement.run(...settlementRow(fact))
    else if (fact.kind === 'introduction') insertIntroduction.run(fromHex(fact.id), fromHex(fact.sponsor), fromHex(fact.account))
    else insertNote.run(fromHex(fact.id), fromHex(fact.escrow), fromHex(fact.client), fact.fault)
  }
  return {
    /** False when it was known. What a power cut takes back, others tell again, or its own escrow does. */
    insert: (fact: Fact, proof: Uint8Array): boolean =>
      db.lightly(() => {
        const isNew = insertFact.run(fromHex(fact.id), fact.kind, dayOf(fact), proof).changes > 0
        if (!isNew) return false
        insertDetails(fact)
        digests.delete(dayOf(fact))
        return true
      }),
    removeBefore: (ms: number): void => {
      removeDays.run(Math.floor(ms / dayMs))
      digests.clear()
    },
  }
}

const dayOf = (fact: Fact): number => (fact.kind === 'settlement' ? Math.floor(fact.atMs / dayMs) : 0)

const settlementRow = (fact: SettlementFact) =>
  [
    fromHex(fact.id),
    fact.atMs,
    fromHex(fact.client),
    fromHex(fact.provider),
    fact.classKey,
    fact.lockedMicro,
    fact.paidMicro,
    fact.priceMicro,
    fact.outcome,
    fact.speed?.promisedFirstMs ?? null,
    fact.speed?.firstMs ?? null,
    fact.speed?.promisedTotalMs ?? null,
    fact.speed?.totalMs ?? null,
    fromHex(fact.headHash),
  ] as const

/** What two nodes tell each other to find what one of them lacks. */
const comparing = (db: Database, digests: Map<number, Bytes32>) => {
  const total = db.prepare<[], { count: bigint }>('SELECT count(*) AS count FROM fact')
  const known = db.prepare<[Uint8Array], { id: Buffer }>('SELECT id FROM fact WHERE id = ?')
  const proofRow = db.prepare<[Uint8Array], { proof: Buffer }>('SELECT proof FROM fact WHERE id = ?')
  const dayRows = db.prepare<[number], { day: bigint }>('SELECT DISTINCT day FROM fact ORDER BY day DESC LIMIT ?')
  const idRows = db.prepare<[number], { id: Buffer }>('SELECT id FROM fact WHERE day = ? ORDER BY id')
  const idPage = db.prepare<[number, Uint8Array, number], { id: Buffer }>(
    'SELECT id FROM fact WHERE day = ? AND id > ? ORDER BY id LIMIT ?',
  )
  return {
    count: (): number => Number(total.get()?.count ?? 0n),
    has: (id: Bytes32): boolean => known.get(id) !== undefined,
    proof: (id: Bytes32): Uint8Array | null => {
      const row = proofRow.get(id)
      return row === undefined ? null : new Uint8Array(row.proof)
    },
    /** Newest first. */
    days: (limit: number): readonly number[] => dayRows.all(limit).map(({ day }) => Number(day)),
    digest: (day: number): Bytes32 => {
      const digest = digests.get(day) ?? sha256(...idRows.all(day).map(({ id }) => id))
      digests.set(day, digest)
      return digest
    },
    ids: (day: number, after: Bytes32 | null, limit: number): readonly Bytes32[] =>
      idPage.all(day, after ?? new Uint8Array(0), limit).map(({ id }) => new Uint8Array(id)),
  }
}

const ofAccounts = (db: Database) => {
  const bySide = (side: Side) => ({
    newest: db.prepare<[Uint8Array, number], SettlementRow>(`${judged} WHERE s.${side} = ? ORDER BY s.at_ms DESC, s.id LIMIT ?`),
    parties: db.prepare<[number, number], { account: Buffer; last_at_ms: bigint }>(
      `SELECT ${side} AS account, max(at_ms) AS last_at_ms FROM settlement_fact WHERE at_ms > ? GROUP BY ${side}
       ORDER BY last_at_ms DESC, account LIMIT ?`,
    ),
  })
  const sides = { client: bySide('client'), provider: bySide('provider') }
  const pairRows = db.prepare<[], { client: Buffer; provider: Buffer; well: bigint; ended: bigint }>(
    `SELECT client, provider, sum(outcome IN ${paidOutcomes}) AS well,
       sum(NOT (outcome IN ('refunded', 'expired') AND EXISTS (SELECT 1 FROM note_fact n WHERE n.escrow = s.id AND n.client = s.client))) AS ended
     FROM settlement_fact s GROUP BY client, provider`,
  )
  const introductionRows = db.prepare<[], { sponsor: Buffer; account: Buffer }>('SELECT sponsor, account FROM introduction_fact')
  const introductionOf = db.prepare<[Uint8Array, Uint8Array, Uint8Array, Uint8Array], { id: Buffer }>(
    'SELECT id FROM introduction_fact WHERE (sponsor = ? AND account = ?) OR (sponsor = ? AND account = ?) LIMIT 1',
  )
  const paidSums = db.prepare<[Uint8Array, Uint8Array, Uint8Array, Uint8Array], { all_micro: bigint; other_micro: bigint }>(
    `SELECT coalesce(sum(paid_micro), 0) AS all_micro, coalesce(sum(paid_micro) FILTER (WHERE client = ? OR provider = ?), 0) AS other_micro
     FROM settlement_fact WHERE client = ? OR provider = ?`,
  )
  const invitedRows = db.prepare<[Uint8Array, number], { account: Buffer }>(
    'SELECT account FROM introduction_fact WHERE sponsor = ? ORDER BY account LIMIT ?',
  )
  const paymentRows = db.prepare<[number], { client: Buffer; paid_micro: bigint }>(
    `SELECT client, paid_micro FROM settlement_fact WHERE paid_micro > 0 ORDER BY at_ms DESC, id LIMIT ?`,
  )
  return {
    /** Newest first. */
    settlementsOf: (side: Side, account: string, limit: number): readonly JudgedSettlement[] =>
      sides[side].newest.all(fromHex(account), limit).map(settlementOf),
    /** Who has been on this side since, the last first. */
    parties: (side: Side, sinceMs: number, limit: number): readonly Party[] =>
      sides[side].parties.all(sinceMs, limit).map((row) => ({ account: hex(row.account), lastAtMs: Number(row.last_at_ms) })),
    pairs: (): readonly PairCount[] =>
      pairRows.all().map((row) => ({
        client: hex(row.client),
        provider: hex(row.provider),
        well: Number(row.well),
        ended: Number(row.ended),
      })),
    introductions: (): readonly Pick<IntroductionFact, 'sponsor' | 'account'>[] =>
      introductionRows.all().map(({ sponsor, account }) => ({ sponsor: hex(sponsor), account: hex(account) })),
    /** Whether one of them brought the other in. */
    isIntroduction: (a: Bytes32, b: Bytes32): boolean => introductionOf.get(a, b, b, a) !== undefined,
    /** What this account was paid or has paid in all its trades, and in those with the other. */
    paidWith: (account: Bytes32, other: Bytes32): { readonly allMicro: AmountMicro; readonly otherMicro: AmountMicro } => {
      const row = paidSums.get(other, other, account, account)
      return { allMicro: row?.all_micro ?? 0n, otherMicro: row?.other_micro ?? 0n }
    },
    broughtInBy: (sponsor: string, limit: number): readonly string[] =>
      invitedRows.all(fromHex(sponsor), limit).map(({ account }) => hex(account)),
    /** The last payments of the federation. */
    payments: (limit: number): readonly { readonly client: string; readonly paidMicro: AmountMicro }[] =>
      paymentRows.all(limit).map(({ client, paid_micro }) => ({ client: hex(client), paidMicro: paid_micro })),
  }
}

const ofClasses = (db: Database) => {
  const classRows = db.prepare<[number, number], { class_key: string; trades: bigint; last_at_ms: bigint }>(
    `SELECT class_key, count(*) AS trades, max(at_ms) AS last_at_ms FROM settlement_fact s WHERE at_ms > ? AND ${priced}
     GROUP BY class_key ORDER BY last_at_ms DESC, class_key LIMIT ?`,
  )
  const tradeRows = db.prepare<[string, number, number], SettlementRow>(
    `${judged} WHERE s.class_key = ? AND s.at_ms > ? AND ${priced} ORDER BY s.at_ms DESC, s.id LIMIT ?`,
  )
  const tradePage = db.prepare<[string, number, Uint8Array, number], SettlementRow>(
    `${judged} WHERE s.class_key = ? AND (-s.at_ms, s.id) > (?, ?) AND ${priced} ORDER BY -s.at_ms, s.id LIMIT ?`,
  )
  const countRow = db.prepare<[string], { count: bigint }>(
    `SELECT count(*) AS count FROM settlement_fact s WHERE class_key = ? AND ${priced}`,
  )
  const spanRows = db.prepare<
    [bigint, string, number, number],
    { span: bigint; open: bigint; high: bigint; low: bigint; close: bigint; volume: bigint; trades: bigint }
  >(
    `WITH priced AS (
       SELECT at_ms / ? AS span, at_ms, id, price_micro, paid_micro FROM settlement_fact s
       WHERE class_key = ? AND at_ms >= ? AND at_ms < ? AND ${priced}
     ), framed AS (
       SELECT span, price_micro, paid_micro,
         first_value(price_micro) OVER moments AS open,
         last_value(price_micro) OVER moments AS close
       FROM priced WINDOW moments AS (PARTITION BY span ORDER BY at_ms, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
     )
     SELECT span, open, max(price_micro) AS high, min(price_micro) AS low, close, sum(paid_micro) AS volume, count(*) AS trades
     FROM framed GROUP BY span ORDER BY span`,
  )
  return {
    /** With trades since; the last traded first. */
    classes: (sinceMs: number, limit: number): readonly ClassSummary[] =>
      classRows
        .all(sinceMs, limit)
        .map((row) => ({ classKey: row.class_key, trades: Number(row.trades), lastAtMs: Number(row.last_at_ms) })),
    /** What makes the price of a class since then, newest first. */
    tradesOfClass: (classKey: string, sinceMs: number, limit: number): readonly JudgedSettlement[] =>
      tradeRows.all(classKey, sinceMs, limit).map(settlementOf),
    /** Newest first; `after` null begins. */
    pageOfClass: (classKey: string, after: FactPosition | null, limit: number): readonly JudgedSettlement[] =>
      tradePage.all(classKey, -(after?.atMs ?? farFuture), after === null ? new Uint8Array(0) : fromHex(after.id), limit).map(settlementOf),
    countOfClass: (classKey: string): number => Number(countRow.get(classKey)?.count ?? 0n),
    /** Spans of `spanMs` that have trades, oldest first, of those that begin in [fromMs, toMs). */
    spans: (classKey: string, spanMs: number, fromMs: number, toMs: number): readonly PriceSpan[] =>
      spanRows.all(BigInt(spanMs), classKey, fromMs, toMs).map((row) => ({
        span: Number(row.span),
        openMicro: row.open,
        highMicro: row.high,
        lowMicro: row.low,
        closeMicro: row.close,
        volumeMicro: row.volume,
        trades: Number(row.trades),
      })),
  }
}

const farFuture = 9_999_999_999_999
const hex = (id: Buffer): string => toHex(id)
const numberOrNull = (value: bigint | null): number | null => (value === null ? null : Number(value))

const settlementOf = (row: SettlementRow): JudgedSettlement => ({
  kind: 'settlement',
  id: hex(row.id),
  atMs: Number(row.at_ms),
  client: hex(row.client),
  provider: hex(row.provider),
  classKey: row.class_key,
  lockedMicro: row.locked_micro,
  paidMicro: row.paid_micro,
  priceMicro: row.price_micro,
  outcome: row.outcome,
  speed: speedOf(row),
  headHash: hex(row.head_hash),
  fault: row.fault,
})

const speedOf = (row: SettlementRow): Speed | null => {
  const [promisedFirstMs, firstMs] = [numberOrNull(row.promised_first_ms), numberOrNull(row.first_ms)]
  const [promisedTotalMs, totalMs] = [numberOrNull(row.promised_total_ms), numberOrNull(row.total_ms)]
  return promisedFirstMs === null || firstMs === null || promisedTotalMs === null || totalMs === null
    ? null
    : { promisedFirstMs, firstMs, promisedTotalMs, totalMs }
}
