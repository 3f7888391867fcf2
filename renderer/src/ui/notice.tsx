import type { ReactNode } from 'react'
import './notice.css'

type NoticeProps = { readonly tone: 'warning' | 'error'; readonly children: ReactNode }

export const Notice = ({ tone, children }: NoticeProps) => (
  <p className={`notice notice-${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
    {children}
  </p>
)

type FullPageNoticeProps = { readonly title: string; readonly children: ReactNode; readonly action?: ReactNode }

/** In place of everything else, when there is nothing to show. */
export const FullPageNotice = ({ title, children, action }: FullPageNoticeProps) => (
  <main className='full-page-notice'>
    <h1>{title}</h1>
    <p role='alert'>{children}</p>
    {action}
  </main>
)
