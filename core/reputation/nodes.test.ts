import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fact, Outcome, Proof } from '../facts/model.ts'
import { createFacts, type Facts } from '../facts/service.ts'
import { createTrades, type Trades } from '../facts/testing/trades.ts'
import { decodeProof, encodeProof } from '../facts/wire.ts'
import { createMemoryNetwork } from '../network/memory.ts'
import { sha256, toHex, utf8 } from '../platform/bytes.ts'
import { silentLog } from '../platform/log.ts'
import { createSeededRandom } from '../platform/random.ts'
import type { AccountId, Decree } from '../settlement/objects.ts'
import { createMember } from '../settlement/testing/world.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createReputation, type Reputation } from './service.ts'

let trades: Trades
let proofs: readonly Proof[] = []
beforeAll(async () => {
  trades = createTrades()
  proofs = [await trades.paid(1_000n), await trades.paid(2_000n), await trades.trade(() => [{ kind: 'refund' }])]
})
afterAll(() => trades.world.close())

const dayMs = 24 * 3_600_000
const accounts = ['ann', 'ben', 'cat', 'dan', 'eve', 'founder'].map((name) => toHex(sha256(utf8(name))))
const account = fc.constantFrom(...accounts)

type Node = { readonly facts: Facts; readonly reputation: Reputation; readonly close: () => void }
const nodeWith = (put: (facts: Facts) => void, clock: Trades['world']['clock']): Node => {
  const db = openMemoryDatabase()
  const network = createMemoryNetwork({ clock }).addNode('node')
  const facts = createFacts({ db, network, verifying: trades.verifying, clock, random: createSeededRandom('facts'), log: silentLog })
  put(facts)
  const genesis = [accounts.at(-1) ?? '', toHex(trades.alice.id)]
  const reputation = createReputation({ facts, genesis, clock, random: createSeededRandom('node'), changed: () => undefined })
  const close = (): void => {
    reputation.stop()
    db.close()
  }
  return { facts, reputation, close }
}
const roles = ['provider', 'client'] as const
const judged = ({ reputation }: Node, of: readonly string[]) =>
  of.map((one) => ({ trust: reputation.trustPpm(one), standings: roles.map((role) => reputation.standing(role, one)) }))

const outcomes = [
  'paid',
  'expired-paid',
  'split',
  'refunded',
  'expired',
  'ruled-paid',
  'ruled-refunded',
  'ruled-half',
  'defaulted',
] as const
const paysNothing: ReadonlySet<Outcome> = new Set<Outcome>(['refunded', 'expired', 'ruled-refunded'])
const someFacts = (nowMs: number): fc.Arbitrary<readonly Fact[]> => {
  const settlement = fc
    .record({
      atMs: fc.integer({ min: nowMs - 100 * dayMs, max: nowMs }),
      client: account,
      provider: account,
      paid: fc.bigInt(1n, 3_000_000n),
      outcome: fc.constantFrom(...outcomes),
      firstMs: fc.option(fc.nat({ max: 4_000 })),
    })
    .filter(({ client, provider }) => client !== provider)
  const introduction = fc.record({ sponsor: account, account }).filter((one) => one.sponsor !== one.account)
  const note = fc.record({ of: fc.nat(40), fault: fc.constantFrom('client' as const, 'network' as const), isByClient: fc.boolean() })
  return fc
    .record({
      settlements: fc.array(settlement, { maxLength: 40 }),
      introductions: fc.array(introduction, { maxLength: 6 }),
      notes: fc.array(note, { maxLength: 10 }),
    })
    .map(({ settlements, introductions, notes }) => {
      const idOf = (kind: string, index: number): string => toHex(sha256(utf8(`${kind} ${index}`)))
      const traded = settlements.map(({ paid, firstMs, outcome, ...one }, index): Fact => ({
        kind: 'settlement',
        id: idOf('escrow', index),
        classKey: 'a class',
        lockedMicro: 3_000_000n,
        paidMicro: paysNothing.has(outcome) ? 0n : paid,
        priceMicro: paid,
        outcome,
        speed: firstMs === null ? null : { promisedFirstMs: 500, firstMs, promisedTotalMs: 10_000, totalMs: 9_000 },
        headHash: idOf('head', index),
        ...one,
      }))
      const invited = introductions.map((one, index): Fact => ({ kind: 'introduction', id: idOf('invite', index), ...one }))
      const noted = notes.flatMap(({ of, fault, isByClient }, index): readonly Fact[] => {
        const escrow = traded[of]
        if (escrow?.kind !== 'settlement') return []
        return [{ kind: 'note', id: idOf('note', index), escrow: escrow.id, client: isByClient ? escrow.client : escrow.provider, fault }]
      })
      return [...traded, ...invited, ...noted]
    })
}

test('nodes with the same facts find the same trust and the same standings of everybody, whatever came in which order', () => {
  const { clock } = trades.world
  const ordered = someFacts(clock.nowMs()).chain((facts) =>
    fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts], { minLength: facts.length })),
  )
  fc.assert(
    fc.property(ordered, ([facts, shuffled]) => {
      const fill = (order: readonly Fact[]) => (into: Facts) => order.forEach((fact) => into.store.insert(fact, new Uint8Array(1)))
      const [one, other] = [nodeWith(fill(facts), clock), nodeWith(fill(shuffled), clock)]
      expect(judged(other, accounts)).toEqual(judged(one, accounts))
      one.close()
      other.close()
    }),
    { numRuns: 60 },
  )
})

/** What a peer may send instead of a proof: damaged, cut, or put together from pieces of true ones. */
const forgery = fc.oneof(
  fc.record({
    kind: fc.constant('bytes' as const),
    of: fc.nat(2),
    at: fc.nat(),
    to: fc.integer({ min: 1, max: 255 }),
    cut: fc.option(fc.nat()),
  }),
  fc.record({ kind: fc.constant('pieces' as const), of: fc.nat(2), and: fc.nat(2), keep: fc.nat(4) }),
  fc.record({ kind: fc.constant('unsigned' as const), of: fc.nat(2) }),
)
type Forgery = typeof forgery extends fc.Arbitrary<infer T> ? T : never
const decreesOf = (index: number) => {
  const proof = proofs[index % proofs.length]
  return proof === undefined || proof.kind === 'note' ? [] : proof.decrees
}
const forge = (made: Forgery): Proof | null => {
  if (made.kind === 'pieces')
    return { kind: 'settlement', decrees: [...decreesOf(made.of).slice(0, made.keep), ...decreesOf(made.and).slice(1)] }
  if (made.kind === 'unsigned') {
    const decrees = decreesOf(made.of).map((decree) => ({ ...decree, certificate: { ...decree.certificate, signatures: [] } }))
    return { kind: 'settlement', decrees }
  }
  const bytes = encodeProof({ kind: 'settlement', decrees: decreesOf(made.of) })
  const at = made.at % bytes.length
  bytes[at] = (bytes[at] ?? 0) ^ made.to
  const decoded = decodeProof(made.cut === null ? bytes : bytes.slice(0, made.cut % bytes.length))
  return decoded.ok ? decoded.value : null
}

test('no standing moves without a certified fact: damaged, cut and pieced-together proofs change nothing', () => {
  const { clock } = trades.world
  const of = [toHex(trades.alice.id), toHex(trades.bob.id)]
  const certified = nodeWith((facts) => proofs.forEach((proof) => facts.publish(proof)), clock)
  const untouched = judged(
    nodeWith(() => undefined, clock),
    of,
  )
  expect(judged(certified, of)).not.toEqual(untouched)
  // A copy that still proves one of the true trades is that trade, and nothing else.
  const isTrue = (id: string): boolean => certified.facts.has(id)
  fc.assert(
    fc.property(fc.array(forgery, { maxLength: 8 }), (forgeries) => {
      const node = nodeWith((facts) => {
        for (const made of forgeries) {
          const proof = forge(made)
          const taken = proof === null ? null : facts.publish(proof)
          expect(taken?.ok === true && !isTrue(taken.value.id)).toBe(false)
        }
      }, clock)
      if (node.facts.store.count() === 0) expect(judged(node, of)).toEqual(untouched)
      node.close()
    }),
    { numRuns: 60 },
  )
  certified.close()
})

test('a stranger that sends something to members makes them neither one counterparty nor its own', async () => {
  const { alice, world, invite, passOn, settle } = trades
  const [carol, dave, stranger] = [createMember('carol'), createMember('dave'), createMember('stranger')]
  const gift = (to: AccountId): Promise<Decree> => settle(alice.transfer(to, 1_000_000n))
  const births = [await passOn(carol, alice.id, [await gift(carol.id)]), await passOn(dave, alice.id, [await gift(dave.id)])]
  const sent = [await invite(stranger, carol.id, [await gift(stranger.id)]), await invite(stranger, dave.id, [await gift(stranger.id)])]

  const [provider = ''] = accounts
  const [ofAlice, ofCarol, ofDave] = [toHex(alice.id), toHex(carol.id), toHex(dave.id)]
  const paid = [
    [ofAlice, ofCarol],
    [ofAlice, ofDave],
    [ofCarol, provider],
    [ofDave, provider],
  ] as const
  const traded = paid.map(([client, by], index): Fact => ({
    kind: 'settlement',
    id: toHex(sha256(utf8(`trade ${index}`))),
    atMs: world.clock.nowMs(),
    client,
    provider: by,
    classKey: 'a class',
    lockedMicro: 1_000n,
    paidMicro: 1_000n,
    priceMicro: 1_000n,
    outcome: 'paid',
    speed: null,
    headHash: toHex(sha256(utf8(`head ${index}`))),
  }))
  const node = nodeWith((facts) => traded.forEach((fact) => facts.store.insert(fact, new Uint8Array(1))), world.clock)
  const of = [provider, ofCarol, ofDave, toHex(stranger.id)]
  const before = judged(node, of)
  for (const transfers of sent)
    for (const more of [[], ...births.map((birth) => [birth])])
      node.facts.publish({ kind: 'introduction', decrees: [...transfers, ...more] })
  await trades.waitMs(10_000)
  expect(judged(node, of)).toEqual(before)
  node.close()
})
