import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.ts'
import { describeChecks, runChecks } from './check.ts'
import { missingDisplay } from './electron-runtime-libraries.ts'
import { obtainElectronRuntime } from './electron-runtime.ts'
import { acceptNoOptions } from './no-options.ts'
import { rootPath, run } from './process.ts'
import { addCounts, countsOf, describeCounts, readPlaywright, readVitest, type Counts } from './test-counts.ts'

const reportsPath = join(rootPath, '.cache', 'test')

const heading = (text: string): void => console.log(`\n== ${text}`)
const one = (name: string, ok: boolean): Counts =>
  ok ? { passed: 1, failed: [], skipped: 0 } : { passed: 0, failed: [{ name, reason: 'What it printed says why.' }], skipped: 0 }

/** Each tool counts as one test. */
const checkPart = async (): Promise<Counts> => {
  heading('check')
  const results = await runChecks()
  console.log(describeChecks(results))
  return addCounts(results.map(({ name, ok }) => one(`check: ${name}`, ok)))
}

/** The bundles that integration and end-to-end tests start; making them counts as one test. */
const buildPart = async (): Promise<Counts> => {
  heading('build')
  const { ok, output } = await build()
  console.log(ok ? 'build: ok' : output)
  return one('build', ok)
}

const vitestPart = async (project: string): Promise<Counts> => {
  heading(project)
  const reportPath = join(reportsPath, `${project}.json`)
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  const { code } = await run('vitest', args, { stream: true })
  return countsOf(project, reportPath, readVitest, code)
}

const endToEndPart = async (): Promise<Counts> => {
  heading('end-to-end')
  const runtime = await obtainElectronRuntime({ rootPath, allowTestRuntime: true, report: (line) => console.log(line) })
  if (!runtime.ok) return skipEndToEnd(runtime.error.message)
  const display = missingDisplay()
  if (!display.ok) return skipEndToEnd(display.error.message)
  const reportPath = join(reportsPath, 'end-to-end.json')
  process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] = reportPath
  const { code } = await run('playwright', ['test', '--reporter=list,json'], { stream: true })
  const counts = countsOf('end-to-end', reportPath, readPlaywright, code)
  if (counts.skipped > 0) console.log(`SKIPPED: ${counts.skipped} end-to-end tests did not run; the list above names them.`)
  return counts
}

/** Out loud, and with the number of tests that did not run. */
const skipEndToEnd = async (reason: string): Promise<Counts> => {
  const { output } = await run('playwright', ['test', '--list'])
  const skipped = Number(/Total: (\d+) test/.exec(output)?.[1] ?? 1)
  console.log(`SKIPPED: ${skipped} end-to-end tests did not run. ${reason}`)
  return { passed: 0, failed: [], skipped }
}

const main = async (): Promise<void> => {
  acceptNoOptions('test')
  rmSync(reportsPath, { recursive: true, force: true })
  mkdirSync(reportsPath, { recursive: true })
  const parts: Counts[] = []
  for (const part of [checkPart, buildPart, () => vitestPart('unit'), () => vitestPart('integration'), endToEndPart])
    parts.push(await part())
  const counts = addCounts(parts)
  process.exitCode = counts.failed.length > 0 ? 1 : 0
  console.log(`\n${describeCounts(counts)}`)
}

await main()
