import { mergePlaces } from './placeholders.ts'

/**
 * Personal data in a text that is about to leave this computer: what has a form that can be checked. Names and street addresses have
 * none, and whoever writes them is told so where the task is written.
 */
export type PersonalKind = 'email' | 'phone' | 'iban' | 'card' | 'passport' | 'identity-number' | 'birth-date'
export type PersonalFinding = { readonly kind: PersonalKind; readonly start: number; readonly end: number }

// Every repetition is bounded and no two of them can share a text, so a hostile text costs time in proportion to its length.
const email = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu
const digitRun = /(?<![\p{L}\p{N}])[+(]?\d(?:[ ().\-/]{0,2}\d){6,18}(?![\p{L}\p{N}])/gu
/** Groups of four, those of American Express, or none; what follows, such as the month it ends in, is no part of it. */
const cardForm = /(?<![\p{L}\p{N}])(?:(?:\d{4}[ .-]?){3}\d{4}|3[47]\d{2}[ .-]?\d{6}[ .-]?\d{5}|\d{13,19})(?![\p{L}\p{N}])/gu
const ibanStart = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}/giu
const passport =
  /(?:passport|reisepass|passnummer|passeport|pasaporte)(?:[ \t]{0,3}(?:no|number|nr|nummer|id|is)\b)?[.:#= \t]{0,6}([A-Z0-9]{6,9})(?![\p{L}\p{N}])/giu
/** ICAO 9303, the two lines of a passport and the three of an identity card. */
const machineReadable =
  /(?<![A-Z0-9<])(?:P[A-Z<][A-Z]{3}[A-Z<]{39}|[IAC][A-Z<][A-Z]{3}[A-Z0-9<]{25}|[A-Z0-9<]{9}\d[A-Z]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{16})(?![A-Z0-9<])/gu
/** A number that has a form of its own or, where many numbers have that form, the word for it shortly before. */
type NumberForm = {
  /** Who says that it looks like this. */
  readonly source: string
  readonly pattern: RegExp
  readonly isOne?: (number: string) => boolean
}
const word = (words: string, form: string): RegExp =>
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${words})[^\\p{L}\\p{N}]{0,4}(?:(?:no|number|nr|nummer|is|ist|lautet)[^\\p{L}\\p{N}]{1,4}){0,2}(${form})(?![\\p{L}\\p{N}])`,
    'giu',
  )
const digitsOf = (text: string): readonly number[] => Array.from(text.replaceAll(/\D/g, ''), Number)
const weighted = (digits: readonly number[], first: number): number =>
  digits.reduce((sum, digit, place) => sum + digit * (first - place), 0)
const isCpf = (number: string): boolean => {
  const digits = digitsOf(number)
  const check = (length: number) => ((weighted(digits.slice(0, length), length + 1) * 10) % 11) % 10
  return check(9) === digits[9] && check(10) === digits[10]
}
/** Its letter is the number's rest by 23. */
const isDni = (number: string): boolean => 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number.slice(0, 8)) % 23] === number.at(-1)?.toUpperCase()
const isEan13 = (number: string): boolean =>
  digitsOf(number).reduce((sum, digit, place) => sum + digit * (place % 2 === 0 ? 1 : 3), 0) % 10 === 0

const numberForms: readonly NumberForm[] = [
  { source: 'ssa.gov, United States', pattern: /(?<![\p{L}\p{N}-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\p{L}\p{N}-])/gu },
  {
    source: 'ssa.gov, United States',
    pattern: word('ssn|social security', '(?!000|666|9\\d\\d)\\d{3}[ .-]?(?!00)\\d{2}[ .-]?(?!0000)\\d{4}'),
  },
  {
    source: 'gov.uk, NIM39110, United Kingdom',
    pattern: /(?<![\p{L}\p{N}])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d{2} \d{2} \d{2} [A-D](?![\p{L}\p{N}])/gu,
  },
  { source: 'gov.uk, NIM39110, United Kingdom', pattern: word('nino?|ni|national insurance', '[A-Z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]') },
  { source: 'interior.gob.es, Spain', pattern: /(?<![\p{L}\p{N}])\d{8}-?[A-Z](?![\p{L}\p{N}])/gu, isOne: isDni },
  { source: 'gov.br, Brazil', pattern: /(?<![\p{L}\p{N}])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\p{L}\p{N}])/gu, isOne: isCpf },
  { source: 'gov.br, Brazil', pattern: word('cpf', '\\d{11}') },
  { source: 'uidai.gov.in, India', pattern: word('aadhaa?r|uidai', '[2-9]\\d{3}[ -]?\\d{4}[ -]?\\d{4}') },
  { source: 'gov.pl, Poland', pattern: word('pesel', '\\d{11}') },
  { source: 'bzst.de, Germany', pattern: word('steuer-?id(?:entifikationsnummer)?|idnr|steuernummer', '[1-9]\\d ?\\d{3} ?\\d{3} ?\\d{3}') },
  { source: 'ahv-iv.ch, Switzerland', pattern: /(?<![\p{L}\p{N}])756\.\d{4}\.\d{4}\.\d{2}(?![\p{L}\p{N}])/gu, isOne: isEan13 },
  { source: 'insee.fr, France', pattern: /(?<![\p{L}\p{N}])[12] \d{2} (?:0[1-9]|1[0-2]) \d{2} \d{3} \d{3} \d{2}(?![\p{L}\p{N}])/gu },
  { source: 'agenziaentrate.gov.it, Italy', pattern: /(?<![\p{L}\p{N}])[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![\p{L}\p{N}])/gu },
]
const month =
  '(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\\.?'
/** In digits, or with the month's name before or after the day. */
const birthDate = new RegExp(
  '(?:date of birth|birth ?date|born(?: on)?|d\\.?o\\.?b\\.?|geburtsdatum|geboren(?: am)?)[: \\t]{0,4}' +
    `(\\d{1,4}[./-]\\d{1,2}[./-]\\d{1,4}|\\d{1,2}(?:st|nd|rd|th|\\.)? (?:of )?${month} \\d{4}|${month} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4})`,
  'giu',
)

/** Digits with a word such as "phone" shortly before them, an international prefix, or the usual national forms. */
const phoneWord = /(?:phone|mobile|tel(?:efon)?|handy|call|fax|whatsapp|sms)[^\p{L}\p{N}]{0,4}$/iu
const nationalForm =
  /^(?:\(0?\d{2,5}\)[ -]?\d{3,4}[ -]?\d{3,5}|\d{3}[-.]\d{3}[-.]\d{4}|0\d{1,4}[ /-]\d{2,4}(?:[ /-]?\d{2,4}){1,3}|0[1-9]\d{8,10})$/u

/** Lengths of the national forms (SWIFT IBAN registry). */
const ibanLengths: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 HR21 HU28 IE22 IL23 IS26 ' +
    'IT27 JO30 KW30 KZ20 LB28 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SE24 SI19 SK24 SM27 TN24 TR26 UA29'
  )
    .split(' ')
    .map((country) => [country.slice(0, 2), Number(country.slice(2))]),
)
const longestIban = 34

export const findPersonalData = (text: string): readonly PersonalFinding[] => [
  ...whole(text, email, 'email'),
  ...findIbans(text),
  ...whole(text, cardForm, 'card').filter(({ start, end }) => isCard(text.slice(start, end))),
  ...findPhones(text),
  ...group(text, passport, 'passport').filter(({ start, end }) => /\d/.test(text.slice(start, end))),
  ...whole(text, machineReadable, 'passport'),
  // A word and a form may name the same number.
  ...mergePlaces(
    numberForms.flatMap(({ pattern, isOne }) =>
      group(text, pattern, 'identity-number').filter(({ start, end }) => isOne?.(text.slice(start, end)) ?? true),
    ),
  ),
  ...group(text, birthDate, 'birth-date'),
]

const whole = (text: string, pattern: RegExp, kind: PersonalKind): readonly PersonalFinding[] =>
  Array.from(text.matchAll(pattern), (match) => ({ kind, start: match.index, end: match.index + match[0].length }))
/** Only what is in the first brackets, where there are any: the word before it is no secret. */
const group = (text: string, pattern: RegExp, kind: PersonalKind): readonly PersonalFinding[] =>
  Array.from(text.matchAll(pattern), (match) => {
    const end = match.index + match[0].length
    return { kind, start: end - (match[1] ?? match[0]).length, end }
  })

const findIbans = (text: string): readonly PersonalFinding[] =>
  Array.from(text.matchAll(ibanStart)).flatMap(({ index: start, 0: { length } }) => {
    const wanted = ibanLengths.get(text.slice(start, start + 2).toUpperCase())
    if (wanted === undefined) return []
    // Spaces or dashes stand between groups of four, never two together.
    let compact = text.slice(start, start + length)
    let end = start + length
    while (compact.length < wanted && end - start < 2 * longestIban) {
      const next = text[end] === ' ' || text[end] === '-' ? 1 : 0
      const character = text[end + next] ?? ''
      if (!/^[A-Z0-9]$/i.test(character)) return []
      compact += character
      end += next + 1
    }
    return isIban(compact.toUpperCase()) && !/[\p{L}\p{N}]/u.test(text[end] ?? '') ? [{ kind: 'iban' as const, start, end }] : []
  })

/** ISO 13616: the number with its first four characters at the end leaves one when divided by 97. */
const isIban = (compact: string): boolean => {
  const digits = (compact.slice(4) + compact.slice(0, 4)).replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return Array.from(digits).reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1
}

const findPhones = (text: string): readonly PersonalFinding[] =>
  whole(text, digitRun, 'phone').filter(({ start, end }) => isPhone(text.slice(start, end), text.slice(Math.max(0, start - 16), start)))

/** The check of ISO/IEC 7812 (Luhn). */
const isCard = (run: string): boolean => {
  const digits = Array.from(run.replaceAll(/\D/g, ''), Number).toReversed()
  if (new Set(digits).size < 2) return false
  const sum = digits.reduce((total, digit, place) => total + (place % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit), 0)
  return sum % 10 === 0
}

const isPhone = (run: string, before: string): boolean => {
  const { length } = run.replaceAll(/\D/g, '')
  if (length < 7 || length > 15) return false
  if (run.startsWith('+') || /^00[1-9]/.test(run)) return length >= 8
  if (/^\d{3}-\d{2}-\d{4}$/.test(run)) return false
  return nationalForm.test(run) || phoneWord.test(before)
}
