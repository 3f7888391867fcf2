import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { fromHex } from '../platform/bytes.ts'
import { readProof, type ProofSources } from './export.ts'
import type { Subject } from './file.ts'

export const proofsHandlers = (sources: ProofSources): Handlers<MarketContract>['proofs'] => ({
  read: ({ subject, cursor }) => readProof(sources, subjectOf(subject, sources), cursor),
})

type Asked = Parameters<Handlers<MarketContract>['proofs']['read']>[0]['subject']
const subjectOf = (asked: Asked, { accountId }: ProofSources): Subject => {
  if (asked.kind === 'account') return { kind: 'account', id: accountId }
  return asked.kind === 'escrow' ? { kind: 'escrow', id: fromHex(asked.escrowId) } : { kind: 'decree', id: fromHex(asked.txHash) }
}
