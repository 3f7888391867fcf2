import { t } from '../messages/translate.ts'
import { useMarket } from '../store/context.tsx'
import { useCommand } from '../store/use-command.ts'
import type { ButtonLook } from './button.tsx'
import { ConfirmedButton } from './confirmed-button.tsx'

type StartOverProps = {
  readonly look?: ButtonLook
  /** Told where the old data is kept. */
  readonly onStartOver?: (keptAs: string) => void
}

/** Asked twice, though it deletes nothing: the screen is empty afterwards. */
export const StartOverButton = ({ look = 'primary', onStartOver }: StartOverProps) => {
  const { client } = useMarket()
  const startOver = useCommand(client.setup.startOver)
  const confirm = async (): Promise<boolean> => {
    const done = await startOver.run({})
    if (done !== null) onStartOver?.(done.keptAs)
    return done !== null
  }
  return (
    <ConfirmedButton
      label={t('setup.startOver')}
      confirmLabel={t('setup.startOver.confirm')}
      look={look}
      confirmLook='danger'
      question={t('setup.startOver.title')}
      isPending={startOver.isPending}
      problem={startOver.problem}
      run={confirm}
    >
      <p>{t('setup.startOver.body')}</p>
    </ConfirmedButton>
  )
}
