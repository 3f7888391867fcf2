import { applyEscrowMove, openEscrow } from '../../escrow/model.ts'
import { designatedOrder } from '../../escrow/panel.ts'
import { keyFromSeed } from '../../identity/ed25519.ts'
import { createSigner, type Signer } from '../../identity/signing.ts'
import { equalBytes, sha256, toHex, utf8 } from '../../platform/bytes.ts'
import type { Clock } from '../../platform/clock.ts'
import { err, fail, ok, type Result } from '../../platform/result.ts'
import { accountIdOf } from '../../settlement/account-id.ts'
import { applyAccountTx, creditsOfAccountTx, genesisCredits, initialAccount } from '../../settlement/account.ts'
import type { DecideFailure, Driver } from '../../settlement/driver-port.ts'
import { txHash } from '../../settlement/encoding.ts'
import { firstEpoch } from '../../settlement/epochs.ts'
import {
  quorumOf,
  type AccountState,
  type AuthorisedTx,
  type Committee,
  type Credit,
  type Decree,
  type EscrowState,
  type ObjectId,
} from '../../settlement/objects.ts'
import type { Refusal } from '../../settlement/refusals.ts'
import type { SettlementRules } from '../../settlement/rules.ts'
import { seedKeyOf } from '../../settlement/seed-share.ts'
import { signStatement } from '../../settlement/signatures.ts'

/** What happens to the next question about a register: the witnesses do not hear it, too few hear it, or their answer is lost. */
/** `refused-too-early`: too many refuse at first, and it is certified all the same. */
export type Mishap = 'question-lost' | 'heard-by-few' | 'answer-lost' | 'refused-too-early'

export const signerOf = (name: string): Signer => createSigner(keyFromSeed(sha256(utf8(name))))

const noQuorum = fail('no-quorum', 'Too few witnesses answered.')
const keys = [0, 1, 2, 3].map((index) => signerOf(`witness ${index}`))
const zero = { federationId: sha256(utf8('a federation of tests')), epoch: 0 }
const seedKeys = keys.map(({ publicKey }, index) => seedKeyOf(sha256(utf8(`witness ${index}`)), publicKey))
const testCommittee: Committee = {
  ...zero,
  witnesses: keys.map(({ publicKey }, index) => ({
    publicKey,
    peerId: `witness-${index}`,
    addresses: [],
    seedKey: seedKeys[index]?.publicKey ?? new Uint8Array(),
  })),
  faults: 1,
  arbiters: ['ada', 'bea', 'cid'].map((name) => {
    const { publicKey } = signerOf(name)
    return { name, publicKey, account: accountIdOf(zero, publicKey), weight: 1, operator: '' }
  }),
}
export const testRules: SettlementRules = {
  federationId: zero.federationId,
  epochs: firstEpoch(testCommittee),
  limits: {
    maxClockSkewMs: 500,
    minReviewMs: 10_000,
    maxReviewMs: 3_600_000,
    maxWorkMs: 3_600_000,
    minRuleMs: 10_000,
    maxRuleMs: 3_600_000,
    seatAnyAfterMs: 5_000,
    giftPerDayMicro: null,
    epochNoticeMs: 10_000,
  },
}

/**
 * Four witnesses as one honest oracle: it signs real certificates, checks with the real state machines, and believes only credits
 * that the order's own proofs show. So a wallet is tested against everything but votes and the network.
 */
export const createFakeWitnesses = (clock: Clock, holders: readonly { readonly firstKey: Uint8Array; readonly amountMicro: bigint }[]) => {
  const committee = testCommittee
  const genesis = genesisCredits(zero, holders)
  const chains = new Map<string, Decree[]>()
  const accounts = new Map<string, AccountState>()
  const escrows = new Map<string, EscrowState>()
  const claimed = new Set<string>()
  const decidedAtMs = new Map<string, number>()
  let undecided: readonly AuthorisedTx[] = []
  const inbox: { readonly credit: Credit; readonly proof: () => readonly Decree[] }[] = []
  let mishaps: Mishap[] = []
  let isDown = false

  const chainOf = (id: ObjectId): Decree[] => {
    const chain = chains.get(toHex(id)) ?? []
    chains.set(toHex(id), chain)
    return chain
  }
  const certify = ({ tx, authorisations }: AuthorisedTx): Decree => {
    const statement = { governance: zero, objectId: tx.objectId, step: tx.step, view: 0, kind: 'F', txHash: txHash(tx) } as const
    const votes = keys.slice(0, quorumOf(committee)).map((key, index) => signStatement(statement, index, key))
    return {
      tx,
      authorisations,
      certificate: { statement, signatures: votes.map(({ witnessIndex, signature }) => ({ witnessIndex, signature })) },
    }
  }

  const provenBy = (supporting: readonly Decree[]): readonly Credit[] => {
    const opened = new Map<string, EscrowState>()
    return supporting.flatMap(({ tx, authorisations }) => {
      if (tx.type === 'account') {
        const escrow = openEscrow(tx)
        if (escrow !== null) opened.set(toHex(escrow.id), escrow)
        return creditsOfAccountTx(tx)
      }
      if (tx.type === 'federation') return []
      const before = opened.get(toHex(tx.objectId))
      const applied = before === undefined ? null : applyEscrowMove(before, { tx, authorisations }, { rules: testRules, nowMs: null })
      if (applied?.ok !== true) return []
      opened.set(toHex(tx.objectId), applied.value.state)
      return applied.value.credits
    })
  }

  const apply = ({ tx, authorisations }: AuthorisedTx, supporting: readonly Decree[]): Result<readonly Credit[], Refusal> => {
    const key = toHex(tx.objectId)
    if (tx.type === 'escrow') {
      const state = escrows.get(key)
      if (state === undefined) return fail('missing-history', 'no such escrow')
      const applied = applyEscrowMove(state, { tx, authorisations }, { rules: testRules, nowMs: clock.nowMs() })
      if (!applied.ok) return applied
      escrows.set(key, applied.value.state)
      return ok(applied.value.credits)
    }
    if (tx.type === 'federation') return fail('wrong-object', 'its committee never changes')
    const state = accounts.get(key) ?? initialAccount(zero, authorisations[0]?.publicKey ?? new Uint8Array(32))
    const credits = [...genesis, ...provenBy(supporting)]
    const creditOf = (id: Uint8Array): Credit | null => credits.find((credit) => equalBytes(credit.id, id)) ?? null
    const isClaimed = (id: Uint8Array): boolean => claimed.has(toHex(id))
    const applied = applyAccountTx(state, { tx, authorisations }, { rules: testRules, creditOf, isClaimed, nowMs: clock.nowMs() })
    if (!applied.ok) return applied
    accounts.set(key, applied.value.state)
    for (const id of tx.body.claims) claimed.add(toHex(id))
    if (applied.value.openedEscrow !== null) escrows.set(toHex(txHash(tx)), applied.value.openedEscrow)
    return ok(applied.value.credits)
  }

  const decide = (order: AuthorisedTx, supporting: readonly Decree[]): Result<Decree, DecideFailure> => {
    const { tx } = order
    const chain = chainOf(tx.objectId)
    const decided = chain.find((decree) => decree.tx.step === tx.step && decree.tx.type === tx.type)
    if (decided !== undefined)
      return equalBytes(txHash(decided.tx), txHash(tx))
        ? ok(decided)
        : err({ code: 'conflict', message: 'another order won', decree: decided })
    const applied = apply(order, supporting)
    if (!applied.ok) return err({ code: 'refused', message: applied.error.message, reason: applied.error.code })
    const decree = certify(order)
    decidedAtMs.set(toHex(txHash(tx)), clock.nowMs())
    undecided = undecided.filter((one) => one.tx.step !== tx.step || !equalBytes(one.tx.objectId, tx.objectId))
    chain.push(decree)
    if (tx.type === 'account' && tx.body.operation.kind === 'open-escrow') chainOf(txHash(tx)).push(decree)
    const proof = (): readonly Decree[] => (tx.type === 'account' ? [decree] : chainOf(tx.objectId).slice())
    for (const credit of applied.value) inbox.push({ credit, proof })
    return ok(decree)
  }

  const driver: Driver = {
    decide: async (order, supporting) => {
      await Promise.resolve()
      const mishap = mishaps.shift()
      if (isDown || mishap === 'question-lost') return fail('no-quorum', 'Too few witnesses answered.')
      if (mishap === 'heard-by-few') {
        undecided = [...undecided, order]
        return fail('timeout', 'The witnesses took too long.')
      }
      const decided = decide(order, supporting)
      if (mishap === 'refused-too-early') return err({ code: 'refused', message: 'Earlier steps are missing.', reason: 'missing-history' })
      return mishap === 'answer-lost' ? fail('timeout', 'The witnesses took too long.') : decided
    },
    fetchObject: async (id, fromStep) => {
      await Promise.resolve()
      return isDown ? fail('no-quorum', 'Too few witnesses answered.') : ok(chainOf(id).slice(fromStep))
    },
    fetchShares: async ({ id, dispute }) => {
      await Promise.resolve()
      if (isDown || dispute === null) return fail('no-quorum', 'Too few witnesses answered.')
      const name = { federationId: zero.federationId, escrowId: id, disputeHash: dispute.txHash }
      const order = designatedOrder(committee, dispute.txHash).slice(0, committee.faults + 1)
      return ok(order.map((witnessIndex) => ({ witnessIndex, share: seedKeys[witnessIndex]?.share(name) ?? new Uint8Array() })))
    },
    fetchInbox: async (account) => {
      await Promise.resolve()
      if (isDown) return fail('no-quorum', 'Too few witnesses answered.')
      return ok(
        inbox.filter(({ credit }) => equalBytes(credit.account, account) && !claimed.has(toHex(credit.id))).flatMap(({ proof }) => proof()),
      )
    },
    fetchKeys: async (account) => {
      await Promise.resolve()
      const state = accounts.get(toHex(account))
      return isDown ? noQuorum : ok(state === undefined ? [] : [state.ownerKey, ...state.deviceKeys])
    },
    fetchCredits: async (ids) => {
      await Promise.resolve()
      const wanted = new Set(ids.map(toHex))
      return isDown ? noQuorum : ok(inbox.filter(({ credit }) => wanted.has(toHex(credit.id))).flatMap(({ proof }) => proof()))
    },
    fetchEscrows: async (provider) => {
      await Promise.resolve()
      const mine = [...escrows.values()].filter(({ terms, payout }) => payout === null && equalBytes(terms.provider, provider))
      return isDown ? noQuorum : ok(mine.flatMap(({ id }) => chainOf(id).slice(0, 1)))
    },
    fetchTimes: async (decrees) => {
      await Promise.resolve()
      const known = decrees.flatMap(({ tx }) => {
        const atMs = decidedAtMs.get(toHex(txHash(tx)))
        return atMs === undefined ? [] : [[toHex(txHash(tx)), atMs] as const]
      })
      return isDown ? noQuorum : ok(new Map(known))
    },
    fetchUndecided: async ({ objectId, step }) => {
      await Promise.resolve()
      const seen = undecided.filter(({ tx }) => tx.step === step && equalBytes(tx.objectId, objectId))
      return isDown ? noQuorum : ok(seen)
    },
    learnEpochs: () => Promise.resolve(false),
  }

  return {
    rules: testRules,
    genesis,
    driver,
    /** One for each of the coming decisions. */
    plan: (...next: readonly Mishap[]): void => {
      mishaps = [...next]
    },
    goDown: (down: boolean): void => {
      isDown = down
    },
    chain: (id: ObjectId): readonly Decree[] => chainOf(id),
    /** Everything that exists: balances, credits nobody claimed, and open escrows. */
    totalMicro: (): bigint => {
      const free = [...accounts.values()].reduce((sum, { freeMicro }) => sum + freeMicro, 0n)
      const unclaimed = [...genesis, ...inbox.map(({ credit }) => credit)].filter(({ id }) => !claimed.has(toHex(id)))
      const locked = [...escrows.values()].filter(({ payout }) => payout === null)
      return free + unclaimed.reduce((sum, c) => sum + c.amountMicro, 0n) + locked.reduce((sum, { terms }) => sum + terms.amountMicro, 0n)
    },
  }
}
export type FakeWitnesses = ReturnType<typeof createFakeWitnesses>
