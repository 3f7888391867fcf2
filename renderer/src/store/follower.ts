/** What a call answered, as far as following it needs to know. */
export type Fetched<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly message: string } }

export type FollowerOptions<T> = {
  readonly fetch: () => Promise<Fetched<T>>
  readonly revisionOf: (value: T) => number
  readonly onValue: (value: T) => void
  readonly onProblem: (message: string) => void
  /** Waits after a fetch before the next one, however many events come meanwhile. */
  readonly rest?: () => Promise<void>
}

export type Follower = {
  /** An event told of this revision: older ones than shown are dropped, a newer one fetches a snapshot. */
  readonly hear: (revision: number) => void
  /** Events may be missing: fetch, and accept whatever revision comes. */
  readonly refresh: () => void
  readonly stop: () => void
}

/** Keeps one snapshot as new as the newest event heard, with at most one fetch under way. */
export const createFollower = <T>({ fetch, revisionOf, onValue, onProblem, rest }: FollowerOptions<T>): Follower => {
  let shown = -1
  let heard = -1
  let generation = 0
  let fetching = false
  let stopped = false

  const take = (fetched: Fetched<T>): void => {
    if (!fetched.ok) return onProblem(fetched.error.message)
    const revision = revisionOf(fetched.value)
    if (revision < shown) return
    shown = revision
    onValue(fetched.value)
  }

  const isOutdated = (asOf: { readonly heard: number; readonly generation: number }): boolean =>
    generation > asOf.generation || (heard > asOf.heard && heard > shown)

  const pull = async (): Promise<void> => {
    if (fetching) return
    fetching = true
    let asOf
    do {
      asOf = { heard, generation }
      const fetched = await fetch()
      if (!stopped && generation === asOf.generation) take(fetched)
      if (!stopped && rest !== undefined) await rest()
    } while (!stopped && isOutdated(asOf))
    fetching = false
  }

  return {
    hear: (revision) => {
      heard = Math.max(heard, revision)
      if (!stopped && revision > shown) void pull()
    },
    refresh: () => {
      shown = -1
      heard = -1
      generation += 1
      void pull()
    },
    stop: () => {
      stopped = true
    },
  }
}
