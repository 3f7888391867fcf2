import type { Signer } from '../identity/signing.ts'
import type { Network } from '../network/port.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Driver } from '../settlement/driver-port.ts'
import type { EpochBook } from '../settlement/epoch-book.ts'
import { seatOf, type FederationState } from '../settlement/federation-chain.ts'
import type { Bytes32, Decree, EpochBody, NamedArbiter, Witness } from '../settlement/objects.ts'
import { refusalTexts, type RefusalCode } from '../settlement/refusals.ts'
import type { SettlementLimits } from '../settlement/rules.ts'
import {
  changedArbiters,
  changedWitnesses,
  endorse,
  mayPropose,
  orderOf,
  problemOf,
  proposalId,
  propose,
  type CommitteeChange,
  type Proposal,
  type ProposalContext,
} from './model.ts'
import { createProposalBook } from './book.ts'
import type { ProposalStore } from './store.ts'
import { decodeProposals, encodeProposals } from './wire.ts'

export type CommitteeDeps = {
  readonly store: ProposalStore
  readonly epochs: EpochBook
  readonly limits: SettlementLimits
  readonly founderKey: Bytes32
  /** What this node may propose and endorse with: the account's key, and those of the witnesses that belong to it. */
  readonly signers: readonly Signer[]
  readonly isConvicted: (publicKey: Bytes32) => boolean
  readonly network: Network
  readonly driver: Driver
  readonly clock: Clock
  readonly log: Log
  readonly changed: (revision: number) => void
}
export type CommitteeChanges = ReturnType<typeof createCommitteeChanges>

type Refused = Failure<'not-found' | 'not-allowed' | 'unknown-witness' | 'unknown-arbiter' | 'refused' | 'not-endorsed' | 'no-quorum'>

/** Whoever is asked for a status looks at once, so this is only for those whom nobody asks. */
const pollMs = 600_000
const lookAgainMs = 10_000
const requestTimeoutMs = 10_000
const decideTimeoutMs = 30_000

/** Changes of the committee that are under way, as this node knows them, and what it does for them. */
export const createCommitteeChanges = (deps: CommitteeDeps) => {
  const { store, epochs, network, driver, clock, log, signers } = deps
  const stopping = new AbortController()
  const submitting = new Set<string>()
  let revision = 0
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let cancel = (): void => undefined

  const context = (): ProposalContext => ({
    limits: deps.limits,
    founderKey: deps.founderKey,
    isConvicted: deps.isConvicted,
    nowMs: clock.nowMs(),
  })
  const changed = (): void => deps.changed(++revision)
  const book = createProposalBook({ store, epochs, context, nowMs: clock.nowMs })
  const { proposals, find } = book

  const take = (shown: readonly Proposal[]): void => {
    if (!book.take(shown)) return
    changed()
    finish()
  }

  /** Shows a witness what is known here, and takes in what it knows. */
  const exchangeWith = async (witness: Witness): Promise<void> => {
    try {
      const options = { timeoutMs: requestTimeoutMs, signal: stopping.signal }
      const answer = decodeProposals(await network.request(witness, 'committee', encodeProposals(proposals()), options))
      if (answer.ok) take(answer.value)
      else network.reportMisbehaviour(witness.peerId, 'committee: proposals that are not well-formed')
    } catch {
      // It is asked again with the next look.
    }
  }
  /** What is under way, and what has been decided. */
  const look = async (): Promise<void> => {
    lookedAtMs = clock.nowMs()
    const others = epochs.newest().committee.witnesses.filter(({ peerId }) => peerId !== network.self().peerId)
    await Promise.all([...others.map(exchangeWith), driver.learnEpochs({ signal: stopping.signal })])
  }

  const decide = async (proposal: Proposal): Promise<Result<Decree, Refused>> => {
    const order = orderOf(proposal, epochs.head())
    if (order === null) return fail('not-endorsed', 'Too few witnesses have endorsed this change yet.')
    const decided = await driver.decide(order, [], { timeoutMs: decideTimeoutMs, signal: stopping.signal })
    if (decided.ok) {
      epochs.take(decided.value)
      changed()
      return decided
    }
    const { error } = decided
    return error.code === 'no-quorum' || error.code === 'timeout' ? fail('no-quorum', error.message) : fail('refused', error.message)
  }

  /** Whoever has part in a change sees to it that it is decided once enough have endorsed it. */
  const finish = (): void => {
    for (const proposal of proposals()) {
      const id = proposalId(proposal)
      if (!hasPart(proposal, signers) || submitting.has(id) || orderOf(proposal, epochs.head()) === null) continue
      submitting.add(id)
      decide(proposal)
        .then((decided) => {
          if (!decided.ok) log.write('info', 'committee not changed yet', { reason: decided.error.message })
        })
        .catch((error: unknown) => log.write('error', 'committee not changed', { reason: String(error) }))
        .finally(() => submitting.delete(id))
    }
  }

  const keepAndShow = (proposal: Proposal): void => {
    store.put(proposal, clock.nowMs())
    changed()
    finish()
    void look()
  }

  const poll = (): void => {
    void look().finally(() => {
      if (stopping.signal.aborted) return
      finish()
      cancel = clock.after(pollMs, poll)
    })
  }

  return {
    revision: (): number => revision,
    proposals,
    /** Whether this node may propose, or endorse with one of its keys that has a seat. */
    mayPropose: (): boolean => signers.some(({ publicKey }) => mayPropose(epochs.head(), deps.founderKey, publicKey)),
    mayEndorse: (): boolean => signers.some(({ publicKey }) => seatOf(epochs.head().committee, publicKey) >= 0),
    isOwn: (publicKey: Bytes32): boolean => signers.some((signer) => equalBytes(signer.publicKey, publicKey)),
    /** Asks the witnesses what they know, unless that was just done. */
    lookAgain: (): void => {
      if (clock.nowMs() - lookedAtMs >= lookAgainMs) void look()
    },

    propose: (changes: readonly CommitteeChange[], startsAtMs: number): Result<Proposal, Refused> => {
      const head = epochs.head()
      const signer = signers.find(({ publicKey }) => mayPropose(head, deps.founderKey, publicKey))
      if (signer === undefined) return fail('not-allowed', 'Only the founder and the witnesses of this federation propose a change.')
      const changed = committeeAfter(head, changes, deps.isConvicted)
      if (!changed.ok) return changed
      const proposal = propose(head, { ...changed.value, startsAtMs }, signer)
      const problem = problemOf(proposal, head, context())
      if (problem !== null) return refusedBecause(problem)
      book.makeRoomFor(proposal)
      keepAndShow(proposal)
      return ok(proposal)
    },

    /** With every key of this node that has a seat. */
    endorse: (id: string): Result<Proposal, Refused> => {
      const proposal = find(id)
      if (proposal === null) return notFound
      const seated = signers.filter(({ publicKey }) => seatOf(epochs.head().committee, publicKey) >= 0)
      if (seated.length === 0) return fail('not-allowed', 'Only the witnesses of this federation endorse a change.')
      const endorsed = seated.reduce((before, signer) => endorse(before, epochs.head(), signer), proposal)
      keepAndShow(endorsed)
      return ok(endorsed)
    },

    /** Has a change decided that enough witnesses have endorsed. */
    submit: async (id: string): Promise<Result<Decree, Refused>> => {
      await look()
      const proposal = find(id)
      if (proposal !== null) return decide(proposal)
      const decided = epochs.chain().at(-1)
      return decided !== undefined && toHex(decided.certificate.statement.txHash) === id ? ok(decided) : notFound
    },

    start: (): void => {
      network.serve('committee', (payload, from) => {
        const shown = decodeProposals(payload)
        if (shown.ok) take(shown.value)
        else network.reportMisbehaviour(from, 'committee: proposals that are not well-formed')
        return Promise.resolve(encodeProposals(proposals()))
      })
      epochs.onTaken(() => void clock.after(0, changed))
      cancel = clock.after(firstLookMs, poll)
    },
    stop: (): void => {
      stopping.abort()
      cancel()
    },
  }
}

/** Arbiters whose guilt is proven are struck off with the next change, whatever else it changes. */
const committeeAfter = (
  head: FederationState,
  changes: readonly CommitteeChange[],
  isConvicted: (publicKey: Bytes32) => boolean,
): Result<Omit<EpochBody, 'startsAtMs'>, Refused> => {
  const witnesses = changedWitnesses(head.committee.witnesses, changes)
  if (!witnesses.ok) return witnesses
  const arbiters = changedArbiters(rosterOf(head, isConvicted), changes)
  if (!arbiters.ok) return arbiters
  return ok({ witnesses: witnesses.value, faults: Math.floor((witnesses.value.length - 1) / 3), arbiters: arbiters.value })
}

const rosterOf = ({ committee }: FederationState, isConvicted: (publicKey: Bytes32) => boolean): readonly NamedArbiter[] =>
  committee.arbiters
    .filter(({ publicKey }) => !isConvicted(publicKey))
    .map(({ name, publicKey, weight, operator }) => ({ name, publicKey, weight, operator }))

/** Proposed or endorsed with one of these keys. */
const hasPart = ({ proposer, endorsements }: Proposal, signers: readonly Signer[]): boolean =>
  [proposer, ...endorsements].some(({ publicKey }) => signers.some((signer) => equalBytes(signer.publicKey, publicKey)))

/** The witnesses start too. */
const firstLookMs = 5_000

const notFound = fail('not-found', 'There is no such change under way. It may have been decided, or its time has passed.')
const sentences: Partial<Record<RefusalCode, string>> = {
  'too-late': 'A change is announced before it begins: choose a later start, at least as far ahead as the federation’s notice.',
  'too-early': 'A change is decided at most 90 days before its notice begins. Choose an earlier start.',
  'bad-committee':
    'That is no committee: it needs 3f+1 witnesses with different keys and addresses, and may not lose its only protection against one that lies.',
}
const refusedBecause = (reason: RefusalCode) => fail('refused', sentences[reason] ?? refusalTexts[reason])
