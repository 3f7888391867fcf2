import { command, query } from './definition.ts'
import { accountId, amountMicro, flag, hash, line, listUpTo, positiveAmountMicro, record, revision, timeMs, wordOf } from './primitives.ts'
import { certified, spendErrors } from './wallet.ts'

/** As in federation/invite.ts: the link carries the whole genesis document, 1,000 characters with 4 witnesses, 30,000 at most. */
export const maxInviteLinkLength = 50_000

export const inviteLink = line(maxInviteLinkLength, 1)

/** More than anybody looks through; the older ones follow as newer ones are claimed. */
export const maxInvitesListed = 200

const ownInvite = record({
  /** That of the key in the link; names the invite. */
  account: accountId,
  amountMicro: positiveAmountMicro,
  madeAtMs: timeMs,
  /** From then on nobody but its maker can claim it. */
  expiresAtMs: timeMs,
  /** `on-its-way`: signed, and not final yet. `claimed` by somebody else, `taken-back` by its maker: both leave the list after a week. */
  state: wordOf(['on-its-way', 'ready', 'expired', 'claimed', 'taken-back']),
  claimedBy: accountId.nullable(),
})

export const invites = {
  /** Moves the amount to a fresh key that travels in the link: whoever holds the link holds the money. */
  create: command({
    input: { amountMicro: positiveAmountMicro },
    output: record({ link: inviteLink, txHash: hash }),
    /** `on-its-way`: the order is signed and kept; the invite is in the list and becomes ready by itself. */
    errors: [...spendErrors, 'gift-limit', 'on-its-way'],
  }),
  /** Those made here, the newest first. Follows `wallet.changed`. */
  list: query({
    input: {},
    output: record({
      revision,
      /** In all invites that nobody has claimed, listed or not. */
      heldMicro: amountMicro,
      rows: listUpTo(ownInvite, maxInvitesListed),
    }),
  }),
  /** Of an invite that is paid for and that nobody has claimed. */
  link: query({ input: { account: accountId }, output: record({ link: inviteLink }), errors: ['not-found'] }),
  claim: command({
    input: { link: inviteLink },
    output: record({
      amountMicro: positiveAmountMicro,
      sponsor: accountId,
      decree: certified,
      /** It was in this account before it was asked for. */
      wasClaimed: flag,
    }),
    errors: ['malformed-link', 'wrong-federation', 'already-claimed', 'no-quorum', 'locked', 'refused'],
  }),
} as const
