import { equalBytes } from '../platform/bytes.ts'
import { maxLogEntries, maxPageBytes, type SettlementAnswer } from './bundle.ts'
import { encodeDecree } from './encoding.ts'
import type { AccountId, AuthorisedTx, CreditId, Decree, ObjectId } from './objects.ts'
import type { WitnessStore } from './witness-store.ts'

/** What a witness shows of its decrees, a page at a time. */

/** Up to the first step that this witness missed: what comes after it proves nothing without it. */
export const pageOfObject = (store: WitnessStore, id: ObjectId, fromStep: number): SettlementAnswer => {
  const decrees: Decree[] = []
  let pageBytes = 0
  for (const decree of store.decrees(id, fromStep, maxPageDecrees)) {
    pageBytes += encodeDecree(decree).length
    // A witness may know a later step and not the one before it. An escrow's step 0 is the account step that opened it.
    const isNext = equalBytes(decree.tx.objectId, id) ? decree.tx.step === fromStep + decrees.length : fromStep + decrees.length === 0
    if (pageBytes > maxPageBytes || !isNext) break
    decrees.push(decree)
  }
  const next = fromStep + decrees.length
  return { kind: 'decrees', decrees, next: store.decidedAt(id, next) === null ? null : next }
}

/** A page of history: some 100 kB with four witnesses. */
const maxPageDecrees = 64
/** Each may need the five decrees of an escrow. */
const maxPageCredits = 16

export const pageOfInbox = (store: WitnessStore, account: ObjectId, after: number): SettlementAnswer => {
  const rows = store.inbox(account, after, maxPageCredits)
  const decrees: Decree[] = []
  let pageBytes = 0
  let next = after
  for (const { sequence, object, step } of rows) {
    const proof = proofAt(store, object, step)
    pageBytes += proof.reduce((sum, decree) => sum + encodeDecree(decree).length, 0)
    if (pageBytes > maxPageBytes) break
    decrees.push(...proof)
    next = sequence
  }
  return { kind: 'decrees', decrees, next: rows.length === 0 || next === after ? null : next }
}

/** A transfer proves its credit alone; an escrow's payout needs its whole chain, which starts with the decree that opened it. */
const proofAt = (store: WitnessStore, object: ObjectId, step: number): readonly Decree[] => {
  const decree = store.decree(object, step)
  if (decree === null) return []
  return decree.tx.type === 'account' ? [decree] : store.decrees(object, 0, step + 1)
}

/** As many as fit, in the order asked for; whoever misses some asks again for those. */
export const pageOfCredits = (store: WitnessStore, credits: readonly CreditId[]): SettlementAnswer => {
  const decrees: Decree[] = []
  let pageBytes = 0
  for (const id of credits) {
    const place = store.creditPlace(id)
    const proof = place === null ? [] : proofAt(store, place.object, place.step)
    pageBytes += proof.reduce((sum, decree) => sum + encodeDecree(decree).length, 0)
    if (pageBytes > maxPageBytes) break
    decrees.push(...proof)
  }
  return { kind: 'decrees', decrees, next: null }
}

export const pageOfEscrows = (store: WitnessStore, provider: AccountId, after: number): SettlementAnswer => {
  const rows = store.provisions(provider, after, maxPageDecrees)
  const decrees = rows.flatMap(({ escrow }) => store.decree(escrow, 0) ?? [])
  return { kind: 'decrees', decrees, next: rows.at(-1)?.sequence ?? null }
}

/** The proofs of what an order claims, as far as they are here; genesis needs none. */
export const proofsFor = (store: WitnessStore, { tx }: AuthorisedTx): readonly Decree[] =>
  tx.type !== 'account'
    ? []
    : tx.body.claims.flatMap((id) => {
        const place = store.creditPlace(id)
        return place === null ? [] : proofAt(store, place.object, place.step)
      })

export const pageOfLog = (store: WitnessStore, after: number): SettlementAnswer => {
  const rows = store.log(after, maxLogEntries)
  const next = rows.length < maxLogEntries ? null : (rows.at(-1)?.sequence ?? null)
  return { kind: 'log', entries: rows.map(({ object, step, tx }) => ({ object, step, tx })), next }
}
