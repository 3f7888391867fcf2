import { useState } from 'react'
import type { Answer } from '../../../../core/contract/definition.ts'

type Refusal = { readonly code: string; readonly message: string }

/** What would be refused in the end is refused where it is typed. */
export const useCheck = <F extends Refusal>() => {
  const [refusal, setRefusal] = useState<F | null>(null)
  const [isChecking, setChecking] = useState(false)
  const check = async (asked: Promise<Answer<unknown, F>>, onTaken: () => void): Promise<void> => {
    setChecking(true)
    const answer = await asked
    setChecking(false)
    setRefusal(answer.ok ? null : answer.error)
    if (answer.ok) onTaken()
  }
  return { refusal, isChecking, check }
}
