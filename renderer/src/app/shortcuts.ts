/** The keys of the app, each named once: the window listens for them, the palette and the sheet show them, the menu bar sends them. */
import { AREAS, type Area } from './route.ts'

/** `mod` is Ctrl, and on a Mac the command key. */
export type Shortcut = { readonly mod: boolean; readonly key: string }

const areaShortcut = (area: Area): Shortcut => ({ mod: true, key: String(AREAS.indexOf(area) + 1) })

export const SHORTCUTS = {
  palette: { mod: true, key: 'k' },
  sheet: { mod: false, key: '?' },
  compose: { mod: true, key: 'n' },
  settings: { mod: true, key: ',' },
} as const satisfies Readonly<Record<string, Shortcut>>
export const areaShortcuts: ReadonlyMap<Area, Shortcut> = new Map(AREAS.map((area) => [area, areaShortcut(area)]))

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** Whether these keys are meant; a plain key is not, while somebody types. */
export const isPressed = (
  shortcut: Shortcut,
  event: Pressed,
  { isMac, isTyping }: { readonly isMac: boolean; readonly isTyping: boolean },
): boolean => {
  if (event.altKey || event.key.toLowerCase() !== shortcut.key) return false
  const [mod, other] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey]
  return !other && mod === shortcut.mod && (shortcut.mod || !isTyping)
}

export const isMac = (): boolean => /mac/i.test(navigator.platform)

export const isTypingIn = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
