import { z } from 'zod'
import type {
  CallDefinition,
  CallsIn,
  ContractDefinition,
  EventDefinition,
  EventName,
  EventPayload,
  HandlerAnswer,
  InputOf,
} from './definition.ts'
import { maxMessageLength, refuse, type WireAnswer } from './envelope.ts'
import { describeIssues, describeThrown } from './failure.ts'
import { createListeners } from './listeners.ts'

type Handler<D> = (input: InputOf<D>) => HandlerAnswer<D> | Promise<HandlerAnswer<D>>
/** One function per call of the contract, by area. Whatever it throws is answered as an internal failure. */
export type Handlers<C extends ContractDefinition> = {
  readonly [A in keyof C]: { readonly [K in CallsIn<C[A]>]: Handler<C[A][K]> }
}

export type DispatcherDeps = {
  readonly log: { readonly write: (level: 'warn' | 'error', event: string, fields: Readonly<Record<string, string>>) => void }
  /** Unique within the log; at most 64 characters. */
  readonly newIncidentId: () => string
  /** A sentence for a thrown error that people can do something about, such as a full disk; it is answered as `unavailable`. */
  readonly explain?: (thrown: unknown) => string | null
}

export type Dispatcher<C extends ContractDefinition = ContractDefinition> = {
  /** Takes and gives what crosses the wire; never rejects. */
  readonly call: (name: string, wireInput: unknown) => Promise<WireAnswer>
  /** An unknown event is never emitted. */
  readonly subscribe: (name: string, listener: (payload: unknown) => void) => () => void
  readonly emit: <N extends EventName<C>>(name: N, payload: EventPayload<C, N>) => void
}

type UntypedHandler = (input: unknown) => unknown
type Door = { readonly definition: CallDefinition; readonly handler: UntypedHandler }

const doorsOf = <C extends ContractDefinition>(contract: C, handlers: Handlers<C>): ReadonlyMap<string, Door> => {
  const untyped = handlers as Readonly<Record<string, Readonly<Record<string, UntypedHandler>>>>
  const doors = new Map<string, Door>()
  for (const [area, members] of Object.entries(contract)) {
    for (const [name, definition] of Object.entries(members)) {
      if (definition.kind === 'event') continue
      const handler = untyped[area]?.[name]
      if (handler === undefined) throw new TypeError(`no handler for ${area}.${name}`)
      doors.set(`${area}.${name}`, { definition, handler })
    }
  }
  return doors
}

const eventsOf = (contract: ContractDefinition): ReadonlyMap<string, EventDefinition> =>
  new Map(
    Object.entries(contract).flatMap(([area, members]) =>
      Object.entries(members).flatMap(([name, definition]) =>
        definition.kind === 'event' ? [[`${area}.${name}`, definition] as const] : [],
      ),
    ),
  )

const answerSchema = z.union([
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: z.strictObject({ code: z.string(), message: z.string() }) }),
])

/** Turns what a handler returned into what crosses; throws when that breaks the contract, which is a fault of the handler. */
const encodeAnswer = (definition: CallDefinition, returned: unknown): WireAnswer => {
  const answer = answerSchema.parse(returned)
  if (answer.ok) return { ok: true, value: z.encode(definition.output, answer.value) }
  const { code, message } = answer.error
  if (code === 'invalid-input' || code === 'unavailable') return refuse(code, message)
  if (!definition.errors.includes(code)) throw new TypeError(`the code "${code}" is not in the contract`)
  return { ok: false, error: { code, message: message.slice(0, maxMessageLength) } }
}

const fieldsOf = (thrown: unknown): Readonly<Record<string, string>> => ({
  error: describeThrown(thrown),
  stack: thrown instanceof Error ? (thrown.stack ?? '') : '',
})

/** Stands between a transport, whose other end is not trusted, and the handlers. Nothing thrown crosses. */
export const createDispatcher = <C extends ContractDefinition>(contract: C, handlers: Handlers<C>, deps: DispatcherDeps): Dispatcher<C> => {
  const doors = doorsOf(contract, handlers)
  const events = eventsOf(contract)
  const listeners = createListeners<unknown>((name, thrown) =>
    deps.log.write('error', 'listener-failed', { event: name, ...fieldsOf(thrown) }),
  )

  const answerThrown = (name: string, thrown: unknown): WireAnswer => {
    const incidentId = deps.newIncidentId()
    deps.log.write('error', 'call-failed', { call: name, incidentId, ...fieldsOf(thrown) })
    const sentence = deps.explain?.(thrown) ?? null
    if (sentence !== null) return refuse('unavailable', sentence)
    const message = `Something went wrong inside the market. The log has the details under ${incidentId}.`
    return { ok: false, error: { code: 'internal', message, incidentId } }
  }

  return {
    call: async (name, wireInput) => {
      const door = doors.get(name)
      if (door === undefined) return refuse('invalid-input', `There is no call "${name.slice(0, 80)}".`)
      try {
        const input = z.safeDecode(door.definition.input, wireInput)
        if (!input.success) return refuse('invalid-input', describeIssues(input.error))
        return encodeAnswer(door.definition, await door.handler(input.data))
      } catch (thrown) {
        return answerThrown(name, thrown)
      }
    },
    subscribe: (name, listener) => (events.has(name) ? listeners.add(name, listener) : () => undefined),
    emit: (name, payload) => {
      const definition = events.get(name)
      const encoded = definition === undefined ? undefined : z.safeEncode(definition.payload, payload)
      if (encoded?.success === true) listeners.tell(name, encoded.data)
      else
        deps.log.write('error', 'event-refused', {
          event: name,
          error: encoded === undefined ? 'unknown event' : describeIssues(encoded.error),
        })
    },
  }
}
