import type { ReactNode } from 'react'
import './status.css'

export type StatusTone = 'good' | 'running' | 'waiting' | 'warning' | 'bad' | 'neutral'

/** A word with a dot: the dot only repeats what the word says. */
export const Status = ({ tone, children }: { readonly tone: StatusTone; readonly children: ReactNode }) => (
  <span className={`status status-${tone}`}>{children}</span>
)
