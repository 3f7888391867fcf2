import { useState } from 'react'
import { readWhole, saveFile, type ReadPart } from '../store/export-file.ts'
import { Button, type ButtonLook } from './button.tsx'
import { Notice } from './notice.tsx'

type ExportButtonProps = {
  readonly label: string
  readonly fileName: string
  readonly type: string
  readonly read: ReadPart
  readonly look?: ButtonLook
}

/** Writes something into a file that the person chooses. */
export const ExportButton = ({ label, fileName, type, read, look = 'plain' }: ExportButtonProps) => {
  const [isReading, setReading] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const run = async (): Promise<void> => {
    setReading(true)
    const whole = await readWhole(read)
    setReading(false)
    setProblem(whole.ok ? null : whole.message)
    if (whole.ok) saveFile(fileName, whole.parts, type)
  }
  return (
    <>
      {problem !== null && <Notice tone='error'>{problem}</Notice>}
      <Button size='small' look={look} isPending={isReading} onPress={() => void run()}>
        {label}
      </Button>
    </>
  )
}
