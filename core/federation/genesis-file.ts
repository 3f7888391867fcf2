import { z } from 'zod'
import { fromHex, toHex } from '../platform/bytes.ts'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import { fail, type Failure, type Result } from '../platform/result.ts'
import { acceptGenesis, type Federation, type GenesisFailure } from './federation.ts'
import { genesisBounds, signedGenesisCodec, type SignedGenesis } from './genesis.ts'

/** The file a founder hands around: the same document as JSON that a person can read. Amounts are decimal strings, keys hex. */
export const genesisFileFormat = 'claude-market-genesis'
const genesisFileVersion = 1
/** The largest document in hex and with indentation. */
export const maxGenesisFileCharacters = 131_072

export type GenesisFileFailure = GenesisFailure | Failure<'not-a-genesis-file' | 'too-long' | 'newer-version' | 'other-id'>

// The shape alone: lengths, ranges and rules are the codec's and acceptGenesis', so that they stand in one place.
const hexOf = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${2 * length}}$`), `must be ${2 * length} lower-case hexadecimal digits`)
    .transform(fromHex)
const amount = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,15})$/, 'must be an amount of µRUV as digits between quotes')
  .transform(BigInt)
const whole = z.int('must be a whole number')
const text = z.string('must be text between quotes')
const schema = z.strictObject({
  format: z.literal(genesisFileFormat),
  version: z.literal(genesisFileVersion),
  federationId: hexOf(32),
  name: text,
  kind: z.enum(['practice', 'organisation', 'community'], 'must be practice, organisation or community'),
  organisation: z.nullable(z.strictObject({ customer: text })),
  founderKey: hexOf(32),
  witnesses: z.array(z.strictObject({ publicKey: hexOf(32), peerId: text, addresses: z.array(text), seedKey: hexOf(48) })),
  faults: whole,
  arbiters: z.array(z.strictObject({ name: text, publicKey: hexOf(32), weight: whole, operator: text })),
  supply: z.array(z.strictObject({ firstKey: hexOf(32), amountMicro: amount })),
  feePpm: whole,
  createdAtMs: whole,
  limits: z.strictObject({
    maxClockSkewMs: whole,
    minReviewMs: whole,
    maxReviewMs: whole,
    maxWorkMs: whole,
    minRuleMs: whole,
    maxRuleMs: whole,
    seatAnyAfterMs: whole,
    giftPerDayMicro: z.nullable(amount),
    epochNoticeMs: whole,
    maxRequestsPerMinute: whole,
  }),
  signature: hexOf(64),
})
const anyVersion = z.looseObject({ format: z.literal(genesisFileFormat), version: z.int() })

export const renderGenesisFile = ({ id, genesis, signature }: Federation): string => {
  const { version: _, ...fields } = genesis
  const plain = { format: genesisFileFormat, version: genesisFileVersion, federationId: id, ...fields, signature }
  return `${JSON.stringify(plain, (_key, value: unknown) => plainValue(value), 2)}\n`
}
const plainValue = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return toHex(value)
  return typeof value === 'bigint' ? value.toString() : value
}

export const parseGenesisFile = (content: string): Result<Federation, GenesisFileFailure> => {
  if (content.length > maxGenesisFileCharacters) return fail('too-long', 'This file is too long for a federation file.')
  const json = parseJson(content)
  const header = anyVersion.safeParse(json)
  if (!header.success)
    return fail('not-a-genesis-file', 'This is not a federation file of Claude Market, or only part of one. Ask for the whole file.')
  if (header.data.version > genesisFileVersion)
    return fail('newer-version', 'This federation file was made by a newer version of Claude Market. Update the app to join.')
  const parsed = schema.safeParse(json)
  if (!parsed.success) return fail('malformed', sentenceOf(parsed.error))
  const { federationId, signature, format: _, ...fields } = parsed.data
  const accepted = acceptWithinBounds({ genesis: { ...fields }, signature })
  if (!accepted.ok) return accepted
  return toHex(accepted.value.id) === toHex(federationId)
    ? accepted
    : fail('other-id', 'This federation file is no valid one: federationId is not the hash of the document. Ask for a fresh copy.')
}

/** Through the wire form and back: the bounds hold here as they do there. */
const acceptWithinBounds = (signed: SignedGenesis): Result<Federation, GenesisFailure> => {
  const decoded = decodeBytes(signedGenesisCodec, encodeBytes(signedGenesisCodec, signed), genesisBounds.bytes, 'federation')
  return decoded.ok ? acceptGenesis(decoded.value) : decoded
}

const parseJson = (content: string): unknown => {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''))
  } catch {
    return null
  }
}

/** "witnesses[2].publicKey must be …" for the first thing that is wrong. */
const sentenceOf = (error: z.ZodError): string => {
  const issue = error.issues[0]
  const field = (issue?.path ?? []).reduce<string>(
    (at, key) => (typeof key === 'number' ? `${at}[${key}]` : `${at}${at === '' ? '' : '.'}${String(key)}`),
    '',
  )
  const problem = issue?.message.startsWith('must be') === true ? issue.message : 'is missing, or not of the kind that belongs there'
  if (issue?.code === 'unrecognized_keys')
    return `This is no valid federation file: ${field === '' ? 'it' : field} holds a field that does not belong there.`
  return `This is no valid federation file: ${field} ${problem}.`
}
