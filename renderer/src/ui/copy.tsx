import { useEffect, useState } from 'react'
import { t } from '../messages/translate.ts'
import { Button, IconButton, type ButtonLook } from './button.tsx'
import { CheckIcon, CopyIcon } from './icons.ts'
import './copy.css'

const COPIED_MS = 2_000

/** Whether something was taken along a moment ago, and how to. */
export const useCopied = () => {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return undefined
    const timer = setTimeout(() => setCopied(false), COPIED_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async (text: string): Promise<void> => setCopied(await writeToClipboard(text))
  return { isCopied, copy }
}

/** The app's window is denied every permission, that to the clipboard too; what a person selects can always be copied. */
const writeToClipboard = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelected(text)
  }
}

const copySelected = (text: string): boolean => {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'unseen'
  const host = document.querySelector('[role=dialog], [role=alertdialog]') ?? document.body
  const focused = document.activeElement
  host.append(area)
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isCopied
}

type CopyableProps = { readonly text: string; readonly shown?: string; readonly label: string }

/** Something to be given to somebody else, with a button that takes it along. */
export const Copyable = ({ text, shown = text, label }: CopyableProps) => {
  const { isCopied, copy } = useCopied()
  return (
    <span className='copyable'>
      <span className='mono'>{shown}</span>
      <IconButton
        size='small'
        icon={isCopied ? CheckIcon : CopyIcon}
        label={isCopied ? t('common.copied') : label}
        onPress={() => void copy(text)}
      />
    </span>
  )
}

type CopyButtonProps = {
  readonly text: string
  readonly label: string
  readonly look?: ButtonLook
  readonly size?: 'normal' | 'small'
}

export const CopyButton = ({ text, label, look = 'primary', size = 'normal' }: CopyButtonProps) => {
  const { isCopied, copy } = useCopied()
  return (
    <Button look={look} size={size} icon={isCopied ? CheckIcon : CopyIcon} onPress={() => void copy(text)}>
      {isCopied ? t('common.copied') : label}
    </Button>
  )
}
