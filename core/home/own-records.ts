import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { diskFailure, systemDisk } from '../platform/disk.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'

/** Empty; tells a folder whose records have gone from one in which no market has run yet. */
const markFile = (folder: string): string => join(folder, 'has-run')

/** A market has run in this folder, and its database is missing or empty now. */
export const haveGone = (folder: string): boolean =>
  existsSync(markFile(folder)) && (statSync(join(folder, 'market.db'), { throwIfNoEntry: false })?.size ?? 0) === 0

export const markAsRun = async (folder: string): Promise<Result<null, Failure<'disk'>>> => {
  if (existsSync(markFile(folder))) return ok(null)
  try {
    await systemDisk.replace(markFile(folder), new Uint8Array())
    return ok(null)
  } catch (error) {
    return diskFailure('The data folder', error)
  }
}

export const recordsGone: Failure = {
  code: 'records-gone',
  message:
    'The records of this computer were missing or empty. Your account and the trades that are still open come back from the witnesses by themselves. What only this computer knew does not: earlier questions and answers, the log of decisions, and how you provided. If you have a copy of market.db, stop the program and put it back.',
}
