import type { DemandCount } from './demand.ts'
import type { Hold } from './serving-rules.ts'

/** Why a provider gets no work, checked in the order in which things have to be right. Pure: everything it goes by is passed in. */
export const diagnosisSteps = [
  'switch',
  'policy',
  'consent',
  'backend',
  'hours',
  'owner',
  'caps',
  'reachability',
  'price',
  'reputation',
  'demand',
] as const
export type DiagnosisStep = (typeof diagnosisSteps)[number]
export type DiagnosisCheck = {
  readonly step: DiagnosisStep
  readonly isFine: boolean
  readonly finding: string
  /** What to do about it; null when nothing has to be done. */
  readonly remedy: string | null
}
export type DiagnosisFacts = {
  readonly state: 'stopped' | 'starting' | 'running' | 'paused' | 'stopping'
  readonly hold: Hold | null
  readonly connectedPeers: number
  readonly activeOffers: number
  /** Of my cheapest offer among all offers of its class, from 1; null without one. */
  readonly priceRank: { readonly rank: number; readonly of: number; readonly classKey: string } | null
  /** The bound by which bids are ranked, in parts per million. */
  readonly reputationPpm: number
  /** The best bound among others who offer the same class; null when there is nobody else. */
  readonly bestReputationPpm: number | null
  readonly demand: readonly DemandCount[]
}

const holdSteps: Readonly<Record<string, DiagnosisStep>> = {
  consent: 'consent',
  backend: 'backend',
  hours: 'hours',
  idle: 'owner',
  battery: 'owner',
  metered: 'owner',
  'tasks-a-day': 'caps',
  'tokens-a-day': 'caps',
  'money-a-day': 'caps',
  'money-a-month': 'caps',
}
const remedies: Readonly<Record<DiagnosisStep, string>> = {
  switch: 'Switch provider mode on, or resume it.',
  policy: 'Choose another backend: the policy page says which may serve whom here.',
  consent: 'Read the consent for this backend again and agree to it, if you still do.',
  backend: 'Put the backend right, then resume provider mode.',
  hours: 'Wait for the next hour that you allow, or allow more hours.',
  owner: 'Change your own rules, if you want to serve now.',
  caps: 'Wait until the oldest task is a day old, or raise the cap.',
  reachability: 'Check the connection: the network page says who can be reached.',
  price: 'Lower the price, or wait until the cheaper ones are busy.',
  reputation: 'Complete tasks; a newcomer gets small ones first.',
  demand: 'Nobody asks for this class at the moment. Offer another class, or wait.',
}
const capRules: readonly string[] = ['tasks-a-day', 'tokens-a-day', 'money-a-day', 'money-a-month', 'concurrency', 'task-size', 'too-large']

export const diagnose = (facts: DiagnosisFacts): readonly DiagnosisCheck[] =>
  diagnosisSteps.map((step) => {
    const wrong = problemOf(step, facts)
    return wrong === null
      ? { step, isFine: true, finding: fineWords(step, facts), remedy: null }
      : { step, isFine: false, finding: wrong, remedy: remedies[step] }
  })

/** The first thing that is wrong; null when nothing is. */
export const answerOf = (checks: readonly DiagnosisCheck[]): DiagnosisCheck | null => checks.find(({ isFine }) => !isFine) ?? null

type Problem = (facts: DiagnosisFacts) => string | null
const countOf = ({ demand }: DiagnosisFacts, outcomes: readonly string[] | null = null): number =>
  demand.filter(({ outcome }) => outcomes?.includes(outcome) ?? true).reduce((sum, { count }) => sum + count, 0)
/** In the last hour this provider bid, and nothing came of it. */
const wonNothing = (facts: DiagnosisFacts): boolean => countOf(facts, ['bid']) > 0 && countOf(facts, ['task']) === 0
const hasBid = (facts: DiagnosisFacts): boolean => countOf(facts, ['bid', 'task']) > 0

const overCaps: Problem = (facts) => {
  const refused = countOf(facts, capRules)
  return refused > 0 && !hasBid(facts) ? `All ${refused} requests of the last hour were over a cap of yours.` : null
}
const tooDear: Problem = (facts) => {
  const [refused, { priceRank }] = [countOf(facts, ['limit-too-low']), facts]
  if (refused > 0 && !hasBid(facts)) return `${refused} requests of the last hour had a lower price limit than your price.`
  if (priceRank === null || priceRank.rank === 1 || !wonNothing(facts)) return null
  return `You bid in the last hour and won nothing; ${priceRank.rank - 1} of ${priceRank.of} offers for ${priceRank.classKey} are cheaper.`
}
const lessKnown: Problem = (facts) =>
  facts.bestReputationPpm !== null && wonNothing(facts) && facts.reputationPpm < facts.bestReputationPpm
    ? 'You bid and won nothing, and others who offer the same have shown more.'
    : null
const notAsked: Problem = (facts) => {
  const asked = countOf(facts)
  if (asked === 0) return 'Nobody asked for anything in the last hour.'
  return countOf(facts, ['no-offer-for-class']) === asked ? 'All requests of the last hour were for classes that you do not offer.' : null
}
const problems: Partial<Readonly<Record<DiagnosisStep, Problem>>> = {
  switch: ({ state }) => (state === 'running' ? null : state === 'paused' ? 'Provider mode is paused.' : 'Provider mode is off.'),
  caps: overCaps,
  reachability: ({ connectedPeers }) => (connectedPeers === 0 ? 'No other member can be reached.' : null),
  price: tooDear,
  reputation: lessKnown,
  demand: notAsked,
}

const problemOf = (step: DiagnosisStep, facts: DiagnosisFacts): string | null => {
  const { hold } = facts
  const isHeldHere = hold !== null && (holdSteps[hold.rule] ?? 'policy') === step
  return isHeldHere ? hold.reason : (problems[step]?.(facts) ?? null)
}

const fineWords = (step: DiagnosisStep, { activeOffers, connectedPeers, priceRank, demand }: DiagnosisFacts): string => {
  switch (step) {
    case 'switch':
      return `Provider mode is on, with ${activeOffers} ${activeOffers === 1 ? 'offer' : 'offers'}.`
    case 'reachability':
      return `${connectedPeers} ${connectedPeers === 1 ? 'member is' : 'members are'} connected.`
    case 'price':
      return priceRank === null
        ? 'There is nothing to compare with.'
        : `Your price is number ${priceRank.rank} of ${priceRank.of} for ${priceRank.classKey}.`
    case 'demand':
      return `${demand.reduce((sum, { count }) => sum + count, 0)} requests were heard in the last hour.`
    default:
      return 'Nothing stands in the way here.'
  }
}
