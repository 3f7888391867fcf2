import { expect, test } from 'vitest'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createDisputeStore } from './store.ts'

const escrow = new Uint8Array(32).fill(1)
const said = { role: 'client', statement: 'No.', salt: new Uint8Array(32), showsTask: true, showsAnswer: false, saidAtMs: 7 } as const

test('what was said and who can read it are a newer revision of the escrows, so that whoever looks is told', () => {
  const db = openMemoryDatabase()
  const store = createDisputeStore(db)
  const revision = (): bigint | undefined =>
    db.prepare<[], { readonly revision: bigint }>('SELECT revision FROM escrow_revision').get()?.revision
  const revisions = [revision()]
  store.saveStatement(escrow, said)
  revisions.push(revision())
  store.saveReaders(escrow, 3)
  revisions.push(revision())
  expect([revisions, store.statement(escrow)]).toEqual([[0n, 1n, 2n], { ...said, readers: 3 }])
})
