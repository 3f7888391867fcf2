import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { parseArbiterCard } from '../federation/arbiter-card.ts'
import { parseWitnessCard } from '../federation/witness-card.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { record, textUpTo } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { accountIdOf, birthOf } from '../settlement/account-id.ts'
import { epochAt, type Epoch, type Epochs } from '../settlement/epochs.ts'
import { seatOf } from '../settlement/federation-chain.ts'
import { quorumOf, type NamedArbiter, type Witness } from '../settlement/objects.ts'
import type { SettlementLimits } from '../settlement/rules.ts'
import { runCommand } from '../storage/commands.ts'
import type { Database } from '../storage/database.ts'
import { missingIn, proposalId, type CommitteeChange, type Proposal } from './model.ts'
import type { CommitteeChanges } from './service.ts'

export type CommitteeHandlersDeps = {
  readonly db: Database
  readonly changes: CommitteeChanges
  readonly epochs: Epochs
  readonly limits: SettlementLimits
  readonly clock: Clock
}

type Draft = { readonly witnesses: readonly Witness[]; readonly arbiters: readonly NamedArbiter[] }
const idCodec = record<{ readonly id: string }>({ id: textUpTo(64) })
/** Long enough for witnesses of every time zone to see a proposal. */
const timeToEndorseMs = 24 * 3_600_000

export const committeeHandlers = ({
  db,
  changes,
  epochs,
  limits,
  clock,
}: CommitteeHandlersDeps): Handlers<MarketContract>['federation'] => {
  const memberOf = ({ publicKey, peerId, addresses }: Witness) => ({
    publicKey: toHex(publicKey),
    peerId,
    addresses,
    isOwn: changes.isOwn(publicKey),
  })
  const arbiterOf = ({ name, operator, publicKey }: NamedArbiter) => ({
    name,
    operator,
    publicKey: toHex(publicKey),
    accountId: toHex(accountIdOf(birthOf(epochs.federationId), publicKey)),
    isOwn: changes.isOwn(publicKey),
  })
  const differences = (before: Draft, after: Draft) => ({
    added: missingIn(after.witnesses, before.witnesses).map(memberOf),
    removed: missingIn(before.witnesses, after.witnesses).map(memberOf),
    arbitersAdded: missingIn(after.arbiters, before.arbiters).map(arbiterOf),
    arbitersRemoved: missingIn(before.arbiters, after.arbiters).map(arbiterOf),
  })
  const proposalRow = (proposal: Proposal) => {
    const { committee } = epochs.head()
    const { step, body } = proposal.tx
    const endorsedBy = proposal.endorsements.map(({ publicKey }) => seatOf(committee, publicKey))
    return {
      id: proposalId(proposal),
      epoch: step,
      startsAtMs: body.startsAtMs,
      decideByMs: body.startsAtMs - limits.epochNoticeMs,
      ...differences(committee, body),
      witnesses: body.witnesses.length,
      faults: body.faults,
      endorsedBy,
      needed: quorumOf(committee),
      mayEndorse: committee.witnesses.some(({ publicKey }, place) => changes.isOwn(publicKey) && !endorsedBy.includes(place)),
    }
  }
  const nextOf = (current: Epoch, newest: Epoch) =>
    newest.committee.epoch === current.committee.epoch
      ? null
      : {
          epoch: newest.committee.epoch,
          startsAtMs: newest.startsAtMs,
          ...differences(current.committee, newest.committee),
        }

  return {
    status: () => {
      changes.lookAgain()
      const current = epochAt(epochs, clock.nowMs())
      const { committee, startsAtMs } = current
      return ok({
        revision: changes.revision(),
        epoch: committee.epoch,
        startsAtMs,
        faults: committee.faults,
        quorum: quorumOf(committee),
        committee: committee.witnesses.map(memberOf),
        arbiters: committee.arbiters.map(arbiterOf),
        next: nextOf(current, epochs.newest()),
        noticeMs: limits.epochNoticeMs,
        mayPropose: changes.mayPropose(),
        proposals: changes.proposals().map(proposalRow),
      })
    },
    propose: (input) => {
      const read = readChanges(input.changes)
      if (!read.ok) return read
      const atMs = clock.nowMs()
      const startMs = input.startsAtMs ?? atMs + limits.epochNoticeMs + timeToEndorseMs
      const command = { requestId: input.requestId, name: 'federation.propose', input, atMs, result: idCodec }
      return runCommand(db, command, () => {
        const proposed = changes.propose(read.value, startMs)
        return proposed.ok
          ? ok({ id: proposalId(proposed.value) })
          : asOneOf(proposed.error, ['not-allowed', 'unknown-witness', 'unknown-arbiter'])
      })
    },
    endorse: ({ id }) => {
      const endorsed = changes.endorse(id)
      if (!endorsed.ok) return asOneOf(endorsed.error, ['not-found', 'not-allowed'])
      return ok({ endorsements: endorsed.value.endorsements.length, needed: quorumOf(epochs.head().committee) })
    },
    submit: async ({ id }) => {
      const decided = await changes.submit(id)
      return decided.ok ? ok({ epoch: decided.value.tx.step }) : asOneOf(decided.error, ['not-found', 'not-endorsed', 'no-quorum'])
    },
  }
}

type Asked = Parameters<Handlers<MarketContract>['federation']['propose']>[0]['changes']
const readChanges = (asked: Asked): Result<readonly CommitteeChange[], Failure<'bad-card'>> => {
  const changes: CommitteeChange[] = []
  for (const change of asked) {
    if (change.kind === 'remove' || change.kind === 'remove-arbiter') {
      changes.push({ kind: change.kind, publicKey: fromHex(change.publicKey) })
      continue
    }
    if (change.kind === 'add-arbiter') {
      const arbiter = parseArbiterCard(change.card)
      if (!arbiter.ok) return fail('bad-card', arbiter.error.message)
      changes.push({ kind: 'add-arbiter', arbiter: arbiter.value })
      continue
    }
    const witness = parseWitnessCard(change.card)
    if (!witness.ok) return fail('bad-card', witness.error.message)
    changes.push(
      change.kind === 'add'
        ? { kind: 'add', witness: witness.value }
        : { kind: 'replace', publicKey: fromHex(change.publicKey), witness: witness.value },
    )
  }
  return ok(changes)
}

/** Whatever else it is, it is a refusal with its own sentence. */
const asOneOf = <const C extends string>({ code, message }: Failure, codes: readonly C[]) =>
  fail(codes.find((known) => known === code) ?? 'refused', message)
