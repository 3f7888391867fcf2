import { useState, type ClipboardEvent, type DragEvent, type ReactNode } from 'react'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import { Button } from './button.tsx'
import { AttachIcon } from './icons.ts'
import './files.css'

type OnFiles = (files: readonly File[]) => void

type FilesButtonProps = { readonly label: string; readonly isSingle?: boolean; readonly onFiles: OnFiles }

/** Opens the system's dialog. */
export const FilesButton = ({ label, isSingle = false, onFiles }: FilesButtonProps) => (
  <FileTrigger allowsMultiple={!isSingle} onSelect={(list) => onFiles([...(list ?? [])])}>
    <Button size='small' icon={AttachIcon}>
      {label}
    </Button>
  </FileTrigger>
)

const hasFiles = ({ types }: DataTransfer): boolean => types.includes('Files')

type FilesAreaProps = { readonly hint: string; readonly onFiles: OnFiles; readonly children: ReactNode }

/** Takes files that are dropped on it or pasted into it. A convenience for hands and mice; the button does the same for everybody. */
export const FilesArea = ({ hint, onFiles, children }: FilesAreaProps) => {
  // Entered and left once for every element inside.
  const [depth, setDepth] = useState(0)
  const over = (event: DragEvent): void => {
    if (hasFiles(event.dataTransfer)) event.preventDefault()
  }
  const enter = (event: DragEvent): void => {
    if (hasFiles(event.dataTransfer)) setDepth(depth + 1)
  }
  const leave = (event: DragEvent): void => {
    if (hasFiles(event.dataTransfer)) setDepth(Math.max(0, depth - 1))
  }
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event.dataTransfer)) return
    event.preventDefault()
    setDepth(0)
    onFiles([...event.dataTransfer.files])
  }
  const paste = (event: ClipboardEvent): void => {
    // What comes as text as well, such as cells of a table with their picture, is pasted as text.
    if (event.clipboardData.files.length === 0 || event.clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    onFiles([...event.clipboardData.files])
  }
  return (
    <div className='files-area' role='presentation' onDragEnter={enter} onDragLeave={leave} onDragOver={over} onDrop={drop} onPaste={paste}>
      {children}
      {depth > 0 && (
        <div className='files-hint' aria-hidden='true'>
          {hint}
        </div>
      )}
    </div>
  )
}
