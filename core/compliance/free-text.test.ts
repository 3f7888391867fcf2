import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contract } from '../contract/contract.ts'
import type { ContractDefinition } from '../contract/definition.ts'
import { fail, ok } from '../platform/result.ts'
import { freeText, guardFreeText } from './free-text.ts'

/** Places of a schema that take any text: without a pattern and without a list of words. */
const freePlaces = (schema: z.ZodType): readonly string[] => {
  const walk = (node: unknown, at: string): readonly string[] => {
    if (typeof node !== 'object' || node === null) return []
    const { type, pattern, enum: words, const: only } = node as Readonly<Record<string, unknown>>
    const own = type === 'string' && pattern === undefined && words === undefined && only === undefined ? [at] : []
    const deeper = Object.entries(node).flatMap(([key, value]) => {
      if (key === 'properties')
        return Object.entries(value as object).flatMap(([field, inner]) => walk(inner, at === '' ? field : `${at}.${field}`))
      const inner: readonly unknown[] = Array.isArray(value) ? value : [value]
      return ['items', 'anyOf', 'oneOf', 'allOf'].includes(key) ? inner.flatMap((part) => walk(part, at)) : []
    })
    return [...own, ...deeper]
  }
  return [...new Set(walk(z.toJSONSchema(schema, { io: 'input' }), ''))]
}

test('of every place where somebody may write freely it is decided whether it leaves this computer', () => {
  const found = Object.entries(contract as ContractDefinition).flatMap(([area, members]) =>
    Object.entries(members).flatMap(([name, definition]) => {
      const places = definition.kind === 'event' ? [] : freePlaces(definition.input)
      return places.map((place) => `${area}.${name}: ${place}`)
    }),
  )
  const decided = Object.entries(freeText).flatMap(([call, places]) => Object.keys(places).map((place) => `${call}: ${place}`))
  expect(found.toSorted()).toEqual(decided.toSorted())
})

describe('what leaves', () => {
  const done: unknown[] = []
  const handlers = guardFreeText(
    {
      wallet: { transfer: (input: unknown) => Promise.resolve(done.push(input)), summary: () => ok({}) },
      provider: { start: (input: unknown) => Promise.resolve(done.push(input)) },
      credentials: { put: (input: unknown) => Promise.resolve(done.push(input)) },
    },
    (text) => Promise.resolve(text.includes('secret') ? fail('secret-found', 'It holds a secret.') : ok(undefined)),
  )
  const refused = { ok: false, error: { code: 'invalid-input', message: 'It holds a secret.' } }

  test('is looked at before anything is done, wherever in the input it stands', async () => {
    expect(await handlers.wallet.transfer({ memo: 'a secret' })).toEqual(refused)
    expect(await handlers.provider.start({ backend: { model: 'secret-model' } })).toEqual(refused)
    expect(done).toEqual([])
    await handlers.wallet.transfer({ memo: 'for lunch' })
    await handlers.provider.start({ backend: { kind: 'practice' } })
    expect(done).toEqual([{ memo: 'for lunch' }, { backend: { kind: 'practice' } }])
  })

  test('what stays is not: a key has to reach the key store', async () => {
    done.length = 0
    await handlers.credentials.put({ ref: 'work', secret: 'a secret' })
    expect(done).toEqual([{ ref: 'work', secret: 'a secret' }])
  })
})
