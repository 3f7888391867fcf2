/** The texts of the app in the language that was chosen at the start. ICU messages, parsed when first needed; nothing is compiled. */
import { IntlMessageFormat } from 'intl-messageformat'
import { createElement, Fragment, type ReactNode } from 'react'
import { languageFor, locale, localeFor, setLocale, type Language } from '../format/locale.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { sayIn } from './sentences.ts'

export type MessageKey = keyof typeof en
/** What a language has to say: the same keys as English. */
export type Messages = Readonly<Record<MessageKey, string>>

const languages: Readonly<Record<Language, Messages>> = { en, de }

/** The names in braces of a message; what contains a space or begins with # is the text of a plural's branch. */
type NamesIn<Text extends string> = Text extends `${string}{${infer Rest}`
  ? (Rest extends `${infer Head}}${string}` ? NameOf<Head> : never) | NamesIn<Rest>
  : never
type NameOf<Head extends string> = Head extends `${infer Name},${string}` ? Plain<Name> : Plain<Head>
type Plain<Name extends string> = Name extends `${string}${' ' | '#' | '{' | '\n'}${string}` | '' ? never : Name
type Values<K extends MessageKey, V> = { readonly [N in NamesIn<(typeof en)[K]>]: V }
type Arguments<K extends MessageKey, V> = [NamesIn<(typeof en)[K]>] extends [never] ? readonly [] : readonly [values: Values<K, V>]

let messages: Messages = languages.en
let say: Tongue['say'] = sayIn('en')
let parsed = new Map<string, IntlMessageFormat>()

/** What the app says, how it says what the core says in English, and the locale by which it writes amounts and times. */
export type Tongue = { readonly messages: Messages; readonly say: (sentence: string) => string; readonly tag: string }

/** Of a choice; without one, of the languages the system prefers. */
export const tongueOf = (choice: Language | 'system', preferred: readonly string[]): Tongue => {
  const language = choice === 'system' ? languageFor(preferred) : choice
  return { messages: languages[language], say: sayIn(language), tag: localeFor(language, preferred) }
}

/** What is drawn from now on is in this language; what stands already stays as it is. */
export const speak = (tongue: Tongue): void => {
  messages = tongue.messages
  say = tongue.say
  parsed = new Map()
  setLocale(tongue.tag)
}

const formatOf = (key: MessageKey): IntlMessageFormat => {
  const present = parsed.get(key)
  if (present !== undefined) return present
  const made = new IntlMessageFormat(messages[key], locale(), undefined, { ignoreTag: true })
  parsed.set(key, made)
  return made
}

/** The keys of texts without values: what may be handed about as a name. */
export type PlainKey = { readonly [K in MessageKey]: (typeof en)[K] extends `${string}{${string}` ? never : K }[MessageKey]

/** A text with its values, such as `t('tasks.count', { count: 3 })`. */
export const t = <K extends MessageKey>(key: K, ...[values]: Arguments<K, string | number>): string =>
  values === undefined && !messages[key].includes('{') ? messages[key] : String(formatOf(key).format(values))

/** A sentence of the core, such as why a command was refused, in the language of the screens. */
export const said = (sentence: string): string => say(sentence)

/** A text some of whose values are drawn: an amount, a peer, a countdown. */
export const rich = <K extends MessageKey>(key: K, ...[values]: Arguments<K, ReactNode>): ReactNode => {
  const parts = formatOf(key).formatToParts<ReactNode>(values)
  return createElement(Fragment, null, ...parts.map((part) => part.value))
}
