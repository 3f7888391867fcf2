import { expect, test } from 'vitest'
import { answerOf, diagnose, diagnosisSteps, type DiagnosisFacts, type DiagnosisStep } from './diagnosis.ts'

const fine: DiagnosisFacts = {
  state: 'running',
  hold: null,
  connectedPeers: 3,
  activeOffers: 1,
  priceRank: { rank: 1, of: 4, classKey: 'm' },
  reputationPpm: 900_000,
  bestReputationPpm: 800_000,
  demand: [
    { outcome: 'bid', count: 5 },
    { outcome: 'task', count: 2 },
  ],
}
const stepOf = (change: Partial<DiagnosisFacts>): DiagnosisStep | null => answerOf(diagnose({ ...fine, ...change }))?.step ?? null
const hold = (rule: string) => ({ hold: { rule, reason: `Because of ${rule}.` } })
const bidsOnly = { demand: [{ outcome: 'bid', count: 5 }] }

test.each<[DiagnosisStep | null, Partial<DiagnosisFacts>]>([
  [null, {}],
  ['switch', { state: 'stopped', ...hold('hours') }],
  ['switch', { state: 'paused' }],
  ['consent', hold('consent')],
  ['policy', hold('anthropic-api/community')],
  ['backend', hold('backend')],
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
  ['reachability', { connectedPeers: 0 }],
  ['price', { demand: [{ outcome: 'limit-too-low', count: 3 }] }],
  ['price', { ...bidsOnly, priceRank: { rank: 3, of: 4, classKey: 'm' } }],
  ['reputation', { ...bidsOnly, reputationPpm: 100_000 }],
  ['demand', { demand: [] }],
  ['demand', { demand: [{ outcome: 'no-offer-for-class', count: 9 }] }],
])('the actual reason is "%s" for %o', (step, change) => {
  expect(stepOf(change)).toBe(step)
})

test('every step is checked in order and says something, and whatever is wrong has a remedy', () => {
  const checks = diagnose({ ...fine, state: 'stopped', ...hold('hours'), connectedPeers: 0, demand: [] })
  expect(checks.map(({ step }) => step)).toEqual(diagnosisSteps)
  expect(checks.filter(({ finding }) => !/^[A-Z0-9].*\.$/.test(finding))).toEqual([])
  expect(checks.filter(({ isFine, remedy }) => isFine !== (remedy === null))).toEqual([])
  expect(checks.filter(({ isFine }) => !isFine).map(({ step }) => step)).toEqual(['switch', 'hours', 'reachability', 'demand'])
})
