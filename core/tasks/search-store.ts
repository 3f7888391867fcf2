import type { Database } from '../storage/database.ts'
import type { TaskId } from './model.ts'

/** Some line or two around what was found. */
const snippetWords = 18
const [hitBegins, hitEnds] = ['\u0002', '\u0003']
/** Words beyond these say nothing more about what is looked for. */
const maxWords = 12

export type SnippetPart = { readonly text: string; readonly isHit: boolean }
export type Found = { readonly number: number; readonly task: TaskId; readonly snippet: readonly SnippetPart[] }

/** Everybody's words, each as the beginning of one; signs of the query language lose their meaning in quotes. @returns null without a word */
export const matchOf = (words: string): string | null => {
  const parts = words
    .split(/[\s\u0000]+/)
    .filter((word) => /[\p{L}\p{N}\p{Co}]/u.test(word))
    .slice(0, maxWords)
  return parts.length === 0 ? null : parts.map((word) => `"${word.replaceAll('"', '""')}"*`).join(' ')
}

/** The index keeps itself (migration task-search): it is only read here. */
export const createTaskSearchStore = (db: Database) => {
  const selectPage = db.prepare<[string, number, number], { number: bigint; task: Buffer }>(
    `SELECT task_search.rowid AS number, task FROM task_search JOIN task_search_entry ON number = task_search.rowid
     WHERE task_search MATCH ? AND task_search.rowid < ? ORDER BY task_search.rowid DESC LIMIT ?`,
  )
  const selectSnippet = db.prepare<[string, bigint], { snippet: string }>(
    `SELECT snippet(task_search, -1, char(2), char(3), '…', ${snippetWords}) AS snippet FROM task_search WHERE task_search MATCH ? AND rowid = ?`,
  )
  const countFound = db.prepare<[string], { count: bigint }>('SELECT count(*) AS count FROM task_search WHERE task_search MATCH ?')
  return {
    /** Newest first, those asked before number `before`. */
    page: (words: string, before: number, limit: number): readonly Found[] => {
      const match = matchOf(words)
      if (match === null) return []
      return selectPage.all(match, before, limit).map(({ number, task }) => ({
        number: Number(number),
        task: new Uint8Array(task),
        snippet: partsOf(selectSnippet.get(match, number)?.snippet ?? ''),
      }))
    },
    count: (words: string): number => {
      const match = matchOf(words)
      return match === null ? 0 : Number(countFound.get(match)?.count ?? 0n)
    },
  }
}

const partsOf = (snippet: string): readonly SnippetPart[] =>
  snippet.split(hitBegins).flatMap((piece, index) => {
    const [hit = '', ...after] = index === 0 ? ['', piece] : piece.split(hitEnds)
    return [
      { text: hit, isHit: true },
      { text: after.join(''), isHit: false },
    ].filter(({ text }) => text !== '')
  })
