import type { MarketContract } from './contract/contract.ts'
import type { Dispatcher, Handlers } from './contract/dispatcher.ts'
import { createCourt } from './disputes/court.ts'
import { createDesk } from './disputes/desk.ts'
import { arbiterHandlers, disputeHandlers } from './disputes/handlers.ts'
import { createLetters } from './disputes/letters.ts'
import { createParties } from './disputes/parties.ts'
import type { Material } from './disputes/showing.ts'
import { createDisputeStore } from './disputes/store.ts'
import type { Escrows } from './escrow/service.ts'
import { createEvidenceBook, type EvidenceBook } from './evidence/service.ts'
import { createEvidenceStore } from './evidence/store.ts'
import { creditsOfFederation, type Federation } from './federation/federation.ts'
import type { MarketDeps } from './market.ts'
import type { Driver } from './settlement/driver-port.ts'
import type { Epochs } from './settlement/epochs.ts'
import type { SettlementRules } from './settlement/rules.ts'
import type { JobStore } from './tasks/job-store.ts'
import type { TaskStore } from './tasks/store.ts'
import type { Wallet } from './wallet/service.ts'

type Emit = Dispatcher<MarketContract>['emit']

/** What this node knows of contradictions, and what stops when a whole committee has contradicted itself. */
export const createEvidence = ({ db, network, clock, log, witness }: MarketDeps, epochs: Epochs, emit: Emit): EvidenceBook =>
  createEvidenceBook({
    store: createEvidenceStore(db),
    epochs,
    network,
    clock,
    log: log.child('evidence'),
    changed: (revision) => emit('evidence.changed', { revision }),
    broken: (finals) => {
      witness?.halt()
      witness?.testify(finals)
    },
  })

type Around = {
  readonly federation: Federation
  readonly rules: SettlementRules
  readonly driver: Driver
  readonly wallet: Wallet
  readonly escrows: Escrows
  readonly evidence: EvidenceBook
  readonly taskStore: TaskStore
  readonly jobs: JobStore
  readonly emit: Emit
}
export type Disputes = ReturnType<typeof createDisputes>

/** Both sides of a dispute, the arbiter's desk, and the witness's letter box between them. */
export const createDisputes = (deps: MarketDeps, around: Around) => {
  const { network, signer, clock } = deps
  const { federation, rules, driver, wallet, escrows, emit } = around
  const store = createDisputeStore(deps.db)
  const letters = createLetters(network)
  const log = deps.log.child('disputes')
  const shared = { store, letters, rules, driver, escrows, signer, clock, log, federationId: federation.id, random: deps.random }
  const genesisCredits = creditsOfFederation(federation)
  let revision = 0
  const parties = createParties({
    ...shared,
    material: materialOf(around),
    keys: wallet.keys,
    changed: () => emit('escrow.changed', { revision: escrows.revision() }),
  })
  const desk = createDesk({
    ...shared,
    genesisCredits,
    rulesByItself: federation.genesis.kind === 'practice',
    changed: () => emit('arbiter.changed', { revision: ++revision }),
  })
  return {
    handlers: {
      parties: disputeHandlers(parties, escrows),
      arbiter: arbiterHandlers(desk, () => revision),
    } satisfies { readonly parties: unknown; readonly arbiter: Handlers<MarketContract>['arbiter'] },
    follow: parties.follow,
    start: (): void => {
      if (deps.witness !== null) {
        const { isRevoked } = deps.witness
        createCourt({ store, rules, genesisCredits, clock, isRevoked, found: around.evidence.found }).serve(network)
      }
      escrows.onChanged(({ state }) => parties.follow(state))
      desk.start()
    },
    /** Once the escrows are up to date. */
    resume: (): void => escrows.page(null, 200).forEach(({ state }) => parties.follow(state)),
    stop: (): void => {
      parties.stop()
      desk.stop()
    },
  }
}

/** What a party has of the trade: the client the task and what arrived, the provider the answer as it sent it, encrypted. */
const materialOf =
  ({ taskStore, jobs }: Pick<Around, 'taskStore' | 'jobs'>): Material =>
  (escrowId, role) => {
    if (role === 'provider') {
      const job = jobs.get(escrowId)
      const chunks = jobs.chunks(escrowId, 0, maxChunksShown)
      return { task: null, answer: null, chunks: job === null || chunks.length === 0 ? null : { streamId: job.streamId, chunks } }
    }
    const attempt = taskStore.attemptOfEscrow(escrowId)
    const task = attempt === null ? null : taskStore.get(attempt.task)
    return { task: task === null ? null : { salt: task.salt, prompt: task.prompt }, answer: attempt?.answer ?? null, chunks: null }
  }
const maxChunksShown = 4_096
