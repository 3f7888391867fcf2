import type { MarketContract } from './contract/contract.ts'
import type { Dispatcher, Handlers } from './contract/dispatcher.ts'
import { isFrequent, type ClosenessOf } from './escrow/recusal.ts'
import type { Escrows } from './escrow/service.ts'
import { creditsOfFederation, governanceOf, type Federation } from './federation/federation.ts'
import { createIntroducing } from './facts/introducing.ts'
import { signNote, type Fault } from './facts/model.ts'
import { createFacts, type Facts } from './facts/service.ts'
import type { Signer } from './identity/signing.ts'
import type { Network } from './network/port.ts'
import type { Book } from './orders/book.ts'
import { toHex } from './platform/bytes.ts'
import type { Clock } from './platform/clock.ts'
import type { Log } from './platform/log.ts'
import type { Random } from './platform/random.ts'
import { pricesHandlers } from './prices/handlers.ts'
import { createPrices, type Prices } from './prices/service.ts'
import { reputationHandlers } from './reputation/handlers.ts'
import { createReputation } from './reputation/service.ts'
import { accountIdOf } from './settlement/account-id.ts'
import type { Driver } from './settlement/driver-port.ts'
import type { Epochs } from './settlement/epochs.ts'
import type { AccountId, Bytes32, EscrowState } from './settlement/objects.ts'
import type { SettlementRules } from './settlement/rules.ts'
import { maintenanceOf, type Maintenance } from './sla/model.ts'
import type { Database } from './storage/database.ts'
import type { Wallet } from './wallet/service.ts'

export type KnowledgeDeps = {
  readonly db: Database
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly signer: Signer
  readonly log: Log
  readonly federation: Federation
  readonly epochs: Epochs
  readonly rules: SettlementRules
  readonly wallet: Wallet
  readonly driver: Driver
  readonly emit: Dispatcher<MarketContract>['emit']
}
export type Knowledge = ReturnType<typeof createKnowledge>

/** What this node knows of everybody's certified trades, and what follows from it: who is trusted with what, and what things cost. */
export const createKnowledge = (deps: KnowledgeDeps) => {
  const { db, network, clock, random, signer, log, federation, epochs, rules, wallet, driver, emit } = deps
  const verifying = { epochs, rules, genesisCredits: creditsOfFederation(federation) }
  const facts = createFacts({ db, network, verifying, clock, random, log: log.child('facts') })
  const introducing = createIntroducing({ facts, wallet, driver, log: log.child('facts') })
  const reputation = createReputation({
    facts,
    genesis: genesisAccounts(federation),
    clock,
    random,
    changed: (revision) => emit('reputation.changed', { revision }),
  })
  return {
    facts,
    reputation,
    /** Needs the order book, which needs reputations. */
    pricesOver: (book: Book): Prices =>
      createPrices({ facts, trustPpm: reputation.trustPpm, book, clock, changed: (revision) => emit('prices.changed', { revision }) }),
    /** Whether this member's own offers should rest. */
    maintenanceOf: (account: AccountId): Maintenance | null =>
      maintenanceOf(reputation.settlements('provider', toHex(account)), clock.nowMs()),
    /** Which arbiters should not judge whom, as far as this node knows; the witnesses judge it by what they know. */
    closenessOf: ((arbiter, party, lockMicro) => {
      // An invite can be sent to anybody whose account has no step yet, so it does not hide what the trades say.
      if (isFrequent(facts.store.paidWith(arbiter, party), lockMicro)) return 'frequent'
      return facts.store.isIntroduction(arbiter, party) ? 'invited' : null
    }) satisfies ClosenessOf,
    /** Said by this member as the client. */
    noteFault: (escrowId: Bytes32, fault: Fault): void =>
      void facts.publish({ kind: 'note', signed: signNote(escrowId, fault, signer, federation.id) }),
    start: (escrows: Escrows): void => {
      facts.start()
      publishMissed(facts, escrows)
      wallet.onChanged(introducing.introduce)
    },
    /** Once the witnesses have answered. */
    resume: introducing.introduce,
    stop: (): void => {
      introducing.stop()
      facts.stop()
      reputation.stop()
    },
  }
}

export const knowledgeHandlers = (
  { reputation }: Knowledge,
  prices: Prices,
  accountId: AccountId,
): Pick<Handlers<MarketContract>, 'reputation' | 'prices'> => ({
  reputation: reputationHandlers({ reputation, accountId: toHex(accountId) }),
  prices: pricesHandlers(prices),
})

/** The founder and the first holders of the supply. */
const genesisAccounts = (federation: Federation): readonly string[] => {
  const birth = governanceOf(federation)
  const { founderKey, supply } = federation.genesis
  return [founderKey, ...supply.map(({ firstKey }) => firstKey)].map((key) => toHex(accountIdOf(birth, key)))
}

export const publishSettled = (facts: Facts, escrows: Pick<Escrows, 'decrees'>, { id }: EscrowState): void =>
  void facts.publish({ kind: 'settlement', decrees: escrows.decrees(id) })

/** Trades that were settled just before this node went down; the other side has told of older ones. */
const maxMissed = 100
const publishMissed = (facts: Facts, escrows: Escrows): void => {
  for (const { state } of escrows.page(null, maxMissed))
    if (state.phase === 'settled' && !facts.has(toHex(state.id))) publishSettled(facts, escrows, state)
}
