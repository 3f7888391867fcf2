import { createClient, type Client } from '../contract/client.ts'
import { marketContract, type MarketContract } from '../contract/contract.ts'
import { createMemoryTransport } from '../contract/memory-transport.ts'
import type { Log } from '../platform/log.ts'
import type { Failure } from '../platform/result.ts'
import { isMarkedRestored, removeRestoredMark } from './member-files.ts'
import type { OpenMarket } from './open-market.ts'

export type RestoredAccountDeps = {
  readonly dataFolder: string
  readonly market: Pick<OpenMarket, 'door' | 'resumed'>
  readonly log: Log
  /** A problem that the market lives with. */
  readonly noticed: (problem: Failure) => void
  readonly over: (problem: Failure) => void
}

/**
 * Any whole phrase gives an account; whether it is the one that its owner wanted back, the witnesses tell. After a restore they are
 * asked at every start until they know something of it. @returns what ends the watching
 */
export const watchRestoredAccount = (deps: RestoredAccountDeps): (() => void) => {
  const { dataFolder, market, log } = deps
  const client = createClient(marketContract, createMemoryTransport(market.door))
  let isStopped = false
  let unsubscribe = (): void => undefined
  const stop = (): void => {
    isStopped = true
    unsubscribe()
  }
  const look = async (): Promise<void> => {
    const known = await isKnown(client)
    if (isStopped || known === null) return
    if (!known) return deps.noticed(unknownAccount)
    stop()
    deps.over(unknownAccount)
    await removeRestoredMark(dataFolder)
  }
  const lookNow = (): void =>
    void look().catch((error: unknown) => log.write('error', 'restored account not looked at', { reason: String(error) }))
  const watch = async (): Promise<void> => {
    if (!(await market.resumed) || isStopped) return
    unsubscribe = client.wallet.changed(lookNow)
    lookNow()
  }
  if (isMarkedRestored(dataFolder)) void watch()
  return stop
}

/** Whether it has taken a step or was paid; null when that cannot be told. */
const isKnown = async ({ wallet }: Client<MarketContract>): Promise<boolean | null> => {
  const [summary, history] = await Promise.all([wallet.summary({}), wallet.history({ cursor: null, limit: 1 })])
  return summary.ok && history.ok ? summary.value.steps > 0 || history.value.total > 0 : null
}

const unknownAccount: Failure = {
  code: 'unknown-account',
  message:
    'This federation knows no account of this recovery phrase yet. If you expected a balance here, the phrase or the federation’s file is another one: start over with the right ones.',
}
