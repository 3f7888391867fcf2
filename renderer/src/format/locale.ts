/** The language of the texts, and with it how numbers and times are written. Set before anything is drawn in it. */
export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

const baseOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? ''

/** Of the languages a system prefers, the first in which there are texts. */
export const languageFor = (preferred: readonly string[]): Language =>
  preferred.map((tag) => LANGUAGES.find((language) => language === baseOf(tag))).find((language) => language !== undefined) ?? 'en'

/** Of the languages a system prefers, the first that is that of the texts: it adds the region to it. */
export const localeFor = (language: Language, preferred: readonly string[]): string =>
  preferred.find((tag) => baseOf(tag) === language) ?? { en: 'en-GB', de: 'de-DE' }[language]

let current = 'en-GB'
const forgetters = new Set<() => void>()

export const locale = (): string => current

export const setLocale = (tag: string): void => {
  current = tag
  forgetters.forEach((forget) => forget())
}

/** A formatter is costly to make: one is kept for as long as the locale stays. */
export const perLocale = <T>(make: (tag: string) => T): (() => T) => {
  let made: { readonly value: T } | null = null
  forgetters.add(() => (made = null))
  return () => (made ??= { value: make(current) }).value
}
