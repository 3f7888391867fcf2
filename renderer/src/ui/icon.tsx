import type { LucideIcon } from 'lucide-react'

export type IconDrawing = LucideIcon

type IconProps = { readonly of: LucideIcon; readonly size?: number }

/** Always beside a text or inside something that has a name, so that it says nothing by itself. */
export const Icon = ({ of: Drawing, size = 16 }: IconProps) => (
  <Drawing className='icon' size={size} strokeWidth={1.75} absoluteStrokeWidth aria-hidden='true' focusable='false' />
)
