/** What is remembered of the window, beside the settings: nobody chooses it, and losing it costs nothing. */
import { z } from 'zod'
import { systemDisk } from '../../core/platform/disk.ts'
import { readJsonFile, writeJsonFile } from '../../core/platform/json-file.ts'
import type { Log } from '../../core/platform/log.ts'
import type { WindowState } from './window-place.ts'

/** No desk is wider. */
const farthest = 100_000
const place = z.int().min(-farthest).max(farthest)
const size = z.int().min(1).max(farthest)
const schema = z.object({
  area: z.object({ x: place, y: place, width: size, height: size }),
  isMaximised: z.boolean(),
})

export type WindowMemory = {
  readonly get: () => WindowState | null
  readonly keep: (state: WindowState) => void
  /** Resolves when what was kept is on disk, or could not be. */
  readonly written: () => Promise<void>
}

/** A file that cannot be read or written is told to the log, and the window opens where windows usually do. */
export const loadWindowMemory = async (path: string, log: Log): Promise<WindowMemory> => {
  const file = {
    path,
    disk: systemDisk,
    maxBytes: 10_000,
    title: 'The file of the window',
    parse: (json: unknown) => schema.safeParse(json).data ?? null,
  }
  const complain = (message: string): void => log.write('warn', 'window-not-remembered', { reason: message })
  const read = await readJsonFile(file)
  if (!read.ok) complain(read.error.message)
  let state: WindowState | null = read.ok ? read.value : null
  let writing = Promise.resolve()
  return {
    get: () => state,
    keep: (next) => {
      state = next
      writing = writing.then(async () => {
        const stored = await writeJsonFile(file, next)
        if (!stored.ok) complain(stored.error.message)
      })
    },
    written: () => writing,
  }
}
