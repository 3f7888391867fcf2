import { createStore } from 'zustand/vanilla'
import { maxPromptLength } from '../../../../core/contract/tasks.ts'
import { formatCount } from '../../format/number.ts'
import { parseRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'
import { taskText, type Attachment } from './task-text.ts'

/** What a person has typed so far, as typed. */
export type Draft = {
  readonly prompt: string
  readonly files: readonly Attachment[]
  readonly classKey: string
  readonly cap: string
  readonly mode: 'first' | 'best'
  readonly maxOutputTokens: number
  readonly deadlineMs: number
  /** Whether what is found in the prompt is replaced before it leaves. */
  readonly placeholders: boolean
  /** How long it waits for a provider; 0: not at all. */
  readonly standsForMs: number
  /** So many providers answer it. */
  readonly copies: number
  /** Whether its owner looks at the answer before it is paid; null: as the settings say. */
  readonly byHand: boolean | null
}

/** Long enough for a long answer, short enough that an unserved request gives its money back soon. */
const DEADLINE_MS = 60_000

export const EMPTY_DRAFT: Draft = {
  prompt: '',
  files: [],
  classKey: '',
  cap: '1.00',
  mode: 'first',
  maxOutputTokens: 512,
  deadlineMs: DEADLINE_MS,
  placeholders: true,
  standsForMs: 0,
  copies: 1,
  byHand: null,
}

/** Kept while one looks at other screens; the question itself outlives the window (kept-draft.ts). */
export const draftStore = createStore<Draft>()(() => EMPTY_DRAFT)

export type DraftProblem = { readonly field: 'prompt' | 'cap' | 'classKey'; readonly message: string }
export type Ask = Omit<Draft, 'files' | 'cap' | 'standsForMs' | 'copies' | 'byHand'> & {
  readonly maxPriceMicro: bigint
  readonly standsForMs?: number
  readonly copies?: number
  readonly byHand?: boolean
}

/** @returns what to ask, or the first thing to put right */
export const readDraft = (draft: Draft): { readonly ask: Ask } | { readonly problem: DraftProblem } => {
  const { cap, standsForMs, copies, byHand, files: _files, ...rest } = draft
  if (draft.prompt.trim() === '') return { problem: { field: 'prompt', message: t('ask.problem.empty') } }
  const prompt = taskText(draft)
  if (prompt.length > maxPromptLength) {
    const over = formatCount(prompt.length - maxPromptLength)
    return { problem: { field: 'prompt', message: t('ask.problem.tooLong', { over, most: formatCount(maxPromptLength) }) } }
  }
  if (draft.classKey === '') return { problem: { field: 'classKey', message: t('ask.problem.noClass') } }
  const maxPriceMicro = parseRuv(cap)
  if (maxPriceMicro === null || maxPriceMicro === 0n) return { problem: { field: 'cap', message: t('ask.problem.cap') } }
  const waits = { ...(standsForMs > 0 ? { standsForMs } : {}), ...(byHand === true ? { byHand } : {}) }
  return { ask: { ...rest, prompt, maxPriceMicro, ...waits, ...(copies > 1 ? { copies } : {}) } }
}
