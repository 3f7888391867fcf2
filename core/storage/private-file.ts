import { closeSync, openSync } from 'node:fs'

/**
 * Makes an empty file for its owner alone where none is; SQLite would make one that others may read, and gives its journals the same
 * permissions. What keeps it from being made, SQLite says better.
 */
export const ensurePrivateFile = (path: string): void => {
  try {
    closeSync(openSync(path, 'ax', 0o600))
  } catch {
    return
  }
}
