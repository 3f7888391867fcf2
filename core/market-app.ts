import type { MarketContract } from './contract/contract.ts'
import type { Handlers } from './contract/dispatcher.ts'
import { contractVersion } from './contract/version.ts'
import { summaryOf } from './federation/summary.ts'
import type { MarketDeps, MarketOptions } from './market.ts'
import { ok } from './platform/result.ts'

export const appHandlers = (deps: MarketDeps, options: MarketOptions, isProviding: () => boolean): Handlers<MarketContract>['app'] => ({
  info: () => {
    const { genesis } = options.federation
    return ok({
      revision: 0,
      version: options.version,
      contractVersion,
      federation: summaryOf(options.federation),
      roles: { witness: deps.witness !== null, provider: isProviding() },
      practice: genesis.kind === 'practice',
      peerId: deps.network.self().peerId,
      nowMs: deps.clock.nowMs(),
    })
  },
})
