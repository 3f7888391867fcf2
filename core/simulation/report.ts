import type { CampaignResult } from './campaign.ts'
import type { FailedSeed } from './chunk.ts'

/** For people: what broke, the end of the trace, and the smallest schedule that still breaks it. */
export const describeFailure = ({ seed, violation, plan, trace }: FailedSeed): string =>
  [
    `seed ${seed} breaks “${violation.rule}”: ${violation.detail}`,
    ...trace.slice(-shownLines).map((line) => `  ${line}`),
    ...(trace.length === 0 ? [] : [`  the smallest schedule found (${plan.events.length} events): ${JSON.stringify(plan)}`]),
  ].join('\n')
const shownLines = 60

export const describeCampaign = (result: CampaignResult, workers: number): string => {
  const states = [...result.reached].toSorted(([, a], [, b]) => a - b)
  const rate = result.runs / (result.elapsedMs / 1_000)
  return [
    `${result.runs} seeds in ${seconds(result.elapsedMs)}: ${rate.toFixed(1)} a second on ${workers} threads`,
    `${result.events} events, ${result.decrees} final steps, views up to ${result.highestView}, all settled within ${seconds(result.longestSettlingMs)} of the heal`,
    'states reached, in how many seeds:',
    ...states.map(([state, count]) => `  ${String(count).padStart(7)}  ${state}`),
    ...result.failures.map((failure) => `\n${describeFailure(failure)}`),
    `${result.failures.length} of ${result.runs} seeds break an invariant`,
  ].join('\n')
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
