import { Fragment, type ReactNode } from 'react'
import './facts.css'

export type Fact = { readonly name: string; readonly value: ReactNode; readonly testId?: string }

/** Names and what they are, in two columns. */
export const Facts = ({ facts }: { readonly facts: readonly Fact[] }) => (
  <dl className='facts'>
    {facts.map(({ name, value, testId }) => (
      <Fragment key={name}>
        <dt>{name}</dt>
        <dd data-testid={testId}>{value}</dd>
      </Fragment>
    ))}
  </dl>
)
