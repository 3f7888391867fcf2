import { beforeEach, expect, test } from 'vitest'
import { createOutgoing } from '../compliance/outgoing.ts'
import { createSecretGuard } from '../compliance/secret-guard.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { draftHandlers } from './draft-handlers.ts'

const key = `sk-ant-api03-${'A'.repeat(93)}-AAAAAAAA`
const newHandlers = () => {
  const db = openMemoryDatabase()
  const outgoing = createOutgoing(createSecretGuard())
  const handlers = draftHandlers({ db, outgoing, nowMs: () => 1 })
  let number = 0
  return {
    draft: () => handlers.draft({}),
    keep: (text: string) => handlers.keepDraft({ requestId: `request-${String((number += 1)).padStart(9, '0')}`, text }),
    stored: () =>
      JSON.stringify([db.prepare('SELECT * FROM task_draft').all(), db.prepare('SELECT name, result FROM command_result').all()]),
  }
}
let home = newHandlers()
beforeEach(() => {
  home = newHandlers()
})

test('there is one draft: the last that was kept, until an empty one takes its place', async () => {
  expect(await home.draft()).toEqual({ ok: true, value: { text: null } })
  for (const text of ['Why', 'Why is the sky blue?', 'Mail ada@example.org.'])
    expect(await home.keep(text)).toEqual({ ok: true, value: {} })
  expect(await home.draft()).toEqual({ ok: true, value: { text: 'Mail ada@example.org.' } })
  await home.keep('')
  expect(await home.draft()).toEqual({ ok: true, value: { text: null } })
})

test('a draft with a secret in it is not written down, and the one before it goes', async () => {
  await home.keep('My key is')
  expect(await home.keep(`My key is ${key}`)).toMatchObject({ ok: false, error: { code: 'secret-found' } })
  expect(await home.draft()).toEqual({ ok: true, value: { text: null } })
  expect(home.stored()).not.toContain('My key')
})
