import type { ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'

/** What the library says by itself, the order of its arrow keys and the sides of its pop-ups follow the language of the app. */
export const LocaleProvider = ({ tag, children }: { readonly tag: string; readonly children: ReactNode }) => (
  <I18nProvider locale={tag}>{children}</I18nProvider>
)
