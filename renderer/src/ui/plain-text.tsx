import './plain-text.css'

type PlainTextProps = {
  readonly label: string
  readonly text: string
  readonly isMono?: boolean
  /** A click takes all of it. */
  readonly isSelectedWhole?: boolean
  readonly testId?: string
}

/** Somebody's whole text as it is, in a box of its own that the keyboard can scroll. It is never more than text. */
export const PlainText = ({ label, text, isMono = false, isSelectedWhole = false, testId }: PlainTextProps) => (
  <div
    className={`plain-text foreign${isMono ? ' mono' : ''}${isSelectedWhole ? ' plain-text-whole' : ''}`}
    role='region'
    aria-label={label}
    tabIndex={0}
    data-testid={testId}
  >
    {text}
  </div>
)
