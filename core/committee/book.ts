import { equalBytes } from '../platform/bytes.ts'
import type { EpochBook } from '../settlement/epoch-book.ts'
import { maxProposals, merged, problemOf, proposalId, type Proposal, type ProposalContext } from './model.ts'
import type { ProposalStore } from './store.ts'

export type ProposalBookDeps = {
  readonly store: ProposalStore
  readonly epochs: EpochBook
  readonly context: () => ProposalContext
  readonly nowMs: () => number
}

/** A second thought; whoever has a third drops the first. */
const maxOfOneProposer = 2

/** The proposals that are known here and can still be decided; what cannot any more is dropped when it is looked at. */
export const createProposalBook = ({ store, epochs, context, nowMs }: ProposalBookDeps) => {
  const holds = (proposal: Proposal): boolean => problemOf(proposal, epochs.head(), context()) === null
  const ofSameProposer = (open: readonly Proposal[], { proposer }: Proposal): readonly Proposal[] =>
    open.filter((other) => equalBytes(other.proposer.publicKey, proposer.publicKey))

  const proposals = (): readonly Proposal[] => {
    const all = store.all()
    const open = all.filter(holds)
    for (const gone of all) if (!open.includes(gone)) store.remove(proposalId(gone))
    return open
  }

  const takeOne = (proposal: Proposal): boolean => {
    const open = proposals()
    const known = open.find((one) => proposalId(one) === proposalId(proposal))
    const hasRoom = open.length < maxProposals && ofSameProposer(open, proposal).length < maxOfOneProposer
    const after = known === undefined ? proposal : merged(known, proposal.endorsements, epochs.head())
    if (after === known || (known === undefined && !hasRoom)) return false
    store.put(after, nowMs())
    return true
  }

  return {
    proposals,
    find: (id: string): Proposal | null => proposals().find((proposal) => proposalId(proposal) === id) ?? null,
    /** Takes in what somebody shows, as far as it holds and there is room; whether any of it was news. */
    take: (shown: readonly Proposal[]): boolean => shown.filter(holds).filter(takeOne).length > 0,
    /** The oldest of the same proposer goes, if it has as many as it may have. */
    makeRoomFor: (proposal: Proposal): void => {
      const own = ofSameProposer(proposals(), proposal)
      if (own.length >= maxOfOneProposer) own.slice(0, 1).forEach((oldest) => store.remove(proposalId(oldest)))
    },
  }
}
