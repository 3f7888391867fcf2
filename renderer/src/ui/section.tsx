import { useId, type ReactNode } from 'react'
import type { Loaded } from '../store/market-store.ts'
import { Notice } from './notice.tsx'
import './section.css'

type SectionProps = { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode }

export const Section = ({ title, aside, children }: SectionProps) => {
  const titleId = useId()
  return (
    <section className='section' aria-labelledby={titleId}>
      <div className='section-head'>
        <h2 id={titleId}>{title}</h2>
        {aside !== undefined && <div className='section-aside'>{aside}</div>}
      </div>
      {children}
    </section>
  )
}

type LoadedContentProps<T> = { readonly of: Loaded<T>; readonly loading: string; readonly children: (value: T) => ReactNode }

/** The content once there is one; before that what is awaited, and always why it is missing or may be old. */
export const LoadedContent = <T,>({ of: loaded, loading, children }: LoadedContentProps<T>) => {
  if (loaded.status === 'loading') return <p className='section-empty'>{loading}</p>
  if (loaded.status === 'failed') return <Notice tone='error'>{loaded.message}</Notice>
  return (
    <>
      {loaded.problem !== null && <Notice tone='warning'>{loaded.problem}</Notice>}
      {children(loaded.value)}
    </>
  )
}

export const Empty = ({ children }: { readonly children: ReactNode }) => <p className='section-empty'>{children}</p>
