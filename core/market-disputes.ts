import type { MarketContract } from './contract/contract.ts'
import type { Dispatcher } from './contract/dispatcher.ts'
import { createEvidenceBook, type EvidenceBook } from './evidence/service.ts'
import { createEvidenceStore } from './evidence/store.ts'
import type { MarketDeps } from './market.ts'
import type { Epochs } from './settlement/epochs.ts'

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
    broken: () => witness?.halt(),
  })
