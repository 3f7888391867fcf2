import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeDataFolder } from './data-folder.ts'
import { startChild } from './testing/child-process.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'market-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const codeOf = (path: string): string => {
  const taken = takeDataFolder({ path })
  if (taken.ok) taken.value.release()
  return taken.ok ? 'ok' : taken.error.code
}

test.skipIf(process.platform === 'win32')('a new folder is readable by its owner alone', () => {
  const path = join(folder, 'a', 'b')
  expect([codeOf(path), statSync(path).mode & 0o777]).toEqual(['ok', 0o700])
})

test('a folder is held by one process at a time, and free again after its release', () => {
  const first = takeDataFolder({ path: folder })
  expect([first.ok, takeDataFolder({ path: folder })]).toEqual([
    true,
    {
      ok: false,
      error: {
        code: 'already-running',
        message: `The market is already running on ${folder}. Use its window, or choose another data folder.`,
      },
    },
  ])
  if (first.ok) first.value.release()
  expect(codeOf(folder)).toBe('ok')
})

test('a killed process does not keep the folder', async () => {
  const holder = await startChild(new URL('./testing/folder-holder.ts', import.meta.url), folder)
  expect([holder.firstLine, codeOf(folder)]).toEqual(['taken', 'already-running'])
  await holder.kill()
  expect(codeOf(folder)).toBe('ok')
})

test('a path that is a file is refused', () => {
  writeFileSync(join(folder, 'file'), '')
  expect([codeOf(join(folder, 'file')), codeOf(join(folder, 'file', 'deeper'))]).toEqual(['cannot-use-folder', 'cannot-use-folder'])
})

test('a lock file that is something else is refused', () => {
  writeFileSync(join(folder, 'lock'), 'These are not the bytes of a database.'.repeat(100))
  expect(codeOf(folder)).toBe('cannot-use-folder')
})
