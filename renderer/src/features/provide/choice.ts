/** What provider mode is switched on with: from what is typed to what the market is told. */
import { classKey as classKeyRule, url as urlRule } from '../../../../core/contract/primitives.ts'
import { maxConcurrent, maxOutputTokensLimit } from '../../../../core/contract/orders.ts'
import { maxMoneyCents, type BackendAddress, type ProviderChoice } from '../../../../core/contract/provider.ts'
import { formatRuv, parseRuv } from '../../format/amount.ts'
import { formatCents, parseCents, parseWhole } from '../../format/number.ts'
import { t } from '../../messages/translate.ts'
import { daysOf, hoursOf, type WeeklyHours } from './hours.ts'

type Backend = ProviderChoice['backend']
export type BackendKind = Backend['kind']
/** Where a vendor sends a bill. */
export const isBilled = (kind: BackendKind): boolean => kind === 'anthropic' || kind === 'claude-cli'

/** Where the tasks of a backend go and with which key, as far as that is written down here. */
export const reachOf = (backend: Backend): { readonly baseUrl: string | null; readonly keyRef: string | null } => {
  switch (backend.kind) {
    case 'practice':
      return { baseUrl: null, keyRef: null }
    case 'local':
      return { baseUrl: backend.baseUrl, keyRef: null }
    case 'anthropic':
      return backend
    case 'claude-cli':
      return backend.key ?? { baseUrl: null, keyRef: null }
  }
}

/** The same without its model: where to ask how it is. */
export const addressOfBackend = (backend: Backend): BackendAddress => {
  switch (backend.kind) {
    case 'practice':
      return backend
    case 'local':
      return { kind: 'local', baseUrl: backend.baseUrl }
    case 'anthropic':
      return { kind: 'anthropic', baseUrl: backend.baseUrl, keyRef: backend.keyRef }
    case 'claude-cli':
      return { kind: 'claude-cli', key: backend.key }
  }
}

/** As typed. */
export type ChoiceDraft = {
  readonly kind: BackendKind
  readonly localUrl: string
  readonly anthropicUrl: string
  readonly keyRef: string
  readonly model: string
  readonly classKey: string
  readonly perTask: string
  readonly perInput: string
  readonly perOutput: string
  readonly firstTokenSeconds: string
  readonly totalSeconds: string
  readonly concurrent: string
  readonly tasksPerDay: string
  readonly tokensPerTask: string
  readonly tokensPerDay: string
  readonly moneyPerDay: string
  readonly moneyPerMonth: string
  readonly centsIn: string
  readonly centsOut: string
  readonly hours: WeeklyHours
  readonly approveEachTask: boolean
}
export type ChoiceField = keyof ChoiceDraft
export type ChoiceErrors = Readonly<Partial<Record<ChoiceField, string>>>

export const EMPTY_CHOICE: ChoiceDraft = {
  kind: 'local',
  localUrl: 'http://127.0.0.1:11434/v1',
  anthropicUrl: 'https://api.anthropic.com',
  keyRef: '',
  model: '',
  classKey: '',
  perTask: '0.00',
  perInput: '0.02',
  perOutput: '0.10',
  firstTokenSeconds: '5',
  totalSeconds: '120',
  concurrent: '1',
  tasksPerDay: '100',
  tokensPerTask: '2048',
  tokensPerDay: '100000',
  moneyPerDay: '2.00',
  moneyPerMonth: '20.00',
  centsIn: '3.00',
  centsOut: '15.00',
  hours: { kind: 'always' },
  approveEachTask: true,
}

const PRACTICE_CLASS = 'practice-small'

/** A model's name as the key of a class: in small letters, without what a key may not have. */
export const classKeyOf = (model: string): string =>
  model
    .toLowerCase()
    .replaceAll(/[^a-z0-9.:_/-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)

/** What is being served now, to be changed. */
export const draftOf = ({ backend, caps, offers, approveEachTask }: ProviderChoice): ChoiceDraft => {
  const offer = offers[0]
  const pricing = offer?.pricing
  const { baseUrl, keyRef } = reachOf(backend)
  return {
    ...EMPTY_CHOICE,
    kind: backend.kind,
    ...(backend.kind === 'practice' ? {} : { model: backend.model }),
    ...(baseUrl === null ? {} : { [backend.kind === 'local' ? 'localUrl' : 'anthropicUrl']: baseUrl }),
    keyRef: keyRef ?? '',
    classKey: offer?.classKey ?? '',
    perTask: formatRuv(pricing?.perTaskMicro ?? 0n),
    perInput: formatRuv(pricing?.perThousandInputTokensMicro ?? 0n),
    perOutput: formatRuv(pricing?.perThousandOutputTokensMicro ?? 0n),
    ...(offer === undefined
      ? {}
      : { firstTokenSeconds: String(offer.promise.firstTokenMs / 1_000), totalSeconds: String(offer.promise.totalMs / 1_000) }),
    concurrent: String(caps.concurrent),
    tasksPerDay: String(caps.tasksPerDay),
    tokensPerTask: String(caps.outputTokensPerTask),
    tokensPerDay: String(caps.outputTokensPerDay),
    moneyPerDay: formatCents(caps.moneyPerDayCents),
    moneyPerMonth: formatCents(caps.moneyPerMonthCents),
    centsIn: formatCents(caps.centsPerMillionInputTokens),
    centsOut: formatCents(caps.centsPerMillionOutputTokens),
    hours: hoursOf(caps.weeklyHours),
    approveEachTask,
  }
}

/** Where to ask what a backend can run; null while its address is not one. */
export const addressOf = (draft: ChoiceDraft): BackendAddress | null => {
  if (draft.kind === 'practice') return { kind: 'practice' }
  const baseUrl = (draft.kind === 'local' ? draft.localUrl : draft.anthropicUrl).trim()
  if (!urlRule.safeParse(baseUrl).success) return null
  if (draft.kind === 'local') return { kind: 'local', baseUrl }
  if (draft.keyRef === '') return null
  const key = { baseUrl, keyRef: draft.keyRef }
  return draft.kind === 'anthropic' ? { kind: 'anthropic', ...key } : { kind: 'claude-cli', key }
}

/** What one's own words can go to now; null while it cannot be reached. Without a key the Claude Code program has its user's own login. */
export const triedBackendOf = (draft: ChoiceDraft): Backend | null => {
  if (draft.kind === 'claude-cli' && draft.keyRef === '') return { kind: 'claude-cli', model: draft.model, key: null }
  const address = addressOf(draft)
  if (address === null || address.kind === 'practice') return address
  return draft.model === '' ? null : { ...address, model: draft.model }
}

/** @returns the choice without its consent, or what to put right in each field */
export const readChoice = (
  draft: ChoiceDraft,
): { readonly choice: Omit<ProviderChoice, 'consentRef'> } | { readonly errors: ChoiceErrors } => {
  const errors: Partial<Record<ChoiceField, string>> = {}
  const amount = (field: ChoiceField, typed: string): bigint => {
    const micro = parseRuv(typed)
    if (micro === null) errors[field] = t('provide.problem.amount')
    return micro ?? 0n
  }
  const whole = (field: ChoiceField, typed: string, least: number, most: number): number => {
    const value = parseWhole(typed)
    if (value !== null && value >= least && value <= most) return value
    errors[field] = t('provide.problem.whole', { least, most })
    return least
  }
  const money = (field: ChoiceField, typed: string, most: number): number => {
    if (!isBilled(draft.kind)) return 0
    const cents = parseCents(typed)
    if (cents !== null && cents <= most) return cents
    errors[field] = t('provide.problem.money', { most: formatCents(most) })
    return 0
  }
  const address = addressOf(draft)
  if (isBilled(draft.kind) && draft.keyRef === '') errors.keyRef = t('provide.problem.key')
  else if (address === null) errors[draft.kind === 'local' ? 'localUrl' : 'anthropicUrl'] = t('provide.problem.url')
  if (draft.kind !== 'practice' && draft.model === '') errors.model = t('provide.problem.model')
  const classKey = draft.classKey.trim() === '' && draft.kind === 'practice' ? PRACTICE_CLASS : draft.classKey.trim()
  if (!classKeyRule.safeParse(classKey).success) errors.classKey = t('provide.problem.class')

  const choice = {
    offers: [
      {
        classKey,
        pricing: {
          perTaskMicro: amount('perTask', draft.perTask),
          perThousandInputTokensMicro: amount('perInput', draft.perInput),
          perThousandOutputTokensMicro: amount('perOutput', draft.perOutput),
          minimumMicro: 0n,
        },
        promise: {
          firstTokenMs: whole('firstTokenSeconds', draft.firstTokenSeconds, 1, 3_600) * 1_000,
          totalMs: whole('totalSeconds', draft.totalSeconds, 1, 86_400) * 1_000,
        },
      },
    ],
    caps: {
      concurrent: whole('concurrent', draft.concurrent, 1, maxConcurrent),
      tasksPerDay: whole('tasksPerDay', draft.tasksPerDay, 1, 1_000_000),
      outputTokensPerTask: whole('tokensPerTask', draft.tokensPerTask, 1, maxOutputTokensLimit),
      outputTokensPerDay: whole('tokensPerDay', draft.tokensPerDay, 1, 1_000_000_000),
      moneyPerDayCents: money('moneyPerDay', draft.moneyPerDay, maxMoneyCents),
      moneyPerMonthCents: money('moneyPerMonth', draft.moneyPerMonth, maxMoneyCents),
      centsPerMillionInputTokens: money('centsIn', draft.centsIn, 1_000_000),
      centsPerMillionOutputTokens: money('centsOut', draft.centsOut, 1_000_000),
      weeklyHours: daysOf(draft.hours),
    },
    approveEachTask: draft.approveEachTask,
  }
  const { model } = draft
  if (address === null || Object.keys(errors).length > 0) return { errors }
  return { choice: { ...choice, backend: address.kind === 'practice' ? address : { ...address, model } } }
}

type ConsentedTo = {
  readonly backend: BackendKind
  readonly model: string
  readonly baseUrl: string
  readonly caps: ProviderChoice['caps']
}

/** Whether a consent was given for this very backend within these very caps. */
export const isSameAs = ({ backend, model, baseUrl, caps }: ConsentedTo, choice: Pick<ProviderChoice, 'backend' | 'caps'>): boolean => {
  const own = choice.backend
  if (own.kind !== backend || own.kind === 'practice') return false
  return own.model === model && (reachOf(own).baseUrl ?? '') === baseUrl && JSON.stringify(caps) === JSON.stringify(choice.caps)
}
