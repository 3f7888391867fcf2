import { utf8 } from '../platform/bytes.ts'
import { plainText } from './plain-text.ts'
import { maxChunks, maxResultBytes } from '../tasks/chunk-stream.ts'

/**
 * Where an answer passes on its way out: plain text, whole characters only, never more bytes than its cap, never more pieces than the chunk
 * stream has room for.
 */
export type TextGate = {
  /** The text that may leave now. */
  readonly push: (text: string) => string
  /** What was still held back. */
  readonly end: () => string
  readonly isFull: () => boolean
  readonly isBlank: () => boolean
  readonly estimatedTokens: () => number
  /** What the text that passed is at least. */
  readonly leastTokens: () => number
}

/** Backends are asked to stop at the cap; for one that does not, no tokeniser averages more bytes than this to a token. */
const maxBytesPerToken = 16
export const leastTokens = (bytes: number): number => Math.ceil(bytes / maxBytesPerToken)
/** After half of the chunk stream's places are used, pieces are gathered to this many characters. */
const gatheredLength = 64

export const createTextGate = (maxOutputTokens: number): TextGate => {
  const limitBytes = Math.min(maxResultBytes, maxOutputTokens * maxBytesPerToken)
  let held = ''
  let pieces = 0
  let passedBytes = 0
  let full = false
  let blank = true

  const pass = (text: string): string => {
    const cut = cutToBytes(text, limitBytes - passedBytes)
    full = cut.length < text.length
    passedBytes += utf8(cut).length
    blank &&= cut.trim() === ''
    if (cut !== '') pieces += 1
    return cut
  }
  return {
    push: (text) => {
      if (full) return ''
      // Together, since a hidden character may come in two halves.
      const whole = plainText(held + text)
      const splitsCharacter = /[\ud800-\udbff]$/.test(whole)
      held = splitsCharacter ? whole.slice(-1) : ''
      const ready = splitsCharacter ? whole.slice(0, -1) : whole
      if (pieces < maxChunks / 2 || ready.length >= gatheredLength) return pass(ready)
      held = ready + held
      return ''
    },
    end: () => {
      const rest = held
      held = ''
      return full ? '' : pass(rest)
    },
    isFull: () => full,
    isBlank: () => blank,
    estimatedTokens: () => Math.ceil(passedBytes / 3),
    leastTokens: () => leastTokens(passedBytes),
  }
}

/** The longest start of `text` that has at most `maxBytes` bytes and ends with a whole character. */
const cutToBytes = (text: string, maxBytes: number): string => {
  const bytes = utf8(text)
  if (bytes.length <= maxBytes) return text
  // A cut character decodes to one U+FFFD at the end, which `stream: true` holds back instead.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, maxBytes), { stream: true })
}
