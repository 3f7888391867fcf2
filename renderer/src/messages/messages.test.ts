import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { afterEach, expect, test } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'
import { speak, t, tongueOf } from './translate.ts'

const languages = { en, de }
type Parsed = ReturnType<IntlMessageFormat['getAst']>
/** The kinds of a message's parts, as the library numbers them. */
const [LITERAL, PLURAL, NUMBER_SIGN] = [0, 6, 7]

const parse = (text: string): Parsed => new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst()
const astOf = (text: string): Parsed => {
  try {
    return parse(text)
  } catch {
    return []
  }
}

/** The values a text needs and the kind of each, such as `count 6`. */
const argumentsOf = (ast: Parsed): readonly string[] =>
  ast.flatMap((part) => {
    if (part.type === LITERAL || part.type === NUMBER_SIGN || !('value' in part)) return []
    const inner = 'options' in part ? Object.values(part.options).flatMap((option) => argumentsOf(option.value)) : []
    return [`${part.value} ${part.type}`, ...inner]
  })
const argumentSet = (text: string): readonly string[] => [...new Set(argumentsOf(astOf(text)))].toSorted()

/** Plurals that lack a form their language has; a form for one number, such as =0, is nobody's duty. */
const missingForms = (ast: Parsed, language: string): readonly string[] =>
  ast.flatMap((part) => {
    if (part.type !== PLURAL || !('options' in part)) return []
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    return forms.filter((form) => !(form in part.options))
  })

const ownFolders = Object.keys(languages).map((language) => join('messages', language))
const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !ownFolders.some((own) => file.includes(own)))
    .map((file) => readFileSync(file, 'utf8'))

afterEach(() => speak(tongueOf('en', ['en-GB'])))

test.each(Object.entries(languages))(
  'every text of %s is a message that can be formatted, with every plural of its language',
  (language, texts) => {
    const broken = Object.entries(texts).filter(([, text]) => astOf(text).length === 0 || missingForms(astOf(text), language).length > 0)
    expect(broken).toEqual([])
  },
)

test('every text is used somewhere, by its whole key or by the beginning of one that is put together', () => {
  const code = sources(join(import.meta.dirname, '..')).join('\n')
  const beginnings = [...code.matchAll(/`([a-zA-Z.-]+\.)\$\{/g)].map(([, beginning]) => beginning ?? '')
  const unused = Object.keys(en).filter((key) => !code.includes(`'${key}'`) && !beginnings.some((beginning) => key.startsWith(beginning)))
  expect(unused).toEqual([])
})

test('German has the texts of English, no more and no fewer, and each needs the same values', () => {
  expect(Object.keys(de).toSorted()).toEqual(Object.keys(en).toSorted())
  const differing = Object.entries(de).filter(([key, text]) => {
    const english = argumentSet(en[key as keyof typeof en])
    return JSON.stringify(argumentSet(text)) !== JSON.stringify(english)
  })
  expect(differing).toEqual([])
})

test('German has no text that was forgotten in English', () => {
  const sameInBoth = new Set([
    'Claude Market',
    'RUV',
    'Wallet',
    'Version',
    'Esc',
    'Backend',
    'Name',
    'Pause',
    'Passphrase',
    'Organisation',
    'Token',
    'Claude API',
    'Practice',
    's',
  ])
  const forgotten = Object.entries(de).filter(([key, text]) => {
    const english = en[key as keyof typeof en]
    return text === english && /[a-z]{2}/.test(text.replaceAll(/\{[^}]*\}/g, '')) && !sameInBoth.has(text)
  })
  expect(forgotten).toEqual([])
})

test('a number chooses its plural', () => {
  expect([1, 2].map((count) => t('nav.waiting', { count }))).toEqual(['1 waits for you', '2 wait for you'])
  speak(tongueOf('de', ['de-AT']))
  expect([1, 2].map((count) => t('nav.waiting', { count }))).toEqual(['1 wartet auf Sie', '2 warten auf Sie'])
})
