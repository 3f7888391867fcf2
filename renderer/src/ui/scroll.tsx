import { createContext, use, type RefObject } from 'react'

/** The element that scrolls the page, for lists that draw only what is in sight. */
export const ScrollContext = createContext<RefObject<HTMLElement | null> | null>(null)

export const useScroller = (): RefObject<HTMLElement | null> => {
  const scroller = use(ScrollContext)
  if (scroller === null) throw new Error('a long list stands outside ScrollContext')
  return scroller
}
