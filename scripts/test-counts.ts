import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { rootPath } from './process.ts'

/** What failed, and the first line of why. */
export type Failed = { readonly name: string; readonly reason: string }
export type Counts = { readonly passed: number; readonly failed: readonly Failed[]; readonly skipped: number }

export const addCounts = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((sum, { passed }) => sum + passed, 0),
  failed: all.flatMap(({ failed }) => failed),
  skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
})

/** The last thing a run says: thousands of lines above, nobody finds what failed. */
export const describeCounts = ({ passed, failed, skipped }: Counts): string =>
  [
    ...failed.map(({ name, reason }) => `FAILED: ${name}\n  ${reason}`),
    `${passed} passed, ${failed.length} failed, ${skipped} skipped`,
  ].join('\n')

const failure = (name: string, message: string | undefined): Failed => {
  const lines = stripVTControlCharacters(message ?? '').split('\n')
  return { name, reason: lines.find((line) => line.trim() !== '')?.trim() ?? 'What it printed says why.' }
}

const vitestReport = z.object({
  numPassedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() })),
    }),
  ),
})

type VitestFile = z.infer<typeof vitestReport>['testResults'][number]

/** A file that fails without a failed test (it does not load, or a hook of it throws) counts as one. */
const failedInFile = ({ name: path, status, message, assertionResults }: VitestFile): readonly Failed[] => {
  const name = relative(rootPath, path)
  const tests = assertionResults.filter((test) => test.status === 'failed')
  if (tests.length === 0) return status === 'failed' ? [failure(name, message)] : []
  return tests.map(({ fullName, failureMessages }) => failure(`${name} › ${fullName}`, failureMessages?.join('\n')))
}

export const readVitest = (json: unknown): Counts => {
  const report = vitestReport.parse(json)
  return {
    passed: report.numPassedTests,
    failed: report.testResults.flatMap(failedInFile),
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

const playwrightError = z.object({ message: z.string().optional() })
const playwrightSpec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({ projectName: z.string(), status: z.string(), results: z.array(z.object({ error: playwrightError.optional() })) }),
  ),
})
const playwrightSuite = z.object({
  title: z.string(),
  specs: z.array(playwrightSpec).optional(),
  get suites() {
    return z.array(playwrightSuite).optional()
  },
})
const playwrightReport = z.object({
  stats: z.object({ expected: z.int(), skipped: z.int() }),
  suites: z.array(playwrightSuite),
  errors: z.array(playwrightError),
})

/** A flaky test passed in the end, but not the first time: it counts as failed. */
const failedInSpec = ({ title, file, tests }: z.infer<typeof playwrightSpec>): readonly Failed[] =>
  tests
    .filter(({ status }) => status === 'unexpected' || status === 'flaky')
    .map(({ projectName, status, results }) =>
      failure(
        `${file} › ${title} (${projectName}${status === 'flaky' ? ', flaky' : ''})`,
        results.map(({ error }) => error?.message ?? '').join('\n'),
      ),
    )

const failedInSuite = ({ specs = [], suites = [] }: z.infer<typeof playwrightSuite>): readonly Failed[] => [
  ...specs.flatMap(failedInSpec),
  ...suites.flatMap(failedInSuite),
]

export const readPlaywright = (json: unknown): Counts => {
  const { stats, suites, errors } = playwrightReport.parse(json)
  const outside = errors.map(({ message }) => failure('outside of any end-to-end test', message))
  return { passed: stats.expected, failed: [...suites.flatMap(failedInSuite), ...outside], skipped: stats.skipped }
}

/**
 * The counts of a finished runner. A report that is missing or unreadable, and an exit code that the report does not explain
 * (an unhandled rejection, a crash), count as one failure: silence is never success.
 */
export const countsOf = (part: string, reportPath: string, read: (json: unknown) => Counts, exitCode: number): Counts => {
  try {
    const counts = read(JSON.parse(readFileSync(reportPath, 'utf8')))
    if (exitCode === 0 || counts.failed.length > 0) return counts
    return { ...counts, failed: [failure(part, `ended with code ${exitCode} although no test failed; what it printed says why`)] }
  } catch (cause) {
    return { passed: 0, failed: [failure(part, `left no report that can be read: ${String(cause)}`)], skipped: 0 }
  }
}
