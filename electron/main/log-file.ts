/** The log for people to send: two files of bounded size, the older one under `.1`. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const MAX_BYTES = 1_000_000

/** Never throws: a log that cannot be written must not stop the program. */
export const createLogFile = (path: string, maxBytes = MAX_BYTES): ((line: string) => void) => {
  let bytes = 0
  attempt(() => (bytes = sizeOf(path)))
  attempt(() => mkdirSync(dirname(path), { recursive: true, mode: 0o700 }))
  return (line) =>
    attempt(() => {
      const text = `${line}\n`
      if (bytes > 0 && bytes + text.length > maxBytes) {
        renameSync(path, `${path}.1`)
        bytes = 0
      }
      appendFileSync(path, text, { mode: 0o600 })
      bytes += text.length
    })
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
const attempt = (work: () => unknown): void => {
  try {
    work()
  } catch {
    return
  }
}
