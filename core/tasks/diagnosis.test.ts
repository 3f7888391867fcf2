import { expect, test } from 'vitest'
import { diagnose, diagnosisSteps, type BackendFacts, type DiagnosisFacts, type DiagnosisStep } from './diagnosis.ts'

const heard = [
  { outcome: 'bid', count: 5 },
  { outcome: 'task', count: 2 },
]
const well: BackendFacts = {
  id: 1,
  kind: 'local',
  model: 'small',
  hold: null,
  problem: null,
  priceRank: { rank: 1, of: 4, classKey: 'm' },
  bestReputationPpm: 800_000,
  demand: heard,
}
const fine: DiagnosisFacts = {
  state: 'running',
  connectedPeers: 3,
  activeOffers: 1,
  reputationPpm: 900_000,
  demand: heard,
  backends: [well],
}
const wrongIn = (facts: Partial<DiagnosisFacts>) => diagnose({ ...fine, ...facts }).filter(({ isFine }) => !isFine)
const hold = (rule: string) => ({ hold: { rule, reason: `Because of ${rule}.` } })
const bidsOnly = { demand: [{ outcome: 'bid', count: 5 }] }

test.each<[DiagnosisStep | null, Partial<BackendFacts>, Partial<DiagnosisFacts>?]>([
  [null, {}],
  ['switch', hold('hours'), { state: 'stopped' }],
  ['switch', {}, { state: 'paused' }],
  ['backend', hold('backend'), { state: 'starting' }],
  ['consent', hold('consent')],
  ['policy', hold('anthropic-api/community')],
  ['backend', hold('backend')],
  ['backend', hold('maintenance')],
  ['backend', { problem: 'The class is taken.' }],
  ['hours', hold('hours')],
  ['owner', hold('battery')],
  ['caps', hold('money-a-day')],
  ['caps', { demand: [{ outcome: 'money-a-day', count: 4 }] }],
  ['caps', { demand: [{ outcome: 'too-large', count: 4 }] }],
  [
    null,
    {
      demand: [
        { outcome: 'money-a-day', count: 4 },
        { outcome: 'task', count: 1 },
      ],
    },
  ],
  ['reachability', {}, { connectedPeers: 0 }],
  ['price', { demand: [{ outcome: 'limit-too-low', count: 3 }] }],
  ['price', { demand: [{ outcome: 'own-is-cheaper', count: 3 }] }],
  ['price', { ...bidsOnly, priceRank: { rank: 3, of: 4, classKey: 'm' } }],
  ['reputation', bidsOnly, { reputationPpm: 100_000 }],
  ['demand', { demand: [] }, { demand: [] }],
  ['demand', { demand: [{ outcome: 'no-offer-for-class', count: 9 }] }],
])('the actual reason is "%s" for %o %o', (step, backend, facts = {}) => {
  const [first] = wrongIn({ ...facts, backends: [{ ...well, ...backend }] })
  expect([first?.step ?? null, first?.backend ?? null]).toEqual([step, null])
})

test('every step is checked in order and says something, and whatever is wrong has a remedy', () => {
  const checks = diagnose({
    ...fine,
    state: 'stopped',
    connectedPeers: 0,
    demand: [],
    backends: [{ ...well, ...hold('hours'), demand: [] }],
  })
  expect(checks.map(({ step }) => step)).toEqual(diagnosisSteps)
  expect(checks.filter(({ finding }) => !/^[A-Z0-9].*\.$/.test(finding))).toEqual([])
  expect(checks.filter(({ isFine, remedy }) => isFine !== (remedy === null))).toEqual([])
  expect(checks.filter(({ isFine }) => !isFine).map(({ step }) => step)).toEqual(['switch', 'hours', 'reachability', 'demand'])
})

test('with nothing on, what is asked for is told all the same', () => {
  expect(wrongIn({ state: 'stopped', backends: [] }).map(({ step }) => step)).toEqual(['switch'])
  expect(wrongIn({ state: 'stopped', backends: [], demand: [] }).map(({ step }) => step)).toEqual(['switch', 'demand'])
})

test('of several backends each has its own reason and remedy, what they share is said once, and none has a line where it is well', () => {
  const large = { ...well, id: 2, model: 'large', priceRank: { rank: 3, of: 4, classKey: 'l' }, ...bidsOnly }
  const held = { ...well, id: 3, model: 'held', ...hold('hours'), priceRank: null, demand: [] }
  const shared = { rule: 'battery', reason: 'The computer runs on battery.' }
  const told = (facts: Partial<DiagnosisFacts>) => wrongIn(facts).map(({ step, backend, finding }) => [step, backend?.model, finding])
  expect(told({ backends: [well, large, held] })).toEqual([
    ['hours', 'held', 'Because of hours.'],
    ['price', 'large', 'You bid in the last hour and won nothing; 2 of 4 offers for l are cheaper.'],
  ])
  expect(told({ backends: [well, large].map((one) => ({ ...one, demand: heard, hold: shared })) })).toEqual([
    ['owner', undefined, shared.reason],
  ])
  expect(wrongIn({ backends: [well, held] }).map(({ remedy }) => remedy)).toEqual([
    'Wait for the next hour that you allow, or allow more hours.',
  ])
  const price = diagnose({ ...fine, backends: [well, { ...large, demand: heard }] }).find(({ step }) => step === 'price')
  expect(price).toMatchObject({ backend: null, isFine: true, finding: 'Your price is number 1 of 4 for m, number 3 of 4 for l.' })
})
