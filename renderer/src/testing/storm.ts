/** A market that is busier than any: for measuring what the screens can bear. */
import type { Emit, Scene, SceneHandlers } from './fake-market.ts'

const EVENTS_PER_SECOND = 200
/** One after the other, whoever listens. */
const EVENTS = [
  'orders.changed',
  'prices.changed',
  'escrow.changed',
  'wallet.changed',
  'provider.changed',
  'network.changed',
  'reputation.changed',
  'approvals.changed',
] as const

const sendEvents = (emit: Emit): void => {
  const beganAtMs = performance.now()
  let sent = 0
  // A timer may come late: what was due by then is sent.
  setInterval(() => {
    const due = Math.floor(((performance.now() - beganAtMs) * EVENTS_PER_SECOND) / 1_000)
    for (; sent < due; sent++) emit(EVENTS[sent % EVENTS.length] ?? 'orders.changed', { revision: sent + 2 })
  }, 1_000 / EVENTS_PER_SECOND)
}

type Call = (input: never) => unknown

/** Another process answers in a task of its own, and never within the one that asked. */
const later =
  (call: Call): Call =>
  (input) =>
    new Promise((resolve) => {
      setTimeout(() => resolve(call(input)))
    })

const answeringLater = (handlers: SceneHandlers): SceneHandlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([area, calls]) => [
      area,
      Object.fromEntries(Object.entries(calls as Readonly<Record<string, Call>>).map(([name, call]) => [name, later(call)])),
    ]),
  )

/** The same scene under two hundred events a second. */
export const inStorm =
  (scene: Scene): Scene =>
  (emit) => {
    sendEvents(emit)
    return answeringLater(scene(emit))
  }
