import { exitWithUsage, integerOption, parseOptions } from '../headless/options.ts'
import { build } from '../scripts/build.ts'
import { auction } from './auction.ts'
import type { Benchmark, Measurement } from './benchmark.ts'
import { attacksBenchmark } from './attacks.ts'
import { describeMachine } from './machine.ts'
import { load } from './load.ts'
import { memory } from './memory.ts'
import { orders } from './orders.ts'
import { priceDiscovery } from './price-discovery.ts'
import { settlement } from './settlement.ts'
import { startUp } from './start-up.ts'
import { storage } from './storage.ts'
import { ui } from './ui.ts'

const benchmarks: readonly Benchmark[] = [startUp, memory, orders, settlement, auction, priceDiscovery, attacksBenchmark, storage, load, ui]
const names = benchmarks.map(({ name }) => name).join(', ')
const usage = 'Use: npm run bench -- NAME [--json] [--minutes N]'

const ratioOf = ({ figure, floor }: Measurement): number => figure / floor

const round = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)

const show = (name: string, found: Measurement): string => {
  const number = (value: number): string => `${round(value)} ${found.unit}`
  const details = found.details ?? []
  const width = Math.max(0, ...details.map((detail) => detail.name.length))
  return [
    name,
    `  figure   ${number(found.figure)}   ${found.figureIs}`,
    `  floor    ${number(found.floor)}   ${found.floorIs}`,
    `  ratio    ${ratioOf(found).toFixed(2)}`,
    `  goal     ${found.goalText}: ${found.goalMet ? 'met' : 'missed'}`,
    ...details.map((detail) => `           ${detail.name.padEnd(width)}  ${round(detail.value)} ${detail.unit}`),
  ].join('\n')
}
const showMachine = (): string => {
  const machine = describeMachine()
  return `  machine  ${machine.cores} × ${machine.processor}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}`
}

const main = async (): Promise<void> => {
  const options = parseOptions(process.argv.slice(2), { json: { type: 'boolean' }, minutes: { type: 'string' } }, usage, 1)
  if (!options.ok) return exitWithUsage(options.error)
  const { values, positionals } = options.value
  const [name] = positionals
  if (name === undefined) return console.log(benchmarks.map((one) => `${one.name.padEnd(16)} ${one.about}`).join('\n'))
  const benchmark = benchmarks.find((one) => one.name === name)
  if (benchmark === undefined)
    return exitWithUsage({ code: 'unknown-benchmark', message: `There is no benchmark “${name}”; there are ${names}.` })
  const minutes = integerOption('minutes', values['minutes'], 1, 24 * 60)
  if (!minutes.ok) return exitWithUsage(minutes.error)
  const built = await build()
  if (!built.ok) throw new Error(built.output)
  const result = await benchmark.run({ minutes: minutes.value })
  const found = Array.isArray(result) ? (result as readonly Measurement[]) : [result as Measurement]
  console.log(
    values['json'] === true
      ? JSON.stringify({ name, machine: describeMachine(), measurements: found.map((one) => ({ ...one, ratio: ratioOf(one) })) })
      : [...found.map((one) => show(name, one)), showMachine()].join('\n'),
  )
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
