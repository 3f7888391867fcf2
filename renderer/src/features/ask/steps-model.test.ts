import { expect, test } from 'vitest'
import { stepViews } from './steps-model.ts'

const step = (name: 'requested' | 'bids' | 'locked' | 'sent' | 'received' | 'running' | 'failed', atMs: number) => ({
  name,
  atMs,
  detail: '',
})
const summary = (views: ReturnType<typeof stepViews>) => views.map(({ name, state, afterMs }) => `${name} ${state} ${afterMs ?? '–'}`)

test('what was reached is done with its time, the next is current, the rest lies ahead', () => {
  const steps = [step('requested', 1_000), step('bids', 1_020), step('locked', 1_050)]
  expect(summary(stepViews({ state: 'running', askedAtMs: 1_000, steps }))).toEqual([
    'requested done 0',
    'bids done 20',
    'locked done 50',
    'sent current –',
    'received ahead –',
    'running ahead –',
    'delivered ahead –',
    'settled ahead –',
  ])
})

test('after a failover the steps of the lost attempt are ahead again', () => {
  const steps = [step('requested', 0), step('bids', 10), step('locked', 20), step('sent', 30), step('running', 40), step('locked', 90)]
  expect(summary(stepViews({ state: 'running', askedAtMs: 0, steps })).slice(2, 5)).toEqual([
    'locked done 90',
    'sent current –',
    'received ahead –',
  ])
})

test('a task that ended early shows how far it came and how it ended', () => {
  const steps = [step('requested', 0), step('failed', 150)]
  expect(summary(stepViews({ state: 'failed', askedAtMs: 0, steps }))).toEqual(['requested done 0', 'failed failed 150'])
})
