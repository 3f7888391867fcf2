/** One snapshot of the market, followed for as long as somebody looks at it: subscribe, then snapshot, then events by revision. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { createFollower, type Fetched } from './follower.ts'
import { loading, ready, withProblem, type Loaded } from './loaded.ts'

/** Calls back after a while; gives back what prevents it. */
export type After = (delayMs: number, callback: () => void) => () => void
export type Subscribe<P> = (listener: (payload: P) => void) => () => void

export type Source = {
  readonly after: After
  /** Events may have been missed. */
  readonly onGap: (listener: () => void) => () => void
}

/** Something that is kept up to date while it is retained. */
export type Followed<T> = {
  readonly store: Pick<StoreApi<Loaded<T>>, 'getState' | 'subscribe' | 'getInitialState'>
  /** Begins to follow with the first of those who look; gives back what lets go. */
  readonly retain: () => () => void
  readonly refresh: () => void
}

/** Long enough that going to another screen and back costs nothing, short enough that nobody's events are followed for long. */
const LINGER_MS = 5_000

/** Follows while at least one holds on, and a little longer. `start` gives back what ends it. */
export const createRetention = (start: () => () => void, after: After): (() => () => void) => {
  let holders = 0
  let stop: (() => void) | null = null
  let cancelStop: (() => void) | null = null
  return () => {
    holders += 1
    cancelStop?.()
    cancelStop = null
    stop ??= start()
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      holders -= 1
      if (holders > 0) return
      cancelStop = after(LINGER_MS, () => {
        cancelStop = null
        stop?.()
        stop = null
      })
    }
  }
}

export type ResourceOptions<T> = {
  readonly fetch: () => Promise<Fetched<T>>
  readonly revisionOf: (value: T) => number
  /** Subscribes to what tells of newer revisions, and gives back what ends that. */
  readonly listen: (hear: (revision: number) => void, patch: (change: (value: T) => T | 'stale') => void) => () => void
  /** Puts a snapshot in place of what is shown; for what also grows by events. */
  readonly merge?: (shown: T, snapshot: T) => T
  /** Between two fetches at least this long. */
  readonly restMs?: number
}

export const createResource = <T>(source: Source, options: ResourceOptions<T>): Followed<T> => {
  const { fetch, revisionOf, listen, merge = (_shown, snapshot) => snapshot, restMs } = options
  const store = createStore<Loaded<T>>()(() => loading)
  let renew = (): void => undefined

  const start = (): (() => void) => {
    const own = createFollower<T>({
      fetch,
      revisionOf,
      onValue: (snapshot) => {
        const shown = store.getState()
        store.setState(ready(shown.status === 'ready' ? merge(shown.value, snapshot) : snapshot), true)
      },
      onProblem: (message) => store.setState(withProblem(store.getState(), message), true),
      ...(restMs === undefined ? {} : { rest: () => new Promise<void>((resolve) => source.after(restMs, resolve)) }),
    })
    const patch = (change: (value: T) => T | 'stale'): void => {
      const shown = store.getState()
      if (shown.status !== 'ready') return
      const changed = change(shown.value)
      if (changed === 'stale') own.refresh()
      else if (changed !== shown.value) store.setState({ ...shown, value: changed }, true)
    }
    renew = own.refresh
    const ends = [listen(own.hear, patch), source.onGap(own.refresh)]
    own.refresh()
    return () => {
      ends.forEach((end) => end())
      own.stop()
      renew = () => undefined
    }
  }

  return { store, retain: createRetention(start, source.after), refresh: () => renew() }
}

/** One of a kind for each key, the last few kept. */
export const createKeyed = <K, T>(create: (key: K) => T, keep = 32): ((key: K) => T) => {
  const made = new Map<K, T>()
  return (key) => {
    const present = made.get(key)
    const value = present ?? create(key)
    made.delete(key)
    made.set(key, value)
    const [oldest] = made.keys()
    if (made.size > keep && oldest !== undefined) made.delete(oldest)
    return value
  }
}
