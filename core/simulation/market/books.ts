import { shortIdOf } from '../../orders/side.ts'
import { toHex } from '../../platform/bytes.ts'
import type { Ledger } from './ledger.ts'
import type { Member, Session } from './member.ts'

/** Compares what nodes show with what the makers that they can reach have open. */
export type BooksAudit = ReturnType<typeof createBooksAudit>

/** A sweep every 5 s takes away what has lapsed. */
const sweepGraceMs = 6_000

type Present = { readonly member: Member; readonly session: Session }

export const createBooksAudit = (ledger: Ledger, patienceMs: number) => {
  /** Since when one node and one maker disagree about one order. */
  const disagreements = new Map<string, number>()
  let longestMs = 0
  let compared = 0

  const check = (members: readonly Member[], nowMs: number): void => {
    const present = members.flatMap((member): readonly Present[] => {
      const session = member.session()
      return session === null ? [] : [{ member, session }]
    })
    const open = new Map(present.map((one) => [shortIdOf(one.member.signer.publicKey), { ...one, ids: ownOpen(one) }]))
    const found = new Set<string>()
    for (const { member, session } of present) {
      const shown = new Map<string, Set<string>>()
      for (const { shortId, member: maker, validUntilMs } of session.orders.book.offers.entries()) {
        shown.set(maker.key, (shown.get(maker.key) ?? new Set()).add(shortId))
        if (validUntilMs + sweepGraceMs < nowMs) ledger.violate(`${member.name} shows an offer that has lapsed`)
      }
      for (const { validUntilMs } of session.orders.book.requests.entries())
        if (validUntilMs + sweepGraceMs < nowMs) ledger.violate(`${member.name} shows a request that has lapsed`)
      for (const [makerKey, { member: maker, ids }] of open) {
        if (maker === member || !member.canReach(maker.name)) continue
        compared++
        const theirs = shown.get(makerKey) ?? new Set<string>()
        for (const id of new Set([...theirs, ...ids]))
          if (theirs.has(id) !== ids.has(id))
            found.add(
              `${member.name} ${theirs.has(id) ? 'still shows' : 'does not show'} the offer ${toHex(Buffer.from(id, 'latin1'))} of ${maker.name}`,
            )
      }
    }
    for (const key of disagreements.keys()) if (!found.has(key)) disagreements.delete(key)
    for (const key of found) {
      const sinceMs = disagreements.get(key) ?? nowMs
      disagreements.set(key, sinceMs)
      longestMs = Math.max(longestMs, nowMs - sinceMs)
      if (nowMs - sinceMs <= patienceMs) continue
      disagreements.set(key, nowMs)
      ledger.violate(`${key}, for ${Math.round((nowMs - sinceMs) / 60_000)} min`)
    }
  }
  return { check, longestMs: (): number => longestMs, compared: (): number => compared }
}

const ownOpen = ({ member, session }: Present): Set<string> =>
  new Set(session.orders.book.offers.ofMember(member.signer.publicKey).map(({ id }) => shortIdOf(id)))
