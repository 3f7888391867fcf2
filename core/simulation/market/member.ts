import { createFacts, type Facts } from '../../facts/service.ts'
import type { Network } from '../../network/port.ts'
import { accountOf, signerOf } from '../../orders/testing/fixtures.ts'
import type { World } from '../../orders/testing/world.ts'
import type { Orders } from '../../orders/service.ts'
import { silentLog } from '../../platform/log.ts'
import { createSeededRandom } from '../../platform/random.ts'
import { createPrices, type Prices } from '../../prices/service.ts'
import { createReputation, type Reputation } from '../../reputation/service.ts'
import type { Decree } from '../../settlement/objects.ts'
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts'
import type { Ledger } from './ledger.ts'
import type { Notary } from './notary.ts'

/** A member's node while it runs: orders, facts, standings and prices as they ship, on a database that outlives it. */
export type Session = {
  readonly orders: Orders
  readonly facts: Facts
  readonly reputation: Reputation
  readonly prices: Prices
  readonly network: Network
  /** Calls back unless the node is gone by then. */
  readonly later: (delayMs: number, act: () => void) => void
}
export type Member = ReturnType<typeof createMember>
export type MemberDeps = {
  readonly name: string
  readonly world: World
  readonly notary: Notary
  readonly ledger: Ledger
  /** The accounts of the first holders, whom everybody trusts. */
  readonly genesis: readonly string[]
  /** The invite through which it comes for the first time; null for a first holder. */
  readonly introduce: (() => readonly Decree[]) | null
}

/** What a member does with its node. */
export type Trader = {
  readonly came: (session: Session) => void
  readonly left: () => void
  readonly heard: (decree: Decree) => void
  /** Nothing that it has locked, or works on, or is to be paid for, is still open. */
  readonly isDone: () => boolean
}

export const createMember = ({ name, world, notary, ledger, genesis, introduce }: MemberDeps) => {
  const { clock, hub } = world
  const db = openMemoryDatabase()
  let trader: Trader | null = null
  let session: (Session & { readonly stop: () => void }) | null = null
  let isCrashing = false
  let invite = introduce

  const come = (greeted: string | null): void => {
    const node = world.join(name, {
      db,
      decree: (decree) => trader?.heard(decree),
      // What a crash takes was not written.
      // One task is under way with a provider at a time, which is less than even a newcomer is trusted with.
      reputationPpm: (terms) => session?.reputation.rank(terms, 0n) ?? null,
      store: (store) => ({ ...store, flush: () => (isCrashing ? undefined : store.flush()) }),
    })
    const { orders, network } = node
    const facts = createFacts({
      db,
      network,
      verifying: notary.verifying,
      clock,
      random: createSeededRandom(`facts of ${name} ${clock.nowMs()}`),
      log: silentLog,
    })
    const random = createSeededRandom(`standings at ${name} ${clock.nowMs()}`)
    const reputation = createReputation({ facts, genesis, clock, random, changed: () => undefined })
    const prices = createPrices({ facts, trustPpm: reputation.trustPpm, book: orders.book, clock, changed: () => undefined })
    facts.start()
    const timers = new Set<() => void>()
    const later = (delayMs: number, act: () => void): void => {
      const cancel = clock.after(delayMs, () => {
        timers.delete(cancel)
        act()
      })
      timers.add(cancel)
    }
    const stop = (): void => {
      for (const cancel of timers) cancel()
      prices.stop()
      reputation.stop()
      facts.stop()
      orders.stop()
      for (const report of node.reports) ledger.violate(`${name} reports an honest member: ${report}`)
    }
    session = { orders, facts, reputation, prices, network, later, stop }
    if (invite !== null) facts.publish({ kind: 'introduction', decrees: invite() })
    invite = null
    if (greeted !== null) void orders.greet({ peerId: greeted, addresses: [`/memory/${greeted}`] })
    trader?.came(session)
  }

  return {
    name,
    signer: signerOf(name),
    accountId: accountOf(name),
    session: (): Session | null => session,
    trades: (as: Trader): void => void (trader = as),
    come,
    leave: (how: 'orderly' | 'crash'): void => {
      isCrashing = how === 'crash'
      if (how === 'crash') hub.kill(name)
      session?.stop()
      if (how === 'orderly') hub.kill(name)
      isCrashing = false
      session = null
      trader?.left()
    },
    isDone: (): boolean => trader?.isDone() !== false,
    canReach: (other: string): boolean => session?.network.peers().some(({ peerId }) => peerId === other) ?? false,
  }
}
