import { describe, expect, test, vi } from 'vitest'
import { createClient } from '../client.ts'
import type { Transport } from '../transport.ts'
import { createExample, exampleContract, secretOfTheStumble, type Example } from './example-contract.ts'
import { containing } from './matching.ts'

/** A transport under test, joined to an example market. */
export type Rig = {
  readonly transport: Transport
  /** Ends the connection for good, from the client's side. */
  readonly close: () => void | Promise<void>
  /** Frees what the rig holds. */
  readonly dispose: () => void | Promise<void>
}

const requestId = 'request-000000001'
const longNote = 'µ€😀\u0000"\\\n'.repeat(60_000)

/** What every transport must do. Events have no arrival of their own, so a call made after them tells that they are there. */
export const describeTransport = (name: string, createRig: (example: Example) => Promise<Rig>): void => {
  const withRig = async (use: (rig: Rig, example: Example) => Promise<void>): Promise<void> => {
    const example = createExample()
    const rig = await createRig(example)
    try {
      await use(rig, example)
    } finally {
      await rig.dispose()
    }
  }
  const inRig = (use: (rig: Rig & { readonly client: ReturnType<typeof clientOf> }, example: Example) => Promise<void>) => () =>
    withRig((rig, example) => use({ ...rig, client: clientOf(rig) }, example))
  const clientOf = (rig: Rig) => createClient(exampleContract, rig.transport)

  describe(`${name} as a transport`, () => {
    test(
      'carries input and output exactly, amounts as bigints',
      inRig(async ({ client }) => {
        const note = 'µ€😀\u0000"\\\n'
        expect(await client.purse.pay({ requestId, amountMicro: 1_000n, note })).toEqual({ ok: true, value: { leftMicro: 8_000n, note } })
      }),
    )

    test(
      'carries the longest text a contract allows',
      inRig(async ({ client }) => {
        const answer = await client.purse.pay({ requestId, amountMicro: 1n, note: longNote })
        expect(answer).toEqual({ ok: true, value: { leftMicro: 8_999n, note: longNote } })
      }),
    )

    test(
      'carries an expected failure as a value',
      inRig(async ({ client }) => {
        expect(await client.purse.pay({ requestId, amountMicro: 9_001n, note: '' })).toEqual({
          ok: false,
          error: { code: 'too-poor', message: 'There is not that much in the purse.' },
        })
      }),
    )

    test(
      'carries of a thrown error its incident alone',
      inRig(async ({ client }, { log }) => {
        const answer = await client.purse.stumble({})
        expect(answer).toMatchObject({ ok: false, error: { code: 'internal', incidentId: 'incident-1' } })
        expect(JSON.stringify(answer)).not.toContain(secretOfTheStumble)
        expect(log[0]?.fields).toMatchObject({ call: 'purse.stumble', incidentId: 'incident-1', error: `Error: ${secretOfTheStumble}` })
      }),
    )

    test.each([
      ['purse.pay', { requestId, amountMicro: '0', note: '' }, '"amountMicro" must be µRUV'],
      ['purse.pay', { requestId, amountMicro: '1', note: '', extra: 1 }, 'The input has the unknown field "extra"'],
      ['purse.pay', undefined, 'The input must be an object'],
      ['purse.changed', {}, 'There is no call "purse.changed"'],
      ['__proto__.toString', {}, 'There is no call'],
    ])('refuses bad input to %s with a sentence', async (call, input, sentence) =>
      withRig(async ({ transport }) => {
        const answer = await transport.call(call, input)
        expect(answer).toMatchObject({ ok: false, error: { code: 'invalid-input', message: containing(sentence) } })
      }),
    )

    test(
      'gives each of many calls its own answer, whatever the order',
      inRig(async ({ client }, { answerWaiting, waiting }) => {
        const places = [...Array(50).keys()]
        const answers = places.map((place) => client.purse.wait({ place }))
        await vi.waitFor(() => expect(waiting()).toHaveLength(50))
        for (const place of places.toReversed()) answerWaiting(place)
        expect(await Promise.all(answers)).toEqual(places.map((place) => ({ ok: true, value: { place } })))
      }),
    )

    test(
      'brings events in their order to every listener, and only those asked for',
      inRig(async ({ client }, { dispatcher }) => {
        const heard: unknown[] = []
        client.purse.changed(({ revision, micro }) => heard.push(['first', revision, micro]))
        client.purse.changed(({ revision }) => heard.push(['second', revision]))
        await client.purse.balance({})
        dispatcher.emit('purse.closed', { reason: 'nobody listens' })
        dispatcher.emit('purse.changed', { revision: 1, micro: 10n })
        dispatcher.emit('purse.changed', { revision: 2, micro: 20n })
        await client.purse.balance({})
        expect(heard).toEqual([
          ['first', 1, 10n],
          ['second', 1],
          ['first', 2, 20n],
          ['second', 2],
        ])
      }),
    )

    test(
      'brings nothing more to a listener that has ended its subscription',
      inRig(async ({ client }, { dispatcher }) => {
        const heard: unknown[] = []
        const endFirst = client.purse.changed(({ revision }) => heard.push(['first', revision]))
        const endSecond = client.purse.changed(({ revision }) => heard.push(['second', revision]))
        await client.purse.balance({})
        endFirst()
        endFirst()
        await client.purse.balance({})
        dispatcher.emit('purse.changed', { revision: 1, micro: 0n })
        await client.purse.balance({})
        endSecond()
        await client.purse.balance({})
        dispatcher.emit('purse.changed', { revision: 2, micro: 0n })
        await client.purse.balance({})
        expect(heard).toEqual([['second', 1]])
      }),
    )

    test(
      'goes on after a listener that throws',
      inRig(async ({ client }, { dispatcher }) => {
        const heard: number[] = []
        client.purse.changed(() => {
          throw new Error('of the listener')
        })
        client.purse.changed(({ revision }) => heard.push(revision))
        await client.purse.balance({})
        dispatcher.emit('purse.changed', { revision: 1, micro: 0n })
        await client.purse.balance({})
        expect(heard).toEqual([1])
      }),
    )

    test(
      'answers what is under way, and all that comes later, with unavailable once it is closed',
      inRig(async ({ client, close }, example) => {
        const underWay = client.purse.wait({ place: 1 })
        await vi.waitFor(() => expect(example.waiting()).toEqual([1]))
        await close()
        const gone = { ok: false, error: { code: 'unavailable', message: containing('.') } }
        expect([await underWay, await client.purse.balance({})]).toEqual([gone, gone])
      }),
    )
  })
}
