type PartAnswer =
  | { readonly ok: true; readonly value: { readonly part: string; readonly nextCursor: string | null } }
  | { readonly ok: false; readonly error: { readonly message: string } }

export type ReadPart = (cursor: string | null) => Promise<PartAnswer>
export type Whole = { readonly ok: true; readonly parts: readonly string[] } | { readonly ok: false; readonly message: string }

/** A file that the market gives page by page. */
export const readWhole = async (read: ReadPart): Promise<Whole> => {
  const parts: string[] = []
  for (let cursor: string | null = null; ;) {
    const answer: PartAnswer = await read(cursor)
    if (!answer.ok) return { ok: false, message: answer.error.message }
    parts.push(answer.value.part)
    cursor = answer.value.nextCursor
    if (cursor === null) return { ok: true, parts }
  }
}

/** Asks where to keep it, in the window by the system's own dialog, in a browser as the browser does. */
export const saveFile = (name: string, parts: readonly string[], type: string): void => {
  const url = URL.createObjectURL(new Blob([...parts], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun by then, and holds what it needs.
  setTimeout(() => URL.revokeObjectURL(url), revokeAfterMs)
}
const revokeAfterMs = 60_000
