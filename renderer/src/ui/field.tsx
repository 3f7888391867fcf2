import type { KeyboardEvent, ReactNode, Ref } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea'
import { TextField as AriaTextField } from 'react-aria-components/TextField'
import { formatCount } from '../format/number.ts'
import { t } from '../messages/translate.ts'
import './field.css'

export type FieldProps = {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** What belongs in, before anything is wrong. */
  readonly hint?: ReactNode
  /** What to put right; null when nothing is wrong. */
  readonly error?: string | null
  readonly isDisabled?: boolean
  readonly isLabelUnseen?: boolean
  readonly maxLength?: number
  readonly placeholder?: string
  readonly onKeyDown?: (event: KeyboardEvent) => void
}

type TextFieldProps = FieldProps & {
  readonly type?: 'text' | 'password'
  readonly inputMode?: 'text' | 'decimal' | 'numeric' | 'url'
  readonly autoComplete?: string
  readonly isMono?: boolean
  readonly unit?: string
  readonly inputRef?: Ref<HTMLInputElement>
}

const LabelAndHint = ({ label, isLabelUnseen = false }: Pick<FieldProps, 'label' | 'isLabelUnseen'>) => (
  <Label className={isLabelUnseen ? 'unseen' : 'field-label'}>{label}</Label>
)

const Below = ({ hint, error = null }: Pick<FieldProps, 'hint' | 'error'>) => (
  <>
    {hint !== undefined && error === null && (
      <Text slot='description' className='field-hint'>
        {hint}
      </Text>
    )}
    <FieldError className='field-error'>{error}</FieldError>
  </>
)

const common = ({ value, onChange, error = null, isDisabled = false, maxLength }: FieldProps) => ({
  className: 'field',
  value,
  onChange,
  isDisabled,
  isInvalid: error !== null,
  validationBehavior: 'aria' as const,
  ...(maxLength === undefined ? {} : { maxLength }),
})

export const TextField = (props: TextFieldProps) => {
  const { type = 'text', inputMode, autoComplete = 'off', isMono = false, unit, inputRef, placeholder, onKeyDown } = props
  const input = (
    <Input
      className={isMono ? 'input input-mono' : 'input'}
      autoComplete={autoComplete}
      spellCheck={false}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(inputRef === undefined ? {} : { ref: inputRef })}
      {...(onKeyDown === undefined ? {} : { onKeyDown })}
    />
  )
  return (
    <AriaTextField {...common(props)} type={type} {...(inputMode === undefined ? {} : { inputMode })}>
      <LabelAndHint {...props} />
      {unit === undefined ? (
        input
      ) : (
        <div className='input-affix'>
          {input}
          <span className='input-unit' aria-hidden='true'>
            {unit}
          </span>
        </div>
      )}
      <Below {...props} />
    </AriaTextField>
  )
}

type TextAreaProps = FieldProps & {
  readonly rows?: number
  readonly isMono?: boolean
  readonly spellCheck?: boolean
  readonly inputRef?: Ref<HTMLTextAreaElement>
}

/** What is pasted is kept, however far over a limit, to be cut by whoever knows what belongs there; beyond this it would slow the page. */
const MAX_KEPT = 1_000_000

const lengthProblem = (length: number, most: number): string | null => {
  if (length >= MAX_KEPT) return t('common.cut', { kept: formatCount(MAX_KEPT) })
  return length > most ? t('common.tooLong', { count: formatCount(length), most: formatCount(most) }) : null
}

/** More than `maxLength` is kept as well, under a sentence that says so. */
export const TextArea = (props: TextAreaProps) => {
  const { rows = 3, isMono = false, spellCheck = false, inputRef, placeholder, onKeyDown, value, maxLength = MAX_KEPT } = props
  const error = lengthProblem(value.length, maxLength) ?? props.error ?? null
  return (
    <AriaTextField {...common({ ...props, error, maxLength: MAX_KEPT })}>
      <LabelAndHint {...props} />
      <AriaTextArea
        className={isMono ? 'input input-area input-mono' : 'input input-area'}
        rows={rows}
        spellCheck={spellCheck}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...(inputRef === undefined ? {} : { ref: inputRef })}
        {...(onKeyDown === undefined ? {} : { onKeyDown })}
      />
      <Below {...props} error={error} />
    </AriaTextField>
  )
}
