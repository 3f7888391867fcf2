import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { filePart } from '../core/contract/proofs.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { answerOf, readDaemon, type Call } from './call.ts'
import { exitWithFailure, exitWithUsage, parseOptions, textOption, type UsageFailure } from './options.ts'

const help =
  'Usage: export --out FILE [--escrow ID | --decree HASH | --csv] --socket URL [--token TOKEN]. Writes a proof of the account, of one of its escrows or of one decree, which verify checks; or the history as a table.'
const spec = {
  out: { type: 'string' },
  escrow: { type: 'string' },
  decree: { type: 'string' },
  csv: { type: 'boolean' },
  socket: { type: 'string' },
  token: { type: 'string' },
} as const

type Wish = { readonly out: string; readonly call: Pick<Call, 'name' | 'input'>; readonly daemon: Pick<Call, 'socketUrl' | 'token'> }
const usage = (message: string): Result<never, UsageFailure> => fail('usage', `${message} ${help}`)

const readWish = (args: readonly string[]): Result<Wish, UsageFailure> => {
  const parsed = parseOptions(args, spec, help)
  if (!parsed.ok) return parsed
  const { values } = parsed.value
  const [out, escrowId, txHash] = [textOption(values, 'out'), textOption(values, 'escrow'), textOption(values, 'decree')]
  const asCsv = values['csv'] === true
  if (out === null) return usage('Say where to: --out FILE.')
  if ([escrowId !== null, txHash !== null, asCsv].filter(Boolean).length > 1) return usage('One thing at a time.')
  const subject =
    escrowId !== null ? { kind: 'escrow', escrowId } : txHash === null ? { kind: 'account' } : { kind: 'decree', txHash, escrowId: null }
  const daemon = readDaemon(values, help)
  if (!daemon.ok) return daemon
  return ok({
    out,
    daemon: daemon.value,
    call: asCsv ? { name: 'wallet.exportCsv', input: {} } : { name: 'proofs.read', input: { subject } },
  })
}

/** Prints the file's name; nothing is left of a file that could not be finished, and none is replaced. */
export const runExport = async (args: readonly string[]): Promise<void> => {
  const wish = readWish(args)
  if (!wish.ok) return exitWithUsage(wish.error)
  const { out } = wish.value
  const written = await writeWhole(wish.value)
  if (!written.ok) return exitWithFailure(written.error)
  process.stdout.write(`${JSON.stringify({ file: out })}\n`)
}

const writeWhole = async ({ out, call, daemon }: Wish): Promise<Result<null, Failure>> => {
  const opened = openNew(out)
  if (!opened.ok) return opened
  const failure = await writePages(opened.value, (cursor) => answerOf({ ...daemon, ...call, input: { ...(call.input as object), cursor } }))
  closeSync(opened.value)
  if (failure === null) return ok(null)
  rmSync(out, { force: true })
  return fail(failure.code, failure.message)
}

const writePages = async (file: number, read: (cursor: string | null) => ReturnType<typeof answerOf>): Promise<Failure | null> => {
  for (let cursor: string | null = null; ;) {
    const answer = await read(cursor)
    if (!answer.ok) return answer.error
    const page = z.safeDecode(filePart, answer.value as z.input<typeof filePart>)
    if (!page.success) return { code: 'unavailable', message: 'The answer cannot be read. The daemon may be of another version.' }
    writeSync(file, page.data.part)
    cursor = page.data.nextCursor
    if (cursor === null) return null
  }
}

const openNew = (path: string): Result<number, Failure> => {
  try {
    return ok(openSync(path, 'wx', 0o600))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    return code === 'EEXIST'
      ? fail('file-exists', `There is a file ${path} already. Choose another name.`)
      : fail('cannot-write', `The file ${path} cannot be written (${code}). Choose another place.`)
  }
}
