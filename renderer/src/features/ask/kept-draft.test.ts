import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { createKeeper } from './kept-draft.ts'
import type { Question } from './task-text.ts'

const EMPTY: Question = { prompt: '', files: [] }

/** A composer beside a market that holds a draft, or cannot be asked for it; a pause passes when it is told to. */
const newScene = (held: string | null, isThere = true) => {
  const market = { held, writes: [] as string[], isThere }
  const tasks = {
    draft: async () =>
      market.isThere
        ? { ok: true as const, value: { text: market.held } }
        : { ok: false as const, error: { code: 'unavailable' as const, message: 'The market starts.' } },
    keepDraft: async ({ text }: { readonly text: string }) => {
      market.writes.push(text)
      // The longer ones take longer, as the search of a long text does.
      for (let turn = 0; turn < text.length; turn++) await Promise.resolve()
      market.held = text === '' ? null : text
      return { ok: true as const, value: {} }
    },
  }
  let due: (() => void) | null = null
  const after = (_delayMs: number, callback: () => void) => {
    due = callback
    return () => {
      if (due === callback) due = null
    }
  }
  const composer = createStore<Question>()(() => EMPTY)
  const keeper = createKeeper(composer)
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 200; turn++) await Promise.resolve()
  }
  return {
    market,
    composer,
    follow: async () => {
      const leave = keeper.follow(tasks, after)
      await settle()
      return async () => {
        leave()
        await settle()
      }
    },
    type: (prompt: string) => composer.setState({ prompt }),
    pause: async () => {
      due?.()
      await settle()
    },
  }
}

test('what was kept is there again, files and all', async () => {
  const { composer, follow, market } = newScene('Why?\n\nAttached file 1 of 1: a.txt\n```\nbecause\n```')
  await follow()
  expect(composer.getState()).toEqual({ prompt: 'Why?', files: [{ name: 'a.txt', text: 'because' }] })
  expect(market.writes).toEqual([])
})

test('what stands in the composer already is not replaced by what was kept, and is kept in its place', async () => {
  const { composer, follow, type, market } = newScene('older')
  type('newer')
  await follow()
  expect([composer.getState().prompt, market.held]).toEqual(['newer', 'newer'])
})

test('it is kept after a pause, not at every key, and when one leaves the composer', async () => {
  const { follow, type, pause, market } = newScene(null)
  const leave = await follow()
  for (const typed of ['W', 'Wh', 'Why']) type(typed)
  expect(market.writes).toEqual([])
  await pause()
  type('Why?')
  await leave()
  expect(market.writes).toEqual(['Why', 'Why?'])
})

test('what was asked does not come back: the composer that was emptied wins over an older text on its way', async () => {
  const { composer, follow, type, market } = newScene(null)
  const leave = await follow()
  type('A long question that takes a while to keep')
  const left = leave()
  composer.setState(EMPTY)
  await left
  await (
    await follow()
  )()
  expect([market.held, composer.getState().prompt]).toEqual([null, ''])
})

test('a market that cannot be asked is asked again next time, and nothing is overwritten meanwhile', async () => {
  const { composer, follow, market } = newScene('kept', false)
  await (
    await follow()
  )()
  market.isThere = true
  await follow()
  expect([market.writes, composer.getState().prompt]).toEqual([[], 'kept'])
})
