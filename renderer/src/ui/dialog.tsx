import type { ReactNode } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { t } from '../messages/translate.ts'
import { IconButton } from './button.tsx'
import { FocusReturns } from './focus.tsx'
import { CloseIcon } from './icons.ts'
import './dialog.css'

type DialogProps = {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** The buttons at its foot. */
  readonly actions?: ReactNode
  readonly width?: 'normal' | 'wide'
  /** An alert is answered by one of its buttons: nothing beside it closes it, and it has no cross. */
  readonly kind?: 'dialog' | 'alert'
}

export const Dialog = ({ title, isOpen, onClose, children, actions, width = 'normal', kind = 'dialog' }: DialogProps) => (
  <ModalOverlay
    className='dialog-veil'
    isOpen={isOpen}
    isDismissable={kind === 'dialog'}
    onOpenChange={(open) => {
      if (!open) onClose()
    }}
  >
    <Modal className={width === 'wide' ? 'dialog-box dialog-box-wide' : 'dialog-box'}>
      <FocusReturns />
      <AriaDialog className='dialog' role={kind === 'alert' ? 'alertdialog' : 'dialog'}>
        <div className='dialog-head'>
          <Heading slot='title' level={2}>
            {title}
          </Heading>
          {kind === 'dialog' && <IconButton icon={CloseIcon} label={t('common.close')} size='small' onPress={onClose} />}
        </div>
        <div className='dialog-body'>{children}</div>
        {actions !== undefined && <div className='dialog-actions'>{actions}</div>}
      </AriaDialog>
    </Modal>
  </ModalOverlay>
)
