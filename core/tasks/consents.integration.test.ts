import { afterEach, describe, expect, test } from 'vitest'
import { verifySignature } from '../identity/signing.ts'
import { createOrderStore } from '../orders/store.ts'
import { equalBytes, fromHex, toHex } from '../platform/bytes.ts'
import { createJobStore } from './job-store.ts'
import {
  agree,
  apiBackend,
  decide,
  firstWaiting,
  keyText,
  localBackend,
  nextRequestId,
  offersIn,
  startOf,
  statusOf,
  switchOn,
  testCaps,
  waitingTasks,
} from './testing/provider-mode.ts'
import { ask, atStep, ended, slow } from './testing/trade.ts'
import { createWorld, type TestNode, type World, type WorldOptions } from './testing/world.ts'

let world: World
afterEach(async () => world.stop())
const begin = async (options?: WorldOptions): Promise<TestNode> => {
  world = await createWorld([{ idle: true, backend: slow }], options)
  return world.providerAt(0)
}
const codeOf = (answer: { readonly ok: true } | { readonly ok: false; readonly error: { readonly code: string } }): string =>
  answer.ok ? 'ok' : answer.error.code
const rowsOf = async (node: TestNode) => {
  const list = await node.client().consents.list({})
  return list.ok ? list.value.rows : []
}

describe('nothing is served', () => {
  test('without a consent, with one for other caps, another model or another address, or with one that is withdrawn', async () => {
    const node = await begin()
    const start = (...parameters: Parameters<typeof startOf>) => node.client().provider.start(startOf(...parameters))
    expect(codeOf(await start(localBackend, null))).toBe('consent-missing')
    expect(codeOf(await start(localBackend, '00'.repeat(32)))).toBe('consent-missing')
    const consent = await agree(node, localBackend)
    const other: readonly Parameters<typeof startOf>[] = [
      [localBackend, consent, { caps: { ...testCaps, tasksPerDay: 101 } }],
      [localBackend, consent, { caps: { ...testCaps, weeklyHours: [0, 0, 0, 0, 0, 0, 0] } }],
      [{ ...localBackend, model: 'another' }, consent],
      [{ ...localBackend, baseUrl: 'http://127.0.0.1:8080' }, consent],
    ]
    for (const parameters of other) expect(codeOf(await start(...parameters))).toBe('consent-missing')
    expect(codeOf(await node.client().consents.revoke({ requestId: nextRequestId(), consentId: consent }))).toBe('ok')
    expect(codeOf(await start(localBackend, consent))).toBe('consent-missing')
    expect([await offersIn(world), (await statusOf(node)).state]).toEqual([0, 'stopped'])
  })

  test('with a Claude key to strangers, whatever is agreed to', async () => {
    const node = await begin()
    node.credentials.set('work', keyText)
    const document = await node.client().consents.document({ backend: apiBackend })
    expect(document).toMatchObject({ ok: true, value: { policy: { verdict: 'refuse', needsConsent: true } } })
    const textHash = document.ok ? document.value.textHash : ''
    const given = await node.client().consents.give({ requestId: nextRequestId(), backend: apiBackend, caps: testCaps, textHash })
    expect(codeOf(given)).toBe('policy-refused')
    expect(codeOf(await node.client().provider.start(startOf(apiBackend, null)))).toBe('policy-refused')
  })
})

test('a consent is to the text that was shown, is given once, and is read back word for word', async () => {
  const node = await begin()
  const { consents } = node.client()
  const document = await consents.document({ backend: localBackend })
  if (!document.ok) throw new Error(document.error.message)
  const { textHash, text } = document.value
  expect(document.value).toMatchObject({
    documentId: 'serve-local-model',
    validDays: 90,
    policy: { verdict: 'ask-each-time', needsConsent: true },
  })
  const give = { requestId: nextRequestId(), backend: localBackend, caps: testCaps, textHash }
  expect(codeOf(await consents.give({ ...give, textHash: '00'.repeat(32) }))).toBe('text-changed')
  const first = await consents.give(give)
  expect(await consents.give(give)).toEqual(first)
  const rows = await rowsOf(node)
  expect(rows).toMatchObject([{ status: 'valid', backend: 'local', model: localBackend.model, caps: testCaps, revokedAtMs: null }])
  expect(await consents.read({ consentId: rows[0]?.id ?? '' })).toEqual({ ok: true, value: { text } })
  expect(codeOf(await consents.read({ consentId: '00'.repeat(32) }))).toBe('not-found')
})

test('what others see of a consent is that it stands behind the offer', async () => {
  const node = await begin()
  const consentId = await switchOn(world, node, localBackend)
  await world.pass(6_000)
  const known = createOrderStore(world.requester.db()).loadOffers(world.federation.id)
  expect(known.map(({ value }) => toHex(value.consentTag))).toEqual([consentId])
})

describe('a consent that is withdrawn', () => {
  test('ends everything at once: the offer goes, what runs is aborted and refunded, what waits is refused', async () => {
    const node = await begin()
    const consentId = await switchOn(world, node, localBackend)
    const waiting = await ask(world)
    const row = await firstWaiting(world, node)
    const revokedAtMs = world.clock.nowMs()
    expect(codeOf(await node.client().consents.revoke({ requestId: nextRequestId(), consentId }))).toBe('ok')
    expect((await waitingTasks(node)).rows).toEqual([])
    expect(codeOf(await decide(node, row.id, 'run-once'))).toBe('too-late')
    expect((await statusOf(node)).activeOffers).toBe(0)
    await world.until(() => isOverFor(node), 'all of it is over')
    expect(world.clock.nowMs() - revokedAtMs).toBeLessThan(1_000)
    await ended(world, waiting, ['refunded', 'failed'])
    expect(createJobStore(node.db()).sumSince(0)).toMatchObject({ tasks: 1, outputTokens: 0, earnedMicro: 0n })
    await world.rest()
    expect(await world.gains()).toEqual([0n, 0n])
    expect(await rowsOf(node)).toMatchObject([{ status: 'revoked' }])
  })

  test('takes its key with it, and stays withdrawn after a restart', async () => {
    const node = await begin({ customer: 'A customer' })
    node.credentials.set('work', keyText)
    const consentId = await switchOn(world, node, apiBackend)
    const task = await ask(world)
    await ended(world, task, ['settled'])
    expect(codeOf(await node.client().consents.revoke({ requestId: nextRequestId(), consentId }))).toBe('ok')
    expect([...node.credentials]).toEqual([])
    node.credentials.set('work', keyText)
    await node.restart()
    await world.pass(20_000)
    expect([(await statusOf(node)).state, await offersIn(world)]).toEqual(['stopped', 0])
    expect(codeOf(await node.client().provider.resume({ requestId: nextRequestId() }))).toBe('consent-missing')
  })

  test('in the middle of an answer stops it within a second', async () => {
    const node = await begin()
    const consentId = await switchOn(world, node, localBackend, { approveEachTask: false })
    let revokedAtMs = 0
    atStep(world, 'running', () => {
      revokedAtMs = world.clock.nowMs()
      void node.client().consents.revoke({ requestId: nextRequestId(), consentId })
    })
    const taskId = await ask(world)
    await world.until(async () => revokedAtMs > 0 && (await isOverFor(node)), 'all of it is over')
    expect(world.clock.nowMs() - revokedAtMs).toBeLessThan(1_000)
    await ended(world, taskId, ['refunded', 'failed'])
    await world.rest()
    expect(await world.gains()).toEqual([0n, 0n])
  })
})
/** Nothing runs, nothing is offered, and the witnesses have certified that all locked money went back. */
const isOverFor = async (node: TestNode): Promise<boolean> => {
  const [status, escrows] = [await statusOf(node), await node.client().escrow.list({ cursor: null, limit: 50 })]
  const settled = escrows.ok && escrows.value.page.rows.every(({ payout }) => payout?.providerMicro === 0n)
  return status.state === 'stopped' && settled && (await offersIn(world)) === 0
}

test('the export holds every record so that it can be checked elsewhere, and a page to read', async () => {
  const node = await begin()
  await agree(node, { ...localBackend, model: 'local <b>test</b>' })
  const exported = await node.client().consents.export({})
  if (!exported.ok) throw new Error(exported.error.message)
  const { page, json } = exported.value
  expect(page).toContain('local &lt;b&gt;test&lt;/b&gt;')
  expect(page).not.toMatch(/<script|<b>test|src=|href=/)
  const { consents, publicKey, federation, texts } = JSON.parse(json) as {
    readonly publicKey: string
    readonly federation: string
    readonly texts: Readonly<Record<string, string>>
    readonly consents: readonly { readonly record: string; readonly signature: string; readonly textHash: string }[]
  }
  const [consent] = consents
  if (consent === undefined) throw new Error('one consent was given')
  const key = fromHex(publicKey)
  expect(verifySignature('RUV1/CONSENT', fromHex(federation), fromHex(consent.record), fromHex(consent.signature), key)).toBe(true)
  expect(equalBytes(key, node.signer.publicKey)).toBe(true)
  expect(texts[consent.textHash]).toContain('You are about to run tasks')
})
