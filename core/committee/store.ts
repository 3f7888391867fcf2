import { fromHex } from '../platform/bytes.ts'
import type { Database } from '../storage/database.ts'
import { decodeProposalRow, encodeProposalRow, proposalId, type Proposal } from './model.ts'

export type ProposalStore = ReturnType<typeof createProposalStore>

/** Proposals as they were checked when they came in; the oldest first. */
export const createProposalStore = (db: Database) => {
  const rows = db.prepare<[], { proposal: Buffer }>('SELECT proposal FROM epoch_proposal ORDER BY at_ms, id')
  const put = db.prepare('INSERT INTO epoch_proposal VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET proposal = excluded.proposal')
  const remove = db.prepare('DELETE FROM epoch_proposal WHERE id = ?')
  return {
    all: (): readonly Proposal[] =>
      rows.all().flatMap((row) => {
        const proposal = decodeProposalRow(new Uint8Array(row.proposal))
        return proposal.ok ? [proposal.value] : []
      }),
    put: (proposal: Proposal, atMs: number): void => void put.run(fromHex(proposalId(proposal)), encodeProposalRow(proposal), atMs),
    remove: (id: string): void => void remove.run(fromHex(id)),
  }
}
