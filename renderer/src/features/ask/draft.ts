import { maxPromptLength } from '../../../../core/contract/tasks.ts'
import { parseRuv } from '../../format/amount.ts'

/** What a person has typed so far, as typed. */
export type Draft = {
  readonly prompt: string
  readonly classKey: string
  readonly cap: string
  readonly mode: 'first' | 'best'
  readonly maxOutputTokens: number
}

export type DraftProblem = { readonly field: 'prompt' | 'cap' | 'classKey'; readonly message: string }
export type Ask = Omit<Draft, 'cap'> & { readonly maxPriceMicro: bigint }

/** @returns what to ask, or the first thing to put right */
export const readDraft = (draft: Draft): { readonly ask: Ask } | { readonly problem: DraftProblem } => {
  const { cap, ...rest } = draft
  if (draft.prompt.trim() === '') return { problem: { field: 'prompt', message: 'Write what you want to ask.' } }
  if (draft.prompt.length > maxPromptLength) {
    const over = draft.prompt.length - maxPromptLength
    return { problem: { field: 'prompt', message: `This is ${over.toLocaleString('en')} characters too long for one task.` } }
  }
  if (draft.classKey === '') return { problem: { field: 'classKey', message: 'Nothing is offered yet. Wait for the first provider.' } }
  const maxPriceMicro = parseRuv(cap)
  if (maxPriceMicro === null || maxPriceMicro === 0n) {
    return { problem: { field: 'cap', message: 'Write the most you would pay, such as 1.50.' } }
  }
  return { ask: { ...rest, maxPriceMicro } }
}
