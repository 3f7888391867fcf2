import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { equalBytes, fromHex } from '../platform/bytes.ts'
import { txHash } from '../settlement/encoding.ts'
import { readProof, type ProofSources } from './export.ts'
import type { Subject } from './file.ts'

export const proofsHandlers = (sources: ProofSources): Handlers<MarketContract>['proofs'] => ({
  read: ({ subject, cursor }) => readProof(sourcesFor(subject, sources), subjectOf(subject, sources), cursor),
})

type Asked = Parameters<Handlers<MarketContract>['proofs']['read']>[0]['subject']
const subjectOf = (asked: Asked, { accountId }: ProofSources): Subject => {
  if (asked.kind === 'account') return { kind: 'account', id: accountId }
  return asked.kind === 'escrow' ? { kind: 'escrow', id: fromHex(asked.escrowId) } : { kind: 'decree', id: fromHex(asked.txHash) }
}

/** A step of an escrow is found among that escrow's. */
const sourcesFor = (asked: Asked, sources: ProofSources): ProofSources => {
  const escrowId = asked.kind === 'decree' ? asked.escrowId : null
  if (escrowId === null) return sources
  const steps = sources.escrowDecrees(fromHex(escrowId))
  return { ...sources, decreeOf: (hash) => steps.find(({ tx }) => equalBytes(txHash(tx), hash)) ?? null }
}
