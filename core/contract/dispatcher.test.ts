import { expect, test } from 'vitest'
import { event, query } from './definition.ts'
import { createDispatcher, type DispatcherDeps, type Handlers } from './dispatcher.ts'
import { amountMicro, record } from './primitives.ts'
import { createExample } from './testing/example-contract.ts'

const contract = {
  purse: {
    look: query({ input: {}, output: record({ micro: amountMicro }), errors: ['lost'] }),
    changed: event(record({ micro: amountMicro })),
  },
} as const

const createPurse = (look: () => unknown, deps: Partial<DispatcherDeps> = {}) => {
  const log: (readonly [string, Readonly<Record<string, string>>])[] = []
  const handlers = { purse: { look } } as unknown as Handlers<typeof contract>
  const write: DispatcherDeps['log']['write'] = (_level, name, fields) => void log.push([name, fields])
  return { log, dispatcher: createDispatcher(contract, handlers, { log: { write }, newIncidentId: () => 'i1', ...deps }) }
}
const internal = {
  ok: false,
  error: { code: 'internal', message: 'Something went wrong inside the market. The log has the details under i1.', incidentId: 'i1' },
}

test.each<[string, () => unknown]>([
  [
    'throws an Error',
    () => {
      throw new Error('x')
    },
  ],
  [
    'throws something that is no Error',
    () => {
      throw Object.assign(Object.create(null), { toString: 5 })
    },
  ],
  ['rejects', () => Promise.reject(new Error('x'))],
  ['returns nothing', () => undefined],
  ['returns an output that breaks its schema', () => ({ ok: true, value: { micro: -1n } })],
  ['returns a field too many', () => ({ ok: true, value: { micro: 1n, secret: 'x' } })],
  ['fails with a code that is not in the contract', () => ({ ok: false, error: { code: 'stolen', message: 'x' } })],
  ['fails with a code of the dispatcher', () => ({ ok: false, error: { code: 'internal', message: 'x' } })],
])('a handler that %s is answered as internal, and logged in full', async (_what, look) => {
  const { dispatcher, log } = createPurse(look)
  expect(await dispatcher.call('purse.look', {})).toEqual(internal)
  expect(log).toEqual([['call-failed', expect.objectContaining({ call: 'purse.look', incidentId: 'i1' })]])
})

test.each(['lost', 'unavailable', 'invalid-input'])('a handler may fail with %s', async (code) => {
  const answer = { ok: false, error: { code, message: 'It is gone.' } }
  const { dispatcher, log } = createPurse(() => answer)
  expect([await dispatcher.call('purse.look', {}), log]).toEqual([answer, []])
})

test('an error that people can do something about is answered with its sentence, and logged too', async () => {
  const look = () => {
    throw new RangeError('disk')
  }
  const { dispatcher, log } = createPurse(look, { explain: (thrown) => (thrown instanceof RangeError ? 'The disk is full.' : null) })
  expect(await dispatcher.call('purse.look', {})).toEqual({ ok: false, error: { code: 'unavailable', message: 'The disk is full.' } })
  expect(log).toHaveLength(1)
})

test('input that is hostile beyond its schema is refused, never thrown', async () => {
  const { dispatcher } = createPurse(() => ({ ok: true, value: { micro: 1n } }))
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  const trap = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('trap')
      },
    },
  )
  const answers = await Promise.all(
    [cyclic, trap, JSON.parse('{"__proto__":{"x":1}}'), 1n, Symbol('x')].map((input) => dispatcher.call('purse.look', input)),
  )
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.error.code))).toEqual([
    'invalid-input',
    'internal',
    'invalid-input',
    'invalid-input',
    'invalid-input',
  ])
})

test('a listener that throws does not keep others from hearing, nor the emitter from going on', () => {
  const { dispatcher, log } = createExample()
  const heard: unknown[] = []
  dispatcher.subscribe('purse.changed', () => {
    throw new Error('of the listener')
  })
  dispatcher.subscribe('purse.changed', (payload) => heard.push(payload))
  dispatcher.emit('purse.changed', { revision: 1, micro: 5n })
  expect([heard, log.map(({ event: name }) => name)]).toEqual([[{ revision: 1, micro: '5' }], ['listener-failed']])
})

test('an event that breaks its schema is kept back and logged', () => {
  const { dispatcher, log } = createExample()
  const heard: unknown[] = []
  dispatcher.subscribe('purse.changed', (payload) => heard.push(payload))
  dispatcher.emit('purse.changed', { revision: -1, micro: 5n })
  expect([heard, log.map(({ event: name }) => name)]).toEqual([[], ['event-refused']])
})

test('a contract without one of its handlers does not start', () => {
  expect(() =>
    createDispatcher(contract, { purse: {} } as unknown as Handlers<typeof contract>, {
      log: { write: () => undefined },
      newIncidentId: () => '',
    }),
  ).toThrow('no handler for purse.look')
})
