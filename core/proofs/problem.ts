import { fail, type Failure, type Result } from '../platform/result.ts'
import type { AccountState, Decree, EscrowState } from '../settlement/objects.ts'
import { refusalTexts, type RefusalCode } from '../settlement/refusals.ts'
import type { AmountMicro } from '../platform/amount.ts'

export type ProofCode =
  | RefusalCode
  | 'not-a-proof'
  | 'newer-version'
  | 'bad-genesis'
  | 'other-federation'
  | 'other-subject'
  | 'out-of-order'
  | 'extra-data'
  | 'truncated'
  | 'too-long'

/** The first thing that is wrong. `line` counts from 1; `step` is the step that does not hold, where it is one. */
export type ProofProblem = Failure<ProofCode> & { readonly line: number; readonly step: number | null }

/** What came in and went out over an account's whole chain; `receivedMicro` is what is left and both of the others together. */
export type AccountSums = {
  readonly receivedMicro: AmountMicro
  readonly paidMicro: AmountMicro
  /** Into escrows; what came back from them is among what was received. */
  readonly lockedMicro: AmountMicro
}
export type Shown =
  | { readonly kind: 'account'; readonly state: AccountState; readonly sums: AccountSums }
  | { readonly kind: 'escrow'; readonly state: EscrowState }
  | { readonly kind: 'decree'; readonly decree: Decree }

const texts = {
  'not-a-proof': 'This is not a proof of Claude Market, or only part of one.',
  'newer-version': 'This proof was made by a newer version of Claude Market. Check it with that one.',
  'other-federation': 'The proof is about another federation than the one asked for.',
  'other-subject': 'The proof shows something else than its second line says.',
  'out-of-order': 'A line is not where it belongs, or is not written as it has to be.',
  'extra-data': 'The file holds something that proves nothing.',
  truncated: 'The end of the file is missing.',
  'too-long': 'The file holds more than a proof may hold.',
} as const

export type Refused = Failure<ProofCode>
export const proofProblem = (code: keyof typeof texts): Refused => ({ code, message: texts[code] })
export const refusedBy = (code: RefusalCode): Refused => ({ code, message: refusalTexts[code] })

export const nothingShown = fail('missing-history', refusalTexts['missing-history'])

/** What is checked of the steps; `take` and `end` give the reason when something does not hold. */
export type SubjectCheck = {
  /** That comes next; null where there is one alone. */
  readonly step: number | null
  readonly takeCredit: (decree: Decree) => Refused | null
  readonly takeStep: (decree: Decree) => Refused | null
  readonly end: () => Result<Shown, Refused>
}
