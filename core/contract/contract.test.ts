import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createClient } from './client.ts'
import { contract, type AppContract } from './contract.ts'
import { commandErrorCodes, type CallDefinition, type EventDefinition } from './definition.ts'
import { createDispatcher, type Handlers } from './dispatcher.ts'
import { createMemoryTransport } from './memory-transport.ts'
import { contractExamples } from './testing/contract-examples.ts'
import { containing } from './testing/matching.ts'

type CallCase = { readonly input: object; readonly output: object; readonly bad: readonly (readonly [object, string])[] }
type Case = { readonly name: string; readonly area: string; readonly member: string; readonly example: CallCase }
const examples = contractExamples as unknown as Readonly<Record<string, Readonly<Record<string, CallCase>>>>
const members = Object.entries(contract).flatMap(([area, definitions]) =>
  Object.entries<CallDefinition | EventDefinition>(definitions).map(([member, definition]) => ({
    name: `${area}.${member}`,
    area,
    member,
    definition,
  })),
)
const calls = members.flatMap(({ definition, ...rest }) => (definition.kind === 'event' ? [] : [{ ...rest, definition }]))
const events = members.flatMap(({ definition, ...rest }) => (definition.kind === 'event' ? [{ ...rest, definition }] : []))
const exampleOf = ({ area, member }: Pick<Case, 'area' | 'member'>): CallCase => {
  const example = examples[area]?.[member]
  if (example === undefined) throw new Error(`${area}.${member} has no example in testing/contract-examples.ts`)
  return example
}

/** An option that a caller need not know of. */
const mayBeLeftOut = (input: z.ZodType, field: string): boolean =>
  input instanceof z.ZodReadonly && input.unwrap() instanceof z.ZodObject
    ? (input.unwrap() as z.ZodObject).shape[field] instanceof z.ZodOptional
    : false

/** A market that answers every call with its example. */
const createExampleMarket = () => {
  const seen: unknown[] = []
  const areas = Object.keys(contract).map((area) => {
    const handlers = calls
      .filter((call) => call.area === area)
      .map((call) => {
        const handler = (input: unknown) => {
          seen.push(input)
          return { ok: true, value: exampleOf(call).output }
        }
        return [call.member, handler] as const
      })
    return [area, Object.fromEntries(handlers)] as const
  })
  const handlers = Object.fromEntries(areas) as unknown as Handlers<AppContract>
  const dispatcher = createDispatcher(contract, handlers, { log: { write: () => undefined }, newIncidentId: () => 'incident' })
  const client = createClient(contract, createMemoryTransport(dispatcher))
  return { seen, dispatcher, client: client as unknown as Readonly<Record<string, Readonly<Record<string, (value: unknown) => unknown>>>> }
}
const encoded = (schema: z.ZodType, value: unknown): object => JSON.parse(JSON.stringify(z.encode(schema, value))) as object

test('the examples name nothing that is not in the contract', () => {
  const named = Object.entries(examples).flatMap(([area, of]) => Object.keys(of).map((member) => `${area}.${member}`))
  expect(named.toSorted()).toEqual(members.map(({ name }) => name).toSorted())
})

describe.each(calls)('$name', ({ name, area, member, definition }) => {
  test('takes its example in and gives its example out, exactly', async () => {
    const { client, seen } = createExampleMarket()
    const { input, output } = exampleOf({ area, member })
    expect(await client[area]?.[member]?.(input)).toEqual({ ok: true, value: output })
    expect(seen).toEqual([input])
  })

  test('refuses every bad input with a sentence that names the field', async () => {
    const { dispatcher, seen } = createExampleMarket()
    const { input, bad } = exampleOf({ area, member })
    const good = encoded(definition.input, input)
    const answers = await Promise.all(bad.map(([change]) => dispatcher.call(name, { ...good, ...change })))
    const failures = answers.map((answer) => (answer.ok ? ['no refusal'] : [answer.error.code, answer.error.message]))
    expect(failures).toEqual(bad.map(([, sentence]) => ['invalid-input', containing(sentence)]))
    expect([bad.length > 0, seen]).toEqual([true, []])
  })

  test('refuses input that lacks any of its fields but an option, or is none', async () => {
    const { dispatcher, seen } = createExampleMarket()
    const good = encoded(definition.input, exampleOf({ area, member }).input)
    const needed = Object.keys(good).filter((field) => !mayBeLeftOut(definition.input, field))
    const lacking = needed.map((field) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== field)))
    const answers = await Promise.all([...lacking, null, [], 'text', 5].map((input) => dispatcher.call(name, input)))
    expect(answers.filter((answer) => answer.ok || answer.error.code !== 'invalid-input')).toEqual([])
    expect(seen).toEqual([])
  })

  test('is well formed: commands carry a request id, queries none, codes are words, and no list or text is without a bound', () => {
    const carries = 'requestId' in exampleOf({ area, member }).input
    const hasCommandCodes = commandErrorCodes.every((code) => definition.errors.includes(code))
    expect([carries, hasCommandCodes]).toEqual(definition.kind === 'command' ? [true, true] : [false, false])
    expect(definition.errors.filter((code) => !/^[a-z][a-z-]{1,39}$/.test(code))).toEqual([])
    expect(new Set(definition.errors).size).toBe(definition.errors.length)
    expect([...unbounded(definition.input), ...unbounded(definition.output)]).toEqual([])
  })
})

describe.each(events)('$name', ({ name, area, member, definition }) => {
  test('brings its example exactly, and nothing is without a bound', () => {
    const { client, dispatcher } = createExampleMarket()
    const heard: unknown[] = []
    const payload: unknown = exampleOf({ area, member })
    client[area]?.[member]?.((value: unknown) => heard.push(value))
    ;(dispatcher.emit as (name: string, payload: unknown) => void)(name, payload)
    expect(heard).toEqual([payload])
    expect(unbounded(definition.payload)).toEqual([])
  })
})

type JsonSchema = Readonly<Record<string, unknown>>
/** Places of the wire form where text, lists, objects or numbers have no limit. */
const unbounded = (schema: z.ZodType): readonly string[] => {
  const isObject = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null
  const walk = (node: unknown, at: string): readonly string[] => {
    if (!isObject(node)) return []
    const lacks = (key: string) => node[key] === undefined
    const wrong =
      (node.type === 'string' && lacks('maxLength') && lacks('pattern') && lacks('enum') && lacks('const')) ||
      (node.type === 'array' && lacks('maxItems')) ||
      (node.type === 'object' && node.additionalProperties !== false) ||
      (node.type === 'integer' && (lacks('maximum') || lacks('minimum'))) ||
      node.type === 'number' ||
      Object.keys(node).length === 0
    const deeper = Object.entries(node).flatMap(([key, value]) =>
      key === 'properties' && isObject(value)
        ? Object.entries(value).flatMap(([field, inner]) => walk(inner, `${at}.${field}`))
        : ['items', 'anyOf', 'oneOf', 'allOf'].includes(key)
          ? (Array.isArray(value) ? value : [value]).flatMap((inner) => walk(inner, at))
          : [],
    )
    return wrong ? [at, ...deeper] : deeper
  }
  return walk(z.toJSONSchema(schema, { io: 'input' }), '$')
}
