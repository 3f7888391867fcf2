import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { Select } from '../../ui/select.tsx'

const DAY_MS = 86_400_000
const AGES = ['30', '7', '0'] as const

export const DeleteDecisions = () => {
  const { client, nowMs } = useMarket()
  const remove = useCommand(client.audit.delete)
  const [age, setAge] = useState<(typeof AGES)[number]>('30')
  const confirm = async (): Promise<boolean> => {
    const beforeMs = Math.round(nowMs() - Number(age) * DAY_MS) + (age === '0' ? 1 : 0)
    return (await remove.run({ beforeMs })) !== null
  }
  return (
    <ConfirmedButton
      label={t('settings.decisions.delete')}
      confirmLabel={t('settings.decisions.delete.confirm')}
      look='plain'
      confirmLook='danger'
      size='small'
      question={t('settings.decisions.delete.title')}
      isPending={remove.isPending}
      problem={remove.problem}
      run={confirm}
    >
      <Select
        label={t('settings.decisions.delete.which')}
        options={AGES.map((days) => ({ value: days, name: t(`settings.decisions.delete.${days}`) }))}
        value={age}
        onChange={setAge}
      />
      <p>{t('settings.decisions.delete.body')}</p>
    </ConfirmedButton>
  )
}
