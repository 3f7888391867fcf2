import type { AmountMicro } from '../platform/amount.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Driver } from '../settlement/driver-port.ts'
import type { AccountId, Decree } from '../settlement/objects.ts'
import type { InviteStore, MadeInvite } from './invite-store.ts'
import type { Wallet } from './service.ts'

type InviteBookDeps = {
  readonly store: InviteStore
  readonly wallet: Wallet
  readonly driver: Driver
  readonly clock: Clock
  readonly log: Log
  readonly linkOf: (invite: MadeInvite) => string
}
export type OwnInvite = {
  readonly account: AccountId
  readonly amountMicro: AmountMicro
  readonly madeAtMs: number
  readonly expiresAtMs: number
  readonly state: 'on-its-way' | 'ready' | 'expired' | 'claimed' | 'taken-back'
  readonly claimedBy: AccountId | null
}

/** The invites that were made here, and what becomes of them. */
export const createInviteBook = ({ store, wallet, driver, clock, log, linkOf }: InviteBookDeps) => {
  /** The account that the order which is signed and not decided pays. */
  const orderedFor = (): AccountId | null => {
    const tx = wallet.pending()?.authorised.tx
    return tx?.type === 'account' && tx.body.operation.kind === 'transfer' ? tx.body.operation.to : null
  }

  const stateOf = ({ isPaid, claimedBy, atMs }: MadeInvite): OwnInvite['state'] => {
    if (claimedBy !== null) return equalBytes(claimedBy, wallet.accountId) ? 'taken-back' : 'claimed'
    if (!isPaid) return 'on-its-way'
    return atMs + inviteLifeMs <= clock.nowMs() ? 'expired' : 'ready'
  }

  const list = (limit: number): { readonly heldMicro: AmountMicro; readonly rows: readonly OwnInvite[] } => {
    const ordered = orderedFor()
    const made = store.listed(ordered ?? new Uint8Array(), clock.nowMs() - keepClaimedMs, limit)
    const rows = made.map((invite) => ({
      account: invite.account,
      amountMicro: invite.amountMicro,
      madeAtMs: invite.atMs,
      expiresAtMs: invite.atMs + inviteLifeMs,
      state: stateOf(invite),
      claimedBy: invite.claimedBy,
    }))
    const onItsWayMicro = (ordered === null ? null : store.made(ordered))?.amountMicro ?? 0n
    return { heldMicro: store.unclaimedMicro() + onItsWayMicro, rows }
  }

  const link = (account: AccountId): Result<string, Failure<'not-found'>> => {
    const made = store.made(account)
    if (made === null || !made.isPaid) return fail('not-found', 'There is no such invite here, or it is not ready yet.')
    if (made.claimedBy !== null) return fail('not-found', 'This invite was claimed, so its link leads to nothing any more.')
    return ok(linkOf(made))
  }

  let isStopped = false
  let leaveWallet = (): void => undefined
  let cancelLook: (() => void) | null = null
  let lookBelow = Infinity

  /** Asks the witnesses which of the open invites have been claimed: a few at a time, in turn, and only while there are any. */
  const lookLater = (delayMs: number): void => {
    if (isStopped || cancelLook !== null || store.unclaimed(Number.MAX_SAFE_INTEGER, 1).length === 0) return
    cancelLook = clock.after(delayMs, () => {
      look()
        .catch((error: unknown) => log.write('error', 'invites not looked at', { reason: String(error) }))
        .finally(() => {
          cancelLook = null
          lookLater(lookMs)
        })
    })
  }
  const look = async (): Promise<void> => {
    const open = store.unclaimed(Math.min(lookBelow, Number.MAX_SAFE_INTEGER), lookedAtOnce)
    lookBelow = open.length < lookedAtOnce ? Infinity : (open.at(-1)?.keyIndex ?? Infinity)
    const chains = await Promise.all(open.map(({ account }) => driver.fetchObject(account, 0)))
    if (isStopped) return
    const emptied = chains.flatMap((chain) => (chain.ok ? chain.value.slice(0, 1) : []))
    if (emptied.map(noteClaimant).includes(true)) wallet.touch()
  }
  /** False when it is no invite of this member, or was noted before. */
  const noteClaimant = (emptied: Decree): boolean => {
    const claimant = receiverOf(emptied)
    return claimant !== null && store.noteClaimant(emptied.tx.objectId, claimant, clock.nowMs())
  }

  return {
    orderedFor,
    noteClaimant,
    calls: {
      /** Those made here that hold something, or did not long ago; the newest first. */
      list,
      /** Of an invite that can be claimed. */
      link,
      /** From now on what becomes of the invites is looked after. */
      start: (): void => {
        leaveWallet = wallet.onChanged(() => lookLater(lookMs))
        lookLater(firstLookMs)
      },
      stop: (): void => {
        isStopped = true
        leaveWallet()
        cancelLook?.()
      },
    },
  }
}

const receiverOf = ({ tx }: Decree): AccountId | null =>
  tx.type === 'account' && tx.body.operation.kind === 'transfer' ? tx.body.operation.to : null

/** As often as a payee looks for credits; soon after a start, because much may have happened meanwhile. */
const lookMs = 60_000
const firstLookMs = 5_000
/** So that a founder with a hundred open invites does not flood the witnesses. */
const lookedAtOnce = 8
/** Long enough to be noticed by whoever made it. */
const keepClaimedMs = 7 * 24 * 3_600_000

/** A link that lies around is money that lies around; after this its maker may take the credit back. */
export const inviteLifeMs = 30 * 24 * 3_600_000
