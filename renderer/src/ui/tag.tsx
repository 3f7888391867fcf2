import type { ReactNode } from 'react'
import './tag.css'

type TagProps = { readonly children: ReactNode; readonly tone?: 'plain' | 'accent' | 'amber' | 'red' }

/** One word about what stands beside it. */
export const Tag = ({ children, tone = 'plain' }: TagProps) => <span className={`tag tag-${tone}`}>{children}</span>
