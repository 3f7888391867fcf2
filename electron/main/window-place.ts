/** Where the window opens; a function of values, so that every desk can be tested without its screens. */
import type { Rectangle } from 'electron'

type Area = Readonly<Rectangle>
type Size = Pick<Area, 'width' | 'height'>
/** `area` is where it stands when it is not maximised. */
export type WindowState = { readonly area: Area; readonly isMaximised: boolean }

export const smallestSize: Size = { width: 380, height: 480 }
const usualSize: Size = { width: 1240, height: 860 }

/**
 * @param screens what windows may cover of each screen, the main one first
 * @returns without `x` and `y` where the system is to choose them
 */
export const placeOf = (kept: WindowState | null, screens: readonly Area[]): Size & Partial<Area> => {
  const [main] = screens
  if (main === undefined) return usualSize
  const seen = kept === null ? undefined : mostCovered(kept.area, screens)
  // A screen that is gone leaves the size; a window nobody can see is no window.
  if (kept === null || seen === undefined) return within(kept?.area ?? usualSize, main)
  const size = within(kept.area, seen)
  return {
    ...size,
    x: between(seen.x, kept.area.x, seen.x + seen.width - size.width),
    y: between(seen.y, kept.area.y, seen.y + seen.height - size.height),
  }
}

const within = (size: Size, room: Size): Size => ({
  width: between(smallestSize.width, size.width, room.width),
  height: between(smallestSize.height, size.height, room.height),
})

const between = (least: number, value: number, most: number): number => Math.max(least, Math.min(value, most))

const mostCovered = (area: Area, screens: readonly Area[]): Area | undefined => {
  const best = screens.toSorted((a, b) => shared(area, b) - shared(area, a))[0]
  return best !== undefined && shared(area, best) > 0 ? best : undefined
}

const shared = (a: Area, b: Area): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y))
