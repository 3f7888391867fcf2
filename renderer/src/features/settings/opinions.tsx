import { formatDate } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { OpinionRow } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'

/** What its owner keeps in mind of others, each with what takes it back. */
export const Opinions = () => {
  const { opinions } = useMarket()
  return (
    <Section title={t('settings.opinions')}>
      <p className='soft small'>{t('opinion.private')}</p>
      <LoadedView of={useFollowed(opinions)} lines={2} onRetry={opinions.refresh}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className='soft small'>{t('settings.opinions.empty')}</p>
          ) : (
            <ul className='ledger'>
              {rows.map((opinion) => (
                <Opinion key={`${opinion.role} ${opinion.accountId}`} opinion={opinion} />
              ))}
            </ul>
          )
        }
      </LoadedView>
    </Section>
  )
}

const Opinion = ({ opinion: { accountId, role, word, atMs } }: { readonly opinion: OpinionRow }) => {
  const { client } = useMarket()
  const takeBack = useCommand(client.opinions.say)
  return (
    <li data-testid='opinion'>
      <div className='ledger-text'>
        <Peer id={accountId} />
        <span>{t(role === 'client' ? 'opinion.effect.client' : `opinion.effect.${word}`)}</span>
        <span className='soft'>{t('settings.opinions.since', { when: formatDate(atMs) })}</span>
        {takeBack.problem !== null && <Notice tone='error'>{takeBack.problem}</Notice>}
      </div>
      <Button size='small' isPending={takeBack.isPending} onPress={() => void takeBack.run({ accountId, role, word: null })}>
        {t('opinion.takeBack')}
      </Button>
    </li>
  )
}
