import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { accountIdOf, birthOf } from '../settlement/account-id.ts'
import type { Driver } from '../settlement/driver-port.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'

export type KeyBook = {
  /** Whether a key may speak for an account; null while the witnesses are asked, or cannot be. */
  readonly belongs: (account: AccountId, key: Bytes32) => boolean | null
  /** Resolves once everything that is being asked now is known, or is not to be had. */
  readonly asked: () => Promise<void>
}

type Known = { readonly keys: readonly Bytes32[]; readonly untilMs: number }

/** A revoked device may speak in the market this long; what it signs is worth nothing to the witnesses from the first moment. */
const rememberMs = 60_000
/** Whoever makes up accounts costs the witnesses no more than this. */
const maxAskedAtOnce = 8
const maxAskedPerMinute = 120
const maxRemembered = 10_000

/**
 * Which keys speak for which accounts. An account is named by the hash of its first key, so that one needs nobody's word; the keys of
 * linked computers are in the account's chain, which its witnesses have.
 */
export const createKeyBook = (deps: {
  readonly driver: Pick<Driver, 'fetchKeys'>
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly log: Log
}): KeyBook => {
  const birth = birthOf(deps.federationId)
  const known = new Map<string, Known>()
  const asking = new Map<string, Promise<void>>()
  let minute = 0
  let askedThisMinute = 0

  const mayAsk = (): boolean => {
    const now = Math.floor(deps.clock.nowMs() / 60_000)
    if (now !== minute) [minute, askedThisMinute] = [now, 0]
    return asking.size < maxAskedAtOnce && askedThisMinute < maxAskedPerMinute
  }
  const ask = async (account: AccountId): Promise<void> => {
    const fetched = await deps.driver.fetchKeys(account)
    if (!fetched.ok) return deps.log.write('info', 'keys of an account not learnt', { reason: fetched.error.message })
    known.set(toHex(account), { keys: fetched.value, untilMs: deps.clock.nowMs() + rememberMs })
    const oldest = known.keys().next().value
    if (known.size > maxRemembered && oldest !== undefined) known.delete(oldest)
  }
  const askSoon = (account: AccountId): void => {
    const name = toHex(account)
    if (asking.has(name) || !mayAsk()) return
    askedThisMinute += 1
    const done = ask(account).finally(() => asking.delete(name))
    asking.set(name, done)
  }

  return {
    belongs: (account, key) => {
      if (equalBytes(accountIdOf(birth, key), account)) return true
      const entry = known.get(toHex(account))
      if (entry !== undefined && entry.untilMs > deps.clock.nowMs()) return entry.keys.some((other) => equalBytes(other, key))
      askSoon(account)
      return null
    },
    asked: async () => void (await Promise.allSettled(asking.values())),
  }
}
