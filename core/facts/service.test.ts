import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Network } from '../network/port.ts'
import { toHex } from '../platform/bytes.ts'
import { silentLog } from '../platform/log.ts'
import { createSeededRandom } from '../platform/random.ts'
import type { Decree } from '../settlement/objects.ts'
import { federationId, passTime } from '../settlement/testing/world.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { signNote, type Proof } from './model.ts'
import { createFacts, type Facts } from './service.ts'
import { createTrades, type Trades } from './testing/trades.ts'
import { encodeProof, factAnswers, factQueries } from './wire.ts'

let trades: Trades
let proofs: readonly (Proof & { readonly decrees: readonly Decree[] })[] = []
beforeAll(async () => {
  trades = createTrades()
  for (const priceMicro of [1_000n, 2_000n, 3_000n]) proofs = [...proofs, await trades.paid(priceMicro)]
  proofs = [...proofs, await trades.trade(() => [{ kind: 'refund' }])]
})
afterAll(() => trades.world.close())

let made = 0
type Node = { readonly facts: Facts; readonly network: Network }
const join = (start = true): Node => {
  const network = trades.world.network.addNode(`node ${made++}`)
  const random = createSeededRandom('facts')
  const { verifying, world } = trades
  const facts = createFacts({ db: openMemoryDatabase(), network, verifying, clock: world.clock, random, log: silentLog })
  if (start) facts.start()
  return { facts, network }
}
const seen = ({ facts }: Node) => facts.store.settlementsOf('provider', toHex(trades.bob.id), 100)
const settle = () => trades.waitMs(100)
const stop = (...nodes: readonly Node[]): void => nodes.forEach(({ facts }) => facts.stop())

test('what one node publishes, every other has soon, whichever order it came in', async () => {
  const [first, second, third] = [join(), join(), join()]
  for (const proof of proofs) first.facts.publish(proof)
  await settle()
  expect(new Set(seen(first).map(({ paidMicro }) => paidMicro))).toEqual(new Set([0n, 1_000n, 2_000n, 3_000n]))
  const backwards = join(false)
  for (const proof of proofs.toReversed()) backwards.facts.publish(proof)
  expect([seen(second), seen(third), seen(backwards)]).toEqual([seen(first), seen(first), seen(first)])
  stop(first, second, third)
})

test('a fact is counted once, whoever shows it how often, and in whatever copy', () => {
  const { facts } = join(false)
  const [proof] = proofs
  if (proof === undefined) throw new Error('no trade')
  const other = { ...proof, decrees: proof.decrees.map((decree) => ({ ...decree, authorisations: [...decree.authorisations] })) }
  expect([facts.publish(proof).ok, facts.publish(proof), facts.publish(other)]).toEqual([
    true,
    expect.objectContaining({ error: expect.objectContaining({ code: 'known' }) as unknown }),
    expect.objectContaining({ error: expect.objectContaining({ code: 'known' }) as unknown }),
  ])
  expect([facts.revision(), facts.store.count()]).toEqual([1, 1])
})

test('a node that joins takes what it lacks from a peer, and nothing twice', async () => {
  const source = join()
  for (const proof of proofs) source.facts.publish(proof)
  await settle()
  const late = join(false)
  const compare = (): Promise<number> => passTime(trades.world.clock, late.facts.compareWith(source.network.self()))
  expect([await compare(), await compare()]).toEqual([4, 0])
  expect(seen(late)).toEqual(seen(source))
  stop(source)
})

test('nodes that missed each other’s gossip find out by themselves', async () => {
  const [one, two] = [join(false), join(false)]
  proofs.slice(0, 2).forEach((proof) => one.facts.publish(proof))
  proofs.slice(2).forEach((proof) => two.facts.publish(proof))
  one.facts.start()
  two.facts.start()
  await trades.waitMs(60_000)
  expect([seen(one).length, seen(two)]).toEqual([4, seen(one)])
  stop(one, two)
})

test('facts older than the horizon are neither kept nor taken', async () => {
  const { facts } = join(false)
  const [proof] = proofs
  if (proof === undefined) throw new Error('no trade')
  facts.publish(proof)
  facts.store.removeBefore(trades.world.clock.nowMs() + 48 * 3_600_000)
  expect([facts.store.count(), facts.store.settlementsOf('client', toHex(trades.alice.id), 9)]).toEqual([0, []])
  const later = { ...trades.world.clock, nowMs: () => trades.world.clock.nowMs() + 181 * 24 * 3_600_000 }
  const old = createFacts({
    db: openMemoryDatabase(),
    network: trades.world.network.addNode('later'),
    verifying: trades.verifying,
    clock: later,
    random: createSeededRandom('facts'),
    log: silentLog,
  })
  expect(old.publish(proof)).toMatchObject({ ok: false, error: { code: 'too-old' } })
})

test('a note changes whose fault a failure was, before or after its escrow is heard of', () => {
  const refunded = proofs[3]
  const escrow = refunded?.decrees[0]?.certificate.statement.txHash
  if (refunded === undefined || escrow === undefined) throw new Error('no trade')
  const ofClient: Proof = { kind: 'note', signed: signNote(escrow, 'network', trades.alice.signer, federationId) }
  const ofProvider: Proof = { kind: 'note', signed: signNote(escrow, 'network', trades.bob.signer, federationId) }
  const faultAfter = (...shown: readonly Proof[]) => {
    const node = join(false)
    for (const proof of shown) node.facts.publish(proof)
    return seen(node).map(({ fault }) => fault)
  }
  expect([faultAfter(refunded), faultAfter(refunded, ofClient), faultAfter(ofClient, refunded), faultAfter(ofProvider, refunded)]).toEqual([
    [null],
    ['network'],
    ['network'],
    [null],
  ])
})

describe('a peer that lies', () => {
  const forged = (): Uint8Array => {
    const [proof] = proofs
    if (proof === undefined) throw new Error('no trade')
    const decrees = proof.decrees.map((decree) => ({ ...decree, certificate: { ...decree.certificate, signatures: [] } }))
    return encodeProof({ kind: 'settlement', decrees })
  }

  test('is not believed: what carries no certificate is not a fact, by gossip or by comparison', async () => {
    const [honest, mallory] = [join(), trades.world.network.addNode(`mallory ${made++}`)]
    mallory.subscribe('facts', () => 'accept')
    await mallory.publish('facts', forged())
    await mallory.publish('facts', new Uint8Array([1, 2, 3]))
    await settle()
    expect([honest.facts.store.count(), honest.facts.revision()]).toEqual([0, 0])
    stop(honest)
  })

  test('is left at its first lie, and dropped after a few', async () => {
    const mallory = trades.world.network.addNode(`mallory ${made++}`)
    const honest = join(false)
    const { answers, serve } = lies(forged())
    mallory.serve('facts', serve)
    for (let visit = 0; visit < 20; visit++) await passTime(trades.world.clock, honest.facts.compareWith(mallory.self()))
    expect([
      honest.facts.store.count(),
      answers.proofs <= 11,
      honest.network.peers().some(({ peerId }) => peerId === mallory.self().peerId),
    ]).toEqual([0, true, false])
  })
})

/** Claims to have a trade that it then cannot prove. */
const lies = (proof: Uint8Array) => {
  const answers = { proofs: 0 }
  const serve = async (payload: Uint8Array): Promise<Uint8Array> => {
    const query = factQueries.decode(payload)
    if (!query.ok) return new Uint8Array()
    if (query.value.kind === 'days') return factAnswers.encode({ kind: 'days', days: [{ day: 20_254, digest: new Uint8Array(32) }] })
    if (query.value.kind === 'ids') return factAnswers.encode({ kind: 'ids', ids: [new Uint8Array(32).fill(9)] })
    answers.proofs++
    return factAnswers.encode({ kind: 'proofs', proofs: [proof] })
  }
  return { answers, serve }
}
