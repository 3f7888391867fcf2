import { pathToFileURL } from 'node:url'
import { acceptNoOptions } from './no-options.ts'
import { run } from './process.ts'

const tools = [
  { name: 'types', program: 'tsc', args: ['-b'] },
  { name: 'lint', program: 'oxlint', args: [] },
  { name: 'format', program: 'oxfmt', args: ['--check'] },
  { name: 'unused', program: 'knip', args: ['--no-progress'] },
  { name: 'terms', program: 'node', args: ['scripts/terms-review.ts'] },
] as const

export type Checked = { readonly name: string; readonly ok: boolean; readonly output: string; readonly tookMs: number }

/** Every tool, one after another: each uses both cores by itself. */
export const runChecks = async (): Promise<readonly Checked[]> => {
  const results: Checked[] = []
  for (const { name, program, args } of tools) {
    const startMs = performance.now()
    const { code, output } = await run(program, args)
    results.push({ name, ok: code === 0, output, tookMs: performance.now() - startMs })
  }
  return results
}

/** What failed says why; what passed says nothing. */
export const describeChecks = (results: readonly Checked[]): string => {
  const failures = results.filter(({ ok }) => !ok).map(({ name, output }) => `── ${name} ──\n${output.trimEnd()}\n`)
  const summary = results.map(({ name, ok, tookMs }) => `${name} ${ok ? 'ok' : 'FAILED'} (${(tookMs / 1000).toFixed(1)} s)`).join(', ')
  return [...failures, `check: ${summary}`].join('\n')
}

const main = async (): Promise<void> => {
  acceptNoOptions('check')
  const results = await runChecks()
  console.log(describeChecks(results))
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
