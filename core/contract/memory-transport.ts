import type { Dispatcher } from './dispatcher.ts'
import { refuse, type WireAnswer } from './envelope.ts'
import type { Transport } from './transport.ts'

export type MemoryTransport = Transport & { readonly close: () => void }

/** What JSON does not keep would not arrive elsewhere either, so it does not arrive here. */
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

/** A dispatcher in the same process. No event is ever missed, and nothing is misread. */
export const createMemoryTransport = (dispatcher: Pick<Dispatcher, 'call' | 'subscribe'>): MemoryTransport => {
  const subscriptions = new Set<() => void>()
  const pending = new Set<(answer: WireAnswer) => void>()
  const gone = refuse('unavailable', 'The market has been closed.')
  let isClosed = false

  const call = (name: string, input: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      pending.add(resolve)
      const settle = (answer: unknown) => {
        pending.delete(resolve)
        resolve(answer)
      }
      void dispatcher.call(name, overTheWire(input)).then((answer) => settle(overTheWire(answer)))
    })

  return {
    call: async (name, input) => (isClosed ? gone : await call(name, input)),
    subscribe: (name, listener) => {
      if (isClosed) return () => undefined
      const end = dispatcher.subscribe(name, (payload) => listener(overTheWire(payload)))
      subscriptions.add(end)
      return () => {
        subscriptions.delete(end)
        end()
      }
    },
    onGap: () => () => undefined,
    onRefused: () => () => undefined,
    close: () => {
      isClosed = true
      for (const end of subscriptions) end()
      for (const resolve of pending) resolve(gone)
      subscriptions.clear()
      pending.clear()
    },
  }
}
