import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOf } from './window-place.ts'

const main = { x: 0, y: 24, width: 1920, height: 1056 }
const left = { x: -1280, y: 0, width: 1280, height: 1024 }
const at = (x: number, y: number, width = 1000, height = 700) => ({ area: { x, y, width, height }, isMaximised: false })

test.each([
  ['nothing is kept', null, [main], { width: 1240, height: 860 }],
  ['nothing is kept and the screen is small', null, [{ ...main, width: 1024, height: 600 }], { width: 1024, height: 600 }],
  ['it stood on the main screen', at(100, 100), [main], { x: 100, y: 100, width: 1000, height: 700 }],
  ['it stood on another screen', at(-1200, 10), [main, left], { x: -1200, y: 10, width: 1000, height: 700 }],
  ['that screen is gone', at(-1200, 10), [main], { width: 1000, height: 700 }],
  ['it was pushed over an edge', at(1800, 900), [main], { x: 920, y: 380, width: 1000, height: 700 }],
  ['its title was above the screen', at(100, -300), [main], { x: 100, y: 24, width: 1000, height: 700 }],
  ['it lay across two screens', at(-700, 100), [main, left], { x: -1000, y: 100, width: 1000, height: 700 }],
  ['the screen became smaller', at(0, 24, 1900, 1000), [{ ...main, width: 1280, height: 700 }], { x: 0, y: 24, width: 1280, height: 700 }],
  ['it was smaller than it may be', at(50, 50, 10, 10), [main], { x: 50, y: 50, width: 380, height: 480 }],
  ['no screen is known', at(50, 50), [], { width: 1240, height: 860 }],
])('where %s', (_when, kept, screens, place) => {
  expect(placeOf(kept, screens)).toEqual(place)
})

test('a window that is given a place is wholly on one screen', () => {
  const number = fc.integer({ min: -10_000, max: 10_000 })
  const size = fc.integer({ min: 600, max: 5_000 })
  const area = fc.record({ x: number, y: number, width: size, height: size })
  fc.assert(
    fc.property(area, fc.array(area, { minLength: 1, maxLength: 4 }), (kept, screens) => {
      const { x, y, width, height } = placeOf({ area: kept, isMaximised: false }, screens)
      if (x === undefined || y === undefined) return
      expect(
        screens.some(
          (screen) => screen.x <= x && screen.y <= y && x + width <= screen.x + screen.width && y + height <= screen.y + screen.height,
        ),
      ).toBe(true)
    }),
  )
})
