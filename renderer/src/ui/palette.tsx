import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Input } from 'react-aria-components/Input'
import { Menu, MenuItem } from 'react-aria-components/Menu'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { SearchField } from 'react-aria-components/SearchField'
import { FocusReturns } from './focus.tsx'
import { Keys, type Key } from './keys.tsx'
import './dialog.css'
import './palette.css'

export type PaletteItem = { readonly id: string; readonly name: string; readonly keys: readonly Key[]; readonly run: () => void }
type PaletteProps = {
  readonly label: string
  readonly placeholder: string
  readonly nothing: string
  readonly items: readonly PaletteItem[]
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** Everything one can do, found by typing a part of its name. */
export const Palette = ({ label, placeholder, nothing, items, isOpen, onClose }: PaletteProps) => {
  const { contains } = useFilter({ sensitivity: 'base' })
  const run = (id: string | number): void => {
    onClose()
    items.find((item) => item.id === id)?.run()
  }
  return (
    <ModalOverlay
      className='dialog-veil palette-veil'
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => (open ? undefined : onClose())}
    >
      <Modal className='dialog-box palette-box'>
        <FocusReturns />
        <AriaDialog className='palette' aria-label={label}>
          <Autocomplete filter={contains}>
            <SearchField aria-label={placeholder} autoFocus>
              <Input className='palette-input' placeholder={placeholder} />
            </SearchField>
            {/* The focus stays in the field; what scrolls has to be reached all the same. */}
            <div className='palette-scroll' role='group' aria-label={label} tabIndex={0}>
              <Menu
                className='palette-list'
                aria-label={label}
                items={items}
                onAction={run}
                renderEmptyState={() => <p className='palette-nothing'>{nothing}</p>}
              >
                {({ id, name, keys }) => (
                  <MenuItem id={id} textValue={name} className='palette-item'>
                    <span>{name}</span>
                    <Keys keys={keys} />
                  </MenuItem>
                )}
              </Menu>
            </div>
          </Autocomplete>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
