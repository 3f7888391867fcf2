import { expect, test } from 'vitest'
import { AREAS } from './route.ts'
import { areaShortcuts, isPressed, SHORTCUTS } from './shortcuts.ts'

const pressed = (key: string, changed: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...changed })
const [here, mac] = [
  { isMac: false, isTyping: false },
  { isMac: true, isTyping: false },
]

test('every area and every action has keys of its own', () => {
  const all = [...Object.values(SHORTCUTS), ...AREAS.map((area) => areaShortcuts.get(area))].map((shortcut) => JSON.stringify(shortcut))
  expect(new Set(all).size).toBe(all.length)
})

test('Ctrl is meant, and on a Mac the command key; never both, never Alt', () => {
  expect([
    isPressed(SHORTCUTS.palette, pressed('k', { ctrlKey: true }), here),
    isPressed(SHORTCUTS.palette, pressed('K', { metaKey: true }), mac),
    isPressed(SHORTCUTS.palette, pressed('k', { metaKey: true }), here),
    isPressed(SHORTCUTS.palette, pressed('k', { ctrlKey: true }), mac),
    isPressed(SHORTCUTS.palette, pressed('k', { ctrlKey: true, altKey: true }), here),
    isPressed(SHORTCUTS.palette, pressed('k'), here),
  ]).toEqual([true, true, false, false, false, false])
})

test('a plain key is a letter while somebody types', () => {
  expect([isPressed(SHORTCUTS.sheet, pressed('?'), here), isPressed(SHORTCUTS.sheet, pressed('?'), { ...here, isTyping: true })]).toEqual([
    true,
    false,
  ])
})
