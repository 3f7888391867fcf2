import { expect, test } from 'vitest'
import { parseLddOutput, missingDisplay } from './electron-runtime-libraries.ts'

test('names exactly the libraries that were not found', () => {
  const output = [
    '\tlinux-vdso.so.1 (0x00007fdab308f000)',
    '\tlibgtk-3.so.0 => not found',
    '\tlibnss3.so => /lib/x86_64-linux-gnu/libnss3.so (0x00007fdaa758f000)',
    '\tlibgbm.so.1 => not found',
  ].join('\n')
  expect(parseLddOutput(output)).toEqual(['libgtk-3.so.0', 'libgbm.so.1'])
  expect(parseLddOutput('')).toEqual([])
})

const isLinux = process.platform === 'linux'
test('a Linux without a display and without Xvfb is told what to install, and one with a display needs nothing', () => {
  expect(missingDisplay({ PATH: '/nonexistent' }).ok).toBe(!isLinux)
  expect(missingDisplay({ PATH: '/nonexistent', DISPLAY: ':0' }).ok).toBe(true)
})
