import { expect, test } from 'vitest'
import { coolDownMs, createBidAllowance, maxLapses } from './bid-allowance.ts'
import { accountOf, bidOf, requestOf, startMs } from './testing/fixtures.ts'
import { equalBytes } from '../platform/bytes.ts'

const setUp = (slots = 8) => {
  const allowance = createBidAllowance({ isKnown: (account) => equalBytes(account, accountOf('member')), slots: () => slots })
  const ask = (client: string, nowMs = startMs) => {
    const request = requestOf(client)
    const allowed = allowance.check(request, nowMs)
    if (allowed.ok) allowance.hold(request, bidOf('me', request, { nowMs }))
    return { request, code: allowed.ok ? 'bid' : allowed.error.code }
  }
  return { allowance, ask }
}

test('strangers hold a quarter of the slots together, however many keys they have; members find the rest', () => {
  const { ask } = setUp()
  expect(['a', 'b', 'c'].map((name) => ask(name).code)).toEqual(['bid', 'bid', 'strangers-wait'])
  expect(Array.from({ length: 6 }, () => ask('member').code)).toEqual(Array.from({ length: 6 }, () => 'bid'))
})
test('a stranger always finds a slot of a provider that has only one', () => {
  const { ask } = setUp(1)
  expect([ask('a').code, ask('b').code]).toEqual(['bid', 'strangers-wait'])
})
test('a slot is free again when its client says how it ended, and when the bid has lapsed', () => {
  const { allowance, ask } = setUp(4)
  allowance.closed(ask('a').request.id)
  expect([ask('b').code, ask('c').code, ask('c', startMs + 10_000).code]).toEqual(['bid', 'strangers-wait', 'bid'])
})
test('whoever lets bids lapse again and again gets none for a while; a lock clears its name', () => {
  const { allowance, ask } = setUp()
  const lapse = (times: number, fromMs: number): number => {
    for (let index = 0; index < times; index++) ask('member', fromMs + index * 10_000)
    return fromMs + times * 10_000
  }
  let nowMs = lapse(maxLapses - 1, startMs)
  allowance.locked(ask('member', nowMs).request.id)
  nowMs = lapse(maxLapses, nowMs)
  expect([ask('member', nowMs).code, ask('member', nowMs + coolDownMs - 1).code, ask('member', nowMs + coolDownMs).code]).toEqual([
    'walked-away',
    'walked-away',
    'bid',
  ])
})
test('a request that is asked again keeps its bid and takes no second slot', () => {
  const { allowance, ask } = setUp(4)
  const { request } = ask('a')
  expect(allowance.check(request, startMs).ok).toBe(true)
})
