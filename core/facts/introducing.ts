import { toHex } from '../platform/bytes.ts'
import type { Log } from '../platform/log.ts'
import type { Driver } from '../settlement/driver-port.ts'
import type { CreditId, Decree } from '../settlement/objects.ts'
import type { Wallet } from '../wallet/service.ts'
import type { Facts } from './service.ts'

export type IntroducingDeps = {
  readonly facts: Pick<Facts, 'has' | 'publish'>
  readonly wallet: Pick<Wallet, 'ownDecree' | 'proofOf'>
  readonly driver: Pick<Driver, 'fetchCredits'>
  readonly log: Log
}

/**
 * Makes this member known to everybody as its sponsor's. Its first step proves it, so before that there is nothing to say. The rest is
 * read from the chain as well, because the invite may have been claimed before a crash, or on another device.
 */
export const createIntroducing = ({ facts, wallet, driver, log }: IntroducingDeps) => {
  const stopping = new AbortController()
  let isToldOrUnderWay = false

  /** False when the witnesses did not answer. */
  const tell = async (birth: Decree): Promise<boolean> => {
    for (const { taken, credit } of invitesTakenBy(birth, wallet)) {
      if (facts.has(toHex(credit))) continue
      const given = await driver.fetchCredits([credit], { signal: stopping.signal })
      if (!given.ok || stopping.signal.aborted) return false
      // Of what was sent to it and is no invite, the facts say so.
      for (const decree of given.value) facts.publish({ kind: 'introduction', decrees: [decree, taken, birth] })
    }
    return true
  }
  const tellOnce = async (birth: Decree): Promise<void> => {
    isToldOrUnderWay = true
    isToldOrUnderWay = await tell(birth)
  }

  return {
    /** For whenever the first step may have been made; what failed is tried again. */
    introduce: (): void => {
      const birth = isToldOrUnderWay || stopping.signal.aborted ? null : wallet.ownDecree(0)
      if (birth === null) return
      tellOnce(birth).catch((error: unknown) => {
        isToldOrUnderWay = false
        log.write('info', 'introduction not published', { reason: String(error) })
      })
    },
    stop: (): void => stopping.abort(),
  }
}

/** What may be an invite: an account's first step that took in one credit and paid this member. */
const invitesTakenBy = (
  birth: Decree,
  wallet: IntroducingDeps['wallet'],
): readonly { readonly taken: Decree; readonly credit: CreditId }[] =>
  claimsOf(birth).flatMap((claim) => {
    const [taken, ...others] = wallet.proofOf(claim) ?? []
    if (taken === undefined || others.length > 0 || taken.tx.step !== 0) return []
    const [credit, ...more] = claimsOf(taken)
    return credit === undefined || more.length > 0 ? [] : [{ taken, credit }]
  })

const claimsOf = ({ tx }: Decree): readonly CreditId[] => (tx.type === 'account' ? tx.body.claims : [])
