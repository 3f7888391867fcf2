import { useId, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { t } from '../messages/translate.ts'
import { useMarket } from '../store/context.tsx'
import type { Loaded } from '../store/loaded.ts'
import { Button, IconButton } from './button.tsx'
import { useFocusOnArrival } from './focus.tsx'
import { BackIcon } from './icons.ts'
import { goTo } from './links.ts'
import { Notice } from './notice.tsx'
import './page.css'

type PageProps = {
  readonly title: string
  readonly children: ReactNode
  /** How it stands with what the page is about, in a word. */
  readonly status?: ReactNode
  /** What can be done here at the top. */
  readonly actions?: ReactNode
  /** One step up, for a page inside an area. */
  readonly back?: { readonly href: string; readonly label: string }
  readonly width?: 'reading' | 'wide'
  /** Which of several things, for a page that stays while they change. */
  readonly shown?: string
}

export const Page = ({ title, children, status, actions, back, width = 'reading', shown = '' }: PageProps) => {
  const heading = useFocusOnArrival(shown)
  return (
    <div className={width === 'wide' ? 'page page-wide' : 'page'}>
      <div className='page-head'>
        <div className='page-title'>
          {back !== undefined && <IconButton icon={BackIcon} label={back.label} onPress={() => goTo(back.href)} />}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {status !== undefined && <span className='page-status'>{status}</span>}
        </div>
        {actions !== undefined && <div className='page-actions'>{actions}</div>}
      </div>
      {children}
    </div>
  )
}

type SectionProps = { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode; readonly isTitleUnseen?: boolean }

export const Section = ({ title, aside, children, isTitleUnseen = false }: SectionProps) => {
  const titleId = useId()
  return (
    <section className='section' aria-labelledby={titleId}>
      <div className={isTitleUnseen && aside === undefined ? 'unseen' : 'section-head'}>
        <h2 id={titleId} className={isTitleUnseen ? 'unseen' : undefined}>
          {title}
        </h2>
        {aside !== undefined && <div className='section-aside'>{aside}</div>}
      </div>
      {children}
    </section>
  )
}

type LoadedViewProps<T> = {
  readonly of: Loaded<T>
  readonly children: (value: T) => ReactNode
  /** Lines of the skeleton: about as many as will come. */
  readonly lines?: number
  readonly onRetry?: () => void
}

/** The content once there is one; before that its outline, and always why it is missing or may be old. */
export const LoadedView = <T,>({ of: loaded, children, lines = 4, onRetry }: LoadedViewProps<T>) => {
  // While the market cannot be reached, that is said once, above everything.
  const isConnected = useStore(useMarket().isConnected)
  const retry = onRetry !== undefined && (
    <Button size='small' onPress={onRetry}>
      {t('common.tryAgain')}
    </Button>
  )
  if (loaded.status === 'loading') return <Skeleton lines={lines} />
  if (loaded.status === 'failed') {
    return (
      <Notice tone='error' action={retry}>
        {loaded.message}
      </Notice>
    )
  }
  return (
    <>
      {loaded.problem !== null && isConnected && (
        <Notice tone='warning' action={retry}>
          {t('common.stale', { reason: loaded.problem })}
        </Notice>
      )}
      {children(loaded.value)}
    </>
  )
}

export const Skeleton = ({ lines }: { readonly lines: number }) => (
  <div className='skeleton' role='status' aria-busy='true'>
    <span className='unseen'>{t('common.loading')}</span>
    {Array.from({ length: lines }, (_, index) => (
      <div key={index} className='skeleton-line' aria-hidden='true' />
    ))}
  </div>
)

type EmptyProps = { readonly title: string; readonly children: ReactNode; readonly action?: ReactNode }

/** Says what would be here, why it is not, and how it comes. */
export const Empty = ({ title, children, action }: EmptyProps) => (
  <div className='empty'>
    <h3>{title}</h3>
    <p>{children}</p>
    {action !== undefined && <div className='empty-action'>{action}</div>}
  </div>
)
