/** What happened, in order. The hash is of everything, the lines are kept only when somebody will read them. */
export type Trace = {
  readonly note: (atMs: number, text: string) => void
  readonly hash: () => string
  readonly lines: () => readonly string[]
}

export const createTrace = (startMs: number, keepsLines: boolean): Trace => {
  const lines: string[] = []
  let low = 0x811c9dc5
  let high = 0x1b873593
  return {
    note: (atMs, text) => {
      const line = `${((atMs - startMs) / 1000).toFixed(3)} ${text}`
      low = fnv1a(low, line)
      high = fnv1a(high ^ low, line)
      if (keepsLines) lines.push(line)
    },
    hash: () => [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(''),
    lines: () => lines,
  }
}

const fnv1a = (start: number, text: string): number => {
  let hash = start
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** Tells two payloads apart in a trace. */
export const checksum = (bytes: Uint8Array): string => {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16)
}
