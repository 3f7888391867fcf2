import { fromHex, toHex } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { auditKinds, wordPattern, type AuditKeys, type AuditMark, type ChainedEntry, type SignedMark } from './model.ts'

const format = 'claude-market-audit/1'
const time = (atMs: number): string => new Date(atMs).toISOString()
const hexOrNull = (bytes: Uint8Array | null): string | null => (bytes === null ? null : toHex(bytes))
const plainMark = ({ seq: at, hash, atMs, signature }: SignedMark) => ({
  seq: at,
  hash: toHex(hash),
  at: time(atMs),
  signature: toHex(signature),
})

/** The export: one JSON object a line; the first says whose log it is and where it begins, the last where it ends. */
export const firstLine = ({ federationId, publicKey }: AuditKeys, start: SignedMark): string =>
  JSON.stringify({ format, federation: toHex(federationId), publicKey: toHex(publicKey), start: plainMark(start) })
export const entryLine = ({ seq: at, atMs, kind, outcome, rule, member, reference, times, hash }: ChainedEntry): string =>
  JSON.stringify({
    seq: at,
    at: time(atMs),
    kind,
    outcome,
    rule,
    member: hexOrNull(member),
    reference: hexOrNull(reference),
    times,
    hash: toHex(hash),
  })
export const lastLine = (end: SignedMark): string => JSON.stringify({ end: plainMark(end) })

export type AuditHead = AuditKeys & { readonly start: SignedMark }
export type AuditLine =
  | { readonly kind: 'head'; readonly head: AuditHead }
  | { readonly kind: 'entry'; readonly entry: ChainedEntry }
  | { readonly kind: 'end'; readonly end: SignedMark }

/** A line of a file that may come from anywhere. */
export const parseAuditLine = (line: string): Result<AuditLine, Failure<'broken'>> => {
  try {
    const fields = fieldsOf(JSON.parse(line))
    if (fields['format'] !== undefined) return ok({ kind: 'head', head: headOf(fields) })
    if (fields['end'] !== undefined) return ok({ kind: 'end', end: markOf('end', fieldsOf(fields['end'])) })
    return ok({ kind: 'entry', entry: entryOf(fields) })
  } catch {
    return fail('broken', 'This is no line of an exported log.')
  }
}

type Fields = Readonly<Record<string, unknown>>
const unreadable = (): never => {
  throw new RangeError('unreadable')
}
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : unreadable())
const textOf = (value: unknown, pattern: RegExp): string => (typeof value === 'string' && pattern.test(value) ? value : unreadable())
const bytesIn = (value: unknown, length: number): Uint8Array => fromHex(textOf(value, new RegExp(`^[0-9a-f]{${2 * length}}$`)))
const bytesOrNull = (value: unknown): Uint8Array | null => (value === null ? null : bytesIn(value, 32))
const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : unreadable())
const timeOf = (value: unknown): number => numberOf(Date.parse(textOf(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)))

const markOf = (place: AuditMark['place'], fields: Fields): SignedMark => ({
  place,
  seq: numberOf(fields['seq']),
  hash: bytesIn(fields['hash'], 32),
  atMs: timeOf(fields['at']),
  signature: bytesIn(fields['signature'], 64),
})
const headOf = (fields: Fields): AuditHead => {
  if (fields['format'] !== format) return unreadable()
  const [federationId, publicKey] = [bytesIn(fields['federation'], 32), bytesIn(fields['publicKey'], 32)]
  return { federationId, publicKey, start: markOf('start', fieldsOf(fields['start'])) }
}
const entryOf = (fields: Fields): ChainedEntry => ({
  seq: numberOf(fields['seq']),
  atMs: timeOf(fields['at']),
  kind: auditKinds.find((kind) => kind === fields['kind']) ?? unreadable(),
  outcome: textOf(fields['outcome'], wordPattern),
  rule: textOf(fields['rule'], wordPattern),
  member: bytesOrNull(fields['member']),
  reference: bytesOrNull(fields['reference']),
  times: Math.max(1, numberOf(fields['times'])),
  hash: bytesIn(fields['hash'], 32),
})
