import { decode, encode } from 'cborg'
import { equalBytes } from './bytes.ts'

/**
 * The one canonical encoding: CBOR arrays in fixed order, RFC 8949 §4.2 deterministic form. No maps, floats, tags or
 * indefinite lengths. Amounts travel as integers; decoding yields `number` where safe, so use `asAmount` on amounts.
 */
export type CborValue = null | boolean | number | bigint | string | Uint8Array | readonly CborValue[]

export const encodeCbor = (value: CborValue): Uint8Array => new Uint8Array(encode(value))

/**
 * Decodes strictly, re-encodes and requires byte equality, because decoders are laxer than the specification
 * (ipld/ipld#214). Throws RangeError on anything else; `maxBytes` is checked first.
 */
export const decodeCbor = (bytes: Uint8Array, maxBytes: number): CborValue => {
  if (bytes.length > maxBytes) throw new RangeError(`message of ${bytes.length} bytes is over the limit of ${maxBytes}`)
  let value: CborValue
  try {
    value = decode(bytes, {
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      allowBigInt: true,
      strict: true,
      rejectDuplicateMapKeys: true,
      useMaps: true,
    }) as CborValue
  } catch {
    throw new RangeError('not canonical CBOR')
  }
  assertPlain(value, 0)
  if (!equalBytes(encodeCbor(value), bytes)) throw new RangeError('not canonical CBOR')
  return value
}

/** Of bytes that `decodeCbor` or `encodeCbor` has seen before. */
export const decodeKnownCbor = (bytes: Uint8Array): CborValue => decode(bytes) as CborValue

const maxDepth = 16

const assertPlain = (value: unknown, depth: number): void => {
  if (depth > maxDepth) throw new RangeError('CBOR nested too deep')
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'bigint') return
  if (typeof value === 'number' && Number.isSafeInteger(value)) return
  if (value instanceof Uint8Array) return
  if (Array.isArray(value)) {
    for (const item of value) assertPlain(item, depth + 1)
    return
  }
  throw new RangeError('CBOR value of a kind that is not allowed')
}
