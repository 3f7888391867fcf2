import { createReadStream } from 'node:fs'
import { createProofCheck, type Proven } from '../core/proofs/check.ts'
import type { ProofProblem } from '../core/proofs/problem.ts'
import { renderProblem, renderReport, reportOf } from '../core/proofs/report.ts'
import { fromHex } from '../core/platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { exitWithUsage, parseOptions, textOption, type UsageFailure } from './options.ts'

const help =
  'Usage: verify FILE… [--federation ID] [--json]. Checks proofs that the wallet exported, offline. Without --federation the id that is printed has to be compared with the one you know.'
const spec = { federation: { type: 'string' }, json: { type: 'boolean' } } as const
const maxFiles = 1_000

type Wish = { readonly files: readonly string[]; readonly expected: Uint8Array | null; readonly asJson: boolean }

const readWish = (args: readonly string[]): Result<Wish, UsageFailure> => {
  const parsed = parseOptions(args, spec, help, maxFiles)
  if (!parsed.ok) return parsed
  const { values, positionals } = parsed.value
  const id = textOption(values, 'federation')
  if (positionals.length === 0) return fail('usage', `Say which file. ${help}`)
  if (id !== null && !/^[0-9a-f]{64}$/.test(id)) return fail('usage', '--federation takes an id of 64 hexadecimal digits.')
  return ok({ files: positionals, expected: id === null ? null : fromHex(id), asJson: values['json'] === true })
}

/** Exit codes: 0 all of them hold, 1 one does not, 2 asked wrongly or a file cannot be read. */
export const runVerify = async (args: readonly string[]): Promise<void> => {
  const wish = readWish(args)
  if (!wish.ok) return exitWithUsage(wish.error)
  const { files, expected, asJson } = wish.value
  for (const file of files) {
    const checked = await checkFile(file, expected)
    if (!checked.ok && !('line' in checked.error)) return exitWithUsage(checked.error)
    process.stdout.write(`${asJson ? jsonOf(file, checked) : textOf(file, checked, expected !== null)}\n`)
    if (!checked.ok) process.exitCode = 1
  }
}

type Checked = Result<Proven, ProofProblem | Failure<'cannot-read'>>

/** Read piece by piece: a long history is never in memory as a whole. */
const checkFile = async (file: string, expected: Uint8Array | null): Promise<Checked> => {
  const check = createProofCheck(expected)
  try {
    // Every byte is one character, so that nothing but ASCII passes as ASCII.
    for await (const chunk of createReadStream(file, 'latin1')) if (check.take(String(chunk)) !== null) break
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    return fail('cannot-read', `The file ${file} cannot be read (${code}). Check its path and its permissions.`)
  }
  return check.end()
}

const jsonOf = (file: string, checked: Checked): string =>
  JSON.stringify(checked.ok ? { file, ok: true, ...reportOf(checked.value) } : { file, ok: false, error: checked.error })

const textOf = (file: string, checked: Checked, isExpected: boolean): string => {
  if (checked.ok) return `${file}\n${indented(renderReport(reportOf(checked.value), isExpected))}`
  return `${file}\n${indented('line' in checked.error ? renderProblem(checked.error) : checked.error.message)}`
}
const indented = (text: string): string => text.replaceAll(/^/gm, '  ')
