import { expect, expectTypeOf, test } from 'vitest'
import { createClient, type Client } from './client.ts'
import type { MarketContract } from './contract.ts'
import type { CallName, EventName } from './definition.ts'
import { exampleContract } from './testing/example-contract.ts'
import type { Transport } from './transport.ts'

const createAnsweringTransport = (answer: () => unknown): Transport => ({
  call: async () => answer(),
  subscribe: () => () => undefined,
  onGap: () => () => undefined,
  onRefused: () => () => undefined,
})

const createAnswering = (answer: () => unknown) => {
  const calls: unknown[] = []
  const faults: string[] = []
  const listeners: ((payload: unknown) => void)[] = []
  const transport: Transport = {
    ...createAnsweringTransport(answer),
    call: async (name, input) => {
      calls.push([name, input])
      return answer()
    },
    subscribe: (_name, listener) => {
      listeners.push(listener)
      return () => undefined
    },
  }
  const client = createClient(exampleContract, transport, { onUnreadable: (name, reason) => faults.push(`${name}: ${reason}`) })
  return { client, calls, faults, tell: (payload: unknown) => listeners.forEach((listener) => listener(payload)) }
}

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no envelope', { micro: '1' }],
  ['an output of another shape', { ok: true, value: { micro: 1 } }],
  ['an output with a field too many', { ok: true, value: { micro: '1', more: true } }],
  ['a code that is not in the contract', { ok: false, error: { code: 'stolen', message: 'x' } }],
  ['an internal failure without its incident', { ok: false, error: { code: 'internal', message: 'x' } }],
  ['a failure without a sentence', { ok: false, error: { code: 'unavailable', message: '' } }],
])('an answer that is %s becomes an internal failure and is reported', async (_what, answer) => {
  const { client, faults } = createAnswering(() => answer)
  expect(await client.purse.balance({})).toMatchObject({ ok: false, error: { code: 'internal', incidentId: 'unreadable-answer' } })
  expect(faults).toHaveLength(1)
})

test('a transport that rejects is answered as unavailable', async () => {
  const { client } = createAnswering(() => {
    throw new Error('the pipe is gone')
  })
  expect(await client.purse.balance({})).toMatchObject({ ok: false, error: { code: 'unavailable' } })
})

test('input that breaks the contract is refused before it leaves, with the field named', async () => {
  const { client, calls } = createAnswering(() => undefined)
  const answer = await client.purse.pay({ requestId: 'request-000000001', amountMicro: 0n, note: '' })
  expect(answer).toEqual({
    ok: false,
    error: { code: 'invalid-input', message: '"amountMicro" must be µRUV as a whole decimal number from 1 to 9000000000000000.' },
  })
  expect(calls).toEqual([])
})

test('the sentence of every failure is said as whoever asked wants it, and nothing else of it changes', async () => {
  const spoken = (answer: () => unknown) =>
    createClient(exampleContract, createAnsweringTransport(answer), { say: (sentence) => sentence.toUpperCase() })
  const refused = () => ({ ok: false, error: { code: 'unavailable', message: 'Not now.' } })
  const gone = () => {
    throw new Error('the pipe is gone')
  }
  expect([
    await spoken(refused).purse.balance({}),
    await spoken(gone).purse.balance({}),
    await spoken(() => ({ ok: true, value: { micro: '1' } })).purse.balance({}),
  ]).toEqual([
    { ok: false, error: { code: 'unavailable', message: 'NOT NOW.' } },
    { ok: false, error: { code: 'unavailable', message: 'THE MARKET CANNOT BE REACHED. TRY AGAIN.' } },
    { ok: true, value: { micro: 1n } },
  ])
})

test('an event that cannot be read is reported and not passed on', () => {
  const { client, faults, tell } = createAnswering(() => undefined)
  const heard: unknown[] = []
  client.purse.changed((payload) => heard.push(payload))
  for (const payload of [null, { revision: 1 }, { revision: 1, micro: '5' }]) tell(payload)
  expect([heard, faults.length]).toEqual([[{ revision: 1, micro: 5n }], 2])
})

test('the types of calls, answers and events come from the contract', () => {
  type Market = Client<MarketContract>
  expectTypeOf<Parameters<Market['wallet']['transfer']>[0]>().toEqualTypeOf<{
    readonly requestId: string
    readonly to: string
    readonly amountMicro: bigint
    readonly memo: string
  }>()
  type Answer = Awaited<ReturnType<Market['tasks']['cancel']>>
  expectTypeOf<Extract<Answer, { readonly ok: false }>['error']['code']>().toEqualTypeOf<
    'request-id-reused' | 'not-found' | 'too-late' | 'invalid-input' | 'unavailable' | 'internal'
  >()
  expectTypeOf<Parameters<Parameters<Market['tasks']['output']>[0]>[0]>().toEqualTypeOf<{
    readonly taskId: string
    readonly offset: number
    readonly text: string
  }>()
  expectTypeOf<'wallet.summary'>().toExtend<CallName<MarketContract>>()
  expectTypeOf<'wallet.summary'>().not.toExtend<EventName<MarketContract>>()
  type StopAnswer = Awaited<ReturnType<Market['provider']['stop']>>
  expectTypeOf<Extract<StopAnswer, { readonly ok: false }>['error']['code']>().toEqualTypeOf<
    'request-id-reused' | 'invalid-input' | 'unavailable' | 'internal'
  >()
})
