import { formatDate } from '../../format/time.ts'
import { said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { Policy } from '../../store/types.ts'
import { Facts } from '../../ui/facts.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Status, type StatusTone } from '../../ui/status.tsx'
import './outlook.css'

/** The table by which everything is decided, as the program has it. */
export const PolicyTable = () => {
  const { policy } = useMarket()
  return (
    <Section title={t('provide.policy')}>
      <LoadedView of={useFollowed(policy)} lines={6} onRetry={policy.refresh}>
        {({ rows, termsReadOn, sources }) => (
          <>
            <p className='soft small'>{t('provide.policy.body', { day: formatDate(Date.parse(`${termsReadOn}T12:00:00Z`)) })}</p>
            <ul className='policy'>
              {rows.map((row) => (
                <Row key={row.backend} row={row} />
              ))}
            </ul>
            <ul className='soft small'>
              {sources.map(({ title, url }) => (
                <li key={url}>
                  {title} <span className='mono'>{url}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </LoadedView>
    </Section>
  )
}

const TONES: Readonly<Record<Policy['rows'][number]['now']['verdict'], StatusTone>> = {
  allow: 'good',
  'ask-each-time': 'warning',
  refuse: 'bad',
}

const Row = ({ row: { backend, cells, now } }: { readonly row: Policy['rows'][number] }) => (
  <li data-testid='policy-row' data-backend={backend}>
    <strong>{t(`provide.policy.backend.${backend}`)}</strong>
    <Status tone={TONES[now.verdict]}>{said(now.reason)}</Status>
    <Facts facts={cells.map(({ relation, sentence }) => ({ name: t(`provide.policy.relation.${relation}`), value: said(sentence) }))} />
  </li>
)
