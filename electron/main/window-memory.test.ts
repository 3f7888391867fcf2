import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '../../core/platform/log.ts'
import { loadWindowMemory } from './window-memory.ts'

let folder: string
let lines: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'window-memory-'))
  lines = []
})
afterEach(() => rmSync(folder, { recursive: true }))
const load = (path = join(folder, 'window.json')) =>
  loadWindowMemory(
    path,
    createLog(
      (line) => lines.push(line),
      () => 0,
    ),
  )

const state = { area: { x: -10, y: 20, width: 900, height: 700 }, isMaximised: true }

test('the window is remembered over restarts, as it was last', async () => {
  const memory = await load()
  expect(memory.get()).toBeNull()
  memory.keep({ ...state, isMaximised: false })
  memory.keep(state)
  await memory.written()
  expect([(await load()).get(), lines]).toEqual([state, []])
})

test.each([
  ['cut off', '{"area":{"x":1,'],
  ['of another shape', '{"area":[1,2,3,4],"isMaximised":true}'],
  ['with a size that no desk has', JSON.stringify({ ...state, area: { ...state.area, width: 1e9 } })],
  ['with a fraction', JSON.stringify({ ...state, area: { ...state.area, x: 0.5 } })],
  ['huge', ' '.repeat(20_000)],
])('a file that is %s is ignored, told to the log, and replaced with the next state', async (_how, content) => {
  const path = join(folder, 'window.json')
  writeFileSync(path, content)
  const memory = await load()
  expect([memory.get(), lines]).toEqual([null, [expect.stringContaining('window-not-remembered')]])
  memory.keep(state)
  await memory.written()
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(state)
})

test('a folder that cannot be written stops nothing', async () => {
  writeFileSync(join(folder, 'a-file'), '')
  const memory = await load(join(folder, 'a-file', 'window.json'))
  memory.keep(state)
  await memory.written()
  expect(memory.get()).toEqual(state)
})
