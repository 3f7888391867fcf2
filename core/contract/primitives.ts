import { z } from 'zod'
import { releasePattern } from './version.ts'

// The renderer's content policy forbids making functions out of text, which zod would otherwise do for speed.
z.config({ jitless: true })

/** The parts of a zod issue from which its half of a sentence is made; failure.ts puts the field's name before it. */
type IssueLike = { readonly code?: string | undefined; readonly input?: unknown; readonly keys?: readonly string[] }

export const must = (expected: string) => ({
  error: (issue: IssueLike): string => {
    if (issue.code === 'unrecognized_keys') return `has the unknown field "${(issue.keys?.[0] ?? '').slice(0, 40)}"`
    return issue.input === undefined ? 'is missing' : `must be ${expected}`
  },
})

/** An object with exactly these fields. */
export const record = <const S extends z.ZodRawShape>(fields: S) => z.strictObject(fields, must('an object')).readonly()
export const listUpTo = <T extends z.ZodType>(item: T, maxItems: number) =>
  z.array(item, must('a list')).max(maxItems, `must have at most ${maxItems} items`).readonly()
export const wordOf = <const W extends readonly [string, ...string[]]>(words: W) => z.enum(words, must(`one of ${words.join(', ')}`))
export const flag = z.boolean(must('true or false'))
export const whole = (min: number, max: number) => {
  const rule = `a whole number from ${min} to ${max}`
  return z.int(must(rule)).min(min, `must be ${rule}`).max(max, `must be ${rule}`)
}
/** Lengths are counted in UTF-16 units, as JavaScript counts them. */
export const text = (maxLength: number, minLength = 0) =>
  z
    .string(must('text'))
    .min(minLength, minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`)
    .max(maxLength, `must have at most ${maxLength} characters`)

// Control and direction characters, with which a peer could make a line read as another one.
const misleading = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/
/** One line that may stand beside other facts: no line breaks, control or direction characters. */
export const line = (maxLength: number, minLength = 0) =>
  text(maxLength, minLength).refine((value) => !misleading.test(value), 'must be one line without control characters')

const pattern = (rule: string, expression: RegExp) => z.string(must(rule)).regex(expression, `must be ${rule}`)
const hex64 = pattern('64 lower-case hexadecimal digits', /^[0-9a-f]{64}$/)
/** Eight bytes that say nothing but which picture is drawn. */
export const hex16 = pattern('16 lower-case hexadecimal digits', /^[0-9a-f]{16}$/)
export const accountId = hex64
export const escrowId = hex64
export const taskId = hex64
export const offerId = hex64
export const hash = hex64
export const publicKey = hex64

/** Made by the client, once for each thing a person wants done; sent again with a retry, so that nothing is done twice. */
export const requestId = pattern('16 to 64 letters, digits or hyphens, such as a UUID', /^[0-9A-Za-z-]{16,64}$/)
/** The libp2p id of a node. */
export const peerId = pattern('a peer id', /^[1-9A-HJ-NP-Za-km-z]{32,64}$/)
/** What is traded: a model class such as `practice-small` or `llama3.1:8b`. */
export const classKey = pattern('a model class of up to 64 letters, digits and . : _ / -', /^[a-z0-9][a-z0-9.:_/-]{0,63}$/)
/** Of a release of this program, such as 0.3.0. */
export const release = pattern('a version such as 0.3.0', releasePattern)
export const multiaddr = line(300, 1)
export const url = pattern('an http or https address', /^https?:\/\/[^\s/?#@]{1,253}(?:\/[^\s?#@]{0,1000})?$/)

/** The whole supply can never be more (settlement.md §2: every amount fits a safe integer and an SQLite INTEGER). */
export const maxAmountMicro = 9_000_000_000_000_000n
const decimal = (min: bigint, max: bigint, expression: RegExp) => {
  const rule = `µRUV as a whole decimal number from ${min} to ${max}`
  return z.codec(pattern(rule, expression), z.bigint(must(rule)).min(min, `must be ${rule}`).max(max, `must be ${rule}`), {
    decode: (digits) => BigInt(digits),
    encode: (amount) => amount.toString(),
  })
}
/** Micro-RUV: a decimal string on the wire, a bigint in code. */
export const amountMicro = decimal(0n, maxAmountMicro, /^(?:0|[1-9]\d{0,15})$/)
export const positiveAmountMicro = decimal(1n, maxAmountMicro, /^[1-9]\d{0,15}$/)
/** Negative when it leaves the account. */
export const signedAmountMicro = decimal(-maxAmountMicro, maxAmountMicro, /^(?:0|-?[1-9]\d{0,15})$/)

/** Milliseconds since the Unix epoch, up to the year 2286. */
export const timeMs = whole(0, 9_999_999_999_999)
export const maxDurationMs = 30 * 24 * 3_600_000
export const durationMs = whole(1, maxDurationMs)
export const count = whole(0, Number.MAX_SAFE_INTEGER)

/** Grows with every change of what the call shows; an event with a lower one is old news. */
export const revision = whole(0, Number.MAX_SAFE_INTEGER)
/** Follows the latest snapshot: fetch again when it is newer than what is shown. */
export const changed = record({ revision })

export const maxPageSize = 200
/** Where a page starts: null for the first, else what the page before named as next. Opaque to the caller. */
export const cursor = pattern('a page mark from the page before', /^[0-9A-Za-z_:.-]{1,200}$/).nullable()
export const pageRequest = { cursor, limit: whole(1, maxPageSize) }
export const pageOf = <T extends z.ZodType>(row: T) => record({ rows: listUpTo(row, maxPageSize), nextCursor: cursor, total: count })
