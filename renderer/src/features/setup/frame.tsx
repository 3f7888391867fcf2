import { useEffect, useRef, type ReactNode } from 'react'
import { t } from '../../messages/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Notice } from '../../ui/notice.tsx'
import './frame.css'

type FrameProps = {
  readonly title: string
  readonly body?: ReactNode
  readonly step?: string
  readonly isWorking?: boolean
  readonly children?: ReactNode
}

/** One thing at a time, before there is a market. What changes on it is read from its title on. */
export const Frame = ({ title, body, step, isWorking = false, children }: FrameProps) => {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [title])
  return (
    <div className='setup'>
      <div className='setup-head'>
        <Mark />
        {t('app.name')}
      </div>
      <main className='setup-main'>
        <div className='setup-column'>
          <div className='setup-title'>
            {step !== undefined && <p className='setup-step figure'>{step}</p>}
            <h1 ref={heading} tabIndex={-1}>
              {title}
              {isWorking && <span className='spinner' aria-hidden='true' />}
            </h1>
            {body !== undefined && <p>{body}</p>}
          </div>
          {children}
        </div>
      </main>
    </div>
  )
}

type FormProps = {
  readonly children: ReactNode
  readonly submit: string
  readonly onSubmit: () => void
  readonly onBack?: () => void
  readonly isPending?: boolean
  /** Why the market refused; what was typed stays. */
  readonly problem?: string | null
  readonly aside?: ReactNode
  /** Where there is no way back. */
  readonly leading?: ReactNode
}

export const StepForm = ({ children, submit, onSubmit, onBack, isPending = false, problem = null, aside, leading }: FormProps) => (
  <Form
    className='setup-form'
    onSubmit={() => {
      if (!isPending) onSubmit()
    }}
  >
    {children}
    {problem !== null && <Notice tone='error'>{problem}</Notice>}
    <div className='setup-actions'>
      {onBack === undefined ? (leading ?? <span />) : <Button onPress={onBack}>{t('common.back')}</Button>}
      <Button type='submit' look='primary' isPending={isPending}>
        {submit}
      </Button>
    </div>
    {aside}
  </Form>
)
