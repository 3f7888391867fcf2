import { useSyncExternalStore } from 'react'

/** Whether a media query holds now. */
export const useMedia = (query: string): boolean =>
  useSyncExternalStore(
    (tell) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', tell)
      return () => list.removeEventListener('change', tell)
    },
    () => window.matchMedia(query).matches,
  )

/** The widths at which the layout changes; the style sheets use the same two. */
export const NARROW = '(max-width: 45rem)'
export const MEDIUM = '(max-width: 66rem)'
