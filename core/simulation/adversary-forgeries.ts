import { compareBytes, equalBytes, toHex } from '../platform/bytes.ts'
import type { Signer } from '../identity/signing.ts'
import type {
  AccountOperation,
  AuthorisationRole,
  AuthorisedTx,
  Decree,
  Credit,
  EscrowMove,
  EscrowTerms,
  EscrowTx,
  SeedShare,
  Signature,
} from '../settlement/objects.ts'
import { shareBytes } from '../settlement/seed-share.ts'
import { authorise, signTerms } from '../settlement/signatures.ts'
import type { AuditedEscrow } from './audit-ledger.ts'
import { createFriends, some } from './adversary-friends.ts'
import { designatedOrder } from './audit-panel.ts'
import type { createOrders } from './adversary-orders.ts'
import type { Party } from './federation.ts'
import type { Prng } from './prng.ts'
import type { World } from './world.ts'

type Orders = ReturnType<typeof createOrders>
type Forgeries = Readonly<Record<string, Forgery>>
type Forgery = (prng: Prng) => AuthorisedTx | null
type Signs = (terms: EscrowTerms) => Signature

/** Orders that nobody may give, each right in everything but one thing; null where there is nothing to try it on. */
const createEscrowForgeries = ({ auditor, federation, plan, scheduler }: World, { moveTx }: Orders) => {
  const { arbiterSigners, committee, deviceSigner, parties, seedKeys, thiefSigner } = federation
  const { ledger, keys } = auditor
  const dishonest = parties.slice(plan.honestParties)

  const open = (phases?: readonly AuditedEscrow['phase'][]): readonly AuditedEscrow[] =>
    ledger.escrows().filter(({ paid, phase }) => paid === null && (phases === undefined || phases.includes(phase)))
  const signed = (tx: EscrowTx, roles: readonly AuthorisationRole[], signer: Signer): AuthorisedTx => ({
    tx,
    authorisations: roles.map((role) => authorise(tx, role, signer)),
  })
  const stranger = ({ terms }: AuditedEscrow, prng: Prng): Signer =>
    prng.pick(
      [thiefSigner, ...dishonest.map(({ signer }) => signer), ...arbiterSigners.slice(0, 3)].filter(
        ({ publicKey }) => !equalBytes(publicKey, terms.clientKey) && !equalBytes(publicKey, terms.providerKey),
      ),
    )
  const onesided = (escrow: AuditedEscrow, prng: Prng): { readonly body: EscrowMove; readonly role: AuthorisationRole } => {
    const nowMs = scheduler.nowMs()
    const deliver: EscrowMove = { kind: 'deliver', atMs: nowMs, resultHash: escrow.id, priceMicro: escrow.terms.amountMicro, recused: [] }
    if (escrow.phase === 'open' && prng.chance(0.5)) return { body: deliver, role: 'provider' }
    return prng.pick([
      { body: { kind: 'release', receipt: null }, role: 'client' },
      { body: { kind: 'refund' }, role: 'provider' },
    ])
  }

  const withKeyOfStranger: Forgery = (prng) => {
    const escrow = some(prng, open())
    if (escrow === null) return null
    const { body, role } = onesided(escrow, prng)
    return signed(moveTx(escrow, body), [role], stranger(escrow, prng))
  }
  /** The right key, and a signature that it did not make. */
  const withMadeUpSignature: Forgery = (prng) => {
    const escrow = some(prng, open())
    if (escrow === null) return null
    const { body, role } = onesided(escrow, prng)
    const publicKey = role === 'client' ? escrow.terms.clientKey : escrow.terms.providerKey
    return { tx: moveTx(escrow, body), authorisations: [{ role, publicKey, signature: prng.bytes(64) }] }
  }
  /** One side of a split alone. */
  const unsigned: Forgery = (prng) => {
    const party = some(prng, dishonest)
    const escrow = some(prng, open())
    if (escrow === null) return null
    const tx = moveTx(escrow, { kind: 'split', toProviderMicro: escrow.terms.amountMicro })
    return signed(tx, prng.pick<readonly AuthorisationRole[]>([[], ['client'], ['provider']]), (party ?? { signer: thiefSigner }).signer)
  }
  const withRevokedDevice: Forgery = (prng) => {
    const sides = open().flatMap((escrow): readonly (readonly [AuditedEscrow, AuthorisationRole])[] => [
      ...(equalBytes(escrow.terms.clientKey, deviceSigner.publicKey) ? ([[escrow, 'client']] as const) : []),
      ...(equalBytes(escrow.terms.providerKey, deviceSigner.publicKey) ? ([[escrow, 'provider']] as const) : []),
    ])
    const found = some(prng, sides)
    const [owner] = parties
    if (found === null || owner === undefined || keys.revokedAt(owner.account, deviceSigner.publicKey) === null) return null
    const [escrow, role] = found
    return signed(moveTx(escrow, role === 'client' ? { kind: 'release', receipt: null } : { kind: 'refund' }), [role], deviceSigner)
  }
  const withOwnReceipt: Forgery = (prng) => {
    const escrow = some(
      prng,
      open().filter(({ terms }) => dishonest.some(({ account }) => equalBytes(account, terms.client))),
    )
    const client = dishonest.find(({ account }) => escrow !== null && equalBytes(account, escrow.terms.client))
    if (escrow === null || client === undefined) return null
    const times = { startedAtMs: 0, firstTokenAtMs: 0, finishedAtMs: 0 }
    const receipt = { escrowId: escrow.id, priceMicro: 1n, inputTokens: 1, outputTokens: 1, transcriptHash: escrow.id, ...times }
    const tx = moveTx(escrow, { kind: 'release', receipt: { receipt, providerSignature: prng.bytes(64) } })
    return signed(tx, ['client'], client.signer)
  }

  /** Too few arbiters, or some who do not sit; the bribed are never enough. */
  const withTooFewArbiters: Forgery = (prng) => {
    const escrow = some(prng, open(['panel']))
    if (escrow === null) return null
    const bribed = plan.court.bribedArbiters.flatMap((place) => arbiterSigners[place] ?? [])
    const signers = prng.pick([
      bribed,
      bribed.slice(0, 1),
      [...bribed, thiefSigner],
      Array.from({ length: 4 }, () => bribed[0] ?? thiefSigner),
    ])
    const tx = moveTx(escrow, { kind: 'rule', outcome: prng.pick(['release', 'refund', 'half']) })
    return { tx, authorisations: signers.map((signer) => authorise(tx, 'arbiter', signer)) }
  }
  /** The liars' own shares are real; they would rather choose those of the others. */
  const withMadeUpShares: Forgery = (prng) => {
    const escrow = some(prng, open(['disputed']))
    if (escrow === null || escrow.dispute === null) return null
    const name = { federationId: federation.governance.federationId, escrowId: escrow.id, disputeHash: escrow.dispute.hash }
    const designated = designatedOrder(committee, name.disputeHash)
    const shareOf = (witnessIndex: number): SeedShare => {
      const isLiar = plan.liars.some(({ witness }) => witness === witnessIndex)
      return { witnessIndex, share: (isLiar ? seedKeys[witnessIndex]?.share(name) : undefined) ?? prng.bytes(shareBytes) }
    }
    const shares = designated.slice(0, committee.faults + 1).map(shareOf)
    return { tx: moveTx(escrow, { kind: 'seat-panel', shares: prng.chance(0.8) ? shares : shares.slice(1) }), authorisations: [] }
  }
  return {
    withKeyOfStranger,
    withMadeUpSignature,
    unsigned,
    withRevokedDevice,
    withOwnReceipt,
    withTooFewArbiters,
    withMadeUpShares,
  } satisfies Forgeries
}

const createAccountForgeries = ({ auditor, federation, plan, scheduler }: World, { orderOf }: Orders) => {
  const { deviceSigner, genesis, parties, rules, thiefSigner } = federation
  const { ledger, keys } = auditor
  const dishonest = parties.slice(plan.honestParties)
  const transferTo = (victims: readonly Party[], amountMicro: bigint, prng: Prng): AccountOperation => {
    return { kind: 'transfer', to: prng.pick(victims).account, amountMicro, memo: '' }
  }
  const honest = parties.slice(0, plan.honestParties)
  const withForeignCredit: Forgery = (prng) => {
    const party = some(prng, dishonest)
    const known: readonly Credit[] = [...genesis, ...honest.flatMap(({ account }) => ledger.unclaimedOf(account))]
    const foreign = known.filter(({ account }) => party !== null && !equalBytes(account, party.account))
    const credit = some(
      prng,
      foreign.toSorted((a, b) => compareBytes(a.id, b.id)),
    )
    return party === null || credit === null ? null : orderOf(party, transferTo(honest, 1n, prng), [credit])
  }
  const withMoreThanThereIs: Forgery = (prng) => {
    const party = some(prng, dishonest)
    if (party === null) return null
    const order = orderOf(party, transferTo(honest, prng.chance(0.5) ? 1n : 9_000_000n, prng))
    if (order.tx.type !== 'account') return null
    const { body } = order.tx
    const tx = { ...order.tx, body: { ...body, freeAfterMicro: body.freeAfterMicro + BigInt(prng.between(1, 1_000_000)) } }
    return { tx, authorisations: [authorise(tx, 'owner', party.signer)] }
  }
  const fromForeignAccount: Forgery = (prng) =>
    orderOf({ ...prng.pick(honest), signer: (some(prng, dishonest) ?? { signer: thiefSigner }).signer }, transferTo(parties, 1n, prng))
  /** A dishonest client opens what a provider may have agreed to. */
  const opening = (prng: Prng, provider: Pick<Party, 'account' | 'signer'>, signs: Signs, validForMs: number): AuthorisedTx | null => {
    const [party, like] = [some(prng, dishonest), some(prng, ledger.escrows())]
    if (party === null || like === null) return null
    const nowMs = scheduler.nowMs()
    const terms: EscrowTerms = {
      ...like.terms,
      client: party.account,
      clientKey: party.signer.publicKey,
      provider: provider.account,
      providerKey: provider.signer.publicKey,
      amountMicro: 1n,
      deliverByMs: nowMs + Math.max(validForMs, 5_000),
      acceptValidUntilMs: nowMs + validForMs,
      nonce: prng.bytes(16),
    }
    return orderOf(party, { kind: 'open-escrow', terms, acceptSignature: signs(terms) })
  }
  const signedBy =
    (signer: Signer): Signs =>
    (terms) =>
      signTerms(rules.federationId, terms, signer)
  /** Whoever stole the computer goes on bidding with it. */
  const onRevokedBid: Forgery = (prng) => {
    const [victim] = parties
    if (victim === undefined || keys.revokedAt(victim.account, deviceSigner.publicKey) === null) return null
    return opening(prng, { ...victim, signer: deviceSigner }, signedBy(deviceSigner), prng.between(5_000, 30_000))
  }
  const onNobodysBid: Forgery = (prng) =>
    opening(prng, prng.pick(honest), prng.pick([signedBy(thiefSigner), () => prng.bytes(64)]), prng.between(5_000, 30_000))
  /** What the provider once signed, for a time that is over. */
  const onLapsedBid: Forgery = (prng) => {
    const provider = prng.pick(honest)
    return opening(prng, provider, signedBy(provider.signer), -prng.between(6_000, 60_000))
  }

  return { withForeignCredit, withMoreThanThereIs, fromForeignAccount, onRevokedBid, onNobodysBid, onLapsedBid } satisfies Forgeries
}

/** Somebody who tries them, at any time, and in the moments that the honest leave. */
export const createForger = (world: World, orders: Orders, decide: (order: AuthorisedTx) => void) => {
  const { auditor, note, prng: worldPrng, scheduler } = world
  const friends = createFriends(world, orders, decide)
  const forgeries = { ...createEscrowForgeries(world, orders), ...createAccountForgeries(world, orders), ...friends.forgeries }
  type Name = keyof typeof forgeries
  const all = Object.keys(forgeries) as Name[]

  /** False where there is nothing to try it on. */
  const attempt = (name: Name, prng: Prng): boolean => {
    const order = forgeries[name](prng)
    if (order === null) return false
    auditor.reach(`forged ${name}`)
    note(`forged ${name}`)
    decide(order)
    return true
  }
  const afterOperation = ({ kind }: AccountOperation): readonly Name[] => {
    if (kind === 'open-escrow') return ['withoutTooManyFriends', 'withoutFriends']
    return kind === 'revoke-device' ? ['withRevokedDevice', 'onRevokedBid'] : []
  }
  /** What a final step gives an occasion for, and how long after it. */
  const occasionsOf = ({ tx: { body } }: Decree): { readonly names: readonly Name[]; readonly afterMs: number } => {
    if ('operation' in body) return { names: afterOperation(body.operation), afterMs: 1_000 }
    if (!('kind' in body)) return { names: [], afterMs: 0 }
    return { names: body.kind === 'dispute' ? ['withMadeUpShares'] : body.kind === 'seat-panel' ? ['withTooFewArbiters'] : [], afterMs: 0 }
  }
  return {
    /** Two of those that are possible now. */
    forge: (prng: Prng): void => {
      friends.invite()
      let left = 2
      for (const name of prng.shuffled(all)) if (left > 0 && attempt(name, prng)) left--
    },
    /** Where the honest are quick there is only a moment for it. */
    follow: (decree: Decree): void => {
      friends.follow(decree)
      const { names, afterMs } = occasionsOf(decree)
      const prng = worldPrng.fork(`forgery after ${toHex(decree.tx.objectId)}/${decree.tx.step}`)
      for (const name of names) scheduler.at(scheduler.nowMs() + afterMs, () => void attempt(name, prng))
    },
  }
}
