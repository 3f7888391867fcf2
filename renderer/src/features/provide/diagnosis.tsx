import { said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Status } from '../../ui/status.tsx'
import './outlook.css'

/** "Why am I getting no work?": everything that has to be right, in order, and what to do about what is not. */
export const Diagnosis = () => {
  const { diagnosis } = useMarket()
  return (
    <Section title={t('provide.diagnosis')}>
      <LoadedView of={useFollowed(diagnosis)} lines={5} onRetry={diagnosis.refresh}>
        {({ checks }) => (
          <>
            <p className='soft small'>{checks.every(({ isFine }) => isFine) ? t('provide.diagnosis.fine') : t('provide.diagnosis.body')}</p>
            <ol className='checks'>
              {checks.map(({ step, backend, isFine, finding, remedy }) => (
                <li key={`${step} ${backend?.id ?? ''}`} data-testid='check' data-step={step} data-fine={isFine}>
                  <Status tone={isFine ? 'good' : 'warning'}>{t(`provide.step.${step}`)}</Status>
                  <span>
                    {backend !== null && (
                      <span className='foreign soft'>
                        {backend.kind === 'practice' ? t('provide.backend.practice') : backend.model}
                        <br />
                      </span>
                    )}
                    {said(finding)}
                    {remedy !== null && <strong> {said(remedy)}</strong>}
                  </span>
                </li>
              ))}
            </ol>
          </>
        )}
      </LoadedView>
    </Section>
  )
}
