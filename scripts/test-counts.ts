import { readFileSync } from 'node:fs'
import { z } from 'zod'

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number }

export const addCounts = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((sum, { passed }) => sum + passed, 0),
  failed: all.reduce((sum, { failed }) => sum + failed, 0),
  skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
})

const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

const playwrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
})

export const readVitest = (json: unknown): Counts => {
  const report = vitestReport.parse(json)
  // A file that does not even load has no tests to fail: it counts as one.
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** A flaky test passed in the end, but not the first time: it counts as failed. */
export const readPlaywright = (json: unknown): Counts => {
  const { stats } = playwrightReport.parse(json)
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
}

/**
 * The counts of a finished runner. A report that is missing or unreadable, and an exit code that the report does not explain
 * (an unhandled rejection, a crash), count as one failure: silence is never success.
 */
export const countsOf = (reportPath: string, read: (json: unknown) => Counts, exitCode: number): Counts => {
  try {
    const counts = read(JSON.parse(readFileSync(reportPath, 'utf8')))
    return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
