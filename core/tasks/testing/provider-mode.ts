import type { InputOf } from '../../contract/definition.ts'
import type { MarketContract } from '../../contract/contract.ts'
import { unbilled } from '../../compliance/caps.ts'
import { assert } from '../../platform/assert.ts'
import { testClass, type TestNode, type World } from './world.ts'

type Start = InputOf<MarketContract['provider']['start']>
type Backend = Start['backend']
export const localBackend = { kind: 'local', baseUrl: 'http://127.0.0.1:11434', model: 'local-test' } as const
export const apiBackend = { kind: 'anthropic', baseUrl: 'https://api.anthropic.com', model: 'some-model', keyRef: 'work' } as const
export const keyText = ['sk', 'ant', 'api03', 'for-tests-of-the-key-store'].join('-')

export const testCaps: Start['caps'] = {
  ...unbilled,
  concurrent: 4,
  tasksPerDay: 100,
  outputTokensPerTask: 1_000,
  outputTokensPerDay: 100_000,
}

let commands = 0
export const nextRequestId = (): string => `a-command-of-the-tests-${++commands}`

/** Reads the text and agrees to it, as the dialog does. */
export const agree = async (node: TestNode, backend: Backend, caps: Start['caps'] = testCaps): Promise<string> => {
  const document = await node.client().consents.document({ backend })
  assert(document.ok, 'there is a text')
  const given = await node.client().consents.give({ requestId: nextRequestId(), backend, caps, textHash: document.value.textHash })
  assert(given.ok, given.ok ? '' : given.error.message)
  return given.value.consentId
}

export const startOf = (backend: Backend, consentRef: string | null, wish: Partial<Start> = {}): Start => ({
  requestId: nextRequestId(),
  backend,
  consentRef,
  caps: testCaps,
  approveEachTask: true,
  offers: [
    {
      classKey: testClass,
      pricing: { perTaskMicro: 1_000n, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 1_000n, minimumMicro: 0n },
      promise: { firstTokenMs: 500, totalMs: 60_000 },
    },
  ],
  ...wish,
})

/** With consent, on, and its offer known to the requester; the id of the consent. */
export const switchOn = async (world: World, node: TestNode, backend: Backend, wish: Partial<Start> = {}): Promise<string> => {
  const consentId = await agree(node, backend, wish.caps)
  const started = await node.client().provider.start(startOf(backend, consentId, wish))
  assert(started.ok, started.ok ? '' : started.error.message)
  await world.until(async () => (await offersIn(world)) > 0, 'the offer reaches the requester')
  return consentId
}

export const offersIn = async (world: World): Promise<number> => {
  const book = await world.requester.client().orders.book({ classKey: null, limit: 50, offersCursor: null, requestsCursor: null })
  assert(book.ok, 'the book answers')
  return book.value.offers.total
}
export const statusOf = async (node: TestNode) => {
  const status = await node.client().provider.status({})
  assert(status.ok, 'the status answers')
  return status.value
}
export const waitingTasks = async (node: TestNode) => {
  const list = await node.client().approvals.list({})
  assert(list.ok, list.ok ? '' : list.error.message)
  return list.value
}
export const opinionsOf = async (node: TestNode) => {
  const list = await node.client().opinions.list({})
  assert(list.ok, list.ok ? '' : list.error.message)
  return list.value.rows
}
/** Waits until a task waits for its provider's word and the scanners have read it. */
export const firstWaiting = async (world: World, node: TestNode) => {
  await world.until(async () => {
    const [row] = (await waitingTasks(node)).rows
    return row !== undefined && row.armedAtMs < row.refuseAtMs
  }, 'a task waits for approval')
  const [row] = (await waitingTasks(node)).rows
  assert(row !== undefined, 'a task waits')
  return row
}
export const decide = (node: TestNode, id: string, decision: 'run-once' | 'refuse' | 'refuse-and-block') =>
  node.client().approvals.decide({ requestId: nextRequestId(), id, decision })
