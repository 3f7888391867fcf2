import { equalBytes, toHex } from '../platform/bytes.ts'
import { encodeCbor, type CborValue } from '../platform/cbor.ts'
import type { Subject } from './fuzz-subject.ts'
import { subjects } from './fuzz-subjects.ts'
import { createPrng, type Prng } from './prng.ts'

export type FuzzResult = {
  readonly inputs: number
  /** How many of them each reader took for good. */
  readonly accepted: ReadonlyMap<string, number>
  /** What a reader did wrong, with the bytes that made it. */
  readonly findings: readonly string[]
  /** What the heap has grown by, once it was collected. */
  readonly heldBytes: number
}

/** Feeds damaged, invented and good bytes to every reader of bytes that strangers can write. Nothing may throw. */
export const fuzz = (seed: number, inputs: number): FuzzResult => {
  const prng = createPrng(seed)
  const all = subjects(seed)
  const accepted = new Map(all.map(({ name }) => [name, 0]))
  const findings: string[] = []
  globalThis.gc?.()
  const heldBefore = process.memoryUsage().heapUsed
  for (let made = 0; made < inputs; made++) {
    const subject = prng.pick(all)
    const bytes = inputFor(subject, all, prng)
    const verdict = judge(subject, bytes)
    if (verdict === 'accepted') accepted.set(subject.name, (accepted.get(subject.name) ?? 0) + 1)
    else if (verdict !== 'refused' && findings.length < 10)
      findings.push(`${subject.name}: ${verdict} for ${toHex(bytes.subarray(0, 2_000))}`)
  }
  globalThis.gc?.()
  return { inputs, accepted, findings, heldBytes: process.memoryUsage().heapUsed - heldBefore }
}

/** What is read is a value, null, or a result with a code and a sentence. */
export const judge = ({ read, write }: Subject, bytes: Uint8Array): string => {
  try {
    const outcome = read(bytes)
    if (outcome === null) return 'refused'
    if (typeof outcome !== 'object') return `gave back a ${typeof outcome}`
    if ('ok' in outcome && outcome.ok !== true) return isTyped(outcome) ? 'refused' : 'refused without a code and a sentence'
    const value = 'ok' in outcome && 'value' in outcome ? outcome.value : outcome
    const isOnly = write === undefined || equalBytes(write(value as never), bytes)
    return isOnly ? 'accepted' : 'accepted a second encoding'
  } catch (error) {
    return `threw ${String(error)}`
  }
}

const isTyped = (outcome: object): boolean => {
  const error: unknown = 'error' in outcome ? outcome.error : null
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error && String(error.message).length > 10
}

const inputFor = (subject: Subject, all: readonly Subject[], prng: Prng): Uint8Array => {
  const draw = prng.share()
  if (draw < 0.1) return prng.bytes(prng.between(0, 400))
  if (draw < 0.25) return encodeCbor(anyValue(prng, 0))
  const source = draw < 0.35 ? prng.pick(all) : subject
  if (source.samples.length === 0) return encodeCbor(anyValue(prng, 0))
  const sample = prng.pick(source.samples)
  return draw > 0.95 ? sample : mutated(sample, prng)
}

/** Wide at the top or deep at the bottom, each beyond what any reader allows. */
const anyValue = (prng: Prng, depth: number): CborValue => {
  const kind = prng.between(0, depth > 20 ? 5 : 7)
  if (kind === 0) return null
  if (kind === 1) return prng.chance(0.5)
  if (kind === 2) return prng.pick([0, 1, 23, 24, 255, 65_536, 2 ** 32, Number.MAX_SAFE_INTEGER, -1, -(2 ** 40)])
  if (kind === 3) return BigInt(prng.next()) << BigInt(prng.between(0, 31))
  if (kind === 4) return prng.bytes(prng.pick([0, 1, 31, 32, 33, 48, 64, 96, 1_000]))
  if (kind === 5)
    return String.fromCharCode(
      ...Array.from({ length: prng.between(0, 30) }, () => prng.pick([65, 0, 0x202e, 0xd800, 0xfeff, 0x1f600 & 0xffff])),
    )
  const length = depth === 0 ? prng.pick([0, 2, 2, 3, 4, 6, 8, 200]) : prng.pick([0, 1, 1, 2])
  return Array.from({ length }, () => anyValue(prng, depth + 1))
}

const mutated = (sample: Uint8Array, prng: Prng): Uint8Array => {
  let bytes = Array.from(sample)
  for (let times = prng.pick([1, 1, 1, 2, 4, 16]); times > 0; times--) {
    const at = prng.between(0, Math.max(bytes.length - 1, 0))
    const length = prng.pick([1, 2, 4, 32, 200])
    switch (prng.between(0, 6)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << prng.between(0, 7))
        break
      case 1:
        bytes[at] = prng.pick([0, 1, 0x7f, 0x80, 0xff, 0x9f, 0xbf, 0xfb, 0x1b, 0x5b, 0x9b])
        break
      case 2:
        bytes.splice(at, length)
        break
      case 3:
        bytes.splice(at, 0, ...prng.bytes(length))
        break
      case 4:
        bytes.splice(at, 0, ...bytes.slice(at, at + length))
        break
      case 5:
        bytes = bytes.slice(0, at)
        break
      default:
        bytes.push(...prng.bytes(length))
    }
  }
  return Uint8Array.from(bytes)
}
