import { z } from 'zod'
import type {
  CallAnswer,
  CallDefinition,
  CallsIn,
  ContractDefinition,
  EventDefinition,
  EventsIn,
  InputOf,
  PayloadOf,
} from './definition.ts'
import { commonErrorCodes } from './definition.ts'
import { refuse, wireAnswer, type WireAnswer } from './envelope.ts'
import { describeIssues } from './failure.ts'
import type { Transport } from './transport.ts'

type Caller<D> = (input: InputOf<D>) => Promise<CallAnswer<D>>
type Subscriber<D> = (listener: (payload: PayloadOf<D>) => void) => () => void
/** A function per call, such as `client.wallet.summary({})`, and one per event, such as `client.wallet.changed(listener)`. */
export type Client<C extends ContractDefinition> = {
  readonly [A in keyof C]: { readonly [K in CallsIn<C[A]>]: Caller<C[A][K]> } & { readonly [K in EventsIn<C[A]>]: Subscriber<C[A][K]> }
}

export type ClientOptions = {
  /** Told about answers and events that do not fit the contract: the two ends are of different versions. */
  readonly onUnreadable?: (name: string, reason: string) => void
  /** How the sentence of a failure is said to people; without it as it came, in English. */
  readonly say?: (sentence: string) => string
}

const unreadable = (name: string): WireAnswer => ({
  ok: false,
  error: {
    code: 'internal',
    message: `The answer to ${name} could not be read. Update the app and the market to the same version.`,
    incidentId: 'unreadable-answer',
  },
})

const isKnownCode = (definition: CallDefinition, code: string): boolean =>
  code === 'internal' || definition.errors.includes(code) || commonErrorCodes.some((common) => common === code)

/** Every value that leaves is checked and encoded, every value that comes back is parsed. The functions never reject. */
export const createClient = <C extends ContractDefinition>(contract: C, transport: Transport, options: ClientOptions = {}): Client<C> => {
  const parseAnswer = (name: string, definition: CallDefinition, received: unknown): WireAnswer => {
    const answer = wireAnswer.safeParse(received)
    if (answer.success && !answer.data.ok && isKnownCode(definition, answer.data.error.code)) return answer.data
    const value = answer.success && answer.data.ok ? z.safeDecode(definition.output, answer.data.value) : null
    if (value?.success === true) return { ok: true, value: value.data }
    options.onUnreadable?.(name, value === null ? 'not an answer of this contract' : describeIssues(value.error))
    return unreadable(name)
  }

  const { say = (sentence: string) => sentence } = options
  const worded = (answer: WireAnswer): WireAnswer =>
    answer.ok ? answer : { ok: false, error: { ...answer.error, message: say(answer.error.message) } }

  const caller = (name: string, definition: CallDefinition) => async (input: unknown) => worded(await answerTo(name, definition, input))
  const answerTo = async (name: string, definition: CallDefinition, input: unknown): Promise<WireAnswer> => {
    const encoded = z.safeEncode(definition.input, input)
    if (!encoded.success) return refuse('invalid-input', describeIssues(encoded.error))
    try {
      return parseAnswer(name, definition, await transport.call(name, encoded.data))
    } catch {
      return refuse('unavailable', 'The market cannot be reached. Try again.')
    }
  }

  const subscriber = (name: string, definition: EventDefinition) => (listener: (payload: unknown) => void) =>
    transport.subscribe(name, (received) => {
      const payload = z.safeDecode(definition.payload, received)
      if (payload.success) listener(payload.data)
      else options.onUnreadable?.(name, describeIssues(payload.error))
    })

  const areas = Object.entries(contract).map(([area, members]) => {
    const functions = Object.entries(members).map(([name, definition]) => {
      const fullName = `${area}.${name}`
      return [name, definition.kind === 'event' ? subscriber(fullName, definition) : caller(fullName, definition)] as const
    })
    return [area, Object.fromEntries<unknown>(functions)] as const
  })
  return Object.fromEntries(areas) as unknown as Client<C>
}
