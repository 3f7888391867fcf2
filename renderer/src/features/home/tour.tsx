import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { usePreferences } from '../../store/use-preferences.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { goTo, links } from '../../ui/links.ts'
import { Notice } from '../../ui/notice.tsx'

const STEPS = ['ask', 'money', 'provide', 'people', 'find'] as const

/** Offered once, taken again from the command palette, and never in the way: whoever declines it is not asked again. */
export const Tour = ({ isOpen }: { readonly isOpen: boolean }) => {
  const { preferences, change } = usePreferences()
  const isNew = preferences?.tour === 'unseen'
  const settle = (): void => {
    if (isNew) change({ tour: 'seen' })
  }
  return (
    <>
      {isNew && !isOpen && (
        <Notice
          tone='info'
          action={
            <>
              <Button size='small' look='quiet' onPress={settle}>
                {t('tour.decline')}
              </Button>
              <ButtonLink size='small' href={links.tour}>
                {t('tour.take')}
              </ButtonLink>
            </>
          }
        >
          {t('tour.offer', { count: STEPS.length })}
        </Notice>
      )}
      {isOpen && (
        <Steps
          onEnd={() => {
            settle()
            goTo(links.home)
          }}
        />
      )}
    </>
  )
}

const Steps = ({ onEnd }: { readonly onEnd: () => void }) => {
  const [at, setAt] = useState(0)
  const step = STEPS[at] ?? STEPS[0]
  const isLast = at === STEPS.length - 1
  return (
    <Dialog
      title={t('tour.title')}
      isOpen
      onClose={onEnd}
      actions={
        <>
          {!isLast && (
            <Button look='quiet' onPress={onEnd}>
              {t('tour.skip')}
            </Button>
          )}
          {at > 0 && <Button onPress={() => setAt(at - 1)}>{t('common.back')}</Button>}
          <Button look='primary' takesFocus onPress={() => (isLast ? onEnd() : setAt(at + 1))}>
            {t(isLast ? 'tour.end' : 'common.continue')}
          </Button>
        </>
      }
    >
      {/* The focus stays on the button, and what changed is read out. */}
      <div className='tour-step' aria-live='polite'>
        <p className='soft small figure'>{t('tour.step', { step: at + 1, steps: STEPS.length })}</p>
        <h3>{t(`tour.${step}.title`)}</h3>
        <p>{t(`tour.${step}.body`)}</p>
      </div>
    </Dialog>
  )
}
