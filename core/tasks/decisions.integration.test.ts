import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseAuditLine } from '../audit/export.ts'
import { createAuditVerifier } from '../audit/model.ts'
import { assert } from '../platform/assert.ts'
import { toHex } from '../platform/bytes.ts'
import {
  apiBackend,
  decide,
  firstWaiting,
  keyText,
  localBackend,
  nextRequestId,
  startOf,
  switchOn,
  testCaps,
} from './testing/provider-mode.ts'
import { ask, ended } from './testing/trade.ts'
import { createWorld, type TestNode, type World } from './testing/world.ts'

let world: World
let node: TestNode
beforeEach(async () => {
  world = await createWorld([{ idle: true, caps: { tasksPerDay: 2 } }])
  node = world.providerAt(0)
})
afterEach(async () => world.stop())

const logOf = async (of: TestNode) => {
  const page = await of.client().audit.list({ cursor: null, limit: 200 })
  assert(page.ok, 'the log answers')
  return page.value.rows.toReversed()
}
const wordsOf = async (of: TestNode) => (await logOf(of)).map(({ kind, outcome, rule }) => `${kind}: ${outcome}, ${rule}`)
const exportOf = async (of: TestNode): Promise<readonly string[]> => {
  const part = await of.client().audit.export({ afterSeq: null })
  assert(part.ok && part.value.nextSeq === null, 'a short log is one part')
  return part.value.lines
}
const approve = async (decision: 'run-once' | 'refuse' | 'refuse-and-block'): Promise<string> => {
  const { id } = await firstWaiting(world, node)
  await world.pass(700)
  expect((await decide(node, id, decision)).ok).toBe(true)
  return id
}

test('consent, policy, approval, cap, refusal, pause and stop are each written down, with whom and what they were about', async () => {
  const caps = { ...testCaps, tasksPerDay: 1 }
  const consentId = await switchOn(world, node, localBackend, { caps })
  const taskId = await ask(world)
  const escrowId = await approve('run-once')
  await ended(world, taskId)
  await ended(world, await ask(world, { deadlineMs: 30_000 }))
  await node.client().provider.pause({ requestId: nextRequestId(), forMs: null })
  await node.client().provider.resume({ requestId: nextRequestId() })
  await node.client().provider.stop({ requestId: nextRequestId() })
  await node.client().consents.revoke({ requestId: nextRequestId(), consentId })

  expect(await wordsOf(node)).toEqual([
    'consent: given, acknowledgement',
    'consent: given, serve-local-model',
    'policy: ask, local-model/community',
    'switch: on, by-owner',
    'request: bid, offer',
    'policy: ask, local-model/community',
    'cap: hold, tasks-a-day',
    'approval: run-once, approval',
    'switch: paused, by-owner',
    'switch: resumed, by-owner',
    'switch: off, by-owner',
    'consent: withdrawn, by-owner',
  ])
  const requester = toHex(world.requester.market().accountId)
  const about = (await logOf(node)).flatMap(({ outcome, member, reference }) => (reference === null ? [] : [[outcome, member, reference]]))
  expect(about).toEqual([
    ['given', null, consentId],
    ['ask', requester, escrowId],
    ['run-once', requester, escrowId],
    ['withdrawn', null, consentId],
  ])
  expect(await node.client().audit.check({})).toMatchObject({ ok: true, value: { problem: null } })
})

test('what is refused says by which rule: the policy, a block, a key that may not serve, a secret on its way out', async () => {
  await node.client().credentials.put({ requestId: nextRequestId(), ref: 'work', secret: ['sk', 'ant', 'oat01', 'x'.repeat(40)].join('-') })
  await node.client().credentials.put({ requestId: nextRequestId(), ref: 'work', secret: keyText })
  await node.client().provider.start(startOf(apiBackend, null))
  await switchOn(world, node, localBackend)
  const refused = await ask(world)
  await approve('refuse-and-block')
  await ended(world, refused)
  await ended(world, await ask(world, { deadlineMs: 30_000 }))
  await world.requester.client().tasks.ask({
    requestId: nextRequestId(),
    prompt: `My key: ${['sk', 'ant', 'api03', 'y'.repeat(40)].join('-')}`,
    classKey: 'practice-small',
    maxOutputTokens: 10,
    maxPriceMicro: 1_000n,
    mode: 'best',
    deadlineMs: 60_000,
  })
  expect(await wordsOf(node)).toEqual(
    expect.arrayContaining([
      'key: refuse, login-token',
      'key: kept, by-owner',
      'policy: refuse, anthropic-api/community',
      'switch: not-on, policy-refused',
      'approval: refuse-and-block, approval',
      'policy: refuse, blocked',
    ]),
  )
  expect(await wordsOf(world.requester)).toContain('guard: stop, secret-found')
})

test('a consent that is not taken says by which rule: the policy, or a text that was not read', async () => {
  const { consents, credentials } = node.client()
  await credentials.put({ requestId: nextRequestId(), ref: 'work', secret: keyText })
  const textHash = '0'.repeat(64)
  for (const backend of [apiBackend, localBackend]) await consents.give({ requestId: nextRequestId(), backend, caps: testCaps, textHash })
  expect((await wordsOf(node)).slice(-2)).toEqual(['policy: refuse, anthropic-api/community', 'consent: refuse, text-changed'])
})

test('the export verifies with nothing else at hand', async () => {
  await switchOn(world, node, localBackend)
  const task = await ask(world)
  await approve('run-once')
  await ended(world, task)
  for (const of of [node, world.requester]) {
    const lines = await exportOf(of)
    expect(verified(lines)).toBe(lines.length - 2)
  }
})

const verified = (lines: readonly string[]): number => {
  const [head, ...rest] = lines.map((line) => parseAuditLine(line))
  assert(head?.ok === true && head.value.kind === 'head', 'it begins with its head')
  const verifier = createAuditVerifier(head.value.head, head.value.head.start)
  for (const line of rest) {
    assert(line.ok, 'every line is one')
    if (line.value.kind === 'entry') verifier.take(line.value.entry)
    if (line.value.kind === 'end') {
      const finished = verifier.finish(line.value.end)
      assert(finished.ok, finished.ok ? '' : finished.error.message)
      return finished.value
    }
  }
  return 0
}
