import { shortId } from '../../format/id.ts'
import { rich, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { EvidenceRow } from '../../store/types.ts'
import { When } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'

/** Who was proven to have signed two things that exclude each other, and what follows from it. */
export const Contradictions = () => {
  const { evidence } = useMarket()
  return (
    <Section title={t('evidence.title')}>
      <LoadedView of={useFollowed(evidence)} lines={2} onRetry={evidence.refresh}>
        {({ broken, rows }) => (
          <>
            {broken && <Notice tone='error'>{t('evidence.broken')}</Notice>}
            <p className='soft small'>{rows.length === 0 ? t('evidence.none') : t('evidence.body')}</p>
            {rows.length > 0 && (
              <ul className='contradictions'>
                {rows.map((row) => (
                  <Contradiction key={row.id} row={row} />
                ))}
              </ul>
            )}
          </>
        )}
      </LoadedView>
    </Section>
  )
}

const Contradiction = ({ row }: { readonly row: EvidenceRow }) => (
  <li data-testid='contradiction' data-offence={row.offence}>
    <p>
      <strong>
        <Culprit row={row} />
      </strong>{' '}
      {t(`evidence.offence.${row.offence}`)}
    </p>
    <p className='soft small'>{t(`evidence.consequence.${kindOf(row)}`)}</p>
    <p className='faint small'>
      {rich('evidence.where', {
        step: row.step,
        object: (
          <span className='mono' title={row.objectId}>
            {shortId(row.objectId)}
          </span>
        ),
        epoch: row.epoch,
      })}
      , {t('evidence.found')} <When atMs={row.foundAtMs} />
    </p>
  </li>
)

const kindOf = ({ offence }: EvidenceRow): 'witness' | 'arbiter' | 'account' | 'committee' => {
  if (offence === 'two-orders') return 'account'
  if (offence === 'two-rulings') return 'arbiter'
  return offence === 'two-finals' ? 'committee' : 'witness'
}

const Culprit = ({ row }: { readonly row: EvidenceRow }) => {
  const { account, culprit, witness } = row
  switch (kindOf(row)) {
    case 'account':
      return <Peer id={account ?? row.objectId} />
    case 'arbiter':
      return (
        <>
          {t('evidence.arbiter')} {culprit !== null && <Peer id={culprit} />}
        </>
      )
    case 'committee':
      return t('evidence.committee')
    case 'witness':
      return witness === null ? <Peer id={culprit ?? row.objectId} /> : t('evidence.witness', { number: witness + 1 })
  }
}
