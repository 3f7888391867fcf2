import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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
