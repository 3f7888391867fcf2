import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import type { LucideIcon } from 'lucide-react'
import { Icon } from './icon.tsx'
import './button.css'
import './tooltip.css'

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger'

type ButtonProps = Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'autoFocus'> & {
  /** Where the focus of a dialog begins. */
  readonly takesFocus?: boolean
  readonly look?: ButtonLook
  readonly size?: 'normal' | 'small'
  readonly icon?: LucideIcon
  readonly children: ReactNode
}

const classOf = (look: ButtonLook, size: 'normal' | 'small', isIcon = false): string =>
  `button button-${look}${size === 'small' ? ' button-small' : ''}${isIcon ? ' button-icon' : ''}`

/** While pending it keeps its focus and does nothing. */
export const Button = ({
  look = 'plain',
  size = 'normal',
  icon,
  children,
  isPending = false,
  takesFocus = false,
  onPress,
  type,
  ...rest
}: ButtonProps) => (
  <AriaButton
    className={`${classOf(look, size)}${isPending ? ' is-pending' : ''}`}
    // The library's own pending state announces an image without a name.
    type={isPending ? 'button' : (type ?? 'button')}
    {...(isPending || onPress === undefined ? {} : { onPress })}
    autoFocus={takesFocus}
    {...rest}
  >
    {isPending ? <span className='spinner' aria-hidden='true' /> : icon !== undefined && <Icon of={icon} />}
    {children}
  </AriaButton>
)

type IconButtonProps = Omit<ButtonProps, 'children' | 'icon'> & { readonly icon: LucideIcon; readonly label: string }

/** An icon alone, named for screen readers and by a tooltip. */
export const IconButton = ({ icon, label, look = 'quiet', size = 'normal', ...rest }: IconButtonProps) => (
  <TooltipTrigger delay={500}>
    <AriaButton className={classOf(look, size, true)} aria-label={label} {...rest}>
      <Icon of={icon} />
    </AriaButton>
    <Tooltip className='tooltip' offset={6}>
      {label}
    </Tooltip>
  </TooltipTrigger>
)

type ButtonLinkProps = {
  readonly href: string
  readonly look?: ButtonLook
  readonly size?: 'normal' | 'small'
  readonly icon?: LucideIcon
  readonly children: ReactNode
}

/** Leads to another screen, and looks like a button. */
export const ButtonLink = ({ href, look = 'plain', size = 'normal', icon, children }: ButtonLinkProps) => (
  <a className={classOf(look, size)} href={href}>
    {icon !== undefined && <Icon of={icon} />}
    {children}
  </a>
)
