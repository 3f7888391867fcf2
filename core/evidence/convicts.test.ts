import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../platform/log.ts'
import type { Evidence } from '../settlement/evidence.ts'
import type { EscrowTx, NamedArbiter, Statement } from '../settlement/objects.ts'
import { authorise, signStatement } from '../settlement/signatures.ts'
import { createEpochWorld, type EpochWorld } from '../settlement/testing/epoch-world.ts'
import { birth, createMember, hash, passTime, signerOf } from '../settlement/testing/world.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createEvidenceBook } from './service.ts'
import { createEvidenceStore } from './store.ts'

/** Witnesses that heed what they know to be proven, when a new committee is proposed. */
const first = ['w0', 'w1', 'w2', 'w3']
let world: EpochWorld
beforeEach(() => {
  world = createEpochWorld(first, [[createMember('alice'), 1_000n]])
})

/** An evidence book of this witness, and what it has found. */
const heed = (name: string, found: Evidence | null) => {
  const { epochs, witness } = world.of(name)
  const node = { store: createEvidenceStore(openMemoryDatabase()), network: world.network.addNode(`book of ${name}`) }
  const book = createEvidenceBook({
    ...node,
    epochs,
    clock: world.clock,
    log: silentLog,
    changed: () => undefined,
    broken: () => undefined,
  })
  if (found !== null) book.found(found)
  witness.heedConvictions(book.isConvicted)
  return book
}
const twoVotes = (by: string, index: number): Evidence => {
  const about = { governance: birth, objectId: hash('object'), step: 1, view: 0, kind: 'N' } as const
  const vote = (value: string) => {
    const statement: Statement = { ...about, txHash: hash(value) }
    return signStatement(statement, index, signerOf(by))
  }
  return { kind: 'votes', first: vote('one'), second: vote('another') }
}
const decide = async (members: readonly string[], arbiters: readonly NamedArbiter[] = []): Promise<string> => {
  const order = world.proposal(members, { arbiters }, ['w0', 'w1', 'w2'])
  const result = await passTime(world.clock, world.operator.driver.decide(order, [], { timeoutMs: 20_000 }))
  if (result.ok) return 'decided'
  return result.error.code === 'refused' ? result.error.reason : result.error.code
}
const cheat = twoVotes('w3', 3)

test('who is proven to have voted twice gets no vote of honest witnesses for a seat in the next committee', async () => {
  const books = ['w0', 'w1', 'w2'].map((name) => heed(name, cheat))
  expect(books.map((book) => book.isConvicted(signerOf('w3').publicKey))).toEqual([true, true, true])
  expect(await decide(['w4', 'w1', 'w2', 'w3'])).toBe('convicted')
  expect(await decide(['w0', 'w1', 'w2', 'w4'])).toBe('decided')
})

test('who is proven to have signed two outcomes of one dispute is in no next roster', async () => {
  const [ada, bea] = ['ada', 'bea'].map((name) => ({ name, publicKey: signerOf(name).publicKey, weight: 1, operator: '' })) as [
    NamedArbiter,
    NamedArbiter,
  ]
  const { tx } = await world.change(first, { arbiters: [ada, bea] })
  const ruling = (outcome: 'release' | 'refund') => {
    const order: EscrowTx = {
      version: 1,
      type: 'escrow',
      objectId: hash('escrow'),
      step: 4,
      previousHash: hash('panel'),
      governance: tx.next,
      next: tx.next,
      body: { kind: 'rule', outcome },
    }
    return { tx: order, authorisations: [authorise(order, 'arbiter', signerOf('ada'))] }
  }
  const books = ['w0', 'w1', 'w2'].map((name) => heed(name, { kind: 'rulings', first: ruling('release'), second: ruling('refund') }))
  expect(books.map((book) => book.isConvicted(ada.publicKey))).toEqual([true, true, true])
  expect(await decide(first, [ada, bea])).toBe('convicted')
  expect(await decide(first, [bea])).toBe('decided')
})

test('nobody is barred without proof, nor by what proves nothing', async () => {
  for (const name of ['w0', 'w1', 'w2']) heed(name, null)
  const forged = heed('w3', twoVotes('w0', 3))
  expect(forged.isConvicted(signerOf('w3').publicKey)).toBe(false)
  expect(await decide(['w4', 'w1', 'w2', 'w3'])).toBe('decided')
})

test('a committee that others have certified stands, also for a witness that would not have voted for it', async () => {
  heed('w0', cheat)
  const decree = await world.change(['w4', 'w0', 'w2', 'w3'])
  expect(world.of('w0').witness.inform([decree])).toBe(null)
  expect(world.of('w0').epochs.newest().committee.epoch).toBe(1)
})
