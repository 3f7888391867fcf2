/**
 * What somebody does not want to show is replaced by a placeholder before a task is sealed, and put back into the answer where it
 * comes. The same value has the same placeholder throughout, so that the answer can speak of it.
 */
export type Place = { readonly kind: string; readonly start: number; readonly end: number }
export type Hidden = { readonly placeholder: string; readonly value: string }
export type Concealed = { readonly text: string; readonly hidden: readonly Hidden[] }

/** `[EMAIL-1]`: prose seldom has it, and models leave it alone, but for small letters and the backslashes of Markdown. */
const anyPlaceholder = /\\?\[[A-Z][A-Z-]{0,30}-\d{1,6}\\?\]/gi
const asWritten = (placeholder: string): string => placeholder.replaceAll('\\', '').toUpperCase()
const longestPlaceholder = 40
/** What values may add to an answer: one that repeats a placeholder without end must not fill the memory. */
export const maxFilledInLength = 1_048_576

/** Places that overlap become one, under the kind of the first in the list: nothing of either is left standing. In order of the text. */
export const mergePlaces = <P extends Place>(places: readonly P[]): readonly P[] =>
  places
    .map((place, rank) => ({ place, rank }))
    .toSorted((a, b) => a.place.start - b.place.start || a.rank - b.rank)
    .reduce<{ readonly place: P; readonly rank: number }[]>((merged, next) => {
      const last = merged.at(-1)
      if (last === undefined || next.place.start >= last.place.end) merged.push(next)
      else {
        const first = next.rank < last.rank ? next : last
        const place = { ...first.place, start: last.place.start, end: Math.max(last.place.end, next.place.end) }
        merged[merged.length - 1] = { place, rank: first.rank }
      }
      return merged
    }, [])
    .map(({ place }) => place)

/** `known`: what is hidden already, whose placeholders are used again. */
export const conceal = (text: string, places: readonly Place[], known: readonly Hidden[] = []): Concealed => {
  const taken = new Set(text.match(anyPlaceholder)?.map(asWritten))
  const byValue = new Map(known.map(({ placeholder, value }) => [value, placeholder]))
  for (const { placeholder } of known) taken.add(placeholder)
  const counts = new Map<string, number>()
  const fresh = (kind: string): string => {
    const name = kind.toUpperCase()
    for (;;) {
      const number = (counts.get(name) ?? 0) + 1
      counts.set(name, number)
      const placeholder = `[${name}-${number}]`
      if (!taken.has(placeholder)) return placeholder
    }
  }
  let [concealed, from] = ['', 0]
  for (const { kind, start, end } of mergePlaces(places)) {
    // A secret that came about around a placeholder has the value of both.
    const value = fillIn(text.slice(start, end), known)
    const placeholder = byValue.get(value) ?? fresh(kind)
    byValue.set(value, placeholder)
    concealed += text.slice(from, start) + placeholder
    from = end
  }
  return { text: concealed + text.slice(from), hidden: Array.from(byValue, ([value, placeholder]) => ({ placeholder, value })) }
}

export type FillIn = {
  /** The text with what it stands for in it; what may be the beginning of a placeholder waits for the next piece. */
  readonly take: (piece: string) => string
  /** What still waited. */
  readonly end: () => string
}

export const createFillIn = (hidden: readonly Hidden[]): FillIn => {
  const values = new Map(hidden.map(({ placeholder, value }) => [placeholder, value]))
  const placeholders = [...values.keys()]
  let waiting = ''
  let addedLength = 0
  const valueOf = (placeholder: string): string => {
    const value = values.get(asWritten(placeholder))
    if (value === undefined || addedLength + value.length > maxFilledInLength) return placeholder
    addedLength += value.length
    return value
  }
  return {
    take: (piece) => {
      const text = waiting + piece
      const bracket = text.lastIndexOf('[')
      const open = bracket > 0 && text[bracket - 1] === '\\' ? bracket - 1 : bracket
      const tail = open === -1 || text.length - open > longestPlaceholder ? '' : text.slice(open)
      const start = asWritten(tail)
      waiting =
        tail !== '' && placeholders.some((placeholder) => placeholder.length > start.length && placeholder.startsWith(start))
          ? tail
          : (/\\$/.exec(text)?.[0] ?? '')
      return text.slice(0, text.length - waiting.length).replaceAll(anyPlaceholder, valueOf)
    },
    end: () => {
      const rest = waiting
      waiting = ''
      return rest
    },
  }
}

/** A whole text, in one piece. */
export const fillIn = (text: string, hidden: readonly Hidden[]): string => {
  if (hidden.length === 0) return text
  const filler = createFillIn(hidden)
  return filler.take(text) + filler.end()
}
