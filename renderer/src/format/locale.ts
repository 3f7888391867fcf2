/** The language of the texts, and with it how numbers and times are written. Set once, before anything is drawn. */
export type Language = 'en'

/** Of the languages a system prefers, the first that is that of the texts: it adds the region to it. */
export const localeFor = (language: Language, preferred: readonly string[]): string =>
  preferred.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? { en: 'en-GB' }[language]

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
