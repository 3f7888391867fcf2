import { unreachable } from '../platform/assert.ts'

/**
 * When somebody last read the published terms that the table and the consent texts follow. `npm run check` fails once this is older
 * than `maxTermsAgeDays`: read them again, change what has changed, give changed texts a new version, and write the new day here.
 */
export const termsReview = {
  readOn: '2026-11-20',
  sources: [
    { title: 'Usage Policy, effective 2026-11-12', url: 'https://www.anthropic.com/legal/aup' },
    { title: 'Consumer Terms of Service', url: 'https://www.anthropic.com/legal/consumer-terms' },
    { title: 'Commercial Terms of Service', url: 'https://www.anthropic.com/legal/commercial-terms' },
    { title: 'Claude Code: legal and compliance', url: 'https://code.claude.com/docs/en/legal-and-compliance' },
  ],
} as const
export const maxTermsAgeDays = 60

/**
 * Who may run whose work on which backend, as data: the app shows this table and decides by it. It follows the published terms
 * (read November 2026). The default is refuse, and a refusal has no toggle. Signed consents hold a backend's place in this list, so a
 * new one goes to the end.
 */
export const backends = [
  'practice',
  'local-model',
  'anthropic-api',
  'claude-cli-api-key',
  'claude-cli-personal-login',
  'claude-cli-seat-login',
  'web-session',
  'claude-by-local-server',
] as const
/**
 * `web-session` stands for claude.ai cookies, `sk-ant-oat…` tokens and admin keys; `claude-by-local-server` for a program on this
 * computer that passes tasks on to Claude as if it were a local model, with whatever login it has.
 */
export type PolicyBackend = (typeof backends)[number]

export const relations = ['own', 'organisation', 'community'] as const
export type Relation = (typeof relations)[number]

export type PolicyCell =
  | { readonly kind: 'allow' }
  | { readonly kind: 'allow-started-by-user' }
  | { readonly kind: 'allow-after-attestation' }
  /** Each task is approved by hand until the user turns that off. */
  | { readonly kind: 'ask-unless-waived' }
  /** Refused until an approval in writing by Anthropic is recorded; even then each task is approved by hand. */
  | { readonly kind: 'ask-after-vendor-approval' }
  | { readonly kind: 'refuse'; readonly sentence: string }

const allow: PolicyCell = { kind: 'allow' }
const startedByUser: PolicyCell = { kind: 'allow-started-by-user' }
const attested: PolicyCell = { kind: 'allow-after-attestation' }
const refuse = (sentence: string): PolicyCell => ({ kind: 'refuse', sentence })

const personalLogin = refuse(
  'A Free, Pro or Max login may not run the work of other people (Usage Policy, Consumer Terms). Nothing can switch this on.',
)
const seatLogin = refuse("The published terms do not say that a Team or Enterprise seat may run other people's work, so it does not.")
/** Also what the executor says when a server lets on that its model is Claude. */
export const claudeByLocalServer =
  'Claude is not served through a local model server, because nobody can tell whose login it uses. Use an API key or a local model.'
const localClaude = refuse(claudeByLocalServer)
const webSession = refuse('Web sessions, login tokens and admin keys are never used. Use an API key or a local model.')

export const policyTable: Readonly<Record<PolicyBackend, Readonly<Record<Relation, PolicyCell>>>> = {
  practice: { own: allow, organisation: allow, community: allow },
  'local-model': { own: allow, organisation: allow, community: { kind: 'ask-unless-waived' } },
  'anthropic-api': { own: allow, organisation: attested, community: { kind: 'ask-after-vendor-approval' } },
  'claude-cli-api-key': {
    own: allow,
    organisation: attested,
    community: refuse('The Claude Code program may not serve strangers. Use a local model for them.'),
  },
  'claude-cli-personal-login': { own: startedByUser, organisation: personalLogin, community: personalLogin },
  'claude-cli-seat-login': { own: startedByUser, organisation: seatLogin, community: seatLogin },
  'web-session': { own: webSession, organisation: webSession, community: webSession },
  'claude-by-local-server': { own: localClaude, organisation: localClaude, community: localClaude },
}

/** By its name, or by whose the server says it is; a server that hides both cannot be seen through, and the consent says so. */
export const isClaude = (model: string, owner: string | null = null): boolean => /claude/i.test(model) || /anthropic/i.test(owner ?? '')

/** Anthropic's approval in writing; whoever records it has the letter. */
export type VendorApproval = {
  readonly reference: string
  /** Such as 2026-11-20. */
  readonly approvedOn: string
  readonly scope: string
  readonly recordedAtMs: number
}

export type PolicySituation = {
  readonly backend: PolicyBackend
  readonly relation: Relation
  /** This member attested to be an authorised user of the organisation's Anthropic account. */
  readonly organisationAttested: boolean
  readonly vendorApproval: VendorApproval | null
  /** The user turned the approval of each task off; only the cells that say so heed it. */
  readonly approvalWaived: boolean
  /** The task was begun by this user here and now, not by a schedule or another device. */
  readonly startedByUser: boolean
  /** A signed consent for this backend stands (consent.ts). */
  readonly consentValid: boolean
}

export type PolicyDecision = {
  readonly verdict: 'allow' | 'ask' | 'refuse'
  /** Stable: `backend/relation`, or `consent`. */
  readonly rule: string
  readonly sentence: string
}

/** The table comes first: no consent makes a refused cell allowed. */
export const decide = (situation: PolicySituation): PolicyDecision => {
  const rule = `${situation.backend}/${situation.relation}`
  const decision = { rule, ...decideCell(policyTable[situation.backend][situation.relation], situation) }
  if (decision.verdict === 'refuse' || situation.consentValid) return decision
  return {
    verdict: 'refuse',
    rule: 'consent',
    sentence: 'Nothing is served before you have read and accepted the consent for this backend.',
  }
}

const decideCell = (cell: PolicyCell, situation: PolicySituation): Omit<PolicyDecision, 'rule'> => {
  switch (cell.kind) {
    case 'allow':
      return { verdict: 'allow', sentence: 'Allowed.' }
    case 'allow-started-by-user':
      return situation.startedByUser
        ? { verdict: 'allow', sentence: 'Allowed: your own task, started by you, in your own program.' }
        : { verdict: 'refuse', sentence: 'With this login only tasks that you start yourself may run.' }
    case 'allow-after-attestation':
      return situation.organisationAttested
        ? { verdict: 'allow', sentence: 'Allowed inside the organisation, for its own authorised users.' }
        : { verdict: 'refuse', sentence: "First attest that you are an authorised user of the organisation's Anthropic account." }
    case 'ask-unless-waived':
      return situation.approvalWaived
        ? { verdict: 'allow', sentence: 'Allowed: you turned the approval of each task off.' }
        : { verdict: 'ask', sentence: 'Each task of a stranger needs your approval until you turn that off.' }
    case 'ask-after-vendor-approval':
      return situation.vendorApproval !== null
        ? { verdict: 'ask', sentence: 'Anthropic approved this in writing; each task still needs your approval.' }
        : { verdict: 'refuse', sentence: 'API keys may not serve strangers without a written approval by Anthropic. Use a local model.' }
    case 'refuse':
      return { verdict: 'refuse', sentence: cell.sentence }
    default:
      return unreachable(cell)
  }
}

/** A cell of the table in words, for the page that shows it. */
export const describeCell = (cell: PolicyCell): string => {
  switch (cell.kind) {
    case 'allow':
      return 'Allowed.'
    case 'allow-started-by-user':
      return 'Only tasks that you start yourself, in your own program.'
    case 'allow-after-attestation':
      return "Allowed between members who attested to be authorised users of the organisation's Anthropic account."
    case 'ask-unless-waived':
      return 'Each task needs your approval until you turn that off.'
    case 'ask-after-vendor-approval':
      return 'Refused until a written approval by Anthropic is recorded; then each task needs your approval.'
    case 'refuse':
      return cell.sentence
    default:
      return unreachable(cell)
  }
}

/**
 * A practice federation counts as strangers unless both sides are the same person's: its genesis is a file like any other, and
 * calling itself practice must not open a door.
 */
export const relationOf = (federationKind: 'practice' | 'organisation' | 'community', sameOwner: boolean): Relation =>
  sameOwner ? 'own' : federationKind === 'organisation' ? 'organisation' : 'community'
