import { createHash } from 'node:crypto'
import { Point } from '@noble/ed25519'
import { concatBytes, utf8 } from '../platform/bytes.ts'
import { keyFromSeed, verifyStrict } from './ed25519.ts'

/**
 * Signatures on which Ed25519 verifiers are known to disagree, built from the curve itself. Tests run them on every runtime the
 * market runs on: a witness that judged one of them differently would split the committee.
 */
export type HardCase = {
  readonly name: string
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
  readonly expected: boolean
  /** True where a verifier that multiplies by the cofactor and reads lax encodings (ZIP 215) says yes: the case is a real trap. */
  readonly laxAccepts: boolean
}
export type HardCaseVerdict = { readonly name: string; readonly expected: boolean; readonly got: boolean }

/** p = 2^255 − 19 and the order of the base point. */
const fieldPrime = Point.CURVE().p
const order = Point.CURVE().n
/** Any two scalars do: the key's and the nonce's. */
const secret = 123_456_789_123_456_789n
const nonce = 987_654_321_987_654_321n

const littleEndian = (value: bigint): Uint8Array => new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse())
const reduced = (digest: Uint8Array): bigint => BigInt(`0x${Buffer.from(digest).reverse().toString('hex')}`) % order

/** k = SHA-512(R ‖ A ‖ M) mod L over the bytes as they are sent. */
const challenge = (r: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint =>
  reduced(createHash('sha512').update(r).update(publicKey).update(message).digest())

/** The eight points of order dividing 8, as multiples of a generator: index 0 is the identity, 4 has order 2, 2 and 6 order 4. */
const torsion = (): readonly Point[] => {
  const generator = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')
  const multiples = [Point.ZERO]
  for (let i = 1; i < 8; i++) multiples.push((multiples[i - 1] ?? Point.ZERO).add(generator))
  return multiples
}

type Forgery = {
  readonly keyBytes: Uint8Array
  /** The part of the key's discrete logarithm that is known; 0 for a key of small order. */
  readonly keyScalar: bigint
  readonly rBytes: Uint8Array
  readonly rScalar: bigint
  /** Asked of k; the message is varied until it holds, about eight tries for a condition mod 8. */
  readonly when?: (k: bigint) => boolean
}

/** s = r + k·a, so that the equation holds up to the torsion in A and R. */
const forge = ({ keyBytes, keyScalar, rBytes, rScalar, when = () => true }: Forgery) => {
  for (let attempt = 0; ; attempt++) {
    const message = utf8(`order ${attempt}`)
    const k = challenge(rBytes, keyBytes, message)
    if (!when(k)) continue
    return { publicKey: keyBytes, message, signature: concatBytes(rBytes, littleEndian((rScalar + k * keyScalar) % order)) }
  }
}

const refused = (name: string, parts: Pick<HardCase, 'publicKey' | 'message' | 'signature'>, laxAccepts: boolean): HardCase => ({
  name,
  ...parts,
  expected: false,
  laxAccepts,
})

const honestKey = () => ({ keyBytes: Point.BASE.multiply(secret).toBytes(), keyScalar: secret })
const honestR = () => ({ rBytes: Point.BASE.multiply(nonce).toBytes(), rScalar: nonce })

const honestCases = (): readonly HardCase[] => {
  const key = keyFromSeed(new Uint8Array(32).fill(7))
  const message = utf8('pay 1 RUV')
  const signature = key.signRaw(message)
  const empty = new Uint8Array(0)
  return [
    { name: 'honest', publicKey: key.publicKey, message, signature, expected: true, laxAccepts: true },
    {
      name: 'honest, empty message',
      publicKey: key.publicKey,
      message: empty,
      signature: key.signRaw(empty),
      expected: true,
      laxAccepts: true,
    },
    { name: 'honest, made from scalars', ...forge({ ...honestKey(), ...honestR() }), expected: true, laxAccepts: true },
    refused('another message', { publicKey: key.publicKey, message: utf8('pay 2 RUV'), signature }, false),
    refused('another key', { publicKey: keyFromSeed(new Uint8Array(32).fill(8)).publicKey, message, signature }, false),
    refused('the negated key', { publicKey: Point.fromBytes(key.publicKey).negate().toBytes(), message, signature }, false),
  ]
}

/** A = T: everybody knows its "private key", so one signature fits many messages. */
const smallOrderKeys = (): readonly HardCase[] =>
  torsion().flatMap((point, index) => {
    const key = { keyBytes: point.toBytes(), keyScalar: 0n }
    return [
      refused(
        `A of small order (${index}/8), equation exact`,
        forge({ ...key, ...honestR(), when: (k) => (k * BigInt(index)) % 8n === 0n }),
        true,
      ),
      refused(`A of small order (${index}/8), equation up to cofactor`, forge({ ...key, ...honestR() }), true),
    ]
  })

/** A = aB + T: exact when 8 | k, otherwise only up to the cofactor. */
const mixedOrderKeys = (): readonly HardCase[] =>
  torsion()
    .slice(1)
    .flatMap((point, index) => {
      const key = { keyBytes: Point.BASE.multiply(secret).add(point).toBytes(), keyScalar: secret }
      return [
        refused(`A of mixed order (${index + 1}/8), equation exact`, forge({ ...key, ...honestR(), when: (k) => k % 8n === 0n }), true),
        refused(
          `A of mixed order (${index + 1}/8), equation up to cofactor`,
          forge({ ...key, ...honestR(), when: (k) => k % 8n !== 0n }),
          true,
        ),
      ]
    })

const torsionInR = (): readonly HardCase[] =>
  torsion()
    .slice(1)
    .flatMap((point, index) => [
      refused(
        `R + torsion (${index + 1}/8)`,
        forge({ ...honestKey(), rBytes: Point.BASE.multiply(nonce).add(point).toBytes(), rScalar: nonce }),
        true,
      ),
      refused(`R of small order (${index + 1}/8)`, forge({ ...honestKey(), rBytes: point.toBytes(), rScalar: 0n }), true),
    ])

/** y ≥ p, and x = 0 with its sign bit set: second names for the points of small order. */
const laxEncodings = (): readonly (readonly [string, Uint8Array])[] => {
  const signBit = 1n << 255n
  return [
    ['identity, y = p + 1', littleEndian(fieldPrime + 1n)],
    ['identity, sign bit set', littleEndian(1n + signBit)],
    ['identity, y = p + 1, sign bit set', littleEndian(fieldPrime + 1n + signBit)],
    ['order 2, sign bit set', littleEndian(fieldPrime - 1n + signBit)],
    ['order 4, y = p', littleEndian(fieldPrime)],
    ['order 4, y = p, sign bit set', littleEndian(fieldPrime + signBit)],
  ]
}

const encodings = (): readonly HardCase[] => [
  ...laxEncodings().flatMap(([name, bytes]) => [
    refused(`A encoded as ${name}`, forge({ keyBytes: bytes, keyScalar: 0n, ...honestR() }), true),
    refused(`R encoded as ${name}`, forge({ ...honestKey(), rBytes: bytes, rScalar: 0n }), true),
  ]),
  refused('R = identity', forge({ ...honestKey(), rBytes: Point.ZERO.toBytes(), rScalar: 0n }), true),
  refused('A on the curve, y = p + 3', forge({ keyBytes: littleEndian(fieldPrime + 3n), keyScalar: secret, ...honestR() }), false),
  refused('A not on the curve', forge({ keyBytes: littleEndian(2n), keyScalar: secret, ...honestR() }), false),
  refused('R not on the curve', forge({ ...honestKey(), rBytes: littleEndian(2n), rScalar: nonce }), false),
]

/** S + L names the same scalar: with it anyone could turn a signature into a second valid one. */
const scalars = (): readonly HardCase[] => {
  const honest = forge({ ...honestKey(), ...honestR() })
  const s = reduced(honest.signature.subarray(32))
  const withS = (bytes: Uint8Array) => ({ ...honest, signature: concatBytes(honest.signature.subarray(0, 32), bytes) })
  return [
    refused('S + L', withS(littleEndian(s + order)), false),
    refused('S + 8L', withS(littleEndian(s + 8n * order)), false),
    refused('S + 15L', withS(littleEndian(s + 15n * order)), false),
    refused('−S', withS(littleEndian(order - s)), false),
    refused('S = L', withS(littleEndian(order)), false),
    refused('S = 2^256 − 1', withS(new Uint8Array(32).fill(0xff)), false),
  ]
}

const malformed = (): readonly HardCase[] => {
  const honest = forge({ ...honestKey(), ...honestR() })
  const zeros = new Uint8Array(64)
  return [
    refused('zero key and zero signature', { publicKey: zeros.subarray(32), message: honest.message, signature: zeros }, true),
    refused('honest key and zero signature', { ...honest, signature: zeros }, false),
    refused('key of all ones', { ...honest, publicKey: new Uint8Array(32).fill(0xff) }, false),
    refused('empty key', { ...honest, publicKey: new Uint8Array(0) }, false),
    refused('key of 31 bytes', { ...honest, publicKey: honest.publicKey.subarray(1) }, false),
    refused('key of 33 bytes', { ...honest, publicKey: concatBytes(honest.publicKey, new Uint8Array(1)) }, false),
    refused('empty signature', { ...honest, signature: new Uint8Array(0) }, false),
    refused('signature of 63 bytes', { ...honest, signature: honest.signature.subarray(0, 63) }, false),
    refused('signature of 65 bytes', { ...honest, signature: concatBytes(honest.signature, new Uint8Array(1)) }, false),
  ]
}

export const ed25519HardCases = (): readonly HardCase[] => [
  ...honestCases(),
  ...smallOrderKeys(),
  ...mixedOrderKeys(),
  ...torsionInR(),
  ...encodings(),
  ...scalars(),
  ...malformed(),
]

/** The table for the runtime this is called on; every row must have `got` equal to `expected`. */
export const judgeHardCases = (): readonly HardCaseVerdict[] =>
  ed25519HardCases().map(({ name, expected, publicKey, message, signature }) => ({
    name,
    expected,
    got: verifyStrict(signature, message, publicKey),
  }))
