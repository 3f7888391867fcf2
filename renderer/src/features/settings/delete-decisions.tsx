import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'

const DAY_MS = 86_400_000
const AGES = ['30', '7', '0'] as const

export const DeleteDecisions = () => {
  const { client, nowMs } = useMarket()
  const remove = useCommand(client.audit.delete)
  const [isOpen, setOpen] = useState(false)
  const [age, setAge] = useState<(typeof AGES)[number]>('30')
  const close = (): void => setOpen(false)
  const confirm = async (): Promise<void> => {
    const beforeMs = Math.round(nowMs() - Number(age) * DAY_MS) + (age === '0' ? 1 : 0)
    if ((await remove.run({ beforeMs })) !== null) close()
  }
  return (
    <>
      <Button size='small' onPress={() => setOpen(true)}>
        {t('settings.decisions.delete')}
      </Button>
      <Dialog
        kind='alert'
        title={t('settings.decisions.delete.title')}
        isOpen={isOpen}
        onClose={close}
        actions={
          <>
            <Button takesFocus onPress={close}>
              {t('common.cancel')}
            </Button>
            <Button look='danger' isPending={remove.isPending} onPress={() => void confirm()}>
              {t('settings.decisions.delete.confirm')}
            </Button>
          </>
        }
      >
        <Select
          label={t('settings.decisions.delete.which')}
          options={AGES.map((days) => ({ value: days, name: t(`settings.decisions.delete.${days}`) }))}
          value={age}
          onChange={setAge}
        />
        <p>{t('settings.decisions.delete.body')}</p>
        {remove.problem !== null && <Notice tone='error'>{remove.problem}</Notice>}
      </Dialog>
    </>
  )
}
