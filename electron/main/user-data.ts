import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

type StartedApp = {
  readonly commandLine: { readonly getSwitchValue: (name: string) => string }
  readonly getPath: (name: 'userData') => string
}

/** Where this start was told to keep its files. Of a folder that it cannot use Chromium says nothing, and takes another one. */
export const wantedUserData = ({ commandLine, getPath }: StartedApp): string => {
  const wanted = commandLine.getSwitchValue('user-data-dir')
  return wanted === '' ? getPath('userData') : resolve(wanted)
}

/**
 * Chromium hands the words of a second start to the first in one message; one that is too long it cannot read, and then ends the first
 * instance for dead (process_singleton_posix.cc, kMaxMessageLength: 32 KiB).
 */
export const isTooLongToHandOver = (words: readonly string[], workingFolder: string): boolean =>
  Buffer.byteLength([workingFolder, ...words].join('\0')) > mostHandedOver
const mostHandedOver = 30_000

/**
 * Null, or the system's code for why the app cannot keep its files there. It is tried, because permissions alone do not tell of a
 * read-only disk; and before Chromium asks for its lock, because it reports a lock that it cannot make as one that another holds.
 */
export const whyNotWritable = (path: string): string | null => {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const probe = join(path, `.probe-${randomUUID()}`)
    writeFileSync(probe, '', { flag: 'wx' })
    rmSync(probe)
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}
