import { Keys, type Key } from './keys.tsx'
import './palette.css'

type ShortcutListProps = { readonly label: string; readonly shortcuts: readonly { readonly name: string; readonly keys: readonly Key[] }[] }

/** Names and their keys; where it does not fit, the keyboard can scroll it. */
export const ShortcutList = ({ label, shortcuts }: ShortcutListProps) => (
  <div role='group' aria-label={label} tabIndex={0}>
    <dl className='shortcut-list'>
      {shortcuts.map(({ name, keys }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Keys keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  </div>
)
