import type { Database, SqlValue, Statement } from '../database.ts'

/** A database that remembers how the disk would be found after a power cut: without the light transactions since the last other one. */
export const withPowerCuts = (
  db: Database,
  /** Copies it as it is, and gives the name of the copy. */
  copy: () => string,
): { readonly db: Database; readonly afterPowerCut: () => string } => {
  let onDisk: string | null = null
  const synced = <T>(work: () => T): T => {
    const isOwn = !db.inTransaction()
    const result = work()
    if (isOwn) onDisk = null
    return result
  }
  const prepare = <P extends readonly SqlValue[], R>(sql: string): Statement<P, R> => {
    const statement = db.prepare<P, R>(sql)
    return { ...statement, run: (...parameters) => synced(() => statement.run(...parameters)) }
  }
  return {
    db: {
      ...db,
      prepare,
      transaction: (work) => synced(() => db.transaction(work)),
      atomically: (work) => synced(() => db.atomically(work)),
      lightly: (work) => {
        if (!db.inTransaction()) onDisk ??= copy()
        return db.lightly(work)
      },
    },
    afterPowerCut: () => onDisk ?? copy(),
  }
}
