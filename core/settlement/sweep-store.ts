import type { Database } from '../storage/database.ts'
import type { RegisterId } from './bundle.ts'
import type { ObjectId } from './objects.ts'

/** A register in which this witness has cast a vote to skip or to finalize, so that it has to be brought to its end. */
export type OpenRegister = { readonly objectId: ObjectId; readonly step: number; readonly epoch: number; readonly sinceMs: number }
export type DueEscrow = { readonly id: ObjectId; readonly dueMs: number }

type RegisterRow = { readonly object: Buffer; readonly step: bigint; readonly epoch: bigint; readonly since_ms: bigint }

/** What a witness has to see through; the rows go with the decision. For `+?` see witness-store.ts. */
export const createSweepRows = (db: Database) => {
  const insertOpen = db.prepare('INSERT INTO open_register VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const deleteOpen = db.prepare('DELETE FROM open_register WHERE object = ? AND step = ? AND epoch = ?')
  const oldest = db.prepare<[number], RegisterRow>('SELECT * FROM open_register ORDER BY since_ms, object, step LIMIT +?')
  const setDeadline = db.prepare('INSERT INTO deadline VALUES (?, ?) ON CONFLICT (escrow) DO UPDATE SET due_at_ms = excluded.due_at_ms')
  const deleteDeadline = db.prepare('DELETE FROM deadline WHERE escrow = ?')
  const due = db.prepare<[number], { escrow: Buffer; due_at_ms: bigint }>('SELECT * FROM deadline ORDER BY due_at_ms, escrow LIMIT +?')
  return {
    saveOpenRegister: ({ objectId, step, epoch, sinceMs }: OpenRegister): void => void insertOpen.run(objectId, step, epoch, sinceMs),
    dropOpenRegister: ({ objectId, step, governance }: RegisterId): void => void deleteOpen.run(objectId, step, governance.epoch),
    openRegisters: (limit: number): readonly OpenRegister[] =>
      oldest.all(limit).map(({ object, step, epoch, since_ms }) => ({
        objectId: new Uint8Array(object),
        step: Number(step),
        epoch: Number(epoch),
        sinceMs: Number(since_ms),
      })),
    /** When anyone may end this escrow; null: by no time alone. */
    saveDeadline: (id: ObjectId, dueMs: number | null): void => {
      if (dueMs === null) deleteDeadline.run(id)
      else setDeadline.run(id, dueMs)
    },
    /** The next ones to come, the earliest first. */
    deadlines: (limit: number): readonly DueEscrow[] =>
      due.all(limit).map(({ escrow, due_at_ms }) => ({ id: new Uint8Array(escrow), dueMs: Number(due_at_ms) })),
  }
}
