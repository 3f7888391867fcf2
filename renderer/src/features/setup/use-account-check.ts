import { useState } from 'react'
import { useMarket } from '../../store/context.tsx'
import type { AccountSource } from './draft.ts'

/** Words that would be refused in the end are refused where they are typed. */
export const useAccountCheck = () => {
  const { client } = useMarket()
  const [problem, setProblem] = useState<string | null>(null)
  const [isChecking, setChecking] = useState(false)
  const check = async (account: AccountSource, onTaken: () => void): Promise<void> => {
    setChecking(true)
    const answer = await client.setup.checkAccount({ account })
    setChecking(false)
    setProblem(answer.ok ? null : answer.error.message)
    if (answer.ok) onTaken()
  }
  return { problem, isChecking, check }
}
