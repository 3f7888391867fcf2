import { equalBytes, toHex } from '../platform/bytes.ts'
import { creditIdOf } from '../settlement/account-id.ts'
import { txHash } from '../settlement/encoding.ts'
import type { Epochs } from '../settlement/epochs.ts'
import type {
  AccountOperation,
  AccountState,
  AccountTx,
  Bytes32,
  Credit,
  Decree,
  EscrowMove,
  EscrowState,
  EscrowTerms,
  EscrowTx,
  Governance,
  ObjectId,
  Recused,
} from '../settlement/objects.ts'
import { panelOf, seedOfShares } from './audit-panel.ts'

/**
 * The book of a supervisor who sees everything: what every final step does to balances, credits and locks, written down without a
 * line of the code it watches over. What does not add up here is a violation wherever it came from.
 */
export type LedgerAudit = {
  /** Once for every final step, in the order of each chain. */
  readonly take: (decree: Decree) => void
  /** The copy that an honest witness keeps. One on its way may name somebody who has signed the same step and may not: the certificate is not about that. */
  readonly keep: (decree: Decree) => void
  readonly account: (id: ObjectId) => AuditedAccount | null
  readonly escrow: (id: ObjectId) => AuditedEscrow | null
  readonly escrows: () => readonly AuditedEscrow[]
  readonly decrees: () => readonly Decree[]
  /** From step 0 on; an escrow's begins with the step that opened it. */
  readonly chainOf: (id: ObjectId) => readonly Decree[]
  readonly accounts: () => readonly AuditedAccount[]
  readonly unclaimedOf: (account: ObjectId) => readonly Credit[]
  readonly claimedOf: (account: ObjectId) => readonly Credit[]
  /** What a witness wrote down of the same facts. */
  readonly compareAccount: (state: AccountState) => void
  readonly compareEscrow: (state: EscrowState) => void
  readonly compareCredit: (credit: Credit) => void
  readonly assertConserved: () => void
  /** Whether one of them ever paid the other, or locked money for it. */
  readonly haveDealt: (a: ObjectId, b: ObjectId) => boolean
}

export type AuditedAccount = {
  readonly id: ObjectId
  readonly step: number
  readonly head: Bytes32
  /** Of its next step. */
  readonly governance: Governance
  readonly freeMicro: bigint
}
export type AuditedEscrow = {
  readonly id: ObjectId
  readonly terms: EscrowTerms
  readonly step: number
  readonly head: Bytes32
  readonly governance: Governance
  readonly phase: EscrowState['phase']
  readonly priceMicro: bigint | null
  readonly reviewByMs: number | null
  readonly dispute: { readonly atMs: number; readonly hash: Bytes32 } | null
  readonly ruleByMs: number | null
  /** Named as close to a party. */
  readonly recused: Recused
  /** Places in the roster, as anybody can draw them. */
  readonly panel: readonly number[] | null
  readonly paid: { readonly providerMicro: bigint; readonly clientMicro: bigint; readonly by: EscrowMove['kind'] } | null
}

export type LedgerAuditDeps = {
  readonly genesis: readonly Credit[]
  readonly epochs: Epochs
  readonly violate: (rule: string, detail: string) => void
  readonly reach: (state: string) => void
}

const maxEscrowSteps = 5

export const createLedgerAudit = ({ genesis, epochs, violate, reach }: LedgerAuditDeps): LedgerAudit => {
  const chains = createChains()
  const accounts = new Map<string, AuditedAccount>()
  const freeAt = new Map<string, bigint>()
  const escrows = new Map<string, AuditedEscrow>()
  const credits = new Map<string, Credit>()
  const claimed = new Set<string>()
  const assertDoneOnce = createWishAudit(violate)
  const dealings = createDealings()
  const supplyMicro = genesis.reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
  let federationHead = { step: 0, head: epochs.federationId }
  let unclaimedMicro = 0n
  let freeMicro = 0n
  let lockedMicro = 0n

  const addCredit = (credit: Credit): void => {
    if (credit.amountMicro === 0n) return
    credits.set(toHex(credit.id), credit)
    unclaimedMicro += credit.amountMicro
  }
  for (const credit of genesis) addCredit(credit)

  const creditsOf = (account: ObjectId): readonly Credit[] => [...credits.values()].filter((credit) => equalBytes(credit.account, account))

  const claim = (id: Bytes32, account: string): bigint => {
    const key = toHex(id)
    const credit = credits.get(key)
    if (credit === undefined || toHex(credit.account) !== account) {
      violate('claims', `${account} claimed a credit that nothing gave it`)
      return 0n
    }
    if (claimed.has(key)) violate('claims', `credit ${key} was claimed twice`)
    else unclaimedMicro -= credit.amountMicro
    claimed.add(key)
    return credit.amountMicro
  }

  const takeAccount = (tx: AccountTx, hash: Bytes32): void => {
    const key = toHex(tx.objectId)
    const before = accounts.get(key)?.freeMicro ?? 0n
    const { claims, operation, freeAfterMicro } = tx.body
    assertDoneOnce(key, operation)
    const availableMicro = claims.reduce((sum, id) => sum + claim(id, key), before)
    const outMicro = outOf(operation)
    if (availableMicro - outMicro !== freeAfterMicro || freeAfterMicro < 0n)
      violate('balances', `${key} had ${availableMicro}, spent ${outMicro} and kept ${freeAfterMicro}`)
    freeMicro += freeAfterMicro - before
    accounts.set(key, { id: tx.objectId, step: tx.step, head: hash, governance: tx.next, freeMicro: freeAfterMicro })
    freeAt.set(`${key}/${tx.step}`, freeAfterMicro)
    dealings.note(tx)
    if (operation.kind === 'transfer')
      addCredit({ id: creditIdOf(hash, 0), account: operation.to, amountMicro: operation.amountMicro, sourceHash: hash, index: 0 })
    if (operation.kind !== 'open-escrow') return
    const opened = { id: hash, terms: operation.terms, step: 0, head: hash, governance: tx.next, phase: 'open', priceMicro: null } as const
    escrows.set(toHex(hash), { ...opened, reviewByMs: null, dispute: null, ruleByMs: null, recused: [], panel: null, paid: null })
    lockedMicro += operation.terms.amountMicro
    reach('escrow opened')
  }

  const takeMove = (tx: EscrowTx, hash: Bytes32): void => {
    const key = toHex(tx.objectId)
    const before = escrows.get(key)
    if (before === undefined) return violate('chains', `a move of ${key}, which nobody opened`)
    if (before.paid !== null) return violate('chains', `${tx.body.kind} of ${key}, which was settled`)
    if (tx.step > maxEscrowSteps) violate('chains', `${key} has more than ${maxEscrowSteps} steps`)
    if (!movesFrom[before.phase].includes(tx.body.kind)) violate('chains', `${tx.body.kind} of ${key} while it was ${before.phase}`)
    reach(`escrow ${before.phase} to ${tx.body.kind}`)
    if (tx.body.kind === 'seat-panel' && before.recused.length > 0) reach('a panel without an arbiter that a side had named')
    const providerMicro = payOf(before, tx.body)
    const moved = { ...before, step: tx.step, head: hash, governance: tx.next }
    if (providerMicro === null) return void escrows.set(key, { ...moved, ...afterMove(before, tx.body, hash, epochs) })
    const { amountMicro, provider, client } = before.terms
    if (providerMicro < 0n || providerMicro > amountMicro) violate('payouts', `${key} pays ${providerMicro} of ${amountMicro}`)
    const paid = { providerMicro, clientMicro: amountMicro - providerMicro, by: tx.body.kind }
    escrows.set(key, { ...moved, phase: 'settled', paid })
    lockedMicro -= amountMicro
    addCredit({ id: creditIdOf(hash, 0), account: provider, amountMicro: providerMicro, sourceHash: hash, index: 0 })
    addCredit({ id: creditIdOf(hash, 1), account: client, amountMicro: paid.clientMicro, sourceHash: hash, index: 1 })
  }

  const headOf = (decree: Decree): { readonly step: number; readonly head: Bytes32 } => {
    if (decree.tx.type === 'federation') return federationHead
    const key = toHex(decree.tx.objectId)
    const known = decree.tx.type === 'account' ? accounts.get(key) : escrows.get(key)
    return known ?? { step: decree.tx.type === 'account' ? -1 : 0, head: new Uint8Array(32) }
  }

  return {
    take: (decree) => {
      const { tx } = decree
      if (epochs.get(tx.governance.epoch) === null || epochs.get(tx.next.epoch) === null)
        violate('epochs', `a step of ${toHex(tx.objectId)} names an epoch that never began`)
      const head = headOf(decree)
      if (tx.step !== head.step + 1 || !equalBytes(tx.previousHash, head.head))
        violate('chains', `step ${tx.step} of ${toHex(tx.objectId)} does not follow step ${head.step}`)
      if (tx.type === 'federation') {
        federationHead = { step: tx.step, head: txHash(tx) }
        return
      }
      chains.add(decree)
      if (tx.type === 'escrow') return takeMove(tx, txHash(tx))
      takeAccount(tx, txHash(tx))
      if (tx.body.operation.kind === 'open-escrow') chains.begin(txHash(tx), decree)
    },
    keep: chains.keep,
    account: (id) => accounts.get(toHex(id)) ?? null,
    escrow: (id) => escrows.get(toHex(id)) ?? null,
    escrows: () => [...escrows.values()],
    decrees: () => chains.all,
    chainOf: chains.of,
    accounts: () => [...accounts.values()],
    unclaimedOf: (account) => creditsOf(account).filter(({ id }) => !claimed.has(toHex(id))),
    claimedOf: (account) => creditsOf(account).filter(({ id }) => claimed.has(toHex(id))),
    compareAccount: ({ id, step, freeMicro: free }) => {
      if (freeAt.get(`${toHex(id)}/${step}`) !== free) violate('balances', `a witness keeps ${free} for ${toHex(id)} at step ${step}`)
    },
    compareEscrow: ({ id, terms, panel, payout }) => {
      const drawn = escrows.get(toHex(id))?.panel ?? null
      if (panel !== null && String(drawn) !== String(panel))
        violate('panels', `a witness drew ${String(panel)} for ${toHex(id)}, and the seed draws ${String(drawn)}`)
      if (payout !== null && payout.providerMicro + payout.clientMicro !== terms.amountMicro)
        violate('payouts', `${toHex(id)} locked ${terms.amountMicro} and pays ${payout.providerMicro} and ${payout.clientMicro}`)
    },
    compareCredit: (credit) => {
      const known = credits.get(toHex(credit.id))
      const isSame = known !== undefined && known.amountMicro === credit.amountMicro && equalBytes(known.account, credit.account)
      if (!isSame) violate('payouts', `a witness wrote down a credit of ${credit.amountMicro} that no final step gives`)
    },
    haveDealt: dealings.between,
    assertConserved: () => {
      if (freeMicro + unclaimedMicro + lockedMicro !== supplyMicro)
        violate('conservation', `${freeMicro} free, ${unclaimedMicro} unclaimed and ${lockedMicro} locked are not ${supplyMicro}`)
    },
  }
}

const createChains = () => {
  const all: Decree[] = []
  const chains = new Map<string, Decree[]>()
  return {
    all,
    add: (decree: Decree): void => {
      const key = toHex(decree.tx.objectId)
      const chain = chains.get(key) ?? []
      chains.set(key, chain)
      chain[decree.tx.step] = decree
      all.push(decree)
    },
    begin: (id: ObjectId, opening: Decree): void => void chains.set(toHex(id), [opening]),
    keep: (decree: Decree): void => {
      const chain = chains.get(toHex(decree.tx.objectId))
      const taken = chain?.[decree.tx.step]
      if (chain === undefined || taken === undefined) return
      chain[decree.tx.step] = decree
      all[all.lastIndexOf(taken)] = decree
    },
    of: (id: ObjectId): readonly Decree[] => chains.get(toHex(id)) ?? [],
  }
}

/** However often it is asked, on whatever copy of the wallet. */
const createWishAudit = (violate: LedgerAuditDeps['violate']) => {
  const wishes = new Set<string>()
  return (account: string, operation: AccountOperation): void => {
    const nonce = operation.kind === 'transfer' ? operation.nonce : operation.kind === 'open-escrow' ? operation.terms.nonce : undefined
    if (nonce === undefined) return
    const wish = `${account}/${toHex(nonce)}`
    if (wishes.has(wish)) violate('wishes', `${account} did twice what was asked once`)
    wishes.add(wish)
  }
}

const outOf = (operation: AccountOperation): bigint => {
  if (operation.kind === 'transfer') return operation.amountMicro
  return operation.kind === 'open-escrow' ? operation.terms.amountMicro : 0n
}

const createDealings = () => {
  const known = new Set<string>()
  const name = (from: ObjectId, to: ObjectId): string => `${toHex(from)} ${toHex(to)}`
  return {
    note: ({ objectId, body: { operation } }: AccountTx): void => {
      if (operation.kind === 'transfer') known.add(name(objectId, operation.to))
      if (operation.kind === 'open-escrow') known.add(name(objectId, operation.terms.provider))
    },
    between: (a: ObjectId, b: ObjectId): boolean => known.has(name(a, b)) || known.has(name(b, a)),
  }
}

const concessions: readonly EscrowMove['kind'][] = ['release', 'refund', 'split']
const movesFrom: Readonly<Record<EscrowState['phase'], readonly EscrowMove['kind'][]>> = {
  open: [...concessions, 'deliver', 'expire-refund'],
  delivered: [...concessions, 'dispute', 'expire-release'],
  disputed: [...concessions, 'seat-panel', 'expire-default'],
  panel: [...concessions, 'rule', 'expire-default'],
  settled: [],
}

/** What the provider gets; null when the move settles nothing. */
const payOf = ({ terms, priceMicro }: AuditedEscrow, move: EscrowMove): bigint | null => {
  const price = priceMicro ?? terms.amountMicro
  switch (move.kind) {
    case 'release':
      return move.receipt === null ? price : move.receipt.receipt.priceMicro
    case 'expire-release':
      return price
    case 'split':
      return move.toProviderMicro
    case 'refund':
    case 'expire-refund':
      return 0n
    case 'expire-default':
      return price / 2n
    case 'rule':
      return move.outcome === 'release' ? price : move.outcome === 'refund' ? 0n : price / 2n
    case 'deliver':
    case 'dispute':
    case 'seat-panel':
      return null
  }
}

const afterMove = (escrow: AuditedEscrow, move: EscrowMove, hash: Bytes32, epochs: Epochs): Partial<AuditedEscrow> => {
  const { terms, governance } = escrow
  if (move.kind === 'deliver')
    return { phase: 'delivered', priceMicro: move.priceMicro, reviewByMs: move.atMs + terms.reviewMs, recused: move.recused }
  const recused = move.kind === 'dispute' ? [...escrow.recused, ...move.recused] : escrow.recused
  if (move.kind === 'dispute') return { phase: 'disputed', dispute: { atMs: move.atMs, hash }, ruleByMs: move.atMs + terms.ruleMs, recused }
  const committee = epochs.get(governance.epoch)?.committee
  if (move.kind !== 'seat-panel' || committee === undefined) return {}
  return { phase: 'panel', panel: panelOf(committee, { terms, recused, seed: seedOfShares(governance.federationId, move.shares) }) }
}
