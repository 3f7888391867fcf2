import { z } from 'zod'
import { command, event, query, type HandlerAnswer, type InputOf } from '../definition.ts'
import { createDispatcher, type Dispatcher, type Handlers } from '../dispatcher.ts'
import { amountMicro, positiveAmountMicro, record, text, whole } from '../primitives.ts'

/** A contract with one call of each behaviour that a transport has to carry. */
export const exampleContract = {
  purse: {
    pay: command({
      input: { amountMicro: positiveAmountMicro, note: text(1_000_000) },
      output: record({ leftMicro: amountMicro, note: text(1_000_000) }),
      errors: ['too-poor'],
    }),
    balance: query({ input: {}, output: record({ micro: amountMicro }) }),
    /** Answers when told to. */
    wait: query({ input: { place: whole(0, 1_000) }, output: record({ place: whole(0, 1_000) }) }),
    /** Throws. */
    stumble: query({ input: {}, output: record({}) }),
    /** Returns something that its schema does not allow. */
    babble: query({ input: {}, output: record({ micro: amountMicro }) }),
    changed: event(record({ revision: whole(0, 1_000_000), micro: amountMicro })),
    closed: event(record({ reason: z.string().max(100) })),
  },
} as const
export type ExampleContract = typeof exampleContract

export type LogEntry = { readonly level: string; readonly event: string; readonly fields: Readonly<Record<string, string>> }
export type Example = {
  readonly dispatcher: Dispatcher<ExampleContract>
  readonly log: readonly LogEntry[]
  /** Lets the waiting call of this place answer. */
  readonly answerWaiting: (place: number) => void
  /** Places of the calls that wait now. */
  readonly waiting: () => readonly number[]
}

export const secretOfTheStumble = 'a secret in an error message'
const priceLimitMicro = 9_000n

type Waiting = InputOf<ExampleContract['purse']['wait']>

export const createExample = (): Example => {
  const log: LogEntry[] = []
  const waiting = new Map<number, (answer: HandlerAnswer<ExampleContract['purse']['wait']>) => void>()
  const handlers: Handlers<ExampleContract> = {
    purse: {
      pay: ({ amountMicro: micro, note }) =>
        micro > priceLimitMicro
          ? { ok: false, error: { code: 'too-poor', message: 'There is not that much in the purse.' } }
          : { ok: true, value: { leftMicro: priceLimitMicro - micro, note } },
      balance: () => ({ ok: true, value: { micro: priceLimitMicro } }),
      wait: ({ place }: Waiting) => new Promise((resolve) => waiting.set(place, resolve)),
      stumble: () => {
        throw new Error(secretOfTheStumble)
      },
      babble: () => ({ ok: true, value: { micro: -1n } }),
    },
  }
  const dispatcher = createDispatcher(exampleContract, handlers, {
    log: { write: (level, name, fields) => void log.push({ level, event: name, fields }) },
    newIncidentId: () => `incident-${log.length + 1}`,
  })
  return {
    dispatcher,
    log,
    answerWaiting: (place) => {
      waiting.get(place)?.({ ok: true, value: { place } })
      waiting.delete(place)
    },
    waiting: () => [...waiting.keys()],
  }
}
