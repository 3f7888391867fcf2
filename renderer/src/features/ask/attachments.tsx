import { useState } from 'react'
import { formatBytes } from '../../format/number.ts'
import { t } from '../../messages/translate.ts'
import { IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { CloseIcon, FileIcon } from '../../ui/icons.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { sizeOf } from './attach.ts'
import type { Attachment } from './task-text.ts'
import './attachments.css'

type AttachmentsProps = {
  readonly files: readonly Attachment[]
  /** Without it they stay. */
  readonly onRemove?: (index: number) => void
}

/** The files of a question by name and size; each can be looked into. */
export const Attachments = ({ files, onRemove }: AttachmentsProps) => {
  const [opened, setOpened] = useState<Attachment | null>(null)
  if (files.length === 0) return null
  return (
    <>
      <ul className='attachments' aria-label={t('ask.attached')}>
        {files.map((file, index) => (
          <li key={index} className='attachment' data-testid='attachment'>
            <Icon of={FileIcon} size={14} />
            <span className='attachment-name foreign' title={file.name}>
              <LinkButton onPress={() => setOpened(file)}>{file.name}</LinkButton>
            </span>
            <span className='attachment-size figure'>{formatBytes(sizeOf(file.text))}</span>
            {onRemove !== undefined && (
              <IconButton
                size='small'
                icon={CloseIcon}
                label={t('ask.attach.remove', { name: file.name })}
                onPress={() => onRemove(index)}
              />
            )}
          </li>
        ))}
      </ul>
      {opened !== null && (
        <Dialog title={opened.name} width='wide' isOpen onClose={() => setOpened(null)}>
          <PlainText isMono label={opened.name} text={opened.text} />
        </Dialog>
      )}
    </>
  )
}
