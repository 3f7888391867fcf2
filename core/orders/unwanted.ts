import { toHex } from '../platform/bytes.ts'
import type { OfferBrief, OfferSide } from './book.ts'
import type { Entry } from './price-index.ts'

export type IsUnwanted = (entry: Entry<OfferBrief>) => boolean

/**
 * Which offers are of somebody that this member never wants again. An entry of the book names its maker by a key and not by the account,
 * which stands in the offer itself: one of each maker's is opened once.
 */
export const createUnwanted = (side: Pick<OfferSide, 'open'>, neverProviders: () => ReadonlySet<string>): (() => IsUnwanted) => {
  const accounts = new WeakMap<Entry<OfferBrief>['member'], string>()
  const accountOf = (entry: Entry<OfferBrief>): string => {
    const account = accounts.get(entry.member) ?? toHex(side.open(entry).value.provider)
    accounts.set(entry.member, account)
    return account
  }
  return () => {
    const never = neverProviders()
    return never.size === 0 ? () => false : (entry) => never.has(accountOf(entry))
  }
}
