import { useState } from 'react'
import { maxPhraseLength } from '../../../../core/contract/setup.ts'
import { formatDate } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import { usePreferences } from '../../store/use-preferences.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'

/** Shows its owner that the paper with the words is found and right, before it is needed. */
export const PhraseDrill = () => {
  const info = valueOf(useFollowed(useMarket().info))
  const { preferences } = usePreferences()
  const [isOpen, setOpen] = useState(false)
  if (info === null || info.practice) return null
  const triedAtMs = preferences?.phraseTriedAtMs ?? null
  return (
    <Section
      title={t('settings.phrase')}
      aside={
        <Button size='small' onPress={() => setOpen(true)}>
          {t('settings.phrase.try')}
        </Button>
      }
    >
      <p className='soft small'>{t('settings.phrase.body')}</p>
      <p className='small'>
        {triedAtMs === null ? t('settings.phrase.never') : t('settings.phrase.last', { date: formatDate(triedAtMs) })}
      </p>
      {isOpen && <DrillDialog onClose={() => setOpen(false)} />}
    </Section>
  )
}

type Outcome = { readonly kind: 'good' | 'other' } | { readonly kind: 'wrong'; readonly message: string }

/** What was typed is gone with the dialog, and from it as soon as it has been right. */
const DrillDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { client, nowMs } = useMarket()
  const { change } = usePreferences()
  const [phrase, setPhrase] = useState('')
  const [isTrying, setTrying] = useState(false)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const submit = async (): Promise<void> => {
    if (phrase.trim() === '') return setOutcome({ kind: 'wrong', message: t('setup.restored.missing') })
    setTrying(true)
    const answer = await client.identity.tryPhrase({ phrase })
    setTrying(false)
    if (!answer.ok) return setOutcome({ kind: 'wrong', message: answer.error.message })
    setOutcome({ kind: answer.value.bringsBack ? 'good' : 'other' })
    if (!answer.value.bringsBack) return
    setPhrase('')
    change({ phraseTriedAtMs: Math.round(nowMs()) })
  }
  const isDone = outcome?.kind === 'good'
  return (
    <Dialog
      title={t('settings.phrase.title')}
      isOpen
      onClose={onClose}
      actions={
        isDone ? (
          <Button look='primary' takesFocus onPress={onClose}>
            {t('common.close')}
          </Button>
        ) : (
          <Button look='primary' type='submit' form='phrase-drill' isPending={isTrying}>
            {t('settings.phrase.submit')}
          </Button>
        )
      }
    >
      {isDone ? (
        <Notice tone='good'>{t('settings.phrase.good')}</Notice>
      ) : (
        <>
          <p className='soft'>{t('settings.phrase.how')}</p>
          <Form id='phrase-drill' className='dialog-form' onSubmit={() => void submit()}>
            <TextArea
              label={t('setup.restored.label')}
              hint={t('setup.restored.hint')}
              rows={4}
              maxLength={maxPhraseLength}
              value={phrase}
              onChange={(typed) => {
                setOutcome(null)
                setPhrase(typed)
              }}
              error={outcome?.kind === 'wrong' ? outcome.message : null}
            />
          </Form>
          {outcome?.kind === 'other' && <Notice tone='warning'>{t('settings.phrase.other')}</Notice>}
        </>
      )}
    </Dialog>
  )
}
