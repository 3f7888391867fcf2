import { maxFilledAnswerLength, maxOutputEventLength } from '../contract/tasks.ts'
import { createFillIn, fillIn, type FillIn, type Hidden } from '../compliance/placeholders.ts'
import { toHex } from '../platform/bytes.ts'
import type { TaskId } from './model.ts'

export type AnswerPiece = { readonly taskId: string; readonly offset: number; readonly text: string }
export type ShownAnswers = ReturnType<typeof createShownAnswers>

/** So many tasks stream at once at most; one that was forgotten is filled in again from its beginning. */
const maxStreaming = 64

/** Answers as their requester reads them, with what the placeholders stand for in them. What a provider wrote stays stored as it wrote it. */
export const createShownAnswers = (hiddenOf: (task: TaskId) => readonly Hidden[], told: (piece: AnswerPiece) => void) => {
  const streaming = new Map<string, { readonly filler: FillIn; takenLength: number; shownLength: number }>()

  const resumed = (key: string, hidden: readonly Hidden[], before: string) => {
    const known = streaming.get(key)
    if (known?.takenLength === before.length) return known
    const filler = createFillIn(hidden)
    const fresh = { filler, takenLength: before.length, shownLength: filler.take(before).length }
    if (streaming.size >= maxStreaming) streaming.clear()
    streaming.set(key, fresh)
    return fresh
  }
  return {
    /** `isWhole`: nothing more comes, so nothing waits for its other half. */
    shown: (task: TaskId, answer: string, isWhole: boolean): string => {
      const hidden = hiddenOf(task)
      if (hidden.length === 0) return answer
      const filled = isWhole ? fillIn(answer, hidden) : createFillIn(hidden).take(answer)
      return filled.slice(0, maxFilledAnswerLength)
    },
    /** What came after `before`, in events that each fit; none while all of it may be the beginning of a placeholder. */
    tell: (task: TaskId, before: string, text: string): void => {
      const hidden = hiddenOf(task)
      const taskId = toHex(task)
      if (hidden.length === 0) return told({ taskId, offset: before.length, text })
      const at = resumed(taskId, hidden, before)
      const filled = at.filler.take(text)
      for (let from = 0; from < filled.length; from += maxOutputEventLength)
        told({ taskId, offset: at.shownLength + from, text: filled.slice(from, from + maxOutputEventLength) })
      at.takenLength += text.length
      at.shownLength += filled.length
    },
  }
}
