import { Button } from 'react-aria-components/Button'
import { FieldError } from 'react-aria-components/FieldError'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { Text } from 'react-aria-components/Text'
import { Icon } from './icon.tsx'
import { CheckIcon, DownIcon } from './icons.ts'
import './field.css'
import './select.css'

export type Option<V extends string> = { readonly value: V; readonly name: string; readonly hint?: string; readonly isDisabled?: boolean }

type SelectProps<V extends string> = {
  readonly label: string
  readonly isLabelUnseen?: boolean
  readonly options: readonly Option<V>[]
  readonly value: V | null
  readonly onChange: (value: V) => void
  readonly placeholder?: string
  readonly hint?: string
  readonly error?: string | null
  readonly isDisabled?: boolean
}

/** One of several, in a list that opens. */
export const Select = <V extends string>(props: SelectProps<V>) => {
  const { label, isLabelUnseen = false, options, value, onChange, placeholder = '', hint, error = null, isDisabled = false } = props
  return (
    <AriaSelect
      className='field'
      value={value}
      isDisabled={isDisabled}
      isInvalid={error !== null}
      validationBehavior='aria'
      placeholder={placeholder}
      onChange={(chosen) => {
        const option = options.find((one) => one.value === chosen)
        if (option !== undefined) onChange(option.value)
      }}
    >
      <Label className={isLabelUnseen ? 'unseen' : 'field-label'}>{label}</Label>
      <Button className='select-button'>
        <SelectValue>{({ defaultChildren, isPlaceholder, selectedText }) => (isPlaceholder ? defaultChildren : selectedText)}</SelectValue>
        <Icon of={DownIcon} size={14} />
      </Button>
      {hint !== undefined && error === null && (
        <Text slot='description' className='field-hint'>
          {hint}
        </Text>
      )}
      <FieldError className='field-error'>{error}</FieldError>
      <Popover className='popover' offset={4}>
        <ListBox className='options' items={options}>
          {(option) => (
            <ListBoxItem id={option.value} className='option' textValue={option.name} isDisabled={option.isDisabled ?? false}>
              {({ isSelected }) => (
                <>
                  <Text slot='label'>{option.name}</Text>
                  {isSelected && <Icon of={CheckIcon} size={14} />}
                  {option.hint !== undefined && (
                    <Text slot='description' className='option-hint'>
                      {option.hint}
                    </Text>
                  )}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
