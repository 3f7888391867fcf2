import { assert } from '../platform/assert.ts'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import type { Database } from '../storage/database.ts'
import type { LogEntry } from './bundle.ts'
import { certificateCodec, decodeAuthorisedTx, encodeAuthorisedTx, maxDecreeBytes } from './encoding.ts'
import { carriedStepCodec, placeOf, type CarriedStep, type Place } from './handover.ts'
import type { Certificate, ObjectId, Signature } from './objects.ts'
import type { Result } from '../platform/result.ts'

/** The rows of a change of committees: epochs closed here, what they handed over, and what was taken over from others. For `+?` see witness-store.ts. */
export const handoverRows = (db: Database) => {
  const closed = db.prepare<[number], { signature: Buffer }>('SELECT signature FROM closed_epoch WHERE epoch = ?')
  const close = db.prepare('INSERT INTO closed_epoch VALUES (?, ?)')
  const saveEntry = db.prepare('INSERT INTO handed_over VALUES (?, ?, ?)')
  const entries = db.prepare<[number, number, number], { carried: Buffer }>(
    'SELECT carried FROM handed_over WHERE epoch = ? AND position >= ? ORDER BY position LIMIT ?',
  )
  const takenFrom = db.prepare<[number], { witness: bigint }>('SELECT witness FROM taken_over WHERE epoch = ?')
  const saveTaken = db.prepare('INSERT INTO taken_over VALUES (?, ?) ON CONFLICT DO NOTHING')
  const currentWith = db.prepare<[number], { witness: bigint }>('SELECT witness FROM caught_up WHERE epoch = ?')
  const saveCurrent = db.prepare('INSERT INTO caught_up VALUES (?, ?) ON CONFLICT DO NOTHING')
  const carriedBy = db.prepare<[Uint8Array, number, number], { witness: bigint; at_epoch: bigint; at_view: bigint }>(
    'SELECT witness, at_epoch, at_view FROM carried_by WHERE object = ? AND step = ? AND epoch = ?',
  )
  const saveCarriedBy = db.prepare('INSERT INTO carried_by VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const carried = db.prepare<[Uint8Array, number], { certificate: Buffer; authorised_tx: Buffer | null }>(
    'SELECT certificate, authorised_tx FROM carried WHERE object = ? AND step = ?',
  )
  const saveCarried = db.prepare(
    `INSERT INTO carried VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (object, step, epoch, view) DO UPDATE SET authorised_tx = coalesce(authorised_tx, excluded.authorised_tx)`,
  )
  const openSteps = db.prepare<[number], { object: Buffer; step: bigint }>(
    `SELECT object, step FROM register WHERE epoch = ? UNION SELECT object, step FROM carried ORDER BY object, step`,
  )
  const log = db.prepare<[number, number], { sequence: bigint; object: Buffer; step: bigint; tx: Buffer }>(
    `SELECT sequence, arrival.object, arrival.step, tx FROM arrival JOIN decree ON decree.object = arrival.object AND decree.step = arrival.step
     WHERE sequence > +? ORDER BY sequence LIMIT +?`,
  )
  return {
    isClosed: (epoch: number): boolean => closed.get(epoch) !== undefined,
    closingSignature: (epoch: number): Signature | null => {
      const row = closed.get(epoch)
      return row === undefined ? null : bytes(row.signature)
    },
    close: (epoch: number, handed: readonly CarriedStep[], signature: Signature): void => {
      close.run(epoch, signature)
      handed.forEach((step, position) => saveEntry.run(epoch, position, encodeBytes(carriedStepCodec, step)))
    },
    handedOver: (epoch: number, fromPosition: number, limit: number): readonly CarriedStep[] =>
      entries
        .all(epoch, fromPosition, limit)
        .map(({ carried: row }) => stored(decodeBytes(carriedStepCodec, bytes(row), maxCarriedBytes, 'carried'))),

    /** The witnesses of this epoch from which everything was taken over. */
    takenOverFrom: (epoch: number): readonly number[] => takenFrom.all(epoch).map(({ witness }) => Number(witness)),
    saveTakenOver: (epoch: number, witness: number): void => void saveTaken.run(epoch, witness),
    /** The witnesses of this epoch whose decrees are all known here. */
    caughtUpWith: (epoch: number): readonly number[] => currentWith.all(epoch).map(({ witness }) => Number(witness)),
    saveCaughtUp: (epoch: number, witness: number): void => void saveCurrent.run(epoch, witness),

    carriedBy: (object: ObjectId, step: number, epoch: number): ReadonlyMap<number, Place> =>
      new Map(
        carriedBy.all(object, step, epoch).map((row) => [Number(row.witness), { epoch: Number(row.at_epoch), view: Number(row.at_view) }]),
      ),
    saveCarriedBy: ({ statement }: Certificate, epoch: number, witness: number): void => {
      const { objectId, step, governance, view } = statement
      saveCarriedBy.run(objectId, step, epoch, witness, governance.epoch, view)
    },
    carried: (object: ObjectId, step: number): readonly CarriedStep[] =>
      carried.all(object, step).map((row) => ({
        certificate: stored(decodeBytes(certificateCodec, bytes(row.certificate), maxDecreeBytes, 'certificate')),
        order: row.authorised_tx === null ? null : stored(decodeAuthorisedTx(bytes(row.authorised_tx))),
      })),
    saveCarried: ({ certificate, order }: CarriedStep): void => {
      const { objectId, step, txHash } = certificate.statement
      const { epoch, view } = placeOf(certificate)
      const orderBytes = order === null ? null : encodeAuthorisedTx(order)
      saveCarried.run(objectId, step, epoch, view, txHash, encodeBytes(certificateCodec, certificate), orderBytes)
    },
    /** Steps of this epoch that are not decided here, and those that came open from epochs before. */
    openSteps: (epoch: number): readonly { readonly object: ObjectId; readonly step: number }[] =>
      openSteps.all(epoch).map((row) => ({ object: bytes(row.object), step: Number(row.step) })),

    /** Decided steps in the order in which this witness learnt of them. */
    log: (after: number, limit: number): readonly (LogEntry & { readonly sequence: number })[] =>
      log
        .all(after, limit)
        .map((row) => ({ sequence: Number(row.sequence), object: bytes(row.object), step: Number(row.step), tx: bytes(row.tx) })),
  }
}

/** An order and the certificate beside it. */
const maxCarriedBytes = 2 * maxDecreeBytes
const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer)
const stored = <T>(decoded: Result<T, { readonly message: string }>): T => {
  assert(decoded.ok, 'a stored row of a handover cannot be read')
  return decoded.value
}
