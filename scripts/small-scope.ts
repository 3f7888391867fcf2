import { explore } from '../core/settlement/testing/small-scope.ts'
import { exitWithUsage, integerOption, parseOptions, textOption } from '../headless/options.ts'

const help =
  'Use: npm run small-scope -- [--views N] [--leaders liar,honest]. Explores every run of three honest witnesses and a liar with two values; two views take a second, three some minutes and 4 GB.'
const options = { views: { type: 'string' }, leaders: { type: 'string' } } as const

const usage = (message: string): never => exitWithUsage({ code: 'usage', message: `${message} ${help}` })

type Leader = 'liar' | 'honest'
const leaderKinds: readonly Leader[] = ['liar', 'honest']
/** Witnesses 0 to 2 are honest. An honest one that leads twice leads as two do: what it knows goes on with it. */
const placeOf = { liar: 3, honest: 0 } as const

/** Who leads views 1, 2, …: everybody in turn, if nobody is named. */
const leadersOf = (views: number, text: string | null): readonly (readonly Leader[])[] => {
  if (text !== null) {
    const named = text.split(',').map((word) => leaderKinds.find((kind) => kind === word) ?? usage(`“${word}” leads nothing.`))
    return named.length === views - 1 ? [named] : usage(`${views} views have ${views - 1} leaders.`)
  }
  return Array.from({ length: views - 1 }).reduce<readonly (readonly Leader[])[]>(
    (all) => all.flatMap((some) => leaderKinds.map((kind) => [...some, kind])),
    [[]],
  )
}

const main = (): void => {
  const parsed = parseOptions(process.argv.slice(2), options, help)
  if (!parsed.ok) return exitWithUsage(parsed.error)
  const { values } = parsed.value
  const asked = integerOption('views', values['views'], 1, 4)
  if (!asked.ok) return exitWithUsage(asked.error)
  const views = asked.value ?? 2
  for (const leaders of leadersOf(views, textOption(values, 'leaders'))) {
    const startMs = performance.now()
    const leaderOf = (view: number): number => placeOf[leaders[view - 1] ?? 'liar']
    const { states, violation, reached } = explore({ honest: 3, quorum: 3, views, leaderOf, maxStates: Number.POSITIVE_INFINITY })
    const took = `${((performance.now() - startMs) / 1_000).toFixed(0)} s`
    console.log(`${views} views, led by ${leaders.join(', ') || 'nobody'}: ${states} states in ${took}, ${violation ?? 'no violation'}`)
    console.log(`  reached: ${[...reached].toSorted().join(', ')}`)
    if (violation !== null) process.exitCode = 1
  }
}

main()
