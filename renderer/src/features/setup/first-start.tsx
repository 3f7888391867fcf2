import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { EMPTY_SETUP, type SetupDraft } from './draft.ts'
import { Found } from './found.tsx'
import { Frame } from './frame.tsx'
import { IncomingAtStart } from './incoming.tsx'
import { Join } from './join.tsx'
import { Link } from './link.tsx'
import { Restore } from './restore.tsx'
import type { WayProps } from './way.ts'

type Way = 'choose' | 'join' | 'found' | 'restore' | 'link'
/** Practice with one click, or one of three ways that each take a minute. */
export const FirstStart = ({ needsPassphrase, keptAs }: { readonly needsPassphrase: boolean; readonly keptAs: string | null }) => {
  const { client } = useMarket()
  const newPhrase = useCommand(client.setup.newPhrase)
  const [way, setWay] = useState<Way>('choose')
  const [draft, setDraft] = useState(EMPTY_SETUP)
  const fetchWords = async (): Promise<void> => {
    const words = await newPhrase.run({})
    if (words !== null) setDraft((now) => ({ ...now, words, proof: words.ask.map(() => '') }))
  }
  const change = (changed: Partial<SetupDraft>): void => setDraft((now) => ({ ...now, ...changed }))
  const props: WayProps = {
    draft,
    change,
    needsPassphrase,
    words: {
      want: () => {
        if (draft.words === null) void fetchWords()
      },
      problem: newPhrase.problem,
      retry: () => void fetchWords(),
    },
    onLeave: () => setWay('choose'),
  }
  return (
    <>
      {way === 'choose' ? <Choose onChoose={setWay} keptAs={keptAs} /> : <Chosen way={way} {...props} />}
      <IncomingAtStart
        onJoin={(link, invite) => {
          change({ link, invite })
          setWay('join')
        }}
        onRestore={(source) => {
          change(source)
          setWay('restore')
        }}
      />
    </>
  )
}

const Chosen = ({ way, ...props }: WayProps & { readonly way: Exclude<Way, 'choose'> }) => {
  switch (way) {
    case 'join':
      return <Join {...props} />
    case 'found':
      return <Found {...props} />
    case 'restore':
      return <Restore {...props} />
    case 'link':
      return <Link {...props} />
  }
}

type ChooseProps = { readonly onChoose: (way: Way) => void; readonly keptAs: string | null }

const Choose = ({ onChoose, keptAs }: ChooseProps) => {
  const { client } = useMarket()
  const practice = useCommand(client.setup.practice)
  return (
    <Frame title={t('setup.welcome.title')} body={t('setup.welcome.body')}>
      {keptAs !== null && <Notice tone='good'>{t('setup.startOver.kept', { folder: keptAs })}</Notice>}
      {practice.problem !== null && <Notice tone='error'>{practice.problem}</Notice>}
      <ul className='setup-ways'>
        <li>
          <div className='setup-way-text'>
            <h2>{t('setup.practice.title')}</h2>
            <p>{t('setup.practice.body')}</p>
          </div>
          <Button look='primary' isPending={practice.isPending} onPress={() => void practice.run({})}>
            {t('setup.practice.action')}
          </Button>
        </li>
        <li>
          <div className='setup-way-text'>
            <h2>{t('setup.join.title')}</h2>
            <p>{t('setup.join.body')}</p>
          </div>
          <Button onPress={() => onChoose('join')}>{t('setup.join.action')}</Button>
        </li>
        <li>
          <div className='setup-way-text'>
            <h2>{t('setup.found.title')}</h2>
            <p>{t('setup.found.body')}</p>
          </div>
          <Button onPress={() => onChoose('found')}>{t('setup.found.action')}</Button>
        </li>
      </ul>
      <p className='setup-else'>
        {t('setup.restore.question')} <LinkButton onPress={() => onChoose('restore')}>{t('setup.restore.action')}</LinkButton>
      </p>
      <p className='setup-else'>
        {t('setup.link.question')} <LinkButton onPress={() => onChoose('link')}>{t('setup.link.action')}</LinkButton>
      </p>
    </Frame>
  )
}
