import type { MoveKind } from '../escrow/model.ts'
import { assert } from '../platform/assert.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Network } from '../network/port.ts'
import { silentLog } from '../platform/log.ts'
import { nameOf } from '../settlement/ballots.ts'
import { encodeRequest } from '../settlement/bundle.ts'
import { createDriver } from '../settlement/driver.ts'
import type { AccountId, AccountOperation, AuthorisedTx, Decree, EscrowTerms, Signature, SignedProposal } from '../settlement/objects.ts'
import { createOrders } from './adversary-orders.ts'
import { createForger } from './adversary-forgeries.ts'
import { createQuitter } from './adversary-quitter.ts'
import type { Secret } from './conspiracy.ts'
import type { Party } from './federation.ts'
import { createLife } from './life.ts'
import { decodeMessage, encodeMessage } from './party-process.ts'
import type { Prng } from './prng.ts'
import type { World } from './world.ts'

/**
 * The dishonest parties, who share one mind with the lying witnesses. They sign competing orders, show each witness another part of
 * what they know, ask to skip whenever they like, move their escrows at the wrong time, and stop in the middle.
 */
export type Adversary = {
  readonly start: () => void
  readonly stop: () => void
  readonly pay: (party: number, to: AccountId, amountMicro: bigint) => void
  readonly open: (party: number, terms: EscrowTerms, acceptSignature: Signature) => void
  readonly equivocate: (party: number, prng: Prng) => void
  readonly attack: (prng: Prng) => void
  /** Somebody gives an order that nobody may give. */
  readonly forge: (prng: Prng) => void
  /** A payer goes away when only it can know that it has paid. */
  readonly quit: (prng: Prng) => void
  /** Whoever has stolen the first party's second computer makes the most of its key. */
  readonly rob: (prng: Prng) => void
}

export const createAdversary = (world: World): Adversary => {
  const { federation, auditor, conspiracy, network, plan, scheduler } = world
  const { committee, epochs, membersOf, parties } = federation
  const orders = createOrders(world)
  const { orderOf, orderOfMove, bodyOf } = orders
  const dishonest = parties.slice(plan.honestParties)
  const life = createLife(scheduler, 0, () => undefined)
  const node = network.addNode('adversary', { life })
  const driver = createDriver({ network: node, epochs, clock: life.clock, log: silentLog })

  /** Everything that could prove a claim: the adversary saves no effort. */
  const supporting = (): readonly Decree[] => auditor.ledger.decrees().slice(-60)

  const forger = createForger(world, orders, (order) => {
    const decided = driver.decide(order, supporting(), { timeoutMs: 5_000 })
    void decided.then((outcome) => outcome.ok && tellClient(world, node, outcome.value)).catch(() => undefined)
  })

  const drive = (order: AuthorisedTx): void => {
    conspiracy.add(order)
    driver.decide(order, supporting(), { timeoutMs: 10_000 }).then(
      (outcome) => {
        const decree = outcome.ok ? outcome.value : outcome.error.code === 'conflict' ? outcome.error.decree : null
        if (decree !== null)
          conspiracy.secretOf({
            governance: decree.certificate.statement.governance,
            objectId: decree.tx.objectId,
            step: decree.tx.step,
          }).decree = decree
      },
      () => undefined,
    )
  }

  const partyAt = (index: number): Party => {
    const party = parties[index]
    assert(party !== undefined, 'a dishonest party')
    return party
  }

  /** Orders for escrows of the dishonest, allowed or not. */
  const makeMove = (prng: Prng): void => {
    const own = auditor.ledger.escrows().filter(({ terms, paid }) => paid === null && involves(terms, dishonest))
    if (own.length === 0) return
    const escrow = prng.pick(own)
    const body = bodyOf(prng.pick(moves), escrow, prng)
    if (body !== null) conspiracy.add(orderOfMove(escrow, body))
  }

  /** What one committee left open is shown to the next one too, under the same orders and with the old votes. */
  const inSomeEpoch = (secret: Secret, prng: Prng): Secret => {
    const newest = epochs.newest().committee.epoch
    if (newest === 0 || prng.chance(0.5)) return secret
    const { objectId, step, governance } = secret.register
    const moved = conspiracy.secretOf({ objectId, step, governance: { ...governance, epoch: prng.between(0, newest) } })
    for (const [name, order] of secret.orders) moved.orders.set(name, order)
    return moved
  }

  /** One witness is shown a part of what the liars know of a register, with votes made for it. */
  const show = (secret: Secret, seat: number, prng: Prng): void => {
    const identity = membersOf(secret.register.governance.epoch)?.committee.witnesses[seat]
    if (identity === undefined) return
    const forged = conspiracy.liars.flatMap((liar) => (prng.chance(0.6) ? conspiracy.forgeVotes(liar, secret, prng) : []))
    const proposals = conspiracy.liars.flatMap((liar) => (prng.chance(0.6) ? conspiracy.forgeProposals(liar, secret, prng) : []))
    const payload = encodeRequest({
      kind: 'exchange',
      register: secret.register,
      orders: prng.shuffled(someOrders(secret, proposals, prng)),
      votes: [...forged, ...prng.some([...secret.votes.values()], 0.7)].slice(0, 200),
      proposals: [...proposals, ...prng.some([...secret.proposals.values()], 0.7)].slice(0, 12),
      carried: [],
      wantSkip: prng.chance(0.5),
      decrees: prng.chance(0.5) ? supporting().slice(-20) : [],
    })
    node.request(identity, 'settlement', payload, { timeoutMs: 5_000 }).then(
      (answer) => conspiracy.hear(answer, 'answer', secret.register),
      () => undefined,
    )
  }

  return {
    start: () => {
      if (plan.events.some(({ kind }) => kind === 'forge')) auditor.onFinal(forger.follow)
      for (const { peerId } of dishonest)
        network.addNode(peerId, { life }).serve('market', async (payload) => {
          const message = decodeMessage(payload)
          if (message?.kind === 'split') conspiracy.add(message.order)
          return new Uint8Array(0)
        })
    },
    stop: life.end,
    pay: (party, to, amountMicro) => {
      if (party >= plan.honestParties) drive(orderOf(partyAt(party), { kind: 'transfer', to, amountMicro, memo: '' }))
    },
    open: (party, terms, acceptSignature) => drive(orderOf(partyAt(party), { kind: 'open-escrow', terms, acceptSignature })),
    equivocate: (party, prng) => {
      const others = parties.filter((_, index) => index !== party)
      const again = prng.some(auditor.ledger.claimedOf(partyAt(party).account), 0.3)
      const transfer = (amount: number): AccountOperation => ({
        kind: 'transfer',
        to: prng.pick(others).account,
        amountMicro: BigInt(amount * prng.between(1, 1_000)),
        memo: '',
      })
      const next = prng.chance(0.2) ? { ...federation.governance, epoch: 1 } : federation.governance
      const orders = [1, 2, 3].slice(0, prng.between(2, 3)).map((amount) => orderOf(partyAt(party), transfer(amount), again, next))
      for (const order of orders) conspiracy.add(order)
      const driven = prng.pick(orders)
      if (prng.chance(0.6)) drive(driven)
    },
    rob: (prng) => {
      const [victim, ...others] = parties
      assert(victim !== undefined, 'a party with two computers')
      const { deviceSigner, thiefSigner } = federation
      const operation = prng.pick<AccountOperation>([
        { kind: 'transfer', to: prng.pick(others).account, amountMicro: BigInt(prng.between(1, 100_000)), memo: '' },
        { kind: 'register-device', deviceKey: thiefSigner.publicKey },
        { kind: 'rotate-key', newKey: thiefSigner.publicKey },
      ])
      const isTooLate = auditor.keys.revokedAt(victim.account, deviceSigner.publicKey) !== null
      auditor.reach(isTooLate ? 'a thief came too late' : 'a thief used a stolen device')
      drive(orderOf({ ...victim, signer: deviceSigner }, operation))
    },
    forge: forger.forge,
    quit: createQuitter(world, { orders, node, supporting }),
    attack: (prng) => {
      makeMove(prng)
      const open = conspiracy.secrets().filter(({ decree, orders }) => decree === null && orders.size > 0)
      if (open.length === 0) return
      // The newest are the most likely to be undecided.
      const secret = inSomeEpoch(prng.pick(open.slice(-3)), prng)
      const { witnesses } = membersOf(secret.register.governance.epoch)?.committee ?? committee
      const targets = prng.some(
        witnesses.map((_, seat) => seat),
        0.6,
      )
      for (const seat of targets) show(secret, seat, prng)
      auditor.reach('an attack')
    },
  }
}

/** What is delivered, its client has to see. */
const tellClient = ({ auditor, federation }: World, node: Network, decree: Decree): void => {
  const client = decree.tx.type === 'escrow' ? auditor.ledger.escrow(decree.tx.objectId)?.terms.client : undefined
  const peer = federation.parties.find(({ account }) => client !== undefined && equalBytes(account, client))
  if (peer === undefined) return
  const payload = encodeMessage({ kind: 'decree', decree })
  node.request({ peerId: peer.peerId, addresses: [] }, 'market', payload, { timeoutMs: 5_000 }).catch(() => undefined)
}

const moves: readonly MoveKind[] = ['release', 'refund', 'split', 'deliver', 'deliver', 'dispute', 'expire-refund', 'expire-release']

const involves = ({ clientKey, providerKey }: EscrowTerms, parties: readonly Party[]): boolean =>
  parties.some(({ signer }) => equalBytes(signer.publicKey, clientKey) || equalBytes(signer.publicKey, providerKey))

/** Some, and those that are proposed: a proposal comes to nothing without its order. */
const someOrders = ({ orders }: Secret, proposals: readonly SignedProposal[], prng: Prng): readonly AuthorisedTx[] => {
  const named = new Set(proposals.map(({ proposal }) => nameOf(proposal.txHash)))
  return [...orders].filter(([name]) => named.has(name) || prng.chance(0.7)).map(([, order]) => order)
}
