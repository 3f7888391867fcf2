import { useEffect, useRef, type ReactNode, type SubmitEvent } from 'react'

type FormProps = { readonly id?: string; readonly className: string; readonly onSubmit: () => void; readonly children: ReactNode }

const WRONG = '[aria-invalid="true"], [data-invalid] button'

/** Says what is wrong itself, in sentences, and leads to the first field that has to be put right, also when that is only known later. */
export const Form = ({ id, className, onSubmit, children }: FormProps) => {
  const form = useRef<HTMLFormElement>(null)
  const isAnswered = useRef(true)
  useEffect(() => {
    const made = form.current
    if (made === null) return
    const lead = (): void => {
      const wrong = made.querySelector<HTMLElement>(WRONG)
      // Whoever has gone elsewhere meanwhile is not called back.
      const isHere = document.activeElement === document.body || made.contains(document.activeElement)
      if (isAnswered.current || wrong === null || !isHere) return
      isAnswered.current = true
      wrong.focus()
    }
    const observer = new MutationObserver(lead)
    observer.observe(made, { subtree: true, childList: true, attributeFilter: ['aria-invalid', 'data-invalid'] })
    return () => observer.disconnect()
  }, [])
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    // React hands a dialog's events on to the form in which the dialog was opened.
    event.stopPropagation()
    isAnswered.current = false
    onSubmit()
    // What was wrong before this may be wrong still.
    setTimeout(() => form.current?.querySelector<HTMLElement>(WRONG)?.focus())
  }
  return (
    <form id={id} className={className} ref={form} noValidate onSubmit={submit}>
      {children}
    </form>
  )
}
