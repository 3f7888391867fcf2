/** The texts of the app in the language that was chosen at the start. ICU messages, parsed when first needed; nothing is compiled. */
import { IntlMessageFormat } from 'intl-messageformat'
import { createElement, Fragment, type ReactNode } from 'react'
import { locale, setLocale, type Language } from '../format/locale.ts'
import { en } from './en.ts'

export type MessageKey = keyof typeof en
/** What a language has to say: the same keys as English. */
export type Messages = Readonly<Record<MessageKey, string>>

const languages: Readonly<Record<Language, Messages>> = { en }

/** The names in braces of a message; what contains a space or begins with # is the text of a plural's branch. */
type NamesIn<Text extends string> = Text extends `${string}{${infer Rest}`
  ? (Rest extends `${infer Head}}${string}` ? NameOf<Head> : never) | NamesIn<Rest>
  : never
type NameOf<Head extends string> = Head extends `${infer Name},${string}` ? Plain<Name> : Plain<Head>
type Plain<Name extends string> = Name extends `${string}${' ' | '#' | '{' | '\n'}${string}` | '' ? never : Name
type Values<K extends MessageKey, V> = { readonly [N in NamesIn<(typeof en)[K]>]: V }
type Arguments<K extends MessageKey, V> = [NamesIn<(typeof en)[K]>] extends [never] ? readonly [] : readonly [values: Values<K, V>]

let messages: Messages = languages.en
let parsed = new Map<string, IntlMessageFormat>()

export const chooseLanguage = (language: Language, tag: string): void => {
  messages = languages[language]
  parsed = new Map()
  setLocale(tag)
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

/** A text some of whose values are drawn: an amount, a peer, a countdown. */
export const rich = <K extends MessageKey>(key: K, ...[values]: Arguments<K, ReactNode>): ReactNode => {
  const parts = formatOf(key).formatToParts<ReactNode>(values)
  return createElement(Fragment, null, ...parts.map((part) => part.value))
}
