import { dayMs } from '../../facts/store.ts'
import type { AmountMicro } from '../../platform/amount.ts'
import { toHex } from '../../platform/bytes.ts'
import { classKey } from './client.ts'
import type { Ledger } from './ledger.ts'
import type { Member, Session } from './member.ts'
import type { Notary } from './notary.ts'

const maxClosings = 4_000

/** How things stand when all is quiet, at every node that is up. Of what all have to agree in: how many different answers they give. */
export type Ending = {
  readonly nodes: number
  readonly books: number
  readonly offers: number
  readonly requests: number
  readonly estimates: readonly AmountMicro[]
  /** The median price of the trades of the last day; null without any. */
  readonly closingMicro: AmountMicro | null
  /** Of every member, in both roles. */
  readonly standings: number
  readonly openEscrows: number
  readonly supplyMicro: AmountMicro
  readonly heldMicro: AmountMicro
}

export const endingOf = (members: readonly Member[], notary: Notary, supplyMicro: AmountMicro): Ending => {
  const sessions = members.flatMap((member) => member.session() ?? [])
  const accounts = members.map(({ accountId }) => toHex(accountId))
  const shown = sessions.map(({ orders }) => [...orders.book.offers.entries()].map(({ shortId }) => shortId).toSorted())
  return {
    nodes: sessions.length,
    books: different(shown.map((ids) => ids.join(' '))),
    offers: Math.max(0, ...shown.map(({ length }) => length)),
    requests: Math.max(0, ...sessions.map(({ orders }) => [...orders.book.requests.entries()].length)),
    estimates: sessions.flatMap(({ prices }) => prices.priceOf(classKey).estimate?.priceMicro ?? []),
    closingMicro: sessions[0] === undefined ? null : median(closingsOf(sessions[0])),
    standings: different(sessions.map((session) => standingsOf(session, accounts))),
    openEscrows: notary.unsettled().length,
    supplyMicro,
    heldMicro: notary.heldMicro(),
  }
}

const different = (values: readonly unknown[]): number => new Set(values).size

export const median = (values: readonly bigint[]): bigint | null =>
  values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))[Math.floor(values.length / 2)] ?? null

const closingsOf = ({ facts, prices }: Session): readonly AmountMicro[] =>
  facts.store.tradesOfClass(classKey, prices.nowMs() - dayMs, maxClosings).map(({ priceMicro }) => priceMicro)

const standingsOf = ({ reputation }: Session, accounts: readonly string[]): string =>
  accounts
    .flatMap((account) => (['client', 'provider'] as const).map((role) => reputation.standing(role, account)))
    .map(({ lowPpm, midPpm, highPpm, exposureMicro, trades }) => [lowPpm, midPpm, highPpm, exposureMicro, trades].join(' '))
    .join('\n')

export const checkTheEnd = (ending: Ending, expectedNodes: number, ledger: Ledger): void => {
  const { nodes, books, requests, estimates, standings, openEscrows, supplyMicro, heldMicro } = ending
  if (nodes < expectedNodes) ledger.violate(`in the end ${expectedNodes - nodes} nodes have not come back`)
  if (estimates.length < nodes) ledger.violate(`in the end ${nodes - estimates.length} nodes know no price`)
  if (different(estimates) > 1) ledger.violate(`in the end the nodes find ${different(estimates)} prices`)
  if (standings > 1) ledger.violate(`in the end the nodes judge the members in ${standings} ways`)
  if (books > 1) ledger.violate(`in the end the nodes show ${books} books`)
  if (requests > 0) ledger.violate(`in the end ${requests} requests are open`)
  if (openEscrows > 0) ledger.violate(`in the end ${openEscrows} escrows are open`)
  if (heldMicro !== supplyMicro) ledger.violate(`in the end there are ${heldMicro} µRUV of ${supplyMicro}`)
}
