import type { NativeImage } from 'electron'
import { expect, test } from 'vitest'
import { showBadge } from './badge.ts'

const image = { isEmpty: () => false } as NativeImage

const shown = (platform: NodeJS.Platform, tasks: number, hasWindow = true) => {
  const calls: unknown[] = []
  const app = { setBadgeCount: (count?: number) => calls.push(count) > 0 }
  const window = { setOverlayIcon: (overlay: NativeImage | null, description: string) => void calls.push([overlay, description]) }
  showBadge(app, hasWindow ? window : null, { tasks, image, description: `${tasks} waiting` }, platform)
  return calls
}

test.each(['darwin', 'linux'] as const)('on %s the icon counts what waits, and nothing when nothing does', (platform) => {
  expect([shown(platform, 3), shown(platform, 0)]).toEqual([[3], [0]])
})

test('on Windows a picture stands in the taskbar while something waits, with its number for screen readers', () => {
  expect([shown('win32', 3), shown('win32', 0), shown('win32', 3, false)]).toEqual([[[image, '3 waiting']], [[null, '']], []])
})
