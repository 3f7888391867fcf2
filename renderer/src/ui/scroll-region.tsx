import type { ReactNode } from 'react'
import './scroll-region.css'

/** A box of its own that the keyboard can scroll. */
export const ScrollRegion = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className='scroll-region' role='region' aria-label={label} tabIndex={0}>
    {children}
  </div>
)
