/** Virtual time: one heap of events ordered by (time, sequence), and nothing else happens. */
export type Scheduler = {
  readonly nowMs: () => number
  /** Runs once at this time, or now if it has passed; gives back its cancel. */
  readonly at: (timeMs: number, run: () => void) => () => void
  /** Runs events in order until none is left before the limit, or until `isOver` says so after an event. */
  readonly runUntil: (limitMs: number, isOver: () => boolean) => Promise<void>
  readonly eventCount: () => number
}

type Event = { readonly timeMs: number; readonly sequence: number; run: (() => void) | null }

/** `thrown`: what an event threw; the run goes on unless this throws too. */
export const createScheduler = (startMs: number, thrown: (error: unknown) => void): Scheduler => {
  const heap = createHeap()
  let nowMs = startMs
  let sequence = 0
  let eventCount = 0

  const at = (timeMs: number, run: () => void): (() => void) => {
    const event: Event = { timeMs: Math.max(timeMs, nowMs), sequence: sequence++, run }
    heap.push(event)
    return () => {
      event.run = null
    }
  }

  const runOne = (event: Event): void => {
    try {
      event.run?.()
    } catch (error) {
      thrown(error)
    }
  }

  const runUntil = (limitMs: number, isOver: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      /** setImmediate lets every promise that can go on do so before the next event, and costs a microsecond. */
      const turn = (): void => {
        try {
          if (isOver()) return resolve()
          const event = heap.popUntil(limitMs)
          if (event === null) {
            nowMs = limitMs
            return resolve()
          }
          nowMs = event.timeMs
          eventCount++
          runOne(event)
          setImmediate(turn)
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      // Whatever was set going before this may go on first.
      setImmediate(turn)
    })

  return { nowMs: () => nowMs, at, runUntil, eventCount: () => eventCount }
}

const isBefore = (a: Event, b: Event): boolean => a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.sequence < b.sequence)

const createHeap = () => {
  const items: Event[] = []
  const swap = (a: number, b: number): void => {
    const [x, y] = [items[a], items[b]]
    if (x === undefined || y === undefined) return
    items[a] = y
    items[b] = x
  }
  const isOrdered = (parent: number, child: number): boolean => {
    const [x, y] = [items[parent], items[child]]
    return x === undefined || y === undefined || isBefore(x, y)
  }
  const sink = (from: number): void => {
    for (let at = from; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      const least = isOrdered(left, right) ? left : right
      if (isOrdered(at, least)) return
      swap(at, least)
      at = least
    }
  }
  const pop = (): Event | undefined => {
    const first = items[0]
    const last = items.pop()
    if (items.length > 0 && last !== undefined) {
      items[0] = last
      sink(0)
    }
    return first
  }
  return {
    push: (event: Event): void => {
      items.push(event)
      for (let at = items.length - 1; at > 0;) {
        const parent = (at - 1) >> 1
        if (isOrdered(parent, at)) return
        swap(parent, at)
        at = parent
      }
    },
    /** The next event that was not cancelled, unless it lies beyond the limit. */
    popUntil: (limitMs: number): Event | null => {
      for (let first = items[0]; first !== undefined && first.timeMs <= limitMs; first = items[0]) {
        const event = pop()
        if (event !== undefined && event.run !== null) return event
      }
      return null
    },
  }
}
