import { asAmount, type AmountMicro } from './amount.ts'
import { decodeCbor, decodeKnownCbor, encodeCbor, type CborValue } from './cbor.ts'
import { fail, ok, type Failure, type Result } from './result.ts'

/**
 * Wire schemas: each describes one shape, its bounds and its canonical form in one place, so that encoder and decoder cannot
 * drift apart. Shapes are CBOR arrays in the order in which the fields are written down.
 */
export type Codec<T> = {
  readonly encode: (value: T) => CborValue
  /** Throws `Malformed`; only `decodeBytes` may call it from outside. */
  readonly decode: (value: CborValue, at: string) => T
}
export type Decoded<C> = C extends Codec<infer T> ? T : never

class Malformed extends Error {}
const malformed = (at: string, expected: string): never => {
  throw new Malformed(`${at} must be ${expected}`)
}

export const bytesOf = (length: number): Codec<Uint8Array> => ({
  encode: (value) => value,
  decode: (value, at) => (value instanceof Uint8Array && value.length === length ? value : malformed(at, `${length} bytes`)),
})

export const bytesUpTo = (maxLength: number): Codec<Uint8Array> => ({
  encode: (value) => value,
  decode: (value, at) => (value instanceof Uint8Array && value.length <= maxLength ? value : malformed(at, `at most ${maxLength} bytes`)),
})

/** At most `maxLength` UTF-16 units and none of the control and direction characters peers could mislead with. */
export const textUpTo = (maxLength: number): Codec<string> => ({
  encode: (value) => value,
  decode: (value, at) =>
    typeof value === 'string' && value.length <= maxLength && !misleading.test(value)
      ? value
      : malformed(at, `plain text of at most ${maxLength} characters`),
})
const misleading = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/

export const integer = (min: number, max: number): Codec<number> => ({
  encode: (value) => value,
  decode: (value, at) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? value
      : malformed(at, `a whole number from ${min} to ${max}`),
})

/** Milliseconds since the Unix epoch, up to the year 2286. */
export const timeMs = integer(0, 9_999_999_999_999)

export const amount: Codec<AmountMicro> = {
  encode: (value) => value,
  decode: (value, at) => asAmount(value) ?? malformed(at, 'an amount of µRUV within the supply'),
}

export const flag: Codec<boolean> = {
  encode: (value) => value,
  decode: (value, at) => (typeof value === 'boolean' ? value : malformed(at, 'true or false')),
}

export const nullable = <T>(inner: Codec<T>): Codec<T | null> => ({
  encode: (value) => (value === null ? null : inner.encode(value)),
  decode: (value, at) => (value === null ? null : inner.decode(value, at)),
})

export const listUpTo = <T>(inner: Codec<T>, maxItems: number): Codec<readonly T[]> => ({
  encode: (value) => value.map((item) => inner.encode(item)),
  decode: (value, at) =>
    Array.isArray(value) && value.length <= maxItems
      ? (value as readonly CborValue[]).map((item, index) => inner.decode(item, `${at}[${index}]`))
      : malformed(at, `a list of at most ${maxItems} items`),
})

/** One of a fixed list of words, sent as its position: append only. */
export const wordOf = <const W extends string>(words: readonly W[]): Codec<W> => ({
  encode: (value) => words.indexOf(value),
  decode: (value, at) => (typeof value === 'number' ? words[value] : undefined) ?? malformed(at, `one of ${words.join(', ')}`),
})

type Fields<T> = { readonly [K in keyof T]-?: Codec<T[K]> }

/** An object as an array of its fields in the order given here. */
export const record = <T extends object>(fields: Fields<T>): Codec<T> => {
  const entries: readonly [string, Codec<unknown>][] = Object.entries<Codec<unknown>>(fields as object as Record<string, Codec<unknown>>)
  return {
    encode: (value) => entries.map(([name, codec]) => codec.encode((value as Readonly<Record<string, unknown>>)[name])),
    decode: (value, at) => {
      if (!Array.isArray(value) || value.length !== entries.length) return malformed(at, `a list of ${entries.length} fields`)
      const items = value as readonly CborValue[]
      const decoded: Record<string, unknown> = {}
      entries.forEach(([name, codec], index) => {
        decoded[name] = codec.decode(items[index] ?? null, `${at}.${name}`)
      })
      return decoded as T
    },
  }
}

type Kinded = { readonly kind: string }
type Variants<T extends Kinded> = { readonly [K in T['kind']]: Codec<Omit<Extract<T, { readonly kind: K }>, 'kind'>> }

/** A union discriminated by `kind`: [position of the kind, its record]. Append only. */
export const variant = <T extends Kinded>(variants: Variants<T>): Codec<T> => {
  const kinds = Object.keys(variants) as readonly T['kind'][]
  const codecOf = (kind: T['kind']) => variants[kind] as Codec<object>
  return {
    encode: (value) => {
      const kind: T['kind'] = value.kind
      return [kinds.indexOf(kind), codecOf(kind).encode(value)]
    },
    decode: (value, at) => {
      const [position, body] = Array.isArray(value) && value.length === 2 ? (value as readonly CborValue[]) : []
      const kind = typeof position === 'number' ? kinds[position] : undefined
      if (kind === undefined || body === undefined) return malformed(at, `one of ${kinds.join(', ')}`)
      return { kind, ...codecOf(kind).decode(body, `${at}.${kind}`) } as T
    },
  }
}

/** A constant that must be there, such as a version. */
export const literal = <const V extends number>(expected: V): Codec<V> => ({
  encode: (value) => value,
  decode: (value, at) => (value === expected ? expected : malformed(at, String(expected))),
})

export const encodeBytes = <T>(codec: Codec<T>, value: T): Uint8Array => encodeCbor(codec.encode(value))

/** Strict: bounded, canonical, of the shape; the failure's sentence names the field. `what` names the message for people. */
export const decodeBytes = <T>(codec: Codec<T>, bytes: Uint8Array, maxBytes: number, what: string): Result<T, Failure<'malformed'>> => {
  try {
    return ok(codec.decode(decodeCbor(bytes, maxBytes), what))
  } catch (error) {
    if (error instanceof Malformed || error instanceof RangeError) return fail('malformed', `Refused: ${error.message}.`)
    throw error
  }
}

/** Of bytes that this program encoded or decoded itself: it is not looked at again whether they are canonical. Throws on others. */
export const decodeKnown = <T>(codec: Codec<T>, bytes: Uint8Array): T => codec.decode(decodeKnownCbor(bytes), 'known bytes')
