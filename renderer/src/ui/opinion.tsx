import { t } from '../messages/translate.ts'
import { useFollowed, useMarket } from '../store/context.tsx'
import { valueOf } from '../store/loaded.ts'
import { useCommand } from '../store/use-command.ts'
import { Segments } from './choice.tsx'
import { links } from './links.ts'
import { Notice } from './notice.tsx'
import { Section } from './page.tsx'
import { Peer } from './peer.tsx'
import { Tag } from './tag.tsx'
import './opinion.css'

type OfProvider = { readonly provider: string }

/** What this member said of providers. */
const useWords = () => (valueOf(useFollowed(useMarket().opinions))?.rows ?? []).filter(({ role }) => role === 'provider')

/** Whose offers are not for this member. */
export const useNeverProviders = (): ReadonlySet<string> =>
  new Set(useWords().flatMap(({ word, accountId }) => (word === 'never' ? [accountId] : [])))

export const useWordOn = (provider: string): 'again' | 'never' | null =>
  useWords().find(({ accountId }) => accountId === provider)?.word ?? null

/** The same beside its name; leads to where it can be taken back. */
export const WordMark = ({ provider }: OfProvider) => {
  const word = useWordOn(provider)
  if (word === null) return null
  return (
    <a className='table-link' href={links.settings} title={t(`opinion.effect.${word}`)}>
      <Tag tone={word === 'never' ? 'amber' : 'accent'}>{t(`opinion.${word}`)}</Tag>
    </a>
  )
}

/** Three choices about a provider that has answered; they take effect at once. */
export const OpinionChoice = ({ provider }: OfProvider) => {
  const { client } = useMarket()
  const say = useCommand(client.opinions.say)
  const said = useWordOn(provider) ?? 'none'
  return (
    <Section title={t('opinion.title')} aside={<Peer id={provider} />}>
      {say.problem !== null && <Notice tone='error'>{say.problem}</Notice>}
      <div className='opinion' data-testid='opinion'>
        <Segments
          label={t('opinion.title')}
          isLabelUnseen
          options={(['again', 'none', 'never'] as const).map((value) => ({ value, name: t(`opinion.${value}`) }))}
          value={said}
          isDisabled={say.isPending}
          onChange={(word) => void say.run({ accountId: provider, role: 'provider', word: word === 'none' ? null : word })}
        />
        <p className='soft small'>
          {said !== 'none' && `${t(`opinion.effect.${said}`)} `}
          {t('opinion.private')}
        </p>
      </div>
    </Section>
  )
}
