import type { ProviderChoice } from '../contract/provider.ts'
import type { BackendId } from './choice-store.ts'
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
  /** Whom it is about, where it is not all of them. */
  readonly backend: DiagnosedBackend | null
  readonly isFine: boolean
  readonly finding: string
  /** What to do about it; null when nothing has to be done. */
  readonly remedy: string | null
}
export type DiagnosedBackend = { readonly id: BackendId; readonly kind: ProviderChoice['backend']['kind']; readonly model: string }
/** One that is on, or will be by itself. */
export type BackendFacts = DiagnosedBackend & {
  readonly hold: Hold | null
  /** Why it cannot offer what it should. */
  readonly problem: string | null
  /** Of its cheapest offer among all offers of its class, from 1; null without one. */
  readonly priceRank: { readonly rank: number; readonly of: number; readonly classKey: string } | null
  /** The best bound among others who offer the same class; null when there is nobody else. */
  readonly bestReputationPpm: number | null
  readonly demand: readonly DemandCount[]
}
export type DiagnosisFacts = {
  readonly state: 'stopped' | 'starting' | 'running' | 'paused' | 'stopping'
  readonly connectedPeers: number
  readonly activeOffers: number
  /** The bound by which bids are ranked, in parts per million. */
  readonly reputationPpm: number
  /** Of all backends as one provider. */
  readonly demand: readonly DemandCount[]
  readonly backends: readonly BackendFacts[]
}

const holdSteps: Readonly<Record<string, DiagnosisStep>> = {
  consent: 'consent',
  backend: 'backend',
  maintenance: 'backend',
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

/** In order. What holds for every backend is said once; where only some are wrong, each of those has its own line. */
export const diagnose = (facts: DiagnosisFacts): readonly DiagnosisCheck[] => {
  const backends = facts.backends.length > 0 ? facts.backends : [nothingOn]
  return diagnosisSteps.flatMap((step): readonly DiagnosisCheck[] => {
    const wrong = backends.flatMap((one) => {
      const finding = problemOf(step, { ...facts, ...one, demandOfAll: facts.demand })
      return finding === null ? [] : [{ backend: { id: one.id, kind: one.kind, model: one.model }, finding }]
    })
    const [first] = wrong
    if (first === undefined) return [{ step, backend: null, isFine: true, finding: fineWords(step, facts), remedy: null }]
    const isShared = wrong.length === backends.length && wrong.every(({ finding }) => finding === first.finding)
    const shown = isShared ? [{ backend: null, finding: first.finding }] : wrong
    return shown.map((one) => ({ step, ...one, isFine: false, remedy: remedies[step] }))
  })
}
const nothingOn: BackendFacts = {
  id: 0,
  kind: 'practice',
  model: '',
  hold: null,
  problem: null,
  priceRank: null,
  bestReputationPpm: null,
  demand: [],
}

type Seen = Omit<DiagnosisFacts, 'backends'> & BackendFacts & { readonly demandOfAll: readonly DemandCount[] }
type Problem = (seen: Seen) => string | null
const sumOf = (demand: readonly DemandCount[]): number => demand.reduce((sum, { count }) => sum + count, 0)
const countOf = ({ demand }: Pick<Seen, 'demand'>, outcomes: readonly string[]): number =>
  sumOf(demand.filter(({ outcome }) => outcomes.includes(outcome)))
/** A request that became a task was heard once. */
const heardOf = ({ demand }: Pick<Seen, 'demand'>): number => sumOf(demand.filter(({ outcome }) => outcome !== 'task'))
/** In the last hour this backend bid, and nothing came of it. */
const wonNothing = (seen: Seen): boolean => countOf(seen, ['bid']) > 0 && countOf(seen, ['task']) === 0
const hasBid = (seen: Seen): boolean => countOf(seen, ['bid', 'task']) > 0

const overCaps: Problem = (seen) => {
  const refused = countOf(seen, capRules)
  return refused > 0 && !hasBid(seen) ? `All ${refused} requests of the last hour were over a cap of yours.` : null
}
const tooDear: Problem = (seen) => {
  const [refused, left, { priceRank }] = [countOf(seen, ['limit-too-low']), countOf(seen, ['own-is-cheaper']), seen]
  if (refused > 0 && !hasBid(seen)) return `${refused} requests of the last hour had a lower price limit than your price.`
  if (left > 0 && !hasBid(seen)) return `${left} requests of the last hour went to a cheaper backend of yours.`
  if (priceRank === null || priceRank.rank === 1 || !wonNothing(seen)) return null
  return `You bid in the last hour and won nothing; ${priceRank.rank - 1} of ${priceRank.of} offers for ${priceRank.classKey} are cheaper.`
}
const lessKnown: Problem = (seen) =>
  seen.bestReputationPpm !== null && wonNothing(seen) && seen.reputationPpm < seen.bestReputationPpm
    ? 'You bid and won nothing, and others who offer the same have shown more.'
    : null
const notAsked: Problem = (seen) => {
  // One that was held has heard nothing: what the others heard says more than that nobody asked.
  const heard = seen.demand.length > 0 ? seen : { demand: seen.demandOfAll }
  const asked = heardOf(heard)
  if (asked === 0) return 'Nobody asked for anything in the last hour.'
  return countOf(heard, ['no-offer-for-class']) === asked ? 'All requests of the last hour were for classes that you do not offer.' : null
}
const problems: Partial<Readonly<Record<DiagnosisStep, Problem>>> = {
  switch: ({ state }) => {
    if (state === 'running' || state === 'starting') return null
    return state === 'paused' ? 'Provider mode is paused.' : 'Provider mode is off.'
  },
  backend: ({ problem }) => problem,
  caps: overCaps,
  reachability: ({ connectedPeers }) => (connectedPeers === 0 ? 'No other member can be reached.' : null),
  price: tooDear,
  reputation: lessKnown,
  demand: notAsked,
}

const problemOf = (step: DiagnosisStep, seen: Seen): string | null => {
  const { hold } = seen
  const isHeldHere = hold !== null && (holdSteps[hold.rule] ?? 'policy') === step
  return isHeldHere ? hold.reason : (problems[step]?.(seen) ?? null)
}

const fineWords = (step: DiagnosisStep, { activeOffers, connectedPeers, backends, demand }: DiagnosisFacts): string => {
  switch (step) {
    case 'switch':
      return `Provider mode is on, with ${activeOffers} ${activeOffers === 1 ? 'offer' : 'offers'}.`
    case 'reachability':
      return `${connectedPeers} ${connectedPeers === 1 ? 'member is' : 'members are'} connected.`
    case 'price': {
      const ranks = backends.flatMap(({ priceRank }) => (priceRank === null ? [] : [priceRank]))
      const places = [...new Set(ranks.map(({ rank, of, classKey }) => `number ${rank} of ${of} for ${classKey}`))]
      return places.length === 0 ? 'There is nothing to compare with.' : `Your price is ${places.join(', ')}.`
    }
    case 'demand':
      return `${heardOf({ demand })} requests were heard in the last hour.`
    default:
      return 'Nothing stands in the way here.'
  }
}
