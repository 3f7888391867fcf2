import { equalBytes } from '../platform/bytes.ts'
import type { Life } from './life.ts'
import type { PartyProcess } from './party-process.ts'
import type { World } from './world.ts'

/** What the first party does about the key of its second computer, if that has one of its own. */
export type Linking = {
  readonly link: () => void
  /** It takes that key back, and does not rest until that is certified. */
  readonly revoke: () => void
  readonly isRevoking: () => boolean
}

export const createLinking = ({ federation, note, plan, scheduler }: World, owner: PartyProcess | undefined): Linking => {
  const { publicKey } = federation.deviceSigner
  let isRevoking = false
  let askedIn: Life | null = null
  const told =
    (what: string) =>
    (result: { readonly ok: boolean }): boolean => {
      note(`${what}: ${result.ok ? 'done' : 'not done'}`)
      return result.ok
    }

  /** Under the same request id, again after a failure and after a crash, until its own node says that it is done. */
  const revokeNow = (): void => {
    if (!isRevoking) return
    scheduler.at(scheduler.nowMs() + revokeAgainMs, revokeNow)
    const running = owner?.running() ?? null
    if (running === null || running.life === askedIn) return
    const { wallet, life } = running
    const isLinked = wallet.keys().deviceKeys.some((key) => equalBytes(key, publicKey))
    if (!isLinked && !wallet.hasSubmitted('revoke')) {
      // Perhaps it never came to be linked.
      isRevoking = wallet.pending() !== null
      return
    }
    askedIn = life
    void wallet.submit({ kind: 'revoke-device', deviceKey: publicKey }, 'revoke').then((result) => {
      if (told('revoke')(result)) isRevoking = false
      else askedIn = null
    })
  }

  return {
    link: () => {
      if (plan.twin !== 'device-key') return
      const linked = owner?.running()?.wallet.submit({ kind: 'register-device', deviceKey: publicKey }, 'link')
      void linked?.then(told('link'))
    },
    revoke: () => {
      isRevoking = true
      revokeNow()
    },
    isRevoking: () => isRevoking,
  }
}

const revokeAgainMs = 2_000
