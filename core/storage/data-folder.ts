import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { ensurePrivateFile } from './private-file.ts'
import { asStorageError } from './storage-error.ts'

export type DataFolder = {
  readonly path: string
  /** The full path of a file in it. */
  readonly file: (name: string) => string
  /** Lets another process have the folder. */
  readonly release: () => void
}
export type DataFolderFailure = Failure<'already-running' | 'cannot-use-folder' | 'disk-full'>

export type DataFolderOptions = {
  readonly path: string
  /** Path of SQLite's native file, for runtimes that need another one than the package's. */
  readonly nativeBinding?: string
}

const isSystemError = (thrown: unknown): thrown is NodeJS.ErrnoException => thrown instanceof Error && 'code' in thrown

const makeFolder = (path: string): DataFolderFailure | null => {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return null
  } catch (thrown) {
    if (!isSystemError(thrown)) throw thrown
    if (thrown.code === 'ENOSPC') return { code: 'disk-full', message: 'The disk is full. Free some space and start again.' }
    return {
      code: 'cannot-use-folder',
      message: `The data folder ${path} cannot be used (${thrown.code}). It has to be a folder in which you may write. Make it one, then try again.`,
    }
  }
}

/**
 * Makes the folder if need be, readable by its owner alone, and takes it for this process; one that is there keeps its permissions. The lock is SQLite's own on an empty
 * file, which the operating system takes back when the process dies, however it dies.
 */
export const takeDataFolder = ({ path, nativeBinding }: DataFolderOptions): Result<DataFolder, DataFolderFailure> => {
  const problem = makeFolder(path)
  if (problem !== null) return fail(problem.code, problem.message)
  let lock: SqliteDatabase.Database | null = null
  try {
    ensurePrivateFile(join(path, 'lock'))
    lock = new SqliteDatabase(join(path, 'lock'), { timeout: 0, ...(nativeBinding === undefined ? {} : { nativeBinding }) })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (thrown) {
    lock?.close()
    const error = asStorageError(thrown)
    if (error === null) throw thrown
    if (error.code === 'busy')
      return fail('already-running', `The market is already running on ${path}. Use its window, or choose another data folder.`)
    if (error.code === 'disk-full') return fail('disk-full', error.message)
    if (error.code === 'damaged')
      return fail('cannot-use-folder', `The file ${join(path, 'lock')} is not what the market made. Delete it, then try again.`)
    return fail(
      'cannot-use-folder',
      `The data folder ${path} cannot be written to (${error.sqliteCode}). It has to be a folder in which you may write. Make it one, then try again.`,
    )
  }
  const held = lock
  return ok({ path, file: (name) => join(path, name), release: () => void held.close() })
}
