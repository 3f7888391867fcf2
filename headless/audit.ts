import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseAuditLine, type AuditHead } from '../core/audit/export.ts'
import { createAuditVerifier, type AuditVerifier } from '../core/audit/model.ts'
import { equalBytes, fromHex, toHex } from '../core/platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { exitWithFailure, exitWithUsage, parseOptions, textOption } from './options.ts'

const help = 'Usage: audit verify FILE [--key PUBLIC-KEY]. It needs no market and no network.'
const spec = { key: { type: 'string' } } as const
/** Longer than any line that an export has. */
const maxLineLength = 2_000

export type VerifiedAudit = {
  readonly entries: number
  readonly publicKey: string
  readonly federation: string
  /** Null while nothing was ever deleted. */
  readonly followsFrom: number | null
  readonly until: string
}
type Broken = Failure<'broken' | 'unreadable'>

/** Follows an exported log from its signed beginning to its signed end, line by line. */
export const verifyAuditFile = async (file: string): Promise<Result<VerifiedAudit, Broken>> => {
  const lines = createInterface({ input: createReadStream(file, { encoding: 'utf8' }), crlfDelay: Number.POSITIVE_INFINITY })
  let head: AuditHead | null = null
  let verifier: AuditVerifier | null = null
  let verified: VerifiedAudit | null = null
  let number = 0
  const wrong = (sentence: string): Result<never, Broken> => fail('broken', `Line ${number}: ${sentence}`)
  try {
    for await (const text of lines) {
      number++
      if (text === '') continue
      const line = parseAuditLine(text.slice(0, maxLineLength))
      if (!line.ok) return wrong(line.error.message)
      if (verified !== null) return wrong('Something follows the end.')
      if (line.value.kind === 'head') {
        if (head !== null) return wrong('A second log begins here.')
        head = line.value.head
        verifier = createAuditVerifier(head, head.start)
      } else if (head === null || verifier === null) return wrong('The beginning is missing.')
      else if (line.value.kind === 'entry') verifier.take(line.value.entry)
      else {
        const finished = verifier.finish(line.value.end)
        if (!finished.ok) return finished
        verified = described(head, finished.value, line.value.end.atMs)
      }
    }
  } catch (error) {
    return fail('unreadable', `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  return verified === null ? fail('broken', 'The end is missing: the file is cut off, or no exported log.') : ok(verified)
}

const described = ({ federationId, publicKey, start }: AuditHead, entries: number, untilMs: number): VerifiedAudit => ({
  entries,
  publicKey: toHex(publicKey),
  federation: toHex(federationId),
  followsFrom: start.seq === 0 ? null : start.seq,
  until: new Date(untilMs).toISOString(),
})

/** Prints what was found as one JSON line; exit code 1 when the log is not whole. */
export const runAudit = async (args: readonly string[]): Promise<void> => {
  const parsed = parseOptions(args, spec, help, 2)
  if (!parsed.ok) return exitWithUsage(parsed.error)
  const [verb, file] = parsed.value.positionals
  const key = textOption(parsed.value.values, 'key')
  if (verb !== 'verify' || file === undefined || (key !== null && !/^[0-9a-f]{64}$/.test(key)))
    return exitWithUsage({ code: 'usage', message: help })
  const verified = await verifyAuditFile(file)
  if (!verified.ok) return exitWithFailure(verified.error)
  if (key !== null && !equalBytes(fromHex(key), fromHex(verified.value.publicKey)))
    return exitWithFailure({ code: 'broken', message: `The log is whole, but it is that of ${verified.value.publicKey}.` })
  process.stdout.write(`${JSON.stringify(verified.value)}\n`)
}
