/** Amounts are bigint micro-RUV everywhere; only what a person reads or types is in RUV. */
import { perLocale } from './locale.ts'

const MICRO_PER_RUV = 1_000_000n
const MAX_TYPED_LENGTH = 40

const exact = perLocale((tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 6 }))
const grouped = perLocale((tag) => new Intl.NumberFormat(tag, { useGrouping: 'always' }))
type Separators = { readonly decimal: string; readonly group: string }
const separators = perLocale((tag): Separators => {
  const parts = new Intl.NumberFormat(tag, { useGrouping: 'always' }).formatToParts(11_111.5)
  const of = (type: string) => parts.find((part) => part.type === type)?.value
  return { decimal: of('decimal') ?? '.', group: of('group') ?? ',' }
})

/** In RUV without a unit, such as `1,234.50`: at least two decimals, at most the six there are. */
export const formatRuv = (amountMicro: bigint): string => {
  const magnitude = amountMicro < 0n ? -amountMicro : amountMicro
  const fraction = (magnitude % MICRO_PER_RUV).toString().padStart(6, '0')
  const written = exact().format(`${magnitude / MICRO_PER_RUV}.${fraction}` as Intl.StringNumericLiteral)
  return `${amountMicro < 0n ? '−' : ''}${written}`
}

/** As above with its sign, for what comes and goes. */
export const formatSignedRuv = (amountMicro: bigint): string => `${amountMicro > 0n ? '+' : ''}${formatRuv(amountMicro)}`

/** The zeros that `formatRuv` leaves away after the decimals that say something. */
export const missingZeros = (amountMicro: bigint): string => {
  const fraction = ((amountMicro < 0n ? -amountMicro : amountMicro) % MICRO_PER_RUV).toString().padStart(6, '0')
  return (/0{0,4}$/.exec(fraction) ?? [''])[0]
}

/** Where the cents end in what formatRuv wrote; what is finer may be drawn smaller. */
export const splitFine = (written: string): readonly [string, string] => {
  const end = written.lastIndexOf(separators().decimal) + 3
  return [written.slice(0, end), written.slice(end)]
}

/** What a person typed or pasted, in micro-RUV; null when it is no amount with up to six decimals, or could be meant in two ways. */
export const parseRuv = (typed: string): bigint | null => {
  if (typed.length > MAX_TYPED_LENGTH) return null
  const plain = withoutGroups(typed.trim().replace(/\s*RUV$/i, ''), separators())
  const match = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(plain ?? '')
  if (match === null) return null
  return BigInt(match[1] ?? '0') * MICRO_PER_RUV + BigInt((match[2] ?? '').padEnd(6, '0'))
}

/** Null when the group signs are not where this language writes them; spaces and apostrophes count as group signs in every language. */
const withoutGroups = (text: string, { decimal, group }: Separators): string | null => {
  const [whole = '', ...rest] = text.replaceAll(/[\s\u00a0\u202f'’]/g, group).split(decimal)
  const bare = whole.replaceAll(group, '')
  if (whole !== bare && (!/^\d{1,10}$/.test(bare) || grouped().format(BigInt(bare)) !== whole)) return null
  return [bare, ...rest].join('.')
}
