import { command } from './definition.ts'
import { accountId, positiveAmountMicro, hash, line, record } from './primitives.ts'
import { certified, spendErrors } from './wallet.ts'

/** As in federation/invite.ts: the link carries the whole genesis document, 1,000 characters with 4 witnesses, 30,000 at most. */
export const maxInviteLinkLength = 50_000

export const inviteLink = line(maxInviteLinkLength, 1)

export const invites = {
  /** Moves the amount to a fresh key that travels in the link: whoever holds the link holds the money. */
  create: command({
    input: { amountMicro: positiveAmountMicro },
    output: record({ link: inviteLink, txHash: hash }),
    errors: [...spendErrors, 'gift-limit'],
  }),
  claim: command({
    input: { link: inviteLink },
    output: record({ amountMicro: positiveAmountMicro, sponsor: accountId, decree: certified }),
    errors: ['malformed-link', 'wrong-federation', 'already-claimed', 'no-quorum', 'locked', 'refused'],
  }),
} as const
