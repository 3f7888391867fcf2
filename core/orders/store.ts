import type { Database } from '../storage/database.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { toHex } from '../platform/bytes.ts'
import { offers, requests, type Kind, type Offer, type Signed, type TaskRequest } from './model.ts'

export type OrderStore = ReturnType<typeof createOrderStore>

type Row = { readonly id: Bytes32; readonly side: 'offer' | 'request'; readonly envelope: Uint8Array; readonly validUntilMs: number }

/**
 * Keeps what the book holds, so that a node that starts again knows the market before it has heard anyone. Writes wait for
 * `flush`, because a transaction of its own for every order heard would wait for the disk each time; what a crash takes is
 * heard again.
 */
export const createOrderStore = (db: Database) => {
  const insert = db.prepare('INSERT INTO book_order VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING')
  const remove = db.prepare('DELETE FROM book_order WHERE id = ?')
  const removeExpired = db.prepare('DELETE FROM book_order WHERE valid_until_ms <= ?')
  const select = db.prepare<[string], { envelope: Buffer }>('SELECT envelope FROM book_order WHERE side = ? ORDER BY id')
  /** By id: the row to write, or what to delete. */
  const pending = new Map<string, Row | { readonly id: Bytes32; readonly side: null }>()

  /** What cannot be read any more (a damaged row, another federation) is left out. */
  const load = <T>(side: Row['side'], kind: Kind<T>, federationId: Bytes32): readonly Signed<T>[] =>
    select.all(side).flatMap(({ envelope }) => {
      const order = kind.decode(new Uint8Array(envelope), federationId)
      return order.ok ? [order.value] : []
    })

  return {
    saveOffer: (id: Bytes32, envelope: Uint8Array, validUntilMs: number): void =>
      void pending.set(toHex(id), { id, side: 'offer', envelope, validUntilMs }),
    saveRequest: (id: Bytes32, envelope: Uint8Array, validUntilMs: number): void =>
      void pending.set(toHex(id), { id, side: 'request', envelope, validUntilMs }),
    removeOrder: (id: Bytes32): void => void pending.set(toHex(id), { id, side: null }),
    /** Writes what waits, in one transaction. Throws StorageError; what waited is given up then, so that it cannot pile up. */
    flush: (): void => {
      if (pending.size === 0) return
      const rows = [...pending.values()]
      pending.clear()
      db.transaction(() => {
        for (const row of rows) {
          if (row.side === null) remove.run(row.id)
          else insert.run(row.id, row.side, row.envelope, row.validUntilMs)
        }
      })
    },
    removeExpired: (nowMs: number): void => void removeExpired.run(nowMs),
    loadOffers: (federationId: Bytes32): readonly Signed<Offer>[] => load('offer', offers, federationId),
    loadRequests: (federationId: Bytes32): readonly Signed<TaskRequest>[] => load('request', requests, federationId),
  }
}
