import type { Clock } from './platform/clock.ts'
import type { Log } from './platform/log.ts'
import type { Wallet } from './wallet/service.ts'

const firstRetryMs = 250
const lastRetryMs = 30_000

/** Until it is resumed or the market stops. Too few witnesses at the start is ordinary: they start too. */
export const resumeWallet = async (wallet: Wallet, clock: Clock, log: Log, isStopped: () => boolean): Promise<void> => {
  for (let delayMs = firstRetryMs; !isStopped(); delayMs = Math.min(2 * delayMs, lastRetryMs)) {
    const resumed = await wallet.resume()
    if (resumed.ok) return
    log.write('info', 'wallet not resumed yet', { reason: resumed.error.message })
    await new Promise<void>((resolve) => void clock.after(delayMs, resolve))
  }
}
