import { useState, type ReactNode } from 'react'
import type { IconDrawing } from '../ui/icon.tsx'
import { useStore } from 'zustand'
import { said, t } from '../messages/translate.ts'
import { useFollowed, useMarket } from '../store/context.tsx'
import { valueOf } from '../store/loaded.ts'
import { votesOf } from '../store/votes.ts'
import { Icon } from '../ui/icon.tsx'
import {
  AskIcon,
  EscrowIcon,
  HomeIcon,
  MarketIcon,
  NetworkIcon,
  ProvideIcon,
  ReputationIcon,
  SettingsIcon,
  WalletIcon,
} from '../ui/icons.ts'
import { links } from '../ui/links.ts'
import { Mark } from '../ui/mark.tsx'
import { Notice } from '../ui/notice.tsx'
import { ScrollContext } from '../ui/scroll.tsx'
import { Seal } from '../ui/seal.tsx'
import { Tag } from '../ui/tag.tsx'
import { QuorumNotice } from './quorum-notice.tsx'
import { Commands } from './commands.tsx'
import { AREAS, type Area } from './route.ts'
import './shell.css'

const ICONS: Readonly<Record<Area, IconDrawing>> = {
  home: HomeIcon,
  ask: AskIcon,
  market: MarketIcon,
  provide: ProvideIcon,
  wallet: WalletIcon,
  escrows: EscrowIcon,
  reputation: ReputationIcon,
  network: NetworkIcon,
  settings: SettingsIcon,
}

/** Of too few witnesses. */
const SAY_IT_THEMSELVES: ReadonlySet<Area> = new Set(['home', 'network'])

type ShellProps = {
  readonly area: Area
  /** Another one begins at its top, with nothing left of the one before. */
  readonly view: string
  readonly children: ReactNode
}

/** What stays while one goes from screen to screen: the areas, the federation, and how the market is. */
export const Shell = ({ area, view, children }: ShellProps) => {
  const [content, setContent] = useState<HTMLElement | null>(null)
  return (
    <div className='shell'>
      <a
        className='skip-link'
        href='#content'
        onClick={(event) => {
          // The fragment is the route: the jump is made by hand.
          event.preventDefault()
          content?.focus()
        }}
      >
        {t('app.skip')}
      </a>
      <div className='side'>
        <div className='side-head'>
          <Mark />
          {t('app.name')}
        </div>
        <Navigation area={area} />
        <div className='side-foot'>
          <FederationName />
          <WitnessHealth />
        </div>
      </div>
      <main className='content' id='content' tabIndex={0} ref={setContent} key={view}>
        <div>
          <ConnectionNotice />
          {area !== 'home' && <DiskNotice />}
          {!SAY_IT_THEMSELVES.has(area) && <QuorumNotice />}
          <ScrollContext value={content}>{children}</ScrollContext>
        </div>
      </main>
      <Commands />
    </div>
  )
}

const Navigation = ({ area }: { readonly area: Area }) => {
  const waiting = valueOf(useFollowed(useMarket().approvals))?.rows.length ?? 0
  return (
    <nav aria-label={t('nav.label')}>
      <ul className='nav'>
        {AREAS.map((name) => (
          <li key={name}>
            <a className='nav-link' href={links[name]} aria-current={name === area ? 'page' : undefined} title={t(`nav.${name}`)}>
              <Icon of={ICONS[name]} />
              <span className='nav-name'>{t(`nav.${name}`)}</span>
              {name === 'provide' && waiting > 0 && (
                <span className='nav-count'>
                  <span aria-hidden='true'>{waiting}</span>
                  <span className='unseen'>{t('nav.waiting', { count: waiting })}</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const FederationName = () => {
  const info = valueOf(useFollowed(useMarket().info))
  if (info === null) return null
  return (
    <div className='federation'>
      {info.federation !== null && !info.practice && (
        <span className='clip' title={info.federation.name}>
          {info.federation.name}
        </span>
      )}
      {info.practice && (
        <span title={t('app.practiceHint')}>
          <Tag tone='amber'>{t('app.practice')}</Tag>
        </span>
      )}
    </div>
  )
}

/** How many witnesses vote: without a quorum nothing can be decided. */
const WitnessHealth = () => {
  const network = valueOf(useFollowed(useMarket().network))
  if (network === null || network.settling === 'connecting') return <span>{t('witnesses.connecting')}</span>
  const { voters, counts, hasQuorum } = votesOf(network)
  return (
    <a className={hasQuorum ? 'witnesses' : 'witnesses witnesses-short'} href={links.network}>
      <Seal size={counts.all} signers={voters} />
      <span role='status'>{hasQuorum ? t('witnesses.reachable', counts) : t('witnesses.short', counts)}</span>
    </a>
  )
}

/** Where work stands still without a word of its own; home tells every problem. */
const DiskNotice = () => {
  const problem = valueOf(useFollowed(useMarket().setup))?.problem ?? null
  if (problem?.code !== 'disk-full') return null
  return (
    <div className='content-notice'>
      <Notice tone='error'>{said(problem.message)}</Notice>
    </div>
  )
}

const ConnectionNotice = () => {
  const { isConnected, info } = useMarket()
  const connected = useStore(isConnected)
  const loaded = useFollowed(info)
  const problem = loaded.status === 'ready' ? loaded.problem : null
  if (connected && problem === null) return null
  return (
    <div className='content-notice'>
      <Notice tone='warning'>{connected ? problem : t('app.lost')}</Notice>
    </div>
  )
}
