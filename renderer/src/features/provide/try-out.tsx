import { useState } from 'react'
import { maxModelLength } from '../../../../core/contract/orders.ts'
import { maxTryOutLength, type ProviderChoice } from '../../../../core/contract/provider.ts'
import { formatCount } from '../../format/number.ts'
import { formatDuration } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { TriedOut } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlainText } from '../../ui/plain-text.tsx'

type TryOutProps = {
  /** Null while it cannot be reached yet; one that names no model is asked with the model that is written in the dialog. */
  readonly backend: ProviderChoice['backend'] | null
  readonly size?: 'small'
}

/** Enough to see that it works, and little on anybody's bill. */
const MAX_OUTPUT_TOKENS = 300

/** The owner's own words to a backend, for nobody else: all that a personal login is used for. */
export const TryOut = ({ backend, size }: TryOutProps) => {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button {...(size === undefined ? {} : { size })} isDisabled={backend === null} onPress={() => setOpen(true)}>
        {t('tryOut.open')}
      </Button>
      {backend !== null && isOpen && <TryOutDialog backend={backend} onClose={() => setOpen(false)} />}
    </>
  )
}

const TryOutDialog = ({ backend, onClose }: { readonly backend: ProviderChoice['backend']; readonly onClose: () => void }) => {
  const { client } = useMarket()
  const tryOut = useCommand(client.provider.tryOut)
  const [prompt, setPrompt] = useState(t('tryOut.example'))
  const [model, setModel] = useState('')
  const [answer, setAnswer] = useState<TriedOut | null>(null)
  const needsModel = backend.kind !== 'practice' && backend.model === ''
  const isReady = prompt.trim() !== '' && prompt.length <= maxTryOutLength && !(needsModel && model.trim() === '')
  const submit = async (): Promise<void> => {
    if (!isReady) return
    setAnswer(null)
    const asked = needsModel ? { ...backend, model: model.trim() } : backend
    setAnswer(await tryOut.run({ backend: asked, prompt, maxOutputTokens: MAX_OUTPUT_TOKENS }))
  }
  return (
    <Dialog
      title={t('tryOut.title')}
      isOpen
      onClose={onClose}
      actions={
        <Button look='primary' type='submit' form='try-out' isDisabled={!isReady} isPending={tryOut.isPending}>
          {t('tryOut.run')}
        </Button>
      }
    >
      <p className='soft'>{t('tryOut.body')}</p>
      <Form id='try-out' className='dialog-form' onSubmit={() => void submit()}>
        {needsModel && (
          <TextField label={t('choice.model')} hint={t('tryOut.model.hint')} maxLength={maxModelLength} value={model} onChange={setModel} />
        )}
        <TextArea label={t('tryOut.prompt')} maxLength={maxTryOutLength} value={prompt} onChange={setPrompt} />
      </Form>
      {tryOut.problem !== null && <Notice tone='error'>{tryOut.problem}</Notice>}
      {answer !== null && (
        <>
          <PlainText label={t('tryOut.answer')} text={answer.text} testId='tried-out' />
          <p className='small soft'>
            {t('tryOut.used', {
              input: formatCount(answer.inputTokens),
              output: formatCount(answer.outputTokens),
              took: formatDuration(answer.tookMs),
            })}
          </p>
        </>
      )}
    </Dialog>
  )
}
