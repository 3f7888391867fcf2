/** The one writer of server state: subscribes first, then takes snapshots, and keeps them as new as the events that follow. */
import type { MarketClient } from '../api/client.ts'
import type { Connection } from '../api/connect.ts'
import { createFollower, type Fetched, type Follower } from './follower.ts'
import type { Loaded, MarketStore, TaskRow } from './market-store.ts'
import { fetchBook, fetchEscrows, fetchWallet, TASKS_SHOWN } from './snapshots.ts'
import { watchTask, type TaskWatch } from './task-watch.ts'

export type Sync = {
  /** Takes fresh snapshots of everything. */
  readonly refresh: () => void
  /** Shows this task from now on. */
  readonly watchTask: (taskId: string) => void
  readonly stop: () => void
}

type Resource<T> = {
  readonly read: () => Loaded<T>
  readonly write: (loaded: Loaded<T>) => void
  readonly fetch: () => Promise<Fetched<T>>
  readonly revisionOf: (value: T) => number
}

const byRevision = (value: { readonly revision: number }): number => value.revision

export const startSync = (client: MarketClient, connection: Connection, store: MarketStore): Sync => {
  const info = follow({
    read: () => store.getState().info,
    write: (loaded) => store.setState({ info: loaded }),
    fetch: () => client.app.info({}),
    revisionOf: byRevision,
  })
  const wallet = follow({
    read: () => store.getState().wallet,
    write: (loaded) => store.setState({ wallet: loaded }),
    fetch: () => fetchWallet(client),
    revisionOf: ({ summary }) => summary.revision,
  })
  const book = follow({
    read: () => store.getState().book,
    write: (loaded) => store.setState({ book: loaded }),
    fetch: () => fetchBook(client),
    revisionOf: byRevision,
  })
  const escrows = follow({
    read: () => store.getState().escrows,
    write: (loaded) => store.setState({ escrows: loaded }),
    fetch: () => fetchEscrows(client),
    revisionOf: byRevision,
  })
  const network = follow({
    read: () => store.getState().network,
    write: (loaded) => store.setState({ network: loaded }),
    fetch: () => client.network.status({}),
    revisionOf: byRevision,
  })
  const tasks = followTasks(client, store)

  let watched: TaskWatch | null = null
  const watch = (taskId: string): void => {
    watched?.stop()
    watched = watchTask(client, store, taskId)
  }

  const followers = [info, wallet, book, escrows, network, tasks]
  const refresh = (): void => {
    followers.forEach((follower) => follower.refresh())
    watched?.refresh()
  }
  const ends = [
    client.app.changed(({ revision }) => info.hear(revision)),
    client.wallet.changed(({ revision }) => wallet.hear(revision)),
    client.orders.changed(({ revision }) => book.hear(revision)),
    client.escrow.changed(({ revision }) => escrows.hear(revision)),
    client.network.changed(({ revision }) => network.hear(revision)),
    client.tasks.changed(({ revision }) => tasks.hear(revision)),
    connection.transport.onGap(refresh),
    connection.onStateChanged((state) => store.setState({ isConnected: state === 'connected' })),
  ]
  refresh()
  return {
    refresh,
    watchTask: watch,
    stop: () => {
      ends.forEach((end) => end())
      followers.forEach((follower) => follower.stop())
      watched?.stop()
    },
  }
}

const follow = <T>({ read, write, fetch, revisionOf }: Resource<T>): Follower =>
  createFollower<T>({
    fetch,
    revisionOf,
    onValue: (value) => write({ status: 'ready', value, problem: null }),
    onProblem: (message) => write(withProblem(read(), message)),
  })

/** What is shown stays on the screen; only the reason why it may be old is added. */
export const withProblem = <T>(loaded: Loaded<T>, message: string): Loaded<T> =>
  loaded.status === 'ready' ? { ...loaded, problem: message } : { status: 'failed', message }

/** A page of tasks carries no revision of its own, so it counts as of the newest event before its fetch. */
const followTasks = (client: MarketClient, store: MarketStore): Follower => {
  let heard = 0
  type Listed = { readonly rows: readonly TaskRow[]; readonly asOf: number }
  const fetch = async (): Promise<Fetched<Listed>> => {
    const asOf = heard
    const page = await client.tasks.list({ cursor: null, limit: TASKS_SHOWN })
    return page.ok ? { ok: true, value: { rows: page.value.rows, asOf } } : page
  }
  const follower = createFollower<Listed>({
    fetch,
    revisionOf: ({ asOf }) => asOf,
    onValue: ({ rows }) => store.setState({ tasks: { status: 'ready', value: rows, problem: null } }),
    onProblem: (message) => store.setState({ tasks: withProblem(store.getState().tasks, message) }),
  })
  return {
    ...follower,
    hear: (revision) => {
      heard = Math.max(heard, revision)
      follower.hear(revision)
    },
  }
}
