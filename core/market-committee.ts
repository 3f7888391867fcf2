import type { MarketContract } from './contract/contract.ts'
import type { Dispatcher, Handlers } from './contract/dispatcher.ts'
import { committeeHandlers } from './committee/handlers.ts'
import { createCommitteeChanges, type CommitteeChanges } from './committee/service.ts'
import { createProposalStore } from './committee/store.ts'
import type { EvidenceBook } from './evidence/service.ts'
import type { Federation } from './federation/federation.ts'
import type { MarketDeps } from './market.ts'
import type { Driver } from './settlement/driver-port.ts'

type Around = {
  readonly federation: Federation
  readonly driver: Driver
  readonly evidence: EvidenceBook
  readonly emit: Dispatcher<MarketContract>['emit']
}

/** Changes of the committee, for which this node signs with its account's key and with those of its witnesses. */
export const createCommittee = (deps: MarketDeps, { federation, driver, evidence, emit }: Around): CommitteeChanges =>
  createCommitteeChanges({
    ...deps,
    store: createProposalStore(deps.db),
    limits: federation.genesis.limits,
    founderKey: federation.genesis.founderKey,
    signers: [...(deps.witnessSigners ?? []), deps.signer],
    isConvicted: evidence.isConvicted,
    driver,
    log: deps.log.child('committee'),
    changed: (revision) => emit('federation.changed', { revision }),
  })

export const federationHandlers = (
  { db, epochs, clock }: MarketDeps,
  federation: Federation,
  changes: CommitteeChanges,
): Handlers<MarketContract>['federation'] => committeeHandlers({ db, changes, epochs, clock, limits: federation.genesis.limits })
