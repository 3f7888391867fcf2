import { fromBase64Url, fromHex, toBase64Url, toHex } from '../platform/bytes.ts'
import type { Bytes32 } from '../settlement/objects.ts'

/**
 * A proof: a text file that shows a stranger what the witnesses of a federation have made final, and everything needed to check it
 * (docs/verify.md). One record a line, a word and its value: `genesis`, `epoch`, `credit` and `step` carry the canonical bytes of a
 * signed document or a decree in base64url. Records come in one order and every line counts, so nothing can be added beside the proof.
 */
const format = 'claude-market-proof'
const version = 1

/** What it is about: an account's whole chain so far, one escrow's chain, or one decree by itself. */
export type SubjectKind = 'account' | 'escrow' | 'decree'
export type Subject = { readonly kind: SubjectKind; readonly id: Bytes32 }

export type ProofRecord =
  | { readonly word: 'genesis' | 'epoch' | 'credit' | 'step'; readonly bytes: Uint8Array }
  | { readonly word: 'subject'; readonly subject: Subject }
  | { readonly word: 'end'; readonly lines: number }

/** The largest record is a decree that begins an epoch of 40 witnesses: some 57 kB, a third more as text. */
export const maxLineCharacters = 80_000

export const firstLine = `${format} ${version}`
export const renderRecord = (record: ProofRecord): string => {
  if (record.word === 'subject') return `subject ${record.subject.kind} ${toHex(record.subject.id)}`
  return `${record.word} ${record.word === 'end' ? record.lines : toBase64Url(record.bytes)}`
}

/** Whether a first line is that of a proof, of this or of a later version. */
export const readFirstLine = (line: string): 'ok' | 'newer' | 'foreign' => {
  if (line === firstLine) return 'ok'
  const [word, number] = line.split(' ')
  return word === format && /^[1-9]\d{0,5}$/.test(number ?? '') ? 'newer' : 'foreign'
}

/** Null for a line that is none, or is written in another way than `renderRecord` writes it. */
export const parseRecord = (line: string): ProofRecord | null => {
  const record = readRecord(line)
  return record !== null && renderRecord(record) === line ? record : null
}

const readRecord = (line: string): ProofRecord | null => {
  const [word = '', value = '', id = ''] = line.split(' ', 3)
  switch (word) {
    case 'genesis':
    case 'epoch':
    case 'credit':
    case 'step':
      return /^[A-Za-z0-9_-]+$/.test(value) ? { word, bytes: fromBase64Url(value) } : null
    case 'subject': {
      const kind = (['account', 'escrow', 'decree'] as const).find((known) => known === value)
      return kind !== undefined && /^[0-9a-f]{64}$/.test(id) ? { word, subject: { kind, id: fromHex(id) } } : null
    }
    case 'end':
      return /^\d{1,9}$/.test(value) ? { word, lines: Number(value) } : null
    default:
      return null
  }
}

export type LineReader = {
  /** The lines that end in this chunk. Null once a line is longer than any may be. */
  readonly take: (chunk: string) => readonly string[] | null
  /** What follows the last line break. */
  readonly rest: () => string
}

/** Cuts a file that arrives in pieces into lines, and holds no more of it than one line. */
export const createLineReader = (): LineReader => {
  let rest = ''
  return {
    take: (chunk) => {
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop() ?? ''
      return [...lines, rest].some(({ length }) => length > maxLineCharacters) ? null : lines
    },
    rest: () => rest,
  }
}
