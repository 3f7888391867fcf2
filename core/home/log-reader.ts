/** The program's own log as its owner reads it; a function of the files' contents. */
import { z } from 'zod'
import type { HomeContract } from '../contract/contract.ts'
import type { InputOf, OutputOf } from '../contract/definition.ts'
import { logLevels, maxLogDetail, maxLogRows, maxLogWord } from '../contract/setup.ts'

type Wish = InputOf<HomeContract['settings']['log']>
type Read = OutputOf<HomeContract['settings']['log']>
type LogRow = Read['rows'][number]

const lineSchema = z.looseObject({
  at: z.iso.datetime().transform((at) => Date.parse(at)),
  level: z.enum(logLevels),
  domain: z.string(),
  event: z.string(),
})

/** @param contents of the log's files, the newest first; lines that were cut off are left out */
export const readLog = (contents: readonly string[], { least, words }: Wish): Read => {
  const wanted = logLevels.slice(logLevels.indexOf(least))
  const needle = words.trim().toLowerCase()
  const rows: LogRow[] = []
  for (const line of contents.flatMap((content) => content.split('\n').toReversed())) {
    const row = rowOf(line)
    if (row === null || !wanted.includes(row.level)) continue
    if (needle !== '' && !`${row.domain} ${row.event} ${row.detail}`.toLowerCase().includes(needle)) continue
    if (rows.length === maxLogRows) return { rows, hasMore: true }
    rows.push(row)
  }
  return { rows, hasMore: false }
}

const rowOf = (line: string): LogRow | null => {
  const parsed = lineSchema.safeParse(jsonOf(line))
  if (!parsed.success) return null
  const { at, level, domain, event, ...fields } = parsed.data
  const detail = Object.entries(fields)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n')
  return { atMs: at, level, domain: domain.slice(0, maxLogWord), event: event.slice(0, maxLogWord), detail: detail.slice(0, maxLogDetail) }
}

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
