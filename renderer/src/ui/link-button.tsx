import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import './link-button.css'

type LinkButtonProps = {
  readonly children: ReactNode
  readonly onPress: () => void
  /** What it does, where its text alone does not say it. */
  readonly label?: string
}

/** A small thing one can do, in the middle of a sentence. */
export const LinkButton = ({ children, onPress, label }: LinkButtonProps) => (
  <Button className='link-button' onPress={onPress} {...(label === undefined ? {} : { 'aria-label': label })}>
    {children}
  </Button>
)
