import { verifyStrict } from '../identity/ed25519.ts'
import { equalBytes, sha256, toHex, utf8 } from '../platform/bytes.ts'
import { encodeReceipt, encodeTerms, txHash } from '../settlement/encoding.ts'
import type {
  AccountOperation,
  AccountTx,
  AuthorisationRole,
  AuthorisedTx,
  Bytes32,
  EscrowMove,
  EscrowTx,
  SeedShare,
} from '../settlement/objects.ts'
import type { AuditedEscrow, LedgerAudit } from './audit-ledger.ts'
import { designatedOrder, judgesOf } from './audit-panel.ts'
import { registerKey } from './audit-steps.ts'
import type { SimulatedFederation } from './federation.ts'

/**
 * Who had to sign a step, and what else it had to carry (settlement.md §5.2): the table of moves, written once more without a line
 * of the code it watches over. The keys of an account are in audit-keys.ts, the amounts in audit-ledger.ts.
 */
export type AuthorityAuditDeps = {
  readonly federation: SimulatedFederation
  readonly ledger: Pick<LedgerAudit, 'escrow' | 'haveDealt'>
  readonly violate: (rule: string, detail: string) => void
}

export const createAuthorityAudit = ({ federation, ledger, violate }: AuthorityAuditDeps) => {
  const { ownerKeyOf, membersOf, seedKeys } = federation
  const { federationId } = federation.governance

  const isSigned = (tag: string, bytes: Uint8Array, signature: Uint8Array, key: Bytes32): boolean =>
    verifyStrict(signature, sha256(utf8(tag), new Uint8Array(1), federationId, bytes), key)

  const checkSignatures = ({ tx, authorisations }: AuthorisedTx, roles: readonly AuthorisationRole[]): void => {
    const given = authorisations.map(({ role }) => role)
    if (given.join() !== roles.join()) violate('authorisations', `${nameOf(tx)} is signed by ${given.join()}, not by ${roles.join()}`)
    const hash = txHash(tx)
    for (const { role, publicKey, signature } of authorisations)
      if (!isSigned(tags[role], hash, signature, publicKey)) violate('authorisations', `a signature of ${nameOf(tx)} is of nobody`)
  }

  const checkSides = ({ terms }: AuditedEscrow, { tx, authorisations }: AuthorisedTx): void => {
    for (const { role, publicKey } of authorisations) {
      const [named, account] = role === 'client' ? [terms.clientKey, terms.client] : [terms.providerKey, terms.provider]
      const owner = ownerKeyOf(account)
      if (!equalBytes(publicKey, named) && (owner === null || !equalBytes(publicKey, owner)))
        violate('authorisations', `${nameOf(tx)} is signed by a key that is not the ${role}’s`)
    }
  }

  /** As many of the panel as the terms ask for, each once. */
  const checkRulers = ({ terms, panel, governance }: AuditedEscrow, { tx, authorisations }: AuthorisedTx): void => {
    const { arbiters } = membersOf(governance.epoch)?.committee ?? federation.committee
    const seated = new Set((panel ?? []).map((place) => toHex(arbiters[place]?.publicKey ?? federationId)))
    const rulers = new Set(authorisations.map(({ publicKey }) => toHex(publicKey)))
    if (rulers.size !== terms.panel.quorum || authorisations.length !== rulers.size || [...rulers].some((key) => !seated.has(key)))
      violate('authorisations', `${nameOf(tx)} is ruled by ${rulers.size} of ${seated.size}, some of whom may not`)
  }

  const checkShares = ({ id, dispute, governance }: AuditedEscrow, tx: EscrowTx, shares: readonly SeedShare[]): void => {
    const members = membersOf(governance.epoch)
    if (dispute === null || members === null) return
    const order = designatedOrder(members.committee, dispute.hash)
    const places = shares.map(({ witnessIndex }) => order.indexOf(witnessIndex))
    const isAscending = places.every((place, at) => place >= 0 && (at === 0 || place > (places[at - 1] ?? place)))
    if (shares.length !== members.committee.faults + 1 || !isAscending)
      violate('panels', `${nameOf(tx)} is seeded by the shares of ${shares.map(({ witnessIndex }) => witnessIndex).join(' ')}`)
    for (const { witnessIndex, share } of shares) {
      // The one that this witness can make; the run knows all their secrets.
      const right = seedKeys[members.witnesses[witnessIndex] ?? -1]?.share({ federationId, escrowId: id, disputeHash: dispute.hash })
      if (right === undefined || !equalBytes(right, share))
        violate('panels', `${nameOf(tx)} is seeded by a share that is not the witness’s`)
    }
  }

  /** Closeness is the witnesses' to judge; without a single payment between them there is none. */
  const checkRecused = (escrow: AuditedEscrow, tx: EscrowTx, recused: readonly number[]): void => {
    const { terms } = escrow
    const { arbiters } = membersOf(escrow.governance.epoch)?.committee ?? federation.committee
    if (recused.length === 0) return
    const left = judgesOf(arbiters, terms, [...escrow.recused, ...recused])
    if (left.length < terms.panel.size) violate('panels', `${nameOf(tx)} leaves ${left.length} arbiters for a panel of ${terms.panel.size}`)
    for (const place of recused) {
      const account = arbiters[place]?.account
      const isClose = account !== undefined && [terms.client, terms.provider].some((party) => ledger.haveDealt(account, party))
      if (!isClose) violate('panels', `${nameOf(tx)} strikes out arbiter ${place}, who is close to nobody`)
    }
  }

  const checkMove = (escrow: AuditedEscrow, tx: EscrowTx, move: EscrowMove): void => {
    if (move.kind === 'deliver' || move.kind === 'dispute') checkRecused(escrow, tx, move.recused)
    if (move.kind === 'seat-panel') checkShares(escrow, tx, move.shares)
    if (move.kind !== 'release' || move.receipt === null) return
    const { receipt, providerSignature } = move.receipt
    const isReal = isSigned('RUV1/RECEIPT', encodeReceipt(receipt), providerSignature, escrow.terms.providerKey)
    if (!isReal || !equalBytes(receipt.escrowId, escrow.id)) violate('authorisations', `${nameOf(tx)} pays by a receipt that is not one`)
  }

  const checkOpening = (tx: AccountTx, operation: AccountOperation): void => {
    if (operation.kind !== 'open-escrow') return
    const { terms, acceptSignature } = operation
    if (!equalBytes(terms.client, tx.objectId)) violate('authorisations', `${nameOf(tx)} locks money for somebody else`)
    if (!isSigned('RUV1/ACCEPT', encodeTerms(terms), acceptSignature, terms.providerKey))
      violate('authorisations', `${nameOf(tx)} opens an escrow that its provider did not accept`)
  }

  return {
    /** An order that an honest witness holds to be a valid next step. Who signs a copy of a decree proves nothing: the certificate is not about it. */
    take: (order: AuthorisedTx): void => {
      const { tx } = order
      if (tx.type === 'federation') return
      if (tx.type === 'account') {
        checkSignatures(order, ['owner'])
        return checkOpening(tx, tx.body.operation)
      }
      const escrow = ledger.escrow(tx.objectId)
      if (escrow === null || escrow.step !== tx.step - 1) return
      checkSignatures(order, tx.body.kind === 'rule' ? order.authorisations.map(() => 'arbiter') : signersOf[tx.body.kind])
      if (tx.body.kind === 'rule') checkRulers(escrow, order)
      else checkSides(escrow, order)
      checkMove(escrow, tx, tx.body)
    },
  }
}

const signersOf: Readonly<Record<Exclude<EscrowMove['kind'], 'rule'>, readonly AuthorisationRole[]>> = {
  release: ['client'],
  refund: ['provider'],
  split: ['client', 'provider'],
  deliver: ['provider'],
  dispute: ['client'],
  'expire-refund': [],
  'expire-release': [],
  'expire-default': [],
  'seat-panel': [],
}

const tags: Readonly<Record<AuthorisationRole, string>> = {
  owner: 'RUV1/AUTH',
  client: 'RUV1/AUTH',
  provider: 'RUV1/AUTH',
  arbiter: 'RUV1/RULE',
  member: 'RUV1/EPOCH',
}

const nameOf = (tx: AuthorisedTx['tx']): string =>
  tx.type === 'escrow' ? `${tx.body.kind} of ${registerKey(tx)}` : `the step ${registerKey(tx)}`
export type AuthorityAudit = ReturnType<typeof createAuthorityAudit>
