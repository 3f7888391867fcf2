import { useRef, type ReactNode, type SubmitEvent } from 'react'

type FormProps = { readonly id?: string; readonly className: string; readonly onSubmit: () => void; readonly children: ReactNode }

/** Says what is wrong itself, in sentences, and leads to the first field that has to be put right. */
export const Form = ({ id, className, onSubmit, children }: FormProps) => {
  const form = useRef<HTMLFormElement>(null)
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    // React hands a dialog's events on to the form in which the dialog was opened.
    event.stopPropagation()
    onSubmit()
    // What is wrong is only drawn after this event.
    setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
  return (
    <form id={id} className={className} ref={form} noValidate onSubmit={submit}>
      {children}
    </form>
  )
}
