import { expect, test } from 'vitest'
import { delivered } from '../escrow/testing/states.ts'
import { createManualClock } from '../platform/clock.ts'
import { fail } from '../platform/result.ts'
import { hash } from '../settlement/testing/world.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createPayments } from './payment.ts'
import { createTaskStore } from './store.ts'
import { createTrail } from './trail.ts'

const setUp = () => {
  const store = createTaskStore(openMemoryDatabase())
  const clock = createManualClock()
  const trail = createTrail({ store, clock, changed: () => undefined })
  const escrows = { get: () => delivered, note: () => undefined, release: () => Promise.resolve(fail('refused', 'not here')) }
  const payments = createPayments({ store, escrows, federationId: hash('federation'), clock, isStopped: () => false }, trail)
  const id = hash('task')
  const asked = { askedAtMs: 0, prompt: 'x', salt: hash('salt'), classKey: 'practice-small', maxOutputTokens: 1, hidden: [] } as const
  store.add({
    id,
    ...asked,
    maxPriceMicro: 1n,
    mode: 'first',
    onlyProviderKey: null,
    standing: null,
    copy: null,
    hold: null,
    deadlineMs: 1,
  })
  const attempt = store.addAttempt(id, hash('bid'))
  store.setEscrow(attempt, delivered.id)
  return { store, payments, attempt, details: () => store.steps(id).map(({ detail }) => detail) }
}

test('a registered delivery without an answer warns its requester once, with the time and the price', () => {
  const { store, payments, attempt, details } = setUp()
  store.endAttempt(attempt)
  payments.registered(delivered)
  payments.registered(delivered)
  expect(details()).toEqual([
    expect.stringMatching(/no answer of it is here\. Dispute its escrow before .* UTC, or 3\.000001 RUV are paid\.$/),
  ])
})

test('an attempt that still runs, or whose answer is here, warns of nothing', () => {
  const { store, payments, attempt, details } = setUp()
  payments.registered(delivered)
  store.setReceipt(attempt, new Uint8Array([1]))
  store.endAttempt(attempt)
  payments.registered(delivered)
  expect(details()).toEqual([])
})
