import { expect, test } from 'vitest'
import { links } from '../ui/links.ts'
import { AREAS, routeOf } from './route.ts'

test('every area has its address, and so has one thing inside an area', () => {
  expect(AREAS.map((area) => routeOf(links[area]))).toEqual(AREAS.map((area) => ({ area, item: null })))
  expect([routeOf(links.task('ab12')), routeOf(links.escrow('cd34'))]).toEqual([
    { area: 'ask', item: 'ab12' },
    { area: 'escrows', item: 'cd34' },
  ])
})

test.each(['', '#', '#/', '#/nowhere', '#/home/', '#wallet', '#/wallet/../x', `#/escrows/${'a'.repeat(200)}`, '#/wallet/<b>'])(
  '%j leads home',
  (fragment) => expect(routeOf(fragment)).toEqual({ area: 'home', item: null }),
)
