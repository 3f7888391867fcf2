import { fail, type Err, type Failure } from '../platform/result.ts'

/**
 * Why a transition or a message is refused. Only the code travels; the sentence is this node's own, so that no peer can put words
 * into the mouth of the app.
 */
export const refusalTexts = {
  malformed: 'The message is not a well-formed settlement message.',
  'wrong-federation': 'The message belongs to another federation.',
  'wrong-object': 'The order is not for this account or escrow.',
  'wrong-step': 'The order is not the next step of its account or escrow. Fetch the newest state and sign again.',
  'wrong-previous': 'The order does not continue the last certified step. Fetch the newest state and sign again.',
  'wrong-governance': 'The order names a committee that does not decide this step.',
  'unknown-epoch': 'The message names a committee of the federation that is not known here yet.',
  'no-seat': 'This witness is not in the committee that decides this step.',
  'epoch-closed': 'This committee no longer decides accounts. The next one does.',
  'not-taken-over': 'The former witnesses have not handed their accounts over yet.',
  bound: 'The former witnesses may have settled another order in this step, so that one goes first.',
  'catching-up': 'This witness is new and still learns what was decided before it came.',
  'bad-committee': 'The new committee does not keep the rules of one.',
  convicted: 'One of the new witnesses or arbiters is proven to have cheated.',
  'not-authorised': 'The order is not signed by exactly those who have to sign it.',
  'bad-certificate': 'A certificate in the message does not hold.',
  'bad-vote': 'A vote or proposal in the message is not signed by its witness.',
  'missing-history': 'Earlier steps are missing. Send them along.',
  'unordered-claims': 'The claimed credits are not in ascending order, or one is there twice.',
  'already-claimed': 'One of the credits was claimed before.',
  'unknown-credit': 'One of the credits is not proven by any decree. Send its decree along.',
  'foreign-credit': 'One of the credits belongs to another account.',
  'no-credit': 'A new account starts by claiming a credit.',
  'nothing-to-do': 'The order changes nothing.',
  'zero-amount': 'The amount must be more than zero.',
  'to-self': 'Paying oneself moves nothing.',
  'over-gift-limit': 'This federation limits gifts, and the amount is above the limit.',
  insufficient: 'The account does not hold that much.',
  'wrong-balance': 'The balance written in the order is not the recomputed one.',
  'wrong-terms': 'The terms of the escrow are outside what the federation allows.',
  'not-accepted': 'The provider has not signed these terms.',
  'bad-key': 'The new key cannot be used.',
  'known-key': 'The key is already one of the account’s.',
  'unknown-key': 'The account has no such device.',
  'too-many-devices': 'The account has as many devices as it may have. Remove one first.',
  'too-early': 'It is too early for this step.',
  'too-late': 'It is too late for this step.',
  'wrong-phase': 'The escrow is not in a state in which this is possible.',
  'over-the-lock': 'The price is higher than the locked amount.',
  'bad-receipt': 'The usage receipt is not the provider’s receipt for this escrow.',
  'no-panel': 'No arbiter of this federation may judge this dispute. It ends by agreement, or by its default.',
  'wrong-recusal':
    'A recused arbiter is not in the roster, or not shown to be close to a party: neither of them invited the other, and they trade seldom or little.',
  'too-many-recused': 'Too few arbiters would be left for the panel. Name fewer of them.',
  retired: 'This witness lost its memory and no longer votes.',
  'bad-share': 'The shares of the panel’s seed are not those of the right witnesses.',
  halted: 'Two contradicting steps were both certified in this federation. Nothing in it is accepted any more.',
  internal: 'This witness could not handle the message.',
  'clock-off': 'The clock of this witness is off, so it does not vote until it is set right.',
  'revoked-key': 'The key that signed this was revoked by its account.',
} as const

export type RefusalCode = keyof typeof refusalTexts
export const refusalCodes = Object.keys(refusalTexts) as readonly RefusalCode[]
export type Refusal = Failure<RefusalCode>

export const refuse = (code: RefusalCode): Err<Refusal> => fail(code, refusalTexts[code])
