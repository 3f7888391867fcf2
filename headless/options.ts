import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'

/** Wrong options of a command line: one sentence on standard error and exit code 2, never a stack trace. */
export type OptionSpec = ParseArgsOptionsConfig
export type UsageFailure = Failure<'usage'>

type Value = string | boolean | readonly (string | boolean)[] | undefined
export type OptionValues = Readonly<Record<string, Value>>

/** Strict: unknown options, missing values and, unless allowed, positional words are refused. */
export const parseOptions = (
  argv: readonly string[],
  options: OptionSpec,
  help: string,
  maxPositionals = 0,
): Result<{ readonly values: OptionValues; readonly positionals: readonly string[] }, UsageFailure> => {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
    if (positionals.length > maxPositionals) return fail('usage', `Unknown word “${positionals[maxPositionals]?.slice(0, 40)}”. ${help}`)
    return ok({ values, positionals })
  } catch (error) {
    const first = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? '') : ''
    return fail('usage', `${first}. ${help}`)
  }
}

/** Null when the option was not given. */
export const textOption = (values: OptionValues, name: string): string | null => {
  const value = values[name]
  return typeof value === 'string' ? value : null
}

/** Every value of an option that may be repeated. */
export const listOption = (values: OptionValues, name: string): readonly string[] => {
  const value = values[name]
  return typeof value === 'object' ? value.filter((item) => typeof item === 'string') : []
}

export const integerOption = (name: string, text: Value, min: number, max: number): Result<number | null, UsageFailure> => {
  if (text === undefined) return ok(null)
  const value = Number(text)
  return typeof text === 'string' && /^\d{1,10}$/.test(text) && value >= min && value <= max
    ? ok(value)
    : fail('usage', `--${name} takes a whole number from ${min} to ${max}.`)
}

/** For what was asked wrongly: nothing was tried. */
export const exitWithUsage = (failure: Failure): never => {
  process.stderr.write(`${failure.message}\n`)
  process.exit(2)
}

/** For what was asked rightly and could not be done. */
export const exitWithFailure = (failure: Failure): never => {
  process.stderr.write(`${failure.message}\n`)
  process.exit(1)
}
