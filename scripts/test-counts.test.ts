import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { rootPath } from './process.ts'
import { addCounts, countsOf, describeCounts, readPlaywright, readVitest } from './test-counts.ts'

const folder = mkdtempSync(join(tmpdir(), 'counts-'))
afterAll(() => rmSync(folder, { recursive: true }))

const written = (name: string, report: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(report))
  return path
}
const green = { numPassedTests: 3, numPendingTests: 1, numTodoTests: 0, testResults: [] }
const withFile = (file: unknown): unknown => ({ ...green, testResults: [file] })
const endToEnd = (...tests: readonly unknown[]): unknown => ({
  stats: { expected: 1, skipped: 0 },
  suites: [
    { title: 'ask.spec.ts', specs: [], suites: [{ title: 'asking', specs: [{ title: 'is answered', file: 'ask.spec.ts', tests }] }] },
  ],
  errors: [],
})

test('counts of the parts add up', () => {
  const failed = [{ name: 'build', reason: 'no' }]
  expect(addCounts([readVitest(green), { passed: 1, failed, skipped: 0 }])).toEqual({ passed: 4, failed, skipped: 1 })
})

test('the last lines of a run name each failed test, why it failed, and then the counts', () => {
  const failing = {
    name: join(rootPath, 'core', 'book.test.ts'),
    status: 'failed',
    message: '',
    assertionResults: [
      {
        fullName: 'book keeps order',
        status: 'failed',
        failureMessages: ['\u001B[31m\nAssertionError: 1 is not 2\u001B[39m\n    at book.ts:3'],
      },
      { fullName: 'book is bounded', status: 'passed', failureMessages: [] },
    ],
  }
  expect(describeCounts(readVitest(withFile(failing)))).toBe(
    'FAILED: core/book.test.ts › book keeps order\n  AssertionError: 1 is not 2\n3 passed, 1 failed, 1 skipped',
  )
  expect(describeCounts(readVitest(green))).toBe('3 passed, 0 failed, 1 skipped')
})

test('a test file that fails without a failed test is a failure', () => {
  const unloaded = { name: join(rootPath, 'a.test.ts'), status: 'failed', message: 'Cannot find module', assertionResults: [] }
  expect(readVitest(withFile(unloaded)).failed).toEqual([{ name: 'a.test.ts', reason: 'Cannot find module' }])
  const hook = { name: join(rootPath, 'b.test.ts'), status: 'failed', assertionResults: [{ fullName: 'b', status: 'skipped' }] }
  expect(readVitest(withFile(hook)).failed).toEqual([{ name: 'b.test.ts', reason: 'What it printed says why.' }])
})

test('a failed and a flaky end-to-end test are failures, however deep they stand', () => {
  const failed = { projectName: 'built', status: 'unexpected', results: [{ error: { message: 'Error: no button\nat' } }] }
  const flaky = { projectName: 'packaged', status: 'flaky', results: [{ error: { message: 'Error: late' } }, {}] }
  expect(readPlaywright(endToEnd(failed, flaky, { ...failed, status: 'expected' })).failed).toEqual([
    { name: 'ask.spec.ts › is answered (built)', reason: 'Error: no button' },
    { name: 'ask.spec.ts › is answered (packaged, flaky)', reason: 'Error: late' },
  ])
})

test('a runner that fails without a failed test is a failure', () => {
  expect(countsOf('unit', written('green.json', green), readVitest, 1).failed).toEqual([
    { name: 'unit', reason: 'ended with code 1 although no test failed; what it printed says why' },
  ])
  expect(countsOf('unit', written('green.json', green), readVitest, 0).failed).toEqual([])
})

test('a missing or foreign report is a failure', () => {
  expect(countsOf('unit', join(folder, 'none.json'), readVitest, 0)).toMatchObject({ passed: 0, failed: [{ name: 'unit' }], skipped: 0 })
  expect(countsOf('end-to-end', written('foreign.json', { stats: {} }), readPlaywright, 0).failed).toHaveLength(1)
})
