import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../platform/log.ts'
import type { Statement } from '../settlement/objects.ts'
import { signStatement } from '../settlement/signatures.ts'
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

/** An evidence book of this witness, and whether it has found its neighbour out. */
const heed = (name: string, found: { readonly by: string; readonly index: number } | null) => {
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
  if (found !== null) {
    const about = { governance: birth, objectId: hash('object'), step: 1, view: 0, kind: 'N' } as const
    const vote = (value: string) => {
      const statement: Statement = { ...about, txHash: hash(value) }
      return signStatement(statement, found.index, signerOf(found.by))
    }
    book.found({ kind: 'votes', first: vote('one'), second: vote('another') })
  }
  witness.heedConvictions(book.isConvicted)
  return book
}
const decide = async (members: readonly string[]): Promise<string> => {
  const order = world.proposal(members, {}, ['w0', 'w1', 'w2'])
  const result = await passTime(world.clock, world.operator.driver.decide(order, [], { timeoutMs: 20_000 }))
  if (result.ok) return 'decided'
  return result.error.code === 'refused' ? result.error.reason : result.error.code
}
const cheat = { by: 'w3', index: 3 }

test('who is proven to have voted twice gets no vote of honest witnesses for a seat in the next committee', async () => {
  const books = ['w0', 'w1', 'w2'].map((name) => heed(name, cheat))
  expect(books.map((book) => book.isConvicted(signerOf('w3').publicKey))).toEqual([true, true, true])
  expect(await decide(['w4', 'w1', 'w2', 'w3'])).toBe('convicted')
  expect(await decide(['w0', 'w1', 'w2', 'w4'])).toBe('decided')
})

test('nobody is barred without proof, nor by what proves nothing', async () => {
  for (const name of ['w0', 'w1', 'w2']) heed(name, null)
  const forged = heed('w3', { by: 'w0', index: 3 })
  expect(forged.isConvicted(signerOf('w3').publicKey)).toBe(false)
  expect(await decide(['w4', 'w1', 'w2', 'w3'])).toBe('decided')
})

test('a committee that others have certified stands, also for a witness that would not have voted for it', async () => {
  heed('w0', cheat)
  const decree = await world.change(['w4', 'w0', 'w2', 'w3'])
  expect(world.of('w0').witness.inform([decree])).toBe(null)
  expect(world.of('w0').epochs.newest().committee.epoch).toBe(1)
})
