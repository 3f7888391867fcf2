import { availableParallelism } from 'node:os'
import { runCampaign } from '../core/simulation/campaign.ts'
import { fuzz } from '../core/simulation/fuzz.ts'
import { describeWeek } from '../core/simulation/market/report.ts'
import { runWeek } from '../core/simulation/market/week.ts'
import { mutants, type Mutant } from '../core/simulation/mutants.ts'
import { profileNames, type ProfileName } from '../core/simulation/profiles.ts'
import { describeCampaign } from '../core/simulation/report.ts'
import { exitWithUsage, integerOption, parseOptions, textOption } from '../headless/options.ts'

const help = `Use: npm run simulate -- [--seeds N] [--from S] [--profile ${profileNames.join('|')}|fuzz|market] [--hours N] [--workers N] [--mutant NAME]`

const options = {
  seeds: { type: 'string' },
  from: { type: 'string' },
  profile: { type: 'string' },
  hours: { type: 'string' },
  workers: { type: 'string' },
  mutant: { type: 'string' },
} as const

const usage = (message: string): never => exitWithUsage({ code: 'usage', message: `${message} ${help}` })

const number = (values: Parameters<typeof textOption>[0], name: string, most: number, otherwise: number): number => {
  const value = integerOption(name, values[name], name === 'from' ? 0 : 1, most)
  return value.ok ? (value.value ?? otherwise) : usage(value.error.message)
}

const profileOf = (name: string): ProfileName => profileNames.find((one) => one === name) ?? usage(`There is no profile “${name}”.`)
const mutantOf = (name: string): Mutant =>
  mutants.find((one) => one.name === name) ??
  usage(`There is no mutant “${name}”; there are: ${mutants.map((one) => one.name).join(', ')}.`)

/** Not seeds but inputs: every reader of bytes that strangers can write is fed with hostile ones. */
const runFuzz = (values: Parameters<typeof textOption>[0]): void => {
  const startMs = performance.now()
  const { inputs, accepted, findings } = fuzz(number(values, 'from', 2 ** 31, 1), number(values, 'seeds', 100_000_000, 1_000_000))
  const rows = [...accepted].map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`)
  console.log(
    [`${inputs} inputs in ${((performance.now() - startMs) / 1_000).toFixed(1)} s, taken for good:`, ...rows, ...findings].join('\n'),
  )
  console.log(`${findings.length} of them did what none may`)
  process.exitCode = findings.length > 0 ? 1 : 0
}

const weekHours = 168
const marketMembers = 50

/** Fifty nodes that come and go trade for a week, once for each seed. */
const runMarket = async (values: Parameters<typeof textOption>[0]): Promise<void> => {
  const from = number(values, 'from', 2 ** 31, 1)
  const hours = number(values, 'hours', 10 * weekHours, weekHours)
  for (let seed = from; seed < from + number(values, 'seeds', 1_000, 1); seed++) {
    const startMs = performance.now()
    const report = await runWeek({
      seed,
      hours,
      members: marketMembers,
      progress: (hour) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${hour} of ${hours} h `)
      },
    })
    if (process.stderr.isTTY) process.stderr.write('\r')
    console.log(describeWeek(report, { seed, hours, tookMs: performance.now() - startMs }))
    if (report.violations.length > 0) process.exitCode = 1
  }
}

const main = async (): Promise<void> => {
  const parsed = parseOptions(process.argv.slice(2), options, help)
  if (!parsed.ok) return exitWithUsage(parsed.error)
  const { values } = parsed.value
  if (textOption(values, 'profile') === 'fuzz') return runFuzz(values)
  if (textOption(values, 'profile') === 'market') return runMarket(values)
  const mutantName = textOption(values, 'mutant')
  const mutant = mutantName === null ? null : mutantOf(mutantName)
  const workers = number(values, 'workers', 64, availableParallelism())
  const result = await runCampaign({
    profile: profileOf(textOption(values, 'profile') ?? mutant?.profile ?? 'usual'),
    from: number(values, 'from', 2 ** 31, 1),
    count: number(values, 'seeds', 10_000_000, 1_000),
    workers,
    ...(mutant === null ? {} : { mutant: mutant.name, stopsAtFailure: true }),
    progress: (done, failed) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} seeds, ${failed} failed `)
    },
  })
  if (process.stderr.isTTY) process.stderr.write('\r')
  console.log(describeCampaign(result, workers))
  process.exitCode = result.failures.length > 0 ? 1 : 0
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
})
