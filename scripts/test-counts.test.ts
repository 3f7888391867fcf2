import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { addCounts, countsOf, readPlaywright, readVitest } from './test-counts.ts'

const folder = mkdtempSync(join(tmpdir(), 'counts-'))
afterAll(() => rmSync(folder, { recursive: true }))

const written = (name: string, report: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(report))
  return path
}
const green = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [] }

test('counts of the parts add up', () => {
  expect(addCounts([readVitest(green), { passed: 1, failed: 2, skipped: 0 }])).toEqual({ passed: 4, failed: 2, skipped: 1 })
})

test('a test file that does not load is a failure', () => {
  expect(readVitest({ ...green, testResults: [{ status: 'failed', assertionResults: [] }] }).failed).toBe(1)
})

test('a flaky end-to-end test is a failure', () => {
  expect(readPlaywright({ stats: { expected: 1, unexpected: 0, flaky: 1, skipped: 0 } })).toEqual({ passed: 1, failed: 1, skipped: 0 })
})

test('a runner that fails without a failed test is a failure', () => {
  expect(countsOf(written('green.json', green), readVitest, 1).failed).toBe(1)
  expect(countsOf(written('green.json', green), readVitest, 0).failed).toBe(0)
})

test('a missing or foreign report is a failure', () => {
  expect(countsOf(join(folder, 'none.json'), readVitest, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  expect(countsOf(written('foreign.json', { stats: {} }), readPlaywright, 0).failed).toBe(1)
})
