/** Reads Markdown that a stranger wrote, as long as reading and drawing it stay cheap. */
import { Marked, type Token, type Tokens } from 'marked'

/** About 25,000 tokens: three times the longest answer that people ask for. */
export const maxMarkdownLength = 100_000
/** Each line may begin an item or a row of its own. */
export const maxLines = 4_000
/** Inline syntax is searched from each of its signs to the end of its paragraph: signs times characters bounds that search. */
export const maxSearchSteps = 8_000_000
/** Lists in quotes in lists; nobody reads deeper. */
export const maxDepth = 12
/** Each becomes at least one element of the page. */
export const maxTokens = 10_000
export const maxTableCells = 2_000

export type MarkdownText = { readonly kind: 'blocks'; readonly blocks: readonly Token[] } | { readonly kind: 'too-complex' }

const tooComplex: MarkdownText = { kind: 'too-complex' }
const reader = new Marked({ gfm: true, async: false })

/** @returns `too-complex` for what has to be shown as it was written */
export const readMarkdown = (text: string): MarkdownText => {
  if (text.length > maxMarkdownLength || text.split('\n').length > maxLines || isNestedTooDeep(text) || searchSteps(text) > maxSearchSteps)
    return tooComplex
  const blocks = reader.lexer(text)
  const count = { tokens: 0, cells: 0 }
  return fits(blocks, 1, count) ? { kind: 'blocks', blocks } : tooComplex
}

/** Each level of quotes and lists is read once more for the level within: told from how a line begins, before anything is read. */
const isNestedTooDeep = (text: string): boolean =>
  text.split('\n').some((line) => {
    const [beginning = ''] = /^(?:\s*(?:>|[-+*]\s|\d{1,9}[.)]\s))+/.exec(line) ?? []
    return (beginning.match(/[>\-+*.)]/g) ?? []).length > maxDepth
  })

const SIGNS = /[*_[\]`~<!&\\@]|:\/\/|www\./g

const searchSteps = (text: string): number =>
  text.split(/\n\s*\n/).reduce((steps, paragraph) => steps + (paragraph.match(SIGNS)?.length ?? 0) * paragraph.length, 0)

const fits = (tokens: readonly Token[], depth: number, count: { tokens: number; cells: number }): boolean => {
  count.tokens += tokens.length
  if (depth > maxDepth || count.tokens > maxTokens) return false
  return tokens.every((token) => {
    if (isTable(token)) {
      count.cells += token.header.length * (token.rows.length + 1)
      return count.cells <= maxTableCells && [token.header, ...token.rows].flat().every((cell) => fits(cell.tokens, depth + 1, count))
    }
    const inner = isList(token) ? token.items : ((token as { readonly tokens?: readonly Token[] }).tokens ?? [])
    return fits(inner, depth + 1, count)
  })
}

export const isTable = (token: Token): token is Tokens.Table => token.type === 'table'
export const isList = (token: Token): token is Tokens.List => token.type === 'list'

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' }

/** Models write the signs of HTML as entities; anything rarer stays as it was written. */
export const withoutEntities = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (_all, name: string) => ENTITIES[name] ?? '')

/** An address as a computer reads it: look-alike letters of a name become xn--, hidden characters are spelled out. @returns null if it is none */
export const plainAddress = (href: string): string | null => {
  try {
    const url = new URL(href)
    return url.protocol === 'https:' || url.protocol === 'http:' || url.protocol === 'mailto:' ? url.href : null
  } catch {
    return null
  }
}
