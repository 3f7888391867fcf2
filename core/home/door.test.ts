import { expect, test } from 'vitest'
import { createHomeDoor, type Current, type Door } from './door.ts'

/** Answers with its name and hears itself. */
const createSide = (name: string) => {
  const listeners = new Set<(payload: unknown) => void>()
  const door: Door = {
    call: async (call) => ({ ok: true, value: `${name}: ${call}` }),
    subscribe: (_event, listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return { door, tell: (payload: unknown) => listeners.forEach((listener) => listener(payload)), heardBy: () => listeners.size }
}

const locked: Current = { kind: 'none', reason: { code: 'locked', message: 'The market is locked.' } }

test('the areas of the home are answered in every state, the others by the market that runs', async () => {
  const home = createSide('home')
  const market = createSide('market')
  let current: Current = locked
  const door = createHomeDoor(home.door, () => current)
  expect(await door.call('setup.status', {})).toEqual({ ok: true, value: 'home: setup.status' })
  expect(await door.call('wallet.summary', {})).toEqual({ ok: false, error: { code: 'unavailable', message: 'The market is locked.' } })
  current = { kind: 'running', door: market.door }
  expect(await door.call('wallet.summary', {})).toEqual({ ok: true, value: 'market: wallet.summary' })
  expect(await door.call('settings.get', {})).toEqual({ ok: true, value: 'home: settings.get' })
})

test('a call waits while the market starts, and gets what came of it', async () => {
  let current: Current = locked
  let finish = (): void => undefined
  current = { kind: 'starting', over: new Promise((resolve) => (finish = resolve)) }
  const door = createHomeDoor(createSide('home').door, () => current)
  const answers = [door.call('wallet.summary', {}), door.call('app.info', {})]
  current = { kind: 'running', door: createSide('market').door }
  finish()
  expect(await Promise.all(answers)).toEqual([
    { ok: true, value: 'market: wallet.summary' },
    { ok: true, value: 'market: app.info' },
  ])
})

test('a subscription hears every market that runs while it lasts, one at a time, and none after it', () => {
  const [first, second] = [createSide('first'), createSide('second')]
  let current: Current = locked
  const door = createHomeDoor(createSide('home').door, () => current)
  const heard: unknown[] = []
  const end = door.subscribe('wallet.changed', (payload) => heard.push(payload))
  for (const next of [{ kind: 'running', door: first.door }, locked, { kind: 'running', door: second.door }] as const) {
    current = next
    door.marketChanged()
    first.tell('first')
    second.tell('second')
  }
  end()
  second.tell('after its end')
  expect([heard, first.heardBy(), second.heardBy()]).toEqual([['first', 'second'], 0, 0])
})
