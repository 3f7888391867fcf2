import { useState, type ReactNode } from 'react'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { goTo, links } from '../../ui/links.ts'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Page } from '../../ui/page.tsx'
import { BackendFields, KnownBackend, type FieldsProps } from './backend-fields.tsx'
import { draftOf, EMPTY_CHOICE, readChoice, type ChoiceDraft, type ChoiceErrors } from './choice.ts'
import { ConsentDialog } from './consent-dialog.tsx'
import { CapFields, PriceFields } from './terms-fields.tsx'
import { useStart } from './use-start.ts'
import './choice-page.css'

/** What is provided, at which price, within which limits. */
export const ChoicePage = ({ item }: { readonly item: string }) => {
  const { provider } = useMarket()
  return (
    <Page title={t('choice.title')} back={{ href: links.provide, label: t('choice.back') }}>
      <LoadedView of={useFollowed(provider)} lines={8} onRetry={provider.refresh}>
        {({ backends }) => {
          const backend = backends.find(({ id }) => item === `backend-${id}`)
          const choice = backend?.choice ?? null
          return backend === undefined || choice === null ? (
            <ChoiceForm key='new' id={null} initial={EMPTY_CHOICE}>
              {(fields) => <BackendFields {...fields} />}
            </ChoiceForm>
          ) : (
            <ChoiceForm key={backend.id} id={backend.id} initial={draftOf(choice)}>
              {(fields) => <KnownBackend {...fields} backend={choice.backend} />}
            </ChoiceForm>
          )
        }}
      </LoadedView>
    </Page>
  )
}

type ChoiceFormProps = {
  /** Of the backend that is changed; null for another one. */
  readonly id: number | null
  readonly initial: ChoiceDraft
  readonly children: (fields: FieldsProps) => ReactNode
}

const ChoiceForm = ({ id, initial, children }: ChoiceFormProps) => {
  const [draft, setDraft] = useState(initial)
  const [errors, setErrors] = useState<ChoiceErrors>({})
  const start = useStart(id, () => goTo(links.provide))
  const change = (changed: Partial<ChoiceDraft>): void => {
    setErrors({})
    setDraft((now) => ({ ...now, ...changed }))
  }
  const submit = (): void => {
    const read = readChoice(draft)
    setErrors('errors' in read ? read.errors : {})
    if ('choice' in read) void start.begin(read.choice)
  }
  const fields = { draft, change, errors }
  return (
    <Form className='choice-form' onSubmit={submit}>
      {children(fields)}
      <PriceFields {...fields} />
      <CapFields {...fields} />
      {start.isOn && <Notice tone='info'>{t('choice.restart')}</Notice>}
      {start.asked === null && start.problem !== null && <Notice tone='error'>{start.problem}</Notice>}
      <div className='choice-submit'>
        <ButtonLink href={links.provide}>{t('common.cancel')}</ButtonLink>
        <Button type='submit' look='primary' isPending={start.isPending}>
          {start.isOn ? t('choice.submit.restart') : t('choice.submit')}
        </Button>
      </div>
      {start.asked !== null && (
        <ConsentDialog
          document={start.asked.document}
          choice={start.asked.choice}
          isPending={start.isPending}
          problem={start.problem}
          onAgree={() => void start.agree()}
          onRefuse={start.refuse}
        />
      )}
    </Form>
  )
}
