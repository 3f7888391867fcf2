import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox'
import { Label } from 'react-aria-components/Label'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { Switch as AriaSwitch } from 'react-aria-components/Switch'
import { Icon } from './icon.tsx'
import { CheckIcon } from './icons.ts'
import './choice.css'
import './field.css'

type ToggleProps = {
  readonly children: ReactNode
  readonly hint?: ReactNode
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
  readonly isDisabled?: boolean
}

export const Checkbox = ({
  children,
  hint,
  isSelected,
  onChange,
  isDisabled = false,
  isInvalid = false,
}: ToggleProps & { readonly isInvalid?: boolean }) => (
  <AriaCheckbox className='checkbox' isSelected={isSelected} onChange={onChange} isDisabled={isDisabled} isInvalid={isInvalid}>
    <span className='checkbox-box' aria-hidden='true'>
      <Icon of={CheckIcon} size={13} />
    </span>
    <span>{children}</span>
    {hint !== undefined && <span className='choice-hint'>{hint}</span>}
  </AriaCheckbox>
)

/** For what takes effect at once. */
export const Switch = ({ children, hint, isSelected, onChange, isDisabled = false }: ToggleProps) => (
  <AriaSwitch className='switch' isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}>
    <span className='switch-track' aria-hidden='true' />
    <span>{children}</span>
    {hint !== undefined && <span className='choice-hint'>{hint}</span>}
  </AriaSwitch>
)

export type Choice<V extends string> = {
  readonly value: V
  readonly name: string
  readonly hint?: ReactNode
  readonly isDisabled?: boolean
}

type ChoicesProps<V extends string> = {
  readonly label: string
  readonly isLabelUnseen?: boolean
  readonly options: readonly Choice<V>[]
  readonly value: V
  readonly onChange: (value: V) => void
  readonly isDisabled?: boolean
}

const chooseOf =
  <V extends string>(options: readonly Choice<V>[], onChange: (value: V) => void) =>
  (chosen: string): void => {
    const option = options.find(({ value }) => value === chosen)
    if (option !== undefined) onChange(option.value)
  }

/** Two or three short choices side by side. */
export const Segments = <V extends string>(props: ChoicesProps<V>) => {
  const { label, isLabelUnseen = false, options, value, onChange, isDisabled = false } = props
  return (
    <RadioGroup className='segments' value={value} isDisabled={isDisabled} onChange={chooseOf(options, onChange)} orientation='horizontal'>
      <Label className={isLabelUnseen ? 'unseen' : 'field-label'}>{label}</Label>
      <div className='segments-row'>
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className='segment' isDisabled={option.isDisabled ?? false}>
            {option.name}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}

/** A few choices that need a sentence each. */
export const Choices = <V extends string>(props: ChoicesProps<V>) => {
  const { label, isLabelUnseen = false, options, value, onChange, isDisabled = false } = props
  return (
    <RadioGroup className='choices' value={value} isDisabled={isDisabled} onChange={chooseOf(options, onChange)}>
      <Label className={isLabelUnseen ? 'unseen' : 'field-label'}>{label}</Label>
      {options.map((option) => (
        <Radio key={option.value} value={option.value} className='choice' isDisabled={option.isDisabled ?? false}>
          <span className='choice-name'>{option.name}</span>
          {option.hint !== undefined && <span className='choice-hint'>{option.hint}</span>}
        </Radio>
      ))}
    </RadioGroup>
  )
}
