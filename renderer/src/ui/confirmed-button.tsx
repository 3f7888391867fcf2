import { useState, type ReactNode } from 'react'
import { t } from '../messages/translate.ts'
import { Button, type ButtonLook } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Notice } from './notice.tsx'

type ConfirmedButtonProps = {
  readonly label: string
  /** What the second look is answered with, where it is not the same. */
  readonly confirmLabel?: string
  readonly look?: ButtonLook
  readonly confirmLook?: ButtonLook
  readonly size?: 'normal' | 'small'
  readonly question: string
  readonly children: ReactNode
  readonly isPending: boolean
  readonly problem: string | null
  /** @returns whether it was done */
  readonly run: () => Promise<boolean>
}

/** A second look before what cannot be taken back: money that moves, and what is removed for good. */
export const ConfirmedButton = (props: ConfirmedButtonProps) => {
  const {
    label,
    confirmLabel = label,
    look = 'primary',
    confirmLook = 'primary',
    size = 'normal',
    question,
    children,
    isPending,
    problem,
    run,
  } = props
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  const confirm = async (): Promise<void> => {
    if (await run()) close()
  }
  return (
    <>
      <Button look={look} size={size} onPress={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog
        kind='alert'
        title={question}
        isOpen={isOpen}
        onClose={close}
        actions={
          <>
            <Button takesFocus onPress={close}>
              {t('common.cancel')}
            </Button>
            <Button look={confirmLook} isPending={isPending} onPress={() => void confirm()}>
              {confirmLabel}
            </Button>
          </>
        }
      >
        {children}
        {problem !== null && <Notice tone='error'>{problem}</Notice>}
      </Dialog>
    </>
  )
}
