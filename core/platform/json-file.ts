import { fromUtf8, utf8 } from './bytes.ts'
import { diskFailure, FileTooLarge, type Disk } from './disk.ts'
import { fail, ok, type Failure, type Result } from './result.ts'

/** A small file of our own as JSON that a person can read. */
export type JsonFile<T> = {
  readonly disk: Disk
  readonly path: string
  readonly maxBytes: number
  /** Begins a sentence, such as "The settings file". */
  readonly title: string
  /** Null for what it does not accept. */
  readonly parse: (json: unknown) => T | null
}

/** Null when there is no such file. */
export const readJsonFile = async <T>({
  disk,
  path,
  maxBytes,
  title,
  parse,
}: JsonFile<T>): Promise<Result<T | null, Failure<'disk' | 'damaged'>>> => {
  const damaged = fail('damaged', `${title} ${path} is damaged and was left as it is.`)
  let bytes
  try {
    bytes = await disk.read(path, maxBytes)
  } catch (error) {
    return error instanceof FileTooLarge ? damaged : diskFailure(title, error)
  }
  if (bytes === null) return ok(null)
  try {
    const value = parse(JSON.parse(fromUtf8(bytes)))
    return value === null ? damaged : ok(value)
  } catch {
    return damaged
  }
}

/** Replaces it whole, readable by its owner alone. */
export const writeJsonFile = async (
  { disk, path, title }: Pick<JsonFile<unknown>, 'disk' | 'path' | 'title'>,
  value: object,
): Promise<Result<null, Failure<'disk'>>> => {
  try {
    await disk.replace(path, utf8(`${JSON.stringify(value, null, 2)}\n`))
    return ok(null)
  } catch (error) {
    return diskFailure(title, error)
  }
}
