import type { ReactNode } from 'react'
import { formatRuv, splitFine } from '../../format/amount.ts'
import { formatDuration } from '../../format/time.ts'
import { rich, said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { TaskRow, WalletSummary } from '../../store/types.ts'
import { AwaitedNotice } from '../../ui/awaited-notice.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { links } from '../../ui/links.ts'
import { Countdown, When } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { StartOverButton } from '../../ui/start-over-button.tsx'
import { runningAndWaiting } from '../../store/running.ts'
import { Status } from '../../ui/status.tsx'
import { Tag } from '../../ui/tag.tsx'
import { attentionIn, type Attention } from './attention.ts'
import { isToInvite } from './founder.ts'
import { NewerRelease } from './newer-release.tsx'
import { Tour } from './tour.tsx'
import './home.css'

/** The balance, the one thing that needs me, what runs, and what moved lately. */
export const HomePage = ({ item }: { readonly item: string | null }) => {
  const { wallet, setup } = useMarket()
  const awaitedMicro = valueOf(useFollowed(setup))?.awaitedMicro ?? 0n
  return (
    <Page
      title={t('home.title')}
      actions={
        <ButtonLink href={links.ask} look='primary'>
          {t('home.ask')}
        </ButtonLink>
      }
    >
      <Tour isOpen={item === 'tour'} />
      <Section title={t('home.balance')} isTitleUnseen>
        <LoadedView of={useFollowed(wallet)} lines={2} onRetry={wallet.refresh}>
          {(summary) => <Balance summary={summary} />}
        </LoadedView>
      </Section>
      <AwaitedNotice micro={awaitedMicro} />
      <FirstInvite />
      <NewerRelease />
      <NeedsMe />
      <RunningNow />
      <Lately isAwaiting={awaitedMicro > 0n} />
    </Page>
  )
}

const Balance = ({ summary: { availableMicro, lockedMicro, onTheWayMicro } }: { readonly summary: WalletSummary }) => {
  const [coarse, fine] = splitFine(formatRuv(availableMicro))
  return (
    <div className='home-balance'>
      <p className='home-figure figure'>
        {coarse}
        <span className='home-fine'>{fine}</span>{' '}
        <span className='home-unit'>
          {t('common.ruv')} {t('home.available')}
        </span>
      </p>
      <p className='home-parts'>
        <span>{rich('home.locked', { amount: <Ruv micro={lockedMicro} /> })}</span>
        <span>{rich('home.onTheWay', { amount: <Ruv micro={onTheWayMicro} /> })}</span>
      </p>
    </div>
  )
}

/** What a founder does next; in a practice federation everybody is there already. */
const FirstInvite = () => {
  const { history, info } = useMarket()
  const isPractice = valueOf(useFollowed(info))?.practice ?? true
  const movements = valueOf(useFollowed(history))
  if (isPractice || movements === null || movements.nextCursor !== null || !isToInvite(movements.rows.map(({ row }) => row))) return null
  return (
    <Notice
      tone='info'
      action={
        <ButtonLink size='small' href={links.invite}>
          {t('wallet.invite.title')}
        </ButtonLink>
      }
    >
      {t('home.founder')}
    </Notice>
  )
}

const NeedsMe = () => {
  const { network, approvals, cases, provider, escrows, setup } = useMarket()
  const problem = valueOf(useFollowed(setup))?.problem ?? null
  const loaded = attentionIn({
    network: useFollowed(network),
    approvals: useFollowed(approvals),
    cases: useFollowed(cases),
    provider: useFollowed(provider),
    escrows: useFollowed(escrows),
  })
  const retry = (): void => {
    for (const part of [network, approvals, cases, provider, escrows]) part.refresh()
  }
  return (
    <Section title={t('home.attention')}>
      {problem !== null && (
        <Notice tone='warning' action={problem.code === 'unknown-account' ? <StartOverButton look='quiet' /> : undefined}>
          {said(problem.message)}
        </Notice>
      )}
      <LoadedView of={loaded} lines={1} onRetry={retry}>
        {(attention) =>
          attention === null ? problem === null && <p className='soft'>{t('home.calm')}</p> : <AttentionNotice attention={attention} />
        }
      </LoadedView>
    </Section>
  )
}

const AttentionNotice = ({ attention }: { readonly attention: Attention }) => {
  switch (attention.kind) {
    case 'quorum':
      return (
        <Needed tone='error' href={links.network} action={t('home.attention.quorum.action')}>
          {t(attention.votes.isSplit ? 'home.attention.votes' : 'home.attention.quorum', attention.votes.counts)}
        </Needed>
      )
    case 'clock':
      return (
        <Needed tone='error' href={links.network} action={t('home.attention.quorum.action')}>
          {t(attention.offsetMs > 0 ? 'clock.behind' : 'clock.ahead', { by: formatDuration(Math.abs(attention.offsetMs)) })}
        </Needed>
      )
    case 'approvals':
      return (
        <Needed tone='warning' href={links.provide} action={t('home.attention.approvals.action')}>
          {t('home.attention.approvals', { count: attention.count })}
        </Needed>
      )
    case 'cases':
      return (
        <Needed tone='warning' href={links.desk} action={t('home.attention.cases.action')}>
          {t('home.attention.cases', { count: attention.count })}
        </Needed>
      )
    case 'split':
      return (
        <Needed tone='warning' href={links.escrow(attention.escrowId)} action={t('home.attention.escrow.action')}>
          {t('home.attention.split')}
        </Needed>
      )
    case 'backend':
      return (
        <Needed tone='error' href={links.provide} action={t('home.attention.backend.action')}>
          {t('home.attention.backend', { problem: said(attention.problem) })}
        </Needed>
      )
    case 'review':
      return (
        <Needed tone='warning' href={links.escrow(attention.escrowId)} action={t('home.attention.escrow.action')}>
          {t('home.attention.review')} <Countdown toMs={attention.untilMs} over='' />
        </Needed>
      )
  }
}

type NeededProps = { readonly tone: 'warning' | 'error'; readonly href: string; readonly action: string; readonly children: ReactNode }

const Needed = ({ tone, href, action, children }: NeededProps) => (
  <Notice
    tone={tone}
    action={
      <ButtonLink size='small' href={href}>
        {action}
      </ButtonLink>
    }
  >
    {children}
  </Notice>
)

const UNDER_WAY: readonly TaskRow['state'][] = ['waiting-for-bids', 'locking', 'running', 'delivered']

const RunningNow = () => {
  const { tasks, provider } = useMarket()
  const status = valueOf(useFollowed(provider))
  const isProviding = status !== null && status.state !== 'stopped'
  return (
    <Section title={t('home.running')}>
      <LoadedView of={useFollowed(tasks)} lines={2} onRetry={tasks.refresh}>
        {({ rows }) => {
          const running = rows.map(({ row }) => row).filter(({ state }) => UNDER_WAY.includes(state))
          if (running.length === 0 && !isProviding) return <p className='soft'>{t('home.running.none')}</p>
          return (
            <ul className='home-list'>
              {isProviding && (
                <li>
                  <a className='table-link' href={links.provide}>
                    {t('home.providing')}
                    <span className='soft'>
                      {': '}
                      {t('home.providing.line', { ...runningAndWaiting(status), earned: formatRuv(status.earnedTodayMicro) })}
                    </span>
                  </a>
                  <Status tone={status.state === 'running' ? 'good' : 'waiting'}>{t(`provide.state.${status.state}`)}</Status>
                </li>
              )}
              {running.map((task) => (
                <li key={task.taskId}>
                  <a className='table-link clip foreign' href={links.task(task.taskId)}>
                    {task.promptStart}
                  </a>
                  <Status tone='running'>{t(`task.state.${task.state}`)}</Status>
                </li>
              ))}
            </ul>
          )
        }}
      </LoadedView>
    </Section>
  )
}

const LATELY = 5

const Lately = ({ isAwaiting }: { readonly isAwaiting: boolean }) => {
  const { history } = useMarket()
  return (
    <Section
      title={t('home.recent')}
      aside={
        <a className='small' href={links.wallet}>
          {t('home.recent.all')}
        </a>
      }
    >
      <LoadedView of={useFollowed(history)} lines={4} onRetry={history.refresh}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className='soft'>{t(isAwaiting ? 'home.recent.awaited' : 'home.recent.empty')}</p>
          ) : (
            <ul className='home-list'>
              {rows.slice(0, LATELY).map(({ key, row }) => (
                <li key={key}>
                  <span className='clip'>
                    {row.escrowId === null ? (
                      t(`wallet.kind.${row.kind}`)
                    ) : (
                      <a className='table-link' href={links.escrow(row.escrowId)}>
                        {t(`wallet.kind.${row.kind}`)}
                      </a>
                    )}{' '}
                    {row.state === 'pending' && <Tag tone='amber'>{t('wallet.state.pending')}</Tag>}{' '}
                    <span className='soft'>
                      <When atMs={row.atMs} />
                    </span>
                  </span>
                  <Ruv micro={row.amountMicro} signed isColumn unit={false} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadedView>
    </Section>
  )
}
