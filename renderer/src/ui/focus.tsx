import { createContext, use, useEffect, useRef, type ReactNode, type RefObject } from 'react'

/** What lies above a view. */
const OVERLAY = '[role=dialog], [role=alertdialog]'

/** What had the focus last that is not inside of an overlay. */
const LastFocused = createContext<{ readonly current: HTMLElement | null }>({ current: null })

/** Remembers where the keyboard was, for whatever opens above it. */
export const FocusMemory = ({ children }: { readonly children: ReactNode }) => {
  const last = useRef<HTMLElement | null>(null)
  useEffect(() => {
    const remember = ({ target }: FocusEvent): void => {
      if (target instanceof HTMLElement && target.closest(OVERLAY) === null) last.current = target
    }
    document.addEventListener('focusin', remember)
    return () => document.removeEventListener('focusin', remember)
  }, [])
  return <LastFocused value={last}>{children}</LastFocused>
}

/**
 * Stands inside of an overlay. The library gives the focus back to what had it before; that is gone where one overlay followed on another, or
 * where the view is another one now. Then it is what opened the first of them, or else the title of the view.
 */
export const FocusReturns = () => {
  const last = use(LastFocused)
  useEffect(
    () => () => {
      // After the library, which asks for the same frame first.
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return
        last.current?.focus()
        if (document.activeElement === document.body) document.querySelector<HTMLElement>('main h1')?.focus()
      })
    },
    [last],
  )
  return null
}

/** For the title of a view (`tabIndex={-1}`): it is read from there on, unless something in the view has the focus. */
export const useFocusOnArrival = (shown: string): RefObject<HTMLHeadingElement | null> => {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const isTaken = document.activeElement?.closest(`main, ${OVERLAY}`) ?? null
    if (isTaken === null) title.current?.focus()
  }, [shown])
  return title
}
