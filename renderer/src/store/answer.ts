/** A piece of an answer as it streams in: `text` belongs at `offset`. */
export type AnswerPiece = { readonly offset: number; readonly text: string }

/**
 * Puts a piece into the answer so far. A piece that is there already changes nothing; one that says otherwise is a newer attempt
 * and replaces the rest.
 * @returns null when a piece before this one is missing
 */
export const placePiece = (answer: string, { offset, text }: AnswerPiece): string | null => {
  if (offset > answer.length) return null
  const present = answer.slice(offset, offset + text.length)
  return present === text ? answer : answer.slice(0, offset) + text
}
