import { assert } from '../platform/assert.ts'
import { createEpochBook, type EpochBook } from '../settlement/epoch-book.ts'
import { decodeDecree, encodeDecree } from '../settlement/encoding.ts'
import { foundedState } from '../settlement/federation-chain.ts'
import type { Database } from '../storage/database.ts'
import { committeeOf, type Federation } from './federation.ts'

/** The epochs that this node has learnt of, and will have learnt of after a restart. */
export const openEpochBook = (db: Database, federation: Federation): EpochBook => {
  const rows = db.prepare<[], { decree: Buffer }>('SELECT decree FROM epoch ORDER BY step')
  const insert = db.prepare('INSERT INTO epoch VALUES (?, ?) ON CONFLICT DO NOTHING')
  const book = createEpochBook(foundedState(committeeOf(federation), federation.genesis.createdAtMs), federation.genesis.limits)
  for (const row of rows.all()) {
    const decree = decodeDecree(new Uint8Array(row.decree))
    assert(decree.ok && book.take(decree.value) === null, 'a stored epoch does not follow from the genesis document')
  }
  book.onTaken((decree) => void insert.run(decree.tx.step, encodeDecree(decree)))
  return book
}
