import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { whyNotWritable } from './user-data.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-data-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

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
