import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const rootPath = join(import.meta.dirname, '..')
const kills = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/kills.ts', ...args], { cwd: rootPath, encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } })

/** By hand with 200 kills; here enough of them that each kind of process dies. */
test('what was acknowledged outlives processes that are killed while they trade', { timeout: 420_000 }, () => {
  const { status, stdout } = kills('--kills', '10', '--seed', 'test')
  expect(stdout).toMatch(/^transfers {2}[1-9]\d* acknowledged/m)
  expect(stdout).toMatch(/^kills {6}10 \(/m)
  // The whole report, so that a failure says what was lost.
  expect(status === 0 ? '' : stdout).toBe('')
  expect(stdout).toMatch(/^Nothing acknowledged was lost\.$/m)
})

test.each([
  ['no kills', ['--kills', '0'], '--kills takes a whole number from 1 to 10000.'],
  ['an unknown option', ['--fast'], "Unknown option '--fast'"],
])('%s: one sentence and exit code 2', (_what, args, sentence) => {
  const { status, stdout, stderr } = kills(...args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(sentence)
})
