import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../platform/log.ts'
import { createMember, createWorld, hash, type World } from '../settlement/testing/world.ts'
import { askAgainMs, networkHandlers, quietForMs, watchWitnesses } from './network-status.ts'
import { encodeAnswer } from '../settlement/bundle.ts'

let world: World
let stop: (() => void) | null = null
beforeEach(() => {
  world = createWorld([[createMember('alice'), 1_000n]])
})
afterEach(() => {
  stop?.()
  world.close()
})

/** A member that has just started. */
const follow = () => {
  const { clock, rules } = world
  const node = world.network.addNode('member')
  let roundTripMs: number | null = null
  let agents: Readonly<Record<string, string>> = {}
  const network = { ...node, peers: () => node.peers().map((peer) => ({ ...peer, roundTripMs, agent: agents[peer.peerId] ?? null })) }
  const deps = { network, epochs: rules.epochs, clock, log: silentLog, witness: null }
  let news = 0
  const watch = watchWitnesses(deps, { changed: () => (news += 1), connected: () => undefined })
  const handlers = networkHandlers(network, rules.epochs, watch, '0.2.0')
  watch.start()
  stop = watch.stop
  const status = () => {
    const answer = handlers.status({})
    if (!('ok' in answer) || !answer.ok) throw new Error('no status')
    return answer.value
  }
  return {
    status,
    news: () => news,
    measured: (tookMs: number) => void (roundTripMs = tookMs),
    say: (said: typeof agents) => void (agents = said),
  }
}
const answered = () => new Promise((resolve) => setImmediate(resolve))
/** What peers say they run comes with a connection. */
const reconnect = (): void => {
  world.network.partition([['member'], ['witness-0', 'witness-1', 'witness-2', 'witness-3']])
  world.network.heal()
}
const loseRecords = (index: number): void => {
  const witness = world.witnesses[index]
  if (witness === undefined) throw new Error('no witness')
  witness.memory = { dbId: hash('another file'), generation: 0 }
  witness.restart()
}
const standings = (status: ReturnType<ReturnType<typeof follow>['status']>) => status.witnesses.map(({ standsAside }) => standsAside)

test('a witness that answers and lost its records is told from one that votes', async () => {
  loseRecords(1)
  const { status, news } = follow()
  await answered()
  expect(standings(status())).toEqual([null, 'retired', null, null])
  expect([status().settling, status().witnesses.every(({ reachable }) => reachable), news()]).toEqual(['yes', true, 1])
})

test('with too few that vote nothing can be settled, though all answer; it is said once it has lasted', async () => {
  const { status } = follow()
  await answered()
  expect(status().settling).toBe('yes')
  loseRecords(1)
  loseRecords(2)
  world.clock.advance(askAgainMs)
  await answered()
  expect([status().settling, standings(status())]).toEqual(['connecting', [null, 'retired', 'retired', null]])
  world.clock.advance(quietForMs)
  expect(status().settling).toBe('no')
})

test('how long its peers take to answer is told once it is known, and again when it changed', async () => {
  const { status, news, measured } = follow()
  await answered()
  const told = []
  for (const tookMs of [3.4, 3.4, 80]) {
    measured(tookMs)
    world.clock.advance(askAgainMs)
    await answered()
    told.push([news(), status().peers[0]?.roundTripMs])
  }
  expect(told).toEqual([
    [1, 3],
    [1, 3],
    [2, 80],
  ])
})

test('a newer release is told once more than f of the witnesses run it, whoever else does, and also while they are away', async () => {
  const { status, say } = follow()
  say({ 'witness-0': 'claude-market/0.3.0', alice: 'claude-market/0.3.0' })
  reconnect()
  expect([status().newer, status().witnesses.map(({ version }) => version)]).toEqual([null, ['0.3.0', null, null, null]])
  say({ 'witness-1': 'claude-market/0.3.1', 'witness-2': 'claude-market/' + 'x'.repeat(50), 'witness-3': '<b>9.9.9</b>' })
  reconnect()
  const newer = { version: '0.3.0', witnesses: 2 }
  expect([status().newer, status().witnesses.map(({ version }) => version)]).toEqual([newer, ['0.3.0', '0.3.1', null, null]])
  world.network.partition([['member'], ['witness-0', 'witness-1', 'witness-2', 'witness-3']])
  expect(status().newer).toEqual(newer)
})

test('a start without anybody is calm at first, and an outage is over with the quorum', () => {
  world.network.partition([['member'], ['witness-0', 'witness-1', 'witness-2', 'witness-3']])
  const { status } = follow()
  world.clock.advance(quietForMs - 1)
  expect(status().settling).toBe('connecting')
  world.clock.advance(1)
  expect(status().settling).toBe('no')
  world.network.heal()
  expect(status().settling).toBe('yes')
})

test('a clock that is off is told by the median of the witnesses, and one liar moves nothing', async () => {
  const lieBy = (index: number, byMs: number): void => {
    const witness = world.witnesses[index]
    if (witness !== undefined) witness.lie = () => encodeAnswer({ kind: 'clock', nowMs: world.clock.nowMs() + byMs })
  }
  lieBy(0, 7_200_000)
  const { status } = follow()
  await answered()
  expect(status().clockOffsetMs).toBeNull()
  lieBy(1, -7_199_990)
  lieBy(2, -7_199_990)
  lieBy(3, -7_199_990)
  world.clock.advance(askAgainMs)
  await answered()
  expect(status().clockOffsetMs).toBe(-7_200_000)
})
