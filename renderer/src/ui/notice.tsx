import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { CheckIcon, InfoIcon, WarningIcon } from './icons.ts'
import './notice.css'

type Tone = 'info' | 'good' | 'warning' | 'error'
type NoticeProps = { readonly tone: Tone; readonly children: ReactNode; readonly action?: ReactNode; readonly isLive?: boolean }

const ICONS = { info: InfoIcon, good: CheckIcon, warning: WarningIcon, error: WarningIcon } as const

/** A sentence that belongs to what stands below or above it. Errors are read out at once, the rest when there is a pause. */
export const Notice = ({ tone, children, action, isLive = tone !== 'info' }: NoticeProps) => (
  <div className={`notice notice-${tone}`} {...(isLive ? { role: tone === 'error' ? 'alert' : 'status' } : {})}>
    <Icon of={ICONS[tone]} />
    <div>{children}</div>
    {action !== undefined && <div className='notice-action'>{action}</div>}
  </div>
)

type FullPageProps = { readonly title: string; readonly children: ReactNode; readonly action?: ReactNode; readonly isAlert?: boolean }

/** In place of everything else, when there is nothing to show. */
export const FullPage = ({ title, children, action, isAlert = false }: FullPageProps) => (
  <main className='full-page'>
    <h1>{title}</h1>
    <p {...(isAlert ? { role: 'alert' } : {})}>{children}</p>
    {action}
  </main>
)
