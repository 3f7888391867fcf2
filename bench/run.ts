import { exitWithUsage, parseOptions } from '../headless/options.ts'
import { build } from '../scripts/build.ts'
import type { Benchmark, Measurement } from './benchmark.ts'
import { describeMachine } from './machine.ts'
import { memory } from './memory.ts'
import { startUp } from './start-up.ts'

const benchmarks: readonly Benchmark[] = [startUp, memory]
const names = benchmarks.map(({ name }) => name).join(', ')

const show = (name: string, found: Measurement): string => {
  const number = (value: number): string => `${value.toFixed(1)} ${found.unit}`
  const machine = describeMachine()
  return [
    name,
    `  figure   ${number(found.figure)}   ${found.figureIs}`,
    `  floor    ${number(found.floor)}   ${found.floorIs}`,
    `  ratio    ${(found.figure / found.floor).toFixed(2)}`,
    `  goal     ${found.goalText}: ${found.goalMet ? 'met' : 'missed'}`,
    `  machine  ${machine.cores} × ${machine.processor}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}`,
  ].join('\n')
}

const main = async (): Promise<void> => {
  const options = parseOptions(process.argv.slice(2), { json: { type: 'boolean' } }, 'Use: npm run bench -- NAME [--json]', 1)
  if (!options.ok) return exitWithUsage(options.error)
  const [name] = options.value.positionals
  if (name === undefined) return console.log(benchmarks.map((one) => `${one.name.padEnd(10)} ${one.about}`).join('\n'))
  const benchmark = benchmarks.find((one) => one.name === name)
  if (benchmark === undefined)
    return exitWithUsage({ code: 'unknown-benchmark', message: `There is no benchmark “${name}”; there are ${names}.` })
  const built = await build()
  if (!built.ok) throw new Error(built.output)
  const found = await benchmark.run()
  const ratio = found.figure / found.floor
  console.log(
    options.value.values['json'] === true ? JSON.stringify({ name, ...found, ratio, machine: describeMachine() }) : show(name, found),
  )
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
