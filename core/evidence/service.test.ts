import { expect, test } from 'vitest'
import { createMemoryNetwork } from '../network/memory.ts'
import { toHex } from '../platform/bytes.ts'
import { createManualClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { firstEpoch } from '../settlement/epochs.ts'
import { encodeEvidence, type Evidence } from '../settlement/evidence.ts'
import { txHash } from '../settlement/encoding.ts'
import type { EscrowTx, Statement } from '../settlement/objects.ts'
import { authorise, signStatement } from '../settlement/signatures.ts'
import { birth, committeeOf, createMember, hash, signerOf } from '../settlement/testing/world.ts'
import type { Database } from '../storage/database.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { evidenceHandlers } from './handlers.ts'
import { maxPerCulprit } from './model.ts'
import { createEvidenceBook } from './service.ts'
import { createEvidenceStore } from './store.ts'

const committee = committeeOf(4)
const epochs = firstEpoch(committee)
const keyOf = (index: number): Uint8Array => signerOf(`witness ${index}`).publicKey
const vote = (kind: 'N' | 'F', value: string, step: number, by: number) => {
  const statement: Statement = { governance: birth, objectId: hash('object'), step, view: 0, kind, txHash: hash(value) }
  return signStatement(statement, by, signerOf(`witness ${by}`))
}
const twoNotarizations = (step = 1, by = 3): Evidence => ({
  kind: 'votes',
  first: vote('N', 'a', step, by),
  second: vote('N', 'b', step, by),
})
const twoFinals: Evidence = {
  kind: 'finals',
  first: {
    statement: vote('F', 'a', 1, 0).statement,
    signatures: [0, 1, 2].map((by) => ({ witnessIndex: by, signature: vote('F', 'a', 1, by).signature })),
  },
  second: {
    statement: vote('F', 'b', 1, 0).statement,
    signatures: [0, 2, 3].map((by) => ({ witnessIndex: by, signature: vote('F', 'b', 1, by).signature })),
  },
}
const forged: Evidence = { kind: 'votes', first: vote('N', 'a', 1, 3), second: { ...vote('N', 'b', 1, 2), witnessIndex: 3 } }

const setUp = () => {
  const clock = createManualClock()
  const hub = createMemoryNetwork({ clock })
  const broken: string[] = []
  const join = (name: string, db: Database = openMemoryDatabase()) => {
    const network = hub.addNode(name)
    const changes: number[] = []
    const book = createEvidenceBook({
      store: createEvidenceStore(db),
      epochs,
      network,
      clock,
      log: silentLog,
      changed: (revision) => changes.push(revision),
      broken: () => broken.push(name),
    })
    book.start()
    return { book, network, changes, db, list: evidenceHandlers(book, epochs).list }
  }
  return { clock, hub, broken, join }
}
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

test('what one node finds, all come to know, and each has checked it', async () => {
  const { join } = setUp()
  const [ann, ben] = [join('ann'), join('ben')]
  ann.book.found(twoNotarizations())
  ann.book.found(twoNotarizations())
  await settle()
  expect([ann.book.isConvicted(keyOf(3)), ben.book.isConvicted(keyOf(3)), ben.book.isConvicted(keyOf(2))]).toEqual([true, true, false])
  expect([ann.changes, ben.changes]).toEqual([[1], [1]])
  expect(await ben.list({})).toMatchObject({
    ok: true,
    value: { broken: false, rows: [{ offence: 'two-notarizations', culprit: toHex(keyOf(3)), witness: 3, account: null, step: 1 }] },
  })
})

test('a forged piece convicts nobody, and its sender is thought less of', async () => {
  const { join, hub } = setUp()
  const ann = join('ann')
  ann.book.found(forged)
  expect([ann.book.facts(), ann.changes]).toEqual([[], []])
  const eve = hub.addNode('eve')
  for (let number = 0; number < 12; number += 1) await eve.publish('evidence', new Uint8Array([...encodeEvidence(forged), number]))
  await settle()
  expect(ann.book.facts()).toEqual([])
  expect(eve.peers().map(({ peerId }) => peerId)).not.toContain('ann')
})

test('it is known after a restart, and whoever joins late hears of it', async () => {
  const { join, hub, clock } = setUp()
  const ann = join('ann')
  ann.book.found(twoNotarizations())
  ann.book.stop()
  hub.kill('ann')
  const again = join('ann', ann.db)
  expect(again.book.isConvicted(keyOf(3))).toBe(true)
  const late = join('late')
  expect(late.book.isConvicted(keyOf(3))).toBe(false)
  clock.advance(10 * 60_000)
  await settle()
  expect(late.book.isConvicted(keyOf(3))).toBe(true)
})

test('one liar fills no disk: more of the same key is not kept', async () => {
  const { join } = setUp()
  const ann = join('ann')
  for (let step = 1; step <= 3 * maxPerCulprit; step += 1) ann.book.found(twoNotarizations(step))
  expect(ann.book.facts().length).toBe(maxPerCulprit)
  ann.book.found(twoNotarizations(1, 2))
  expect(ann.book.isConvicted(keyOf(2))).toBe(true)
})

test('an arbiter that signs two orders again and again has no shield against what convicts it', async () => {
  const { join } = setUp()
  const ann = join('ann')
  const ada = createMember('ada')
  for (let step = 0; step < maxPerCulprit; step += 1) {
    const [first, second] = ['laptop', 'phone'].map((device, by) => {
      const tx = { ...ada.order({ kind: 'register-device', deviceKey: signerOf(device).publicKey }).tx, step }
      const { governance, objectId } = tx
      const statement: Statement = { governance, objectId, step, view: 0, kind: 'N', txHash: txHash(tx) }
      return {
        order: { tx, authorisations: [authorise(tx, 'owner', ada.signer)] },
        vote: signStatement(statement, by, signerOf(`witness ${by}`)),
      }
    })
    ann.book.found({ kind: 'orders', first: first!, second: second! })
  }
  expect(ann.book.ordersTwice(ada.id).count).toBe(maxPerCulprit)
  const ruling = (outcome: 'refund' | 'half') => {
    const tx: EscrowTx = {
      version: 1,
      type: 'escrow',
      objectId: hash('escrow'),
      step: 4,
      previousHash: hash('panel'),
      governance: birth,
      next: birth,
      body: { kind: 'rule', outcome },
    }
    return { tx, authorisations: [authorise(tx, 'arbiter', ada.signer)] }
  }
  ann.book.found({ kind: 'rulings', first: ruling('refund'), second: ruling('half') })
  expect(ann.book.isConvicted(ada.signer.publicKey)).toBe(true)
})

test('two contradicting final steps break the federation for good', async () => {
  const { join, broken, hub } = setUp()
  const [ann, ben] = [join('ann'), join('ben')]
  ann.book.found(twoFinals)
  await settle()
  expect([ann.book.isBroken(), ben.book.isBroken(), broken.toSorted()]).toEqual([true, true, ['ann', 'ben']])
  expect(await ann.list({})).toMatchObject({ value: { broken: true, rows: [{ offence: 'two-finals', culprit: null, witness: null }] } })
  hub.kill('ben')
  const again = join('ben', ben.db)
  expect([again.book.isBroken(), broken.length]).toEqual([true, 3])
})
