import { describe, expect, test } from 'vitest'
import { backends, decide, policyTable, relationOf, relations, type PolicyBackend, type PolicySituation, type Relation } from './policy.ts'

const flags = [false, true]
const approval = { reference: 'letter 1', approvedOn: '2026-11-20', recordedAtMs: 1_790_000_000_000, scope: 'all members' }

/** Every combination of everything that can influence the verdict. */
const allSituations = (backend: PolicyBackend, relation: Relation): readonly PolicySituation[] =>
  flags.flatMap((organisationAttested) =>
    [null, approval].flatMap((vendorApproval) =>
      flags.flatMap((approvalWaived) =>
        flags.flatMap((startedByUser) =>
          flags.map((consentValid) => ({
            backend,
            relation,
            organisationAttested,
            vendorApproval,
            approvalWaived,
            startedByUser,
            consentValid,
          })),
        ),
      ),
    ),
  )

/** The table of the policy in its own words, written down a second time; `?` after a condition means "refuse unless". */
const expected: Readonly<Record<PolicyBackend, Readonly<Record<Relation, string>>>> = {
  practice: { own: 'allow', organisation: 'allow', community: 'allow' },
  'local-model': { own: 'allow', organisation: 'allow', community: 'ask, allow when waived' },
  'anthropic-api': { own: 'allow', organisation: 'attested? allow', community: 'approved? ask' },
  'claude-cli-api-key': { own: 'allow', organisation: 'attested? allow', community: 'refuse' },
  'claude-cli-personal-login': { own: 'started? allow', organisation: 'refuse', community: 'refuse' },
  'claude-cli-seat-login': { own: 'started? allow', organisation: 'refuse', community: 'refuse' },
  'web-session': { own: 'refuse', organisation: 'refuse', community: 'refuse' },
  'claude-by-local-server': { own: 'refuse', organisation: 'refuse', community: 'refuse' },
}

const verdictByWords = (words: string, situation: PolicySituation): string => {
  if (words.startsWith('attested?') && !situation.organisationAttested) return 'refuse'
  if (words.startsWith('approved?') && situation.vendorApproval === null) return 'refuse'
  if (words.startsWith('started?') && !situation.startedByUser) return 'refuse'
  if (words === 'refuse' || !situation.consentValid) return 'refuse'
  if (words === 'ask, allow when waived') return situation.approvalWaived ? 'allow' : 'ask'
  return words.endsWith('ask') ? 'ask' : 'allow'
}

describe.each(backends)('%s', (backend) => {
  test.each(relations)('for %s is decided as the policy says, in every combination', (relation) => {
    const situations = allSituations(backend, relation)
    expect(situations).toHaveLength(32)
    const wrong = situations.filter((situation) => decide(situation).verdict !== verdictByWords(expected[backend][relation], situation))
    expect(wrong).toEqual([])
  })
})

test('no combination lets a personal login, a seat, a web session or a local proxy run the work of others', () => {
  const verdicts = (['claude-cli-personal-login', 'claude-cli-seat-login', 'web-session', 'claude-by-local-server'] as const).flatMap(
    (backend) =>
      (['organisation', 'community'] as const).flatMap((relation) =>
        allSituations(backend, relation).map((situation) => decide(situation).verdict),
      ),
  )
  expect(new Set(verdicts)).toEqual(new Set(['refuse']))
})

test('without consent nothing is served, and the rule says whether consent would help', () => {
  const situation = allSituations('practice', 'own')[0] as PolicySituation
  expect(decide({ ...situation, consentValid: false }).rule).toBe('consent')
  expect(decide({ ...situation, backend: 'web-session', consentValid: false }).rule).toBe('web-session/own')
})

test('every decision has a sentence for people', () => {
  const decisions = backends.flatMap((backend) => relations.flatMap((relation) => allSituations(backend, relation).map(decide)))
  expect(decisions.filter(({ sentence }) => !/^[A-Z].*\.$/.test(sentence))).toEqual([])
})

test('the table that the app shows has no refusal without a reason', () => {
  const cells = backends.flatMap((backend) => relations.map((relation) => policyTable[backend][relation]))
  expect(cells).toHaveLength(24)
  expect(cells.filter((cell) => cell.kind === 'refuse' && cell.sentence === '')).toEqual([])
})

test('a federation that calls itself practice makes nobody an owner', () => {
  expect([relationOf('practice', false), relationOf('organisation', false), relationOf('community', false)]).toEqual([
    'community',
    'organisation',
    'community',
  ])
  expect(relationOf('community', true)).toBe('own')
})
