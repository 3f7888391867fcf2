import type { ProfileName } from './profiles.ts'
import type { Mutation } from './substitutions.ts'

/** A bug that somebody could make, and within how many seeds the simulation has to find it. */
export type Mutant = {
  readonly name: string
  readonly changes: readonly Mutation[]
  readonly profile: ProfileName
  readonly withinSeeds: number
}

const register = 'settlement/register.ts'
/** What the database refuses, it would otherwise refuse before anything could go wrong. */
const withoutConstraints = (table: 'own_vote' | 'own_proposal'): Mutation => ({
  file: 'settlement/witness-store.ts',
  find: `'INSERT INTO ${table} VALUES`,
  replace: `'INSERT OR REPLACE INTO ${table} VALUES`,
})
const mutant = (name: string, withinSeeds: number, ...changes: readonly Mutation[]): Mutant => ({
  name,
  changes,
  profile: 'usual',
  withinSeeds,
})
const deadlineMutant: typeof mutant = (...args) => ({ ...mutant(...args), profile: 'deadlines' })
const changesMutant: typeof mutant = (...args) => ({ ...mutant(...args), profile: 'changes' })
const disputesMutant: typeof mutant = (...args) => ({ ...mutant(...args), profile: 'disputes' })
const devicesMutant: typeof mutant = (...args) => ({ ...mutant(...args), profile: 'devices' })
const forgeriesMutant: typeof mutant = (...args) => ({ ...mutant(...args), profile: 'forgeries' })
const contentionMutant: typeof mutant = (...args) => ({ ...mutant(...args), profile: 'contention' })

/** Each is a piece of shipping text and what it becomes; a text that is no longer there fails the run, so none goes stale unseen. */
export const mutants: readonly Mutant[] = [
  mutant('vote-before-disk', 100, {
    file: 'settlement/witness-register.ts',
    find: '    seat.store.saveOwnVote(vote)\n',
    replace: '',
  }),
  mutant('vote-before-sync', 50, {
    file: 'storage/open.ts',
    find: "survivesPowerCut ? 'FULL' : 'OFF'",
    replace: "survivesPowerCut ? 'NORMAL' : 'OFF'",
  }),
  mutant('two-notarizations', 200, withoutConstraints('own_vote'), {
    file: register,
    find: "if (state.view !== 0 || hasCast(state, env, 'N', 0) || hasCast(state, env, 'S', 0)) return null\n  const first = state.candidates.find(({ timely }) => timely)",
    replace:
      "if (state.view !== 0 || hasCast(state, env, 'S', 0)) return null\n  const first = state.candidates.find(({ timely, tx }) => timely && !votersOf(state, 'N', 0, tx).has(env.me))",
  }),
  contentionMutant('no-carry-over', 1_000, {
    file: register,
    find: '(parent === null || (parent < view && notarizedIn(state, env, parent) === tx)) &&',
    replace: '(parent === null || parent < view) &&',
  }),
  contentionMutant('no-skip-certificates', 1_000, {
    file: register,
    find: 'viewsBetween(parent, view).every((between) => isSkipped(state, env, between))',
    replace: 'viewsBetween(parent, view).every(() => true)',
  }),
  mutant('skip-and-finalize', 500, withoutConstraints('own_vote'), {
    file: register,
    find: "kind === 'N' && voters.size >= env.quorum && !hasCast(state, env, 'S', view) && !hasCast(state, env, 'F', view),",
    replace: "kind === 'N' && voters.size >= env.quorum && !hasCast(state, env, 'F', view),",
  }),
  mutant('quorum-minus-one', 200, {
    file: 'settlement/objects.ts',
    find: 'committee.witnesses.length - committee.faults',
    replace: 'committee.witnesses.length - committee.faults - 1',
  }),
  mutant('finalize-without-notarization', 100, {
    file: register,
    find: "kind === 'N' && voters.size >= env.quorum && !hasCast(state, env, 'S', view) && !hasCast(state, env, 'F', view),",
    replace: "kind === 'N' && voters.has(env.me) && !hasCast(state, env, 'S', view) && !hasCast(state, env, 'F', view),",
  }),
  mutant('notarization-is-final', 100, {
    file: register,
    find: "tallies.find(({ kind, voters }) => kind === 'F' && voters.size >= quorum) ?? null",
    replace: "tallies.find(({ kind, voters }) => (kind === 'F' || kind === 'N') && voters.size >= quorum) ?? null",
  }),
  deadlineMutant('no-timely-receipts', 1_000, {
    file: register,
    find: "return !isWindowed(candidate.window) || votersOf(state, 'T', 0, tx).size > env.faults",
    replace: 'return true',
  }),
  mutant('expiry-without-guard', 200, {
    file: 'settlement/rules.ts',
    find: 'export const guardMs = (limits: SettlementLimits): number => 2 * limits.maxClockSkewMs',
    replace: 'export const guardMs = (_: SettlementLimits): number => 0',
  }),
  disputesMutant('panel-waits-for-the-designated', 100, {
    file: 'escrow/model.ts',
    find: '(dispute?.atMs ?? 0) + limits.seatAnyAfterMs + guardMs(limits)',
    replace: '(dispute?.atMs ?? 0) + limits.maxRuleMs',
  }),
  disputesMutant('panel-of-any-shares', 100, {
    file: 'escrow/model.ts',
    find: "    move.kind === 'seat-panel' &&\n    state.dispute !== null &&\n    committee",
    replace: '    false &&\n    state.dispute !== null &&\n    committee',
  }),
  devicesMutant('revoked-key-still-signs', 50, {
    file: 'settlement/account.ts',
    find: 'deviceKeys: deviceKeys.filter((key) => !equalBytes(key, operation.deviceKey)) }',
    replace: 'deviceKeys }',
  }),
  devicesMutant('device-manages-keys', 50, {
    file: 'settlement/account.ts',
    find: 'managesKeys(tx.body.operation) ? mayManageKeys :',
    replace: 'managesKeys(tx.body.operation) ? mayManageKeys || isDevice :',
  }),
  contentionMutant('forgotten-claims', 200, {
    file: 'settlement/facts.ts',
    find: '      for (const claim of order.tx.body.claims) store.saveClaim(id, claim)\n',
    replace: '',
  }),
  mutant('payout-over-the-lock', 100, {
    file: 'escrow/model.ts',
    find: 'clientMicro: state.terms.amountMicro - providerMicro,',
    replace: 'clientMicro: state.terms.amountMicro,',
  }),
  contentionMutant('wrong-epoch-accepted', 300, {
    file: 'settlement/account.ts',
    find: "(context.rules.epochs.get(tx.next.epoch) === null ? 'unknown-epoch' : null) ??",
    replace: '',
  }),
  changesMutant('vote-without-seat', 50, {
    file: 'settlement/seat.ts',
    find: "me < 0 ? refuse('no-seat') : ok({ committee, me })",
    replace: 'ok({ committee, me: Math.max(me, 0) })',
  }),
  changesMutant('vote-after-closing', 200, {
    file: 'settlement/witness.ts',
    find: '  if (isAccount && store.isClosed(governance.epoch)) return answerClosed(request)\n',
    replace: '',
  }),
  mutant('repeated-signatures', 20, {
    file: 'settlement/certificate.ts',
    find: 'const ascending = signatures.every(',
    replace: 'const ascending = true || signatures.every(',
  }),
  contentionMutant('amnesia', 2_000, {
    file: 'settlement/witness.ts',
    find: '|| found.generation < expected.generation)',
    replace: ')',
  }),
  contentionMutant('two-proposals', 1_000, withoutConstraints('own_proposal'), {
    file: register,
    find: 'if (view === 0 || env.leaderOf(view) !== env.me || state.suggestions.some((one) => one.view === view)) return null\n  const parent = latestParent(state, env)\n  if (parent === undefined) return null\n  const tx = parent === null ? freeChoice(state, env) : notarizedIn(state, env, parent)\n  return tx === null',
    replace:
      'if (view === 0 || env.leaderOf(view) !== env.me) return null\n  const parent = latestParent(state, env)\n  if (parent === undefined) return null\n  const tx = parent === null ? freeChoice(state, env) : notarizedIn(state, env, parent)\n  return tx === null || state.suggestions.some((one) => one.view === view && one.tx === tx && one.parent === parent)',
  }),
  mutant('never-skip', 200, {
    file: register,
    find: 'return contended || env.nowMs - enteredAtMs >= skipAfterMs(view) ?',
    replace: 'return contended && env.nowMs < enteredAtMs ?',
  }),
  mutant('forgotten-wishes', 1_000, {
    file: 'wallet/writer.ts',
    find: 'const done = wish === null ? null : store.wish(wish)',
    replace: 'const done = wish === null || wish.length < 99 ? null : store.wish(wish)',
  }),
  forgeriesMutant('certified-and-unheard', 50, {
    file: 'settlement/witness-register.ts',
    find: "=> kind !== 'N'",
    replace: "=> kind === 'S'",
  }),
  mutant('no-sweeping', 300, {
    file: 'settlement/sweeper.ts',
    find: '  wakeAt(clock.nowMs())\n',
    replace: '  stopping.abort()\n',
  }),
  forgeriesMutant('one-arbiter-rules', 50, {
    file: 'escrow/model.ts',
    find: 'authorisations.length === terms.panel.quorum &&',
    replace: 'authorisations.length >= 1 &&',
  }),
  forgeriesMutant('any-key-moves-escrows', 20, {
    file: 'escrow/model.ts',
    find: 'return equalBytes(key, named) || equalBytes(accountIdOf(birthOf(governance.federationId), key), account)',
    replace: 'return key.length === named.length || equalBytes(accountIdOf(birthOf(governance.federationId), key), account)',
  }),
  forgeriesMutant('signatures-unverified', 20, {
    file: 'settlement/signatures.ts',
    find: '  verifySignature(tagOf(role), tx.governance.federationId, txHash(tx), signature, publicKey)',
    replace: '  signature.length === 64 || verifySignature(tagOf(role), tx.governance.federationId, txHash(tx), signature, publicKey)',
  }),
  forgeriesMutant('panel-not-drawn', 20, {
    file: 'escrow/panel.ts',
    find: '.toSorted((a, b) => compareBytes(a.ticket, b.ticket))',
    replace: '',
  }),
  forgeriesMutant('shares-unverified', 20, {
    file: 'escrow/panel.ts',
    find: "return right ? null : 'bad-share'",
    replace: "return right || shares.length > 0 ? null : 'bad-share'",
  }),
  forgeriesMutant('arbiters-struck-out-at-will', 50, {
    file: 'escrow/model.ts',
    find: "return areClose ? null : 'wrong-recusal'",
    replace: "return areClose || recused.length > 0 ? null : 'wrong-recusal'",
  }),
  forgeriesMutant('panels-left-empty', 40, {
    file: 'escrow/model.ts',
    find: "  if (recused.length > 0 && !canBeSeated({ terms, recused: recusedBy(state, recused) }, committee)) return 'too-many-recused'\n",
    replace: '',
  }),
  forgeriesMutant('recused-sit', 40, {
    file: 'escrow/panel.ts',
    find: ' || recused.includes(place) ?',
    replace: ' ?',
  }),
  forgeriesMutant('receipt-of-anybody', 50, {
    file: 'escrow/model.ts',
    find: "if (!equalBytes(signed.receipt.escrowId, id) || !verifyReceipt(federationId, signed, terms.providerKey)) return 'bad-receipt'",
    replace: "if (!equalBytes(signed.receipt.escrowId, id)) return 'bad-receipt'",
  }),
  forgeriesMutant('overdraft', 20, {
    file: 'settlement/account.ts',
    find: 'const available = state.freeMicro + claimed.value',
    replace: 'const available = tx.body.freeAfterMicro + outgoing',
  }),
  forgeriesMutant('foreign-credit', 20, {
    file: 'settlement/account.ts',
    find: "    if (!equalBytes(credit.account, state.id)) return refuse('foreign-credit')\n",
    replace: '',
  }),
  forgeriesMutant('revoked-key-moves-escrows', 100, {
    file: 'settlement/judge.ts',
    find: "if (authorisations.some((one) => one.role !== 'arbiter' && store.isRevoked(partyOf(one), one.publicKey))) return refuse('revoked-key')",
    replace: '',
  }),
  forgeriesMutant('revoked-key-bids', 100, {
    file: 'settlement/judge.ts',
    find: "if (operation.kind === 'open-escrow' && store.isRevoked(operation.terms.provider, operation.terms.providerKey))",
    replace: "if (operation.kind === 'open-escrow' && operation.terms.amountMicro === 0n)",
  }),
  forgeriesMutant('acceptance-unverified', 20, {
    file: 'settlement/account.ts',
    find: "(verifyTerms(rules.federationId, operation.terms, operation.acceptSignature) ? null : 'not-accepted')",
    replace: 'null',
  }),
  forgeriesMutant('acceptance-never-lapses', 20, {
    file: 'settlement/account.ts',
    find: 'notAfterMs: Math.min(acceptValidUntilMs, deliverByMs)',
    replace: 'notAfterMs: deliverByMs',
  }),
  changesMutant('handover-ignored', 150, {
    file: 'settlement/judge.ts',
    find: "    if (!isPossible(left.value.step, name, left.value.quorum)) return refuse('bound')\n",
    replace: '',
  }),
  changesMutant('closes-without-taking-over', 60, {
    file: 'settlement/closing.ts',
    find: "  if (former !== undefined && store.takenOverFrom(former.epoch).length < quorumOf(former)) return 'not-taken-over'\n",
    replace: '',
  }),
  mutant('order-not-on-disk', 40, {
    file: 'wallet/writer.ts',
    find: '      store.savePending(tx.step, { authorised: signed.value, txHash, atMs: deps.clock.nowMs() })\n      if (requestId',
    replace: '      if (requestId',
  }),
  mutant('chance', 20, {
    file: 'settlement/driver.ts',
    find: 'const backoffMs = (failures: number): number => Math.min(',
    replace: 'const backoffMs = (failures: number): number => Math.round(Math.random() * 20) + Math.min(',
  }),
]
