import { join } from 'node:path'
import type { MarketContract } from '../../core/contract/contract.ts'
import type { OutputOf } from '../../core/contract/definition.ts'
import { toHex } from '../../core/platform/bytes.ts'
import { openDatabase } from '../../core/storage/open.ts'
import { witnessMigrations } from '../../core/settlement/witness-schema.ts'
import { sqliteBinding } from '../sqlite-binding.ts'
import type { Fleet } from './fleet.ts'
import { insist, pause, type Books, type Trader } from './load.ts'

type HistoryRow = OutputOf<MarketContract['wallet']['history']>['rows'][number]
type EscrowRow = OutputOf<MarketContract['escrow']['list']>['page']['rows'][number]

/** One trader's own view of the world, after everything has come to rest. */
type View = {
  readonly ownedMicro: bigint
  readonly lockedMicro: bigint
  readonly history: readonly HistoryRow[]
  readonly escrows: readonly EscrowRow[]
}

const pageSize = 200
const restPollMs = 1_000

/** All traders' views once nothing is locked and every µRUV is somewhere; null when that does not come within the time. */
export const waitForRest = async (
  fleet: Fleet,
  traders: readonly Trader[],
  circulatingMicro: bigint,
  withinMs: number,
): Promise<{ readonly views: ReadonlyMap<string, View>; readonly isAtRest: boolean }> => {
  for (let waitedMs = 0; ; waitedMs += restPollMs) {
    const views = new Map(await Promise.all(traders.map(async ({ name }) => [name, await viewOf(fleet, name)] as const)))
    const all = [...views.values()]
    const isAtRest =
      all.every(({ lockedMicro, escrows }) => lockedMicro === 0n && escrows.every(({ phase }) => phase === 'settled')) &&
      all.reduce((sum, { ownedMicro }) => sum + ownedMicro, 0n) === circulatingMicro
    if (isAtRest || waitedMs >= withinMs) return { views, isAtRest }
    await pause(restPollMs)
  }
}

const viewOf = async (fleet: Fleet, name: string): Promise<View> => {
  const summary = await insist(fleet, name, (client) => client.wallet.summary({}))
  const history = await allPages<HistoryRow>(async (cursor) => {
    const page = await insist(fleet, name, (client) => client.wallet.history({ cursor, limit: pageSize }))
    return page.ok ? page.value : null
  })
  const escrows = await allPages<EscrowRow>(async (cursor) => {
    const page = await insist(fleet, name, (client) => client.escrow.list({ cursor, limit: pageSize }))
    return page.ok ? page.value.page : null
  })
  const [ownedMicro, lockedMicro] = summary.ok ? [summary.value.availableMicro, summary.value.lockedMicro] : [0n, 0n]
  return { ownedMicro, lockedMicro, history, escrows }
}

type Page<T> = { readonly rows: readonly T[]; readonly nextCursor: string | null }

const allPages = async <T>(read: (cursor: string | null) => Promise<Page<T> | null>): Promise<readonly T[]> => {
  const rows: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> | null = await read(cursor)
    rows.push(...(page?.rows ?? []))
    cursor = page?.nextCursor ?? null
  } while (cursor !== null)
  return rows
}

/** Every way in which what was acknowledged differs from what is there; empty is what is hoped for. */
export const auditViews = (views: ReadonlyMap<string, View>, books: Books): readonly string[] => [
  ...books.transfers.flatMap((transfer) => auditTransfer(views, transfer)),
  ...auditEscrows(views),
]

const auditTransfer = (views: ReadonlyMap<string, View>, transfer: Books['transfers'][number]): readonly string[] => {
  const { from, to, memo, txHash, amountMicro } = transfer
  const [sent, got] = [from, to].map((name) => (views.get(name)?.history ?? []).filter((row) => row.memo === memo && row.state === 'final'))
  if (txHash === null) return sent?.length === 0 && got?.length === 0 ? [] : [`the refused transfer ${memo} happened all the same`]
  const isRight =
    sent?.length === 1 &&
    got?.length === 1 &&
    sent[0]?.txHash === txHash &&
    sent[0].amountMicro === -amountMicro &&
    got[0]?.amountMicro === amountMicro
  return isRight
    ? []
    : [`the acknowledged transfer ${memo} is ${sent?.length ?? 0} times in ${from}’s history and ${got?.length ?? 0} times in ${to}’s`]
}

/** Both sides of an escrow saw the same ending, and its payouts are the lock. */
const auditEscrows = (views: ReadonlyMap<string, View>): readonly string[] => {
  const endings = new Map<string, string>()
  return [...views].flatMap(([name, { escrows }]) =>
    escrows.flatMap(({ id, amountMicro, payout, phase }) => {
      if (phase !== 'settled' || payout === null) return [`escrow ${id.slice(0, 12)}… of ${name} is still ${phase}`]
      const ending = `${payout.providerMicro}/${payout.clientMicro}`
      const other = endings.get(id) ?? ending
      endings.set(id, ending)
      return [
        ...(payout.providerMicro + payout.clientMicro === amountMicro
          ? []
          : [`escrow ${id.slice(0, 12)}… pays ${ending} of ${amountMicro}`]),
        ...(other === ending ? [] : [`escrow ${id.slice(0, 12)}… ended as ${other} for one side and ${ending} for the other`]),
      ]
    }),
  )
}

/** Every task that was acknowledged has an end. */
export const auditTasks = async (
  fleet: Fleet,
  books: Books,
): Promise<{ readonly problems: readonly string[]; readonly ends: ReadonlyMap<string, number> }> => {
  const ends = new Map<string, number>()
  const problems: string[] = []
  for (const { client, taskId } of books.tasks) {
    const got = await insist(fleet, client, (market) => market.tasks.get({ taskId }))
    const state = got.ok ? got.value.state : 'lost'
    ends.set(state, (ends.get(state) ?? 0) + 1)
    if (!['settled', 'failed', 'refunded', 'cancelled'].includes(state))
      problems.push(`the task ${taskId.slice(0, 12)}… of ${client} is ${state}`)
  }
  return { problems, ends }
}

/** After the witnesses have stopped: no two of them hold different decrees for one step. */
export const auditWitnesses = (folders: readonly string[]): { readonly problems: readonly string[]; readonly decrees: number } => {
  const decided = new Map<string, string>()
  const problems: string[] = []
  for (const folder of folders) {
    const db = openDatabase({ file: join(folder, 'witness.db'), migrations: witnessMigrations, ...sqliteBinding() })
    if (!db.ok) {
      problems.push(db.error.message)
      continue
    }
    type Row = { readonly object: Uint8Array; readonly step: number; readonly tx: Uint8Array }
    for (const row of db.value.prepare<[], Row>('SELECT object, step, tx FROM decree').all()) {
      const [register, tx] = [`${toHex(row.object)}/${row.step}`, toHex(row.tx)]
      if ((decided.get(register) ?? tx) !== tx) problems.push(`two witnesses hold different decrees for ${register}`)
      decided.set(register, tx)
    }
    db.value.close()
  }
  return { problems, decrees: decided.size }
}
