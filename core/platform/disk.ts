import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { concatBytes } from './bytes.ts'
import { fail, type Err, type Failure } from './result.ts'

/** Small whole files as a port: read, or replaced so that a crash at any moment leaves the old or the new one, complete. */
export type Disk = {
  /** Null when there is no such file; rejects when it is larger than `maxBytes` or cannot be read. */
  readonly read: (file: string, maxBytes: number) => Promise<Uint8Array | null>
  /** Readable by its owner alone. Rejects when it did not reach the disk for certain. */
  readonly replace: (file: string, bytes: Uint8Array) => Promise<void>
}

/** The part of node:fs/promises that is used; tests put a failing one in its place. */
export type FileCalls = { readonly open: typeof open; readonly rename: typeof rename; readonly rm: typeof rm }

export class FileTooLarge extends Error {
  override name = 'FileTooLarge'
}

export const createDisk = (calls: FileCalls): Disk => ({
  read: async (file, maxBytes) => {
    const handle = await calls.open(file, 'r').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null
      throw error
    })
    if (handle === null) return null
    try {
      return await readUpTo(handle, maxBytes)
    } finally {
      await handle.close()
    }
  },
  replace: async (file, bytes) => {
    const draft = `${file}.new`
    await calls.rm(draft, { force: true })
    await writeThrough(calls, draft, bytes)
    await calls.rename(draft, file)
    await syncFolder(calls, dirname(file))
  },
})

/** Counts what it reads: a device or a pipe has no size to trust, and /dev/zero no end. */
const readUpTo = async (handle: FileHandle, maxBytes: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  for (let total = 0; ;) {
    const chunk = new Uint8Array(chunkBytes)
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null)
    if (bytesRead === 0) return concatBytes(...chunks)
    total += bytesRead
    if (total > maxBytes) throw new FileTooLarge(`over ${maxBytes} bytes`)
    chunks.push(chunk.subarray(0, bytesRead))
  }
}
const chunkBytes = 65_536

export const systemDisk: Disk = createDisk({ open, rename, rm })

const writeThrough = async (calls: FileCalls, file: string, bytes: Uint8Array): Promise<void> => {
  const handle = await calls.open(file, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes the rename itself durable. Windows has no such call for folders and writes the entry through. */
const syncFolder = async (calls: FileCalls, folder: string): Promise<void> => {
  if (process.platform === 'win32') return
  const handle = await calls.open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** What a person can do about a file that could not be read or written; `what` begins the sentence, such as "The key file". */
export const diskFailure = (what: string, error: unknown): Err<Failure<'disk'>> => {
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fail('disk', `${what} could not be written: the disk is full. Free some space and try again.`)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return fail('disk', `${what} could not be opened: the permissions of the data folder do not allow it.`)
  return fail(
    'disk',
    `${what} could not be read or written (${code === '' ? 'unknown reason' : code}). Check the disk and the data folder.`,
  )
}
