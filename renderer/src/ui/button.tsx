import type { ComponentProps } from 'react'
import './button.css'

type ButtonProps = Omit<ComponentProps<'button'>, 'className'> & { readonly look?: 'primary' | 'plain' }

export const Button = ({ look = 'plain', type = 'button', ...rest }: ButtonProps) => (
  <button type={type} className={`button button-${look}`} {...rest} />
)
