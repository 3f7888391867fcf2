import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'

/** Names of what is kept; the secrets themselves are never shown. */
export const Credentials = () => {
  const { credentials } = useMarket()
  return (
    <Section title={t('settings.credentials')}>
      <p className='soft small'>{t('settings.credentials.body')}</p>
      <LoadedView of={useFollowed(credentials)} lines={2} onRetry={credentials.refresh}>
        {({ refs, protection }) =>
          refs.length === 0 ? (
            <p className='soft small'>{t('settings.credentials.empty')}</p>
          ) : (
            <ul className='ledger'>
              {refs.map((name) => (
                <li key={name}>
                  <div className='ledger-text'>
                    <strong className='foreign'>{name}</strong>
                    <span className='soft'>{t(`key.protection.${protection}`)}</span>
                  </div>
                  <RemoveButton name={name} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadedView>
    </Section>
  )
}

const RemoveButton = ({ name }: { readonly name: string }) => {
  const { client } = useMarket()
  const remove = useCommand(client.credentials.remove)
  return (
    <ConfirmedButton
      label={t('settings.credentials.remove')}
      look='plain'
      confirmLook='danger'
      size='small'
      question={t('settings.credentials.remove.title', { name })}
      isPending={remove.isPending}
      problem={remove.problem}
      run={async () => (await remove.run({ ref: name })) !== null}
    >
      <p>{t('settings.credentials.remove.body')}</p>
    </ConfirmedButton>
  )
}
