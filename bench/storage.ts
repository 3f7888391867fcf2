import SqliteDatabase from 'better-sqlite3'
import { join } from 'node:path'
import { createFactStore } from '../core/facts/store.ts'
import { toHex } from '../core/platform/bytes.ts'
import { createOrderStore } from '../core/orders/store.ts'
import type { Database } from '../core/storage/database.ts'
import { marketMigrations } from '../core/storage/migrations/index.ts'
import { openDatabase } from '../core/storage/open.ts'
import { createWalletStore } from '../core/wallet/store.ts'
import { medianOf, percentileOf, type Benchmark, type Detail, type Measurement } from './benchmark.ts'
import { withDataFolder } from './child.ts'

/** anchors: p99 under 2 ms with 1,000,000 ledger rows and 100,000 orders; writes at least 70 % of raw better-sqlite3. */
const goalMs = 2
const goalShare = 0.7
const ledgerRows = 1_000_000
const orders = 100_000
const facts = 100_000
const runs = 300
const writesInATurn = 200
const turns = 5
const nowMs = 1_750_000_000_000

const numbers = (count: number): string => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`

/** A thousand accounts that trade with each other for a year, and one member's long history. */
const fill = (db: Database): void =>
  db.transaction(() => {
    db.prepare(
      `INSERT INTO wallet_movement ${numbers(ledgerRows)} SELECT i, ${nowMs} + i, CASE i % 3 WHEN 0 THEN 'claim' WHEN 1 THEN 'lock' ELSE 'release' END,
       0, 0, 1000, randomblob(32), randomblob(32), randomblob(32), '' FROM n`,
    ).run()
    db.prepare(`INSERT INTO book_order ${numbers(orders)} SELECT randomblob(32), 'offer', randomblob(450), ${nowMs} + i FROM n`).run()
    db.prepare(
      `INSERT INTO fact ${numbers(facts)} SELECT CAST(printf('%032d', i) AS BLOB), 'settlement', 20000 + i % 365, randomblob(1200) FROM n`,
    ).run()
    db.prepare(
      `INSERT INTO settlement_fact ${numbers(facts)} SELECT CAST(printf('%032d', i) AS BLOB), ${nowMs} - i * 60000,
       CAST(printf('client%026d', i % 1000) AS BLOB), CAST(printf('provider%024d', i % 700) AS BLOB), 'class-' || (i % 20),
       1000, 900, 900, 'paid', 500, 400, 5000, 4000, randomblob(32) FROM n`,
    ).run()
  })

type Query = { readonly name: string; readonly run: (index: number) => unknown }

const account = (kind: string, width: number, index: number): string =>
  toHex(new Uint8Array(Buffer.from(`${kind}${String(index).padStart(width, '0')}`)))

/** What screens and trades ask while the program runs; what is read once at the start is not among it. */
const queriesOf = (db: Database): readonly Query[] => {
  const wallet = createWalletStore(db)
  const known = createFactStore(db)
  return [
    { name: 'wallet: a page of payments', run: (index) => wallet.payments(ledgerRows - index * 3_000, 50) },
    { name: 'wallet: a page of movements', run: (index) => wallet.movements(ledgerRows - index * 3_000, 50) },
    { name: 'wallet: how many payments', run: () => wallet.paymentCount() },
    { name: 'facts: a provider’s trades', run: (index) => known.settlementsOf('provider', account('provider', 24, index), 100) },
    { name: 'facts: a client’s trades', run: (index) => known.settlementsOf('client', account('client', 26, index), 100) },
    { name: 'facts: ids of a day', run: (index) => known.ids(20_000 + index, null, 256) },
    { name: 'facts: a proof', run: (index) => known.proof(new Uint8Array(Buffer.from(String(index + 1).padStart(32, '0')))) },
  ]
}

type Read = { readonly name: string; readonly p50Ms: number; readonly ms: number }

const measureReads = (db: Database): readonly Read[] =>
  queriesOf(db).map(({ name, run }) => {
    // The first one reads the pages that stay in memory from then on.
    run(0)
    const times = new Float64Array(runs)
    for (let index = 0; index < runs; index++) {
      const startMs = performance.now()
      run(index)
      times[index] = performance.now() - startMs
    }
    return { name, p50Ms: percentileOf(times, 50), ms: percentileOf(times, 99) }
  })

/** Orders as the book writes them: a flush of two hundred in one transaction, against the same statement without the wrapping. */
const measureWrites = (db: Database, folder: string): { readonly own: number; readonly raw: number } => {
  const store = createOrderStore(db)
  const raw = new SqliteDatabase(join(folder, 'raw.db'))
  raw.pragma('journal_mode = WAL')
  raw.pragma('synchronous = FULL')
  raw.exec(`CREATE TABLE book_order (id BLOB PRIMARY KEY, side TEXT NOT NULL, envelope BLOB NOT NULL, valid_until_ms INTEGER NOT NULL)
            STRICT, WITHOUT ROWID; CREATE INDEX book_order_by_end ON book_order (valid_until_ms)`)
  const insert = raw.prepare('INSERT INTO book_order VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING')
  raw.exec(`INSERT INTO book_order ${numbers(orders)} SELECT randomblob(32), 'offer', randomblob(450), ${nowMs} + i FROM n`)
  const [own, bare]: [number[], number[]] = [[], []]
  const rowsOf = () =>
    Array.from({ length: writesInATurn }, () => ({
      id: crypto.getRandomValues(new Uint8Array(32)),
      envelope: crypto.getRandomValues(new Uint8Array(450)),
    }))
  const timed = (into: number[], work: () => void): void => {
    const startMs = performance.now()
    work()
    into.push((writesInATurn * 1_000) / (performance.now() - startMs))
  }
  for (let turn = 0; turn < turns; turn++) {
    const [mine, theirs] = [rowsOf(), rowsOf()]
    timed(own, () => {
      for (const { id, envelope } of mine) store.saveOffer(id, envelope, nowMs)
      store.flush()
    })
    timed(bare, () => raw.transaction(() => theirs.forEach(({ id, envelope }) => insert.run(id, 'offer', envelope, nowMs)))())
  }
  raw.close()
  return { own: medianOf(own), raw: medianOf(bare) }
}

const run = (): Promise<readonly Measurement[]> =>
  withDataFolder(async (folder) => {
    const opened = openDatabase({ file: join(folder, 'market.db'), migrations: marketMigrations })
    if (!opened.ok) throw new Error(opened.error.message)
    const db = opened.value
    fill(db)
    const reads = measureReads(db)
    const worst = reads.toSorted((a, b) => b.ms - a.ms)[0]
    const { own, raw } = measureWrites(db, folder)
    db.close()
    if (worst === undefined) throw new Error('no queries')
    return [
      {
        figure: worst.ms,
        floor: goalMs,
        figureIs: `the slowest query’s p99 (${worst.name}) with ${ledgerRows.toLocaleString('en')} ledger rows, ${orders.toLocaleString('en')} orders and ${facts.toLocaleString('en')} facts`,
        floorIs: 'the goal itself: there is no floor below a query',
        unit: 'ms',
        goalText: `every p99 under ${goalMs} ms`,
        goalMet: worst.ms < goalMs,
        details: reads.flatMap(({ name, p50Ms, ms }): readonly Detail[] => [
          { name: `${name}, p50`, value: p50Ms, unit: 'ms' },
          { name: `${name}, p99`, value: ms, unit: 'ms' },
        ]),
      },
      {
        figure: own,
        floor: raw,
        figureIs: `orders written a second, ${writesInATurn} in a transaction, into a table of ${orders.toLocaleString('en')}`,
        floorIs: 'the same with better-sqlite3 alone and the same settings (an upper bound: higher is better)',
        unit: 'a second',
        goalText: `at least ${goalShare * 100} % of it`,
        goalMet: own >= goalShare * raw,
      },
    ]
  })

export const storage: Benchmark = {
  name: 'storage',
  about: `the queries of a full database (goal p99 < ${goalMs} ms) and its writes against better-sqlite3 alone (goal ≥ ${goalShare * 100} %)`,
  run,
}
