import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxEvidenceRows } from '../contract/evidence.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import { ok } from '../platform/result.ts'
import { committeeNamed, type Epochs } from '../settlement/epochs.ts'
import type { Fact } from './model.ts'
import type { EvidenceBook } from './service.ts'

export const evidenceHandlers = (book: EvidenceBook, epochs: Epochs): Handlers<MarketContract>['evidence'] => ({
  list: () =>
    ok({
      revision: book.revision(),
      broken: book.isBroken(),
      rows: book
        .facts()
        .slice(0, maxEvidenceRows)
        .map((fact) => rowOf(fact, epochs)),
    }),
})

const rowOf = (fact: Fact, epochs: Epochs) => {
  const { culprit, account, offence, objectId, step, view, governance, foundAtMs } = fact
  const place = culprit === null ? -1 : witnessesOf(fact, epochs).findIndex(({ publicKey }) => equalBytes(publicKey, culprit))
  return {
    id: toHex(fact.id),
    offence,
    culprit: culprit === null ? null : toHex(culprit),
    account: account === null ? null : toHex(account),
    witness: place < 0 ? null : place,
    objectId: toHex(objectId),
    epoch: governance.epoch,
    step,
    view,
    foundAtMs,
  }
}
const witnessesOf = ({ governance }: Fact, epochs: Epochs) => committeeNamed(epochs, governance)?.witnesses ?? []
