import type { AppContract } from '../../../../core/contract/contract.ts'
import type { InputOf, OutputOf } from '../../../../core/contract/definition.ts'
import { maxAmountMicro } from '../../../../core/contract/primitives.ts'
import { formatRuv, parseRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'

export type InviteInfo = OutputOf<AppContract['setup']['readInvite']>
export type BackupInfo = OutputOf<AppContract['setup']['readBackup']>
export type AccountSource = InputOf<AppContract['setup']['checkAccount']>['account']
export type NewPhrase = OutputOf<AppContract['setup']['newPhrase']>

/** What has been typed on the way, as typed; it stays through every refusal and every step back. */
export type SetupDraft = {
  readonly link: string
  readonly invite: InviteInfo | null
  readonly name: string
  readonly kind: 'organisation' | 'community'
  readonly customer: string
  readonly supply: string
  readonly witnesses: 'here' | 'cards'
  readonly cards: string
  readonly arbiters: string
  readonly account: 'new' | 'restored'
  readonly words: NewPhrase | null
  readonly isWritten: boolean
  readonly proof: readonly string[]
  readonly phrase: string
  readonly federationText: string
  /** It names its federation itself, so that text does not count beside it. */
  readonly backup: (BackupInfo & { readonly content: string }) | null
  readonly passphrase: string
  readonly passphraseAgain: string
}

export const EMPTY_SETUP: SetupDraft = {
  link: '',
  invite: null,
  name: '',
  kind: 'organisation',
  customer: '',
  supply: '1000000',
  witnesses: 'here',
  cards: '',
  arbiters: '',
  account: 'new',
  words: null,
  isWritten: false,
  proof: [],
  phrase: '',
  federationText: '',
  backup: null,
  passphrase: '',
  passphraseAgain: '',
}

export type Errors<F extends string> = Readonly<Partial<Record<F, string>>>
export const isClean = (errors: Errors<string>): boolean => Object.keys(errors).length === 0

/** Keeps what is wrong, drops what is not. */
const only = <F extends string>(checks: readonly (readonly [field: F, isWrong: boolean, message: string])[]): Errors<F> =>
  Object.fromEntries(checks.flatMap(([field, isWrong, message]) => (isWrong ? [[field, message]] : []))) as Errors<F>

export const readSupply = (typed: string): bigint | null => {
  const micro = parseRuv(typed)
  return micro === null || micro === 0n || micro > maxAmountMicro ? null : micro
}

/** One on each line. */
export const cardsOf = (typed: string): readonly string[] =>
  typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

export const checkFounding = (draft: SetupDraft) =>
  only([
    ['name', draft.name.trim() === '', t('setup.founding.name.missing')],
    ['customer', draft.kind === 'organisation' && draft.customer.trim() === '', t('setup.founding.customer.missing')],
    ['supply', readSupply(draft.supply) === null, t('setup.founding.supply.wrong', { most: formatRuv(maxAmountMicro) })],
    ['cards', draft.witnesses === 'cards' && cardsOf(draft.cards).length === 0, t('setup.founding.cards.missing')],
  ])

export const checkPassphrase = ({ passphrase, passphraseAgain }: SetupDraft) =>
  only([
    ['passphrase', passphrase === '', t('setup.passphrase.missing')],
    ['again', passphrase !== passphraseAgain, t('setup.passphrase.differs')],
  ])

export const checkRestore = ({ federationText, backup, phrase }: SetupDraft) =>
  only([
    ['federation', backup === null && federationText.trim() === '', t('setup.restore.federation.missing')],
    ['phrase', phrase.trim() === '', t('setup.restored.missing')],
  ])

/** Where the account comes from, as the contract has it. */
export const accountSourceOf = ({ account, proof, phrase }: SetupDraft): AccountSource =>
  account === 'new' ? { kind: 'new', proof: proof.map((word) => word.trim().toLowerCase()) } : { kind: 'restored', phrase }
