import type { TxHash } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'

export type SubmittedRequest = { readonly operationHash: Uint8Array; readonly txHash: TxHash }
type RequestRow = { readonly operation_hash: Buffer; readonly tx_hash: Buffer }

/** What was signed for which request of a client: as this node noted it, and as the chain itself says. */
export const requestRows = (db: Database) => {
  const upsertRequest = db.prepare(
    'INSERT INTO wallet_request VALUES (?, ?, ?) ON CONFLICT (request_id) DO UPDATE SET tx_hash = excluded.tx_hash',
  )
  const requestRow = db.prepare<[string], RequestRow>('SELECT operation_hash, tx_hash FROM wallet_request WHERE request_id = ?')
  const insertWish = db.prepare('INSERT INTO wallet_wish VALUES (?, ?) ON CONFLICT DO NOTHING')
  const wishRow = db.prepare<[Uint8Array], { tx_hash: Buffer }>('SELECT tx_hash FROM wallet_wish WHERE nonce = ?')
  return {
    saveRequest: (requestId: string, request: SubmittedRequest): void => {
      upsertRequest.run(requestId, request.operationHash, request.txHash)
    },
    request: (requestId: string): SubmittedRequest | null => {
      const row = requestRow.get(requestId)
      return row === undefined ? null : { operationHash: new Uint8Array(row.operation_hash), txHash: new Uint8Array(row.tx_hash) }
    },
    /** The first payment for a wish counts; the chain of a careless client might hold another. */
    saveWish: (nonce: Uint8Array, txHash: TxHash): void => void insertWish.run(nonce, txHash),
    wish: (nonce: Uint8Array): TxHash | null => {
      const row = wishRow.get(nonce)
      return row === undefined ? null : new Uint8Array(row.tx_hash)
    },
  }
}
