/**
 * The `data` of server-sent events out of raw bytes, with bounds: a line is at most 64 KiB, far above any token's JSON, and the
 * whole stream at most 64 MiB, which leaves sixty times the largest result for its wrapping.
 */
export const maxLineBytes = 64 * 1024
export const maxEventStreamBytes = 64 * 1024 * 1024

/** Throws RangeError over a bound. Multi-line data is not joined: no model server sends it. */
export async function* dataLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const line of linesOf(bytes)) if (line.startsWith('data:')) yield line.slice('data:'.length).trim()
}

/** Whole lines only, within the same bounds: what comes after the last line break is no line yet. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>, maxLength = maxLineBytes): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let total = 0
  for await (const part of bytes) {
    total += part.length
    if (total > maxEventStreamBytes) throw new RangeError('event stream too long')
    const lines = (rest + decoder.decode(part, { stream: true })).split(/\r?\n/)
    rest = lines.pop() ?? ''
    if ([rest, ...lines].some((line) => line.length > maxLength)) throw new RangeError('event line too long')
    yield* lines
  }
}
