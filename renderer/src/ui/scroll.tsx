import { createContext, use } from 'react'

/**
 * The element that scrolls the page, for lists that draw only what is in sight; null until it is there. An element and not a
 * reference to one: what stands inside is mounted first, and has to be told when its surroundings exist.
 */
export const ScrollContext = createContext<HTMLElement | null>(null)

export const useScroller = (): HTMLElement | null => use(ScrollContext)
