import { randomUUID } from 'node:crypto'
import type { Dispatcher } from '../contract/dispatcher.ts'
import { parseInviteLink } from '../federation/invite.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Failure } from '../platform/result.ts'
import { readPendingInvite, removePendingInvite } from './member-files.ts'

const firstRetryMs = 1_000
const lastRetryMs = 60_000

export type ClaimingDeps = {
  readonly dataFolder: string
  readonly door: Pick<Dispatcher, 'call'>
  readonly clock: Clock
  readonly log: Log
  /** How much is still to be claimed; nothing, when it has been or never will be. */
  readonly awaiting: (amountMicro: bigint) => void
  /** The credit will not come, and why. */
  readonly refused: (failure: Failure) => void
}

/** Claims the credit that a newcomer came with, as often as it takes, also over restarts. @returns what ends the trying */
export const claimPendingInvite = (deps: ClaimingDeps): (() => void) => {
  const { dataFolder, door, clock, log } = deps
  let isStopped = false
  let cancel = (): void => undefined
  const attempt = async (delayMs: number): Promise<void> => {
    const link = await readPendingInvite(dataFolder)
    if (link === null || isStopped) return
    deps.awaiting(amountOf(link))
    const answer = await door.call('invites.claim', { requestId: randomUUID(), link })
    if (isStopped) return
    if (!answer.ok && mayPass.has(answer.error.code)) {
      log.write('info', 'invite not claimed yet', { reason: answer.error.message })
      cancel = clock.after(delayMs, () => start(Math.min(2 * delayMs, lastRetryMs)))
      return
    }
    await removePendingInvite(dataFolder)
    deps.awaiting(0n)
    if (!answer.ok) deps.refused(answer.error)
  }
  const start = (delayMs: number): void =>
    void attempt(delayMs).catch((error: unknown) => log.write('error', 'invite not claimed', { reason: String(error) }))
  start(firstRetryMs)
  return () => {
    isStopped = true
    cancel()
  }
}

/** As the link says; what it brings the witnesses decide. */
const amountOf = (link: string): bigint => {
  const invite = parseInviteLink(link, { nowMs: 0, currentFederationId: null })
  return invite.ok ? invite.value.amountMicro : 0n
}

/** Witnesses that are not there yet, an operation of the account that is under way, a full disk. */
const mayPass = new Set(['no-quorum', 'locked', 'unavailable', 'internal'])
