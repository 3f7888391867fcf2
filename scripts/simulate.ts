import { availableParallelism } from 'node:os'
import { runCampaign } from '../core/simulation/campaign.ts'
import { mutants } from '../core/simulation/mutants.ts'
import { profileNames, type ProfileName } from '../core/simulation/profiles.ts'
import { describeCampaign } from '../core/simulation/report.ts'
import { exitWithUsage, integerOption, parseOptions, textOption } from '../headless/options.ts'

const help = `Use: npm run simulate -- [--seeds N] [--from S] [--profile ${profileNames.join('|')}] [--workers N] [--mutant NAME]`

const options = {
  seeds: { type: 'string' },
  from: { type: 'string' },
  profile: { type: 'string' },
  workers: { type: 'string' },
  mutant: { type: 'string' },
} as const

const usage = (message: string): never => exitWithUsage({ code: 'usage', message: `${message} ${help}` })

const number = (values: Parameters<typeof textOption>[0], name: string, most: number, otherwise: number): number => {
  const value = integerOption(name, values[name], name === 'from' ? 0 : 1, most)
  return value.ok ? (value.value ?? otherwise) : usage(value.error.message)
}

const profileOf = (name: string): ProfileName => profileNames.find((one) => one === name) ?? usage(`There is no profile “${name}”.`)
const mutantOf = (name: string): string =>
  mutants.find((one) => one.name === name)?.name ??
  usage(`There is no mutant “${name}”; there are: ${mutants.map((one) => one.name).join(', ')}.`)

const main = async (): Promise<void> => {
  const parsed = parseOptions(process.argv.slice(2), options, help)
  if (!parsed.ok) return exitWithUsage(parsed.error)
  const { values } = parsed.value
  const mutant = textOption(values, 'mutant')
  const workers = number(values, 'workers', 64, availableParallelism())
  const result = await runCampaign({
    profile: profileOf(textOption(values, 'profile') ?? 'usual'),
    from: number(values, 'from', 2 ** 31, 1),
    count: number(values, 'seeds', 10_000_000, 1_000),
    workers,
    ...(mutant === null ? {} : { mutant: mutantOf(mutant), stopsAtFailure: true }),
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
