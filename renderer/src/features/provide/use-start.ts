import { useState } from 'react'
import type { ProviderChoice } from '../../../../core/contract/provider.ts'
import { said } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import { useCommand } from '../../store/use-command.ts'
import { isSameAs } from './choice.ts'
import type { ConsentDocument } from './consent-dialog.tsx'

type Choice = Omit<ProviderChoice, 'consentRef'>
type Asked = { readonly document: ConsentDocument; readonly choice: Choice }

/**
 * From a choice to a backend that serves: the consent is asked for where one is needed and none stands, and never given by itself.
 * `id`: of the backend that is changed; null for another one.
 */
export const useStart = (id: number | null, onStarted: () => void) => {
  const market = useMarket()
  const { client } = market
  const consents = valueOf(useFollowed(market.consents))
  const status = valueOf(useFollowed(market.provider))
  const [asked, setAsked] = useState<Asked | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isReading, setReading] = useState(false)
  const start = useCommand(client.provider.start)
  const stop = useCommand(client.provider.stop)
  const give = useCommand(client.consents.give)

  const isOn = status?.backends.some((backend) => backend.id === id && backend.state !== 'off') ?? false

  const switchOn = async (choice: Choice, consentRef: string | null): Promise<void> => {
    if (id !== null && isOn && (await stop.run({ backendId: id })) === null) return
    const started = await start.run({ ...choice, consentRef })
    if (started === null) return
    setAsked(null)
    onStarted()
  }

  const begin = async (choice: Choice): Promise<void> => {
    setProblem(null)
    setReading(true)
    const answer = await client.consents.document({ backend: choice.backend })
    setReading(false)
    if (!answer.ok) return setProblem(answer.error.message)
    const { policy } = answer.value
    if (policy.verdict === 'refuse') return setProblem(said(policy.reason))
    if (!policy.needsConsent) return switchOn(choice, null)
    const given = consents?.rows.find((row) => row.status === 'valid' && isSameAs(row, choice))
    if (given !== undefined) return switchOn(choice, given.id)
    setAsked({ document: answer.value, choice })
  }

  const agree = async (): Promise<void> => {
    if (asked === null) return
    const { choice, document } = asked
    const given = await give.run({ backend: choice.backend, caps: choice.caps, textHash: document.textHash })
    if (given !== null) await switchOn(choice, given.consentId)
  }

  return {
    isOn,
    isPending: isReading || start.isPending || stop.isPending || give.isPending,
    problem: problem ?? give.problem ?? stop.problem ?? start.problem,
    asked,
    begin,
    agree,
    refuse: () => {
      setAsked(null)
      give.clear()
      start.clear()
    },
  }
}
