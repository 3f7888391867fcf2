import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogFile } from './log-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('lines are kept for their owner alone, over restarts', () => {
  const path = join(folder, 'logs', 'market.log')
  createLogFile(path)('one')
  createLogFile(path)('two')
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['one\ntwo\n', 0o600])
})

test('two files hold the newest lines, and no more', () => {
  const path = join(folder, 'market.log')
  const write = createLogFile(path, 10)
  for (const line of ['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee']) write(line)
  expect([readFileSync(path, 'utf8'), readFileSync(`${path}.1`, 'utf8')]).toEqual(['eeee\n', 'cccc\ndddd\n'])
})

test('a log that cannot be written stops nothing', () => {
  writeFileSync(join(folder, 'a-file'), '')
  for (const path of [join(folder, 'a-file', 'market.log'), 'no path at all \0']) expect(() => createLogFile(path)('lost')).not.toThrow()
})
