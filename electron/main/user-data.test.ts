import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isTooLongToHandOver, wantedUserData, whyNotWritable } from './user-data.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-data-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the folder is the one of the command line, also when Chromium took another', () => {
  const started = (wanted: string) => wantedUserData({ commandLine: { getSwitchValue: () => wanted }, getPath: () => '/home/of/all' })
  expect([started(''), started('/a-file'), started('here')]).toEqual(['/home/of/all', '/a-file', resolve('here')])
})

test('what is longer than a second start can hand over is known before it tries, counted in bytes', () => {
  expect([20_000, 40_000].map((length) => isTooLongToHandOver(['market', 'x'.repeat(length)], '/'))).toEqual([false, true])
  expect(isTooLongToHandOver(['market', 'ß'.repeat(20_000)], '/')).toBe(true)
})

test('a folder that can be written to has no problem, is made if need be, and is left empty', () => {
  const path = join(folder, 'deep', 'user-data')
  expect([whyNotWritable(path), whyNotWritable(path)]).toEqual([null, null])
  expect(readdirSync(path)).toEqual([])
})

test('where no folder can be made, or nothing written, the reason is the code of the system', () => {
  const path = join(folder, 'a-file')
  writeFileSync(path, '')
  expect(whyNotWritable(path)).toBe('EEXIST')
  expect(whyNotWritable(join(path, 'below'))).toBe('ENOTDIR')
})
