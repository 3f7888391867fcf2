import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { unbilled } from './compliance/caps.ts'
import { consentTag, encodeConsentBody, signConsent } from './compliance/consent.ts'
import { consentDocumentFor } from './compliance/consent-text.ts'
import { createConsentStore } from './compliance/consent-store.ts'
import type { ClaudeLogin } from './executors/discover.ts'
import { collect } from './executors/executor-compliance.ts'
import { fakeLocalModel, startFakeOpenAi } from './executors/fixtures/fake-openai.ts'
import { fakeModel, startFakeAnthropic } from './executors/fixtures/fake-anthropic.ts'
import { startEventStream, startLoopbackServer, type LoopbackServer } from './executors/fixtures/loopback-server.ts'
import { createLocalModelExecutor } from './executors/local-model.ts'
import { hostilePrompts, unwatchOutside, watchOutside, type Outside } from './executors/testing/outside.ts'
import { requestValue } from './orders/testing/fixtures.ts'
import { requests } from './orders/model.ts'
import { marketAnswers, marketMessages } from './orders/wire.ts'
import { assert } from './platform/assert.ts'
import { sha256, utf8 } from './platform/bytes.ts'
import { systemClock } from './platform/clock.ts'
import { createLog } from './platform/log.ts'
import { createChoiceStore } from './tasks/choice-store.ts'
import { createJobStore } from './tasks/job-store.ts'
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
} from './tasks/testing/provider-mode.ts'
import { ask, askOf, ended, slow, taskOf } from './tasks/testing/trade.ts'
import { createWorld, testClass, type ProviderWish, type TestNode, type World, type WorldOptions } from './tasks/testing/world.ts'

/**
 * What cannot happen, as a list: each title is one line of it. Everything is real but the vendor's server and, for the trades, the
 * clock. What each line rests on is tested in its own room; the real Claude Code program is in scripts/claude-cli.integration.test.ts.
 */
let world: World
const begin = async (wish: ProviderWish = {}, options?: WorldOptions): Promise<TestNode> => {
  world = await createWorld([wish], options)
  return world.providerAt(0)
}
const command = () => ({ requestId: nextRequestId() })
const organisation = { customer: 'A customer' }
const codeOf = (answer: { readonly ok: true } | { readonly ok: false; readonly error: { readonly code: string } }): string =>
  answer.ok ? 'ok' : answer.error.code

describe('a personal subscription cannot serve another member', () => {
  const personal = { kind: 'claude-cli', model: 'some-model', key: null } as const
  const claude = (login: ClaudeLogin) => ({ claude: { path: '/home/me/.local/bin/claude', login } })
  const environment = process.env
  afterEach(async () => {
    process.env = environment
    await world.stop()
  })

  test.each([
    ['personal', 'a community', {}],
    ['personal', 'an organisation', organisation],
    ['seat', 'an organisation', organisation],
    ['other', 'an organisation', organisation],
    ['none', 'an organisation', organisation],
    ['api-key', 'an organisation', organisation],
  ] as const)('whatever is agreed, attested, approved or switched: a login of kind "%s" in %s', async (login, _, options) => {
    const node = await begin({ idle: true, ...claude(login) }, options)
    const { consents, provider } = node.client()
    await consents.recordVendorApproval({ ...command(), reference: 'Letter 7', approvedOn: '2026-11-20', scope: 'everything' })
    const document = await consents.document({ backend: personal })
    const textHash = document.ok ? document.value.textHash : ''
    expect(codeOf(await consents.give({ ...command(), backend: personal, caps: testCaps, textHash }))).toBe('policy-refused')
    // A consent for another backend does not help either.
    const other = await agree(node, localBackend)
    for (const approveEachTask of [true, false])
      expect(codeOf(await provider.start(startOf(personal, other, { approveEachTask })))).toBe('policy-refused')
    expect([(await statusOf(node)).state, await offersIn(world)]).toEqual(['stopped', 0])
  })

  test('whatever is written into the database by hand, with a consent that its owner signed by hand', async () => {
    const node = await begin({ idle: true, ...claude('personal') }, organisation)
    const { id: federationId } = world.federation
    const document = consentDocumentFor('claude-cli-personal-login')
    assert(document !== null, 'there is a text')
    const subject = { backend: 'claude-cli-personal-login', baseUrl: '', model: personal.model, credentialTag: null } as const
    const { documentId, version, textHash, termsCheckedAtMs, text } = document
    const shown = { ...subject, documentId, version, textHash, termsCheckedAtMs, caps: testCaps, grantedAtMs: world.clock.nowMs() }
    const signed = signConsent(node.signer, federationId, shown)
    const id = consentTag(federationId, signed)
    const record = { id, body: encodeConsentBody(shown), signature: signed.signature, text, keyRef: null, seenMs: shown.grantedAtMs }
    createConsentStore(node.db()).add(record)
    const { requestId: _, ...choice } = startOf(personal, Buffer.from(id).toString('hex'), { approveEachTask: false })
    const choices = createChoiceStore(node.db())
    choices.switchOn(choices.findOrAdd(choice).id, choice)
    await node.restart()
    await world.pass(40_000)
    expect([(await statusOf(node)).state, await offersIn(world)]).toEqual(['stopped', 0])
    expect(codeOf(await node.client().provider.resume(command()))).toBe('policy-refused')
  })

  test('whatever the environment holds: nothing that decides looks there', async () => {
    const node = await begin({ idle: true, ...claude('personal') }, organisation)
    const read: string[] = []
    const note = (name: string | symbol): void => void read.push(String(name))
    process.env = new Proxy(environment, {
      get: (all, name) => (note(name), all[String(name)]),
      has: (all, name) => (note(name), name in all),
      ownKeys: (all) => (note('all of them'), Reflect.ownKeys(all)),
    })
    expect(codeOf(await node.client().provider.start(startOf(personal, null)))).toBe('policy-refused')
    expect(read).toEqual([])
  })
})

/** Each with a server that stands where its own would be; practice has none. */
const backends = {
  practice: async () => ({ server: null, backend: { kind: 'practice' } as const, consented: false }),
  'a local model': async () => {
    const server = await startFakeOpenAi()
    return { server, backend: { kind: 'local', baseUrl: server.url, model: fakeLocalModel } as const, consented: true }
  },
  'the API': async () => {
    vi.stubEnv('ANTHROPIC_CUSTOM_HEADERS', 'Cookie: sessionKey=of-a-subscription')
    const server = await startFakeAnthropic()
    return { server, backend: { ...apiBackend, baseUrl: server.url, model: fakeModel }, consented: true }
  },
}

describe.each(Object.entries(backends))('with %s a hostile prompt cannot', (_name, start) => {
  let folder: string
  let server: LoopbackServer | null
  let outside: Outside
  let answers: readonly string[]
  const lines: string[] = []
  const prompts = Object.values(hostilePrompts)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'red-team-'))
    const log = createLog((line) => void lines.push(line), systemClock.nowMs)
    const started = await start()
    server = started.server
    // Strangers' tasks are read before they run; a key may serve members of its organisation alone.
    const options = started.backend.kind === 'anthropic' ? organisation : {}
    const node = await begin({ idle: true, isReal: server !== null }, { ...options, log, databases: folder })
    node.credentials.set('work', keyText)
    if (started.consented) await switchOn(world, node, started.backend)
    else assert((await node.client().provider.start(startOf(started.backend, null))).ok, 'it serves')
    // The first run loads what is loaded late.
    await run(node, 'Warm up.')
    outside = watchOutside()
    const ended: string[] = []
    for (const prompt of prompts) ended.push(await run(node, prompt))
    answers = ended
    unwatchOutside()
  }, 180_000)
  afterAll(async () => {
    unwatchOutside()
    vi.unstubAllEnvs()
    await world.stop()
    await server?.close()
    rmSync(folder, { recursive: true })
  })
  const run = async (node: TestNode, prompt: string): Promise<string> => {
    const taskId = await ask(world, { prompt })
    const isOver = async (): Promise<boolean> => ['settled', 'failed', 'refunded'].includes((await taskOf(world, taskId)).state)
    await world.until(async () => (await isOver()) || (await statusOf(node)).approvalsWaiting > 0, 'it waits or is over')
    if (!(await isOver())) {
      await world.pass(1_000)
      await decide(node, (await firstWaiting(world, node)).id, 'run-once')
    }
    const { state, answer, problem } = await ended(world, taskId)
    assert(state === 'settled', `the task is answered: ${problem ?? ''}`)
    return answer
  }
  const written = (of: string): string =>
    readdirSync(folder)
      .filter((name) => name.startsWith(of))
      .map((name) => readFileSync(join(folder, name)).toString('utf8'))
      .join('\n')
  const beginnings = (): readonly string[] => prompts.map((prompt) => prompt.slice(0, 24))

  test('read or write a file', () => expect(outside.files).toEqual([]))
  test('start a child process', () => expect(outside.programs).toEqual([]))
  test('open a socket other than the backend’s', () => {
    const own = server === null ? '' : new URL(server.url).port
    expect(outside.sockets.filter((port) => port !== own)).toEqual([])
  })
  test('be anything but the one turn of a user: no system text, no tool, no history', () => {
    const bodies = (server?.requests ?? []).flatMap(({ method, body }) => (method === 'POST' ? [body as Record<string, unknown>] : []))
    const turns = ['Warm up.', ...prompts].map((content) => [{ role: 'user', content }])
    if (server !== null) expect(bodies.map(({ messages }) => messages)).toEqual(turns)
    const known = ['model', 'messages', 'max_tokens', 'stream', 'stream_options']
    expect(bodies.flatMap((body) => Object.keys(body)).filter((name) => !known.includes(name))).toEqual([])
  })
  test('be sent with a cookie of a subscription, though the environment has one', () =>
    expect((server?.requests ?? []).filter(({ headers }) => headers.cookie !== undefined)).toEqual([]))
  test('be on the provider’s disk after the run, nor its answer', () => {
    expect(beginnings().filter((text) => written('requester').includes(text))).toEqual(beginnings())
    expect([...beginnings(), ...answers].filter((text) => written('provider').includes(text))).toEqual([])
  })
  test('be in a line of the log, nor its answer', () => {
    expect(lines.length).toBeGreaterThan(0)
    const isLogged = (text: string): boolean => lines.some((line) => line.includes(JSON.stringify(text).slice(1, -1)))
    expect([...beginnings(), ...answers].filter(isLogged)).toEqual([])
  })
})

describe('an answer cannot', () => {
  /** A backend that says whatever it likes. */
  const heardFrom = async (pieces: readonly string[], usage: object = {}) => {
    const server = await startLoopbackServer(0, async (_request, response) => {
      startEventStream(response)
      for (const content of pieces) response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
      response.write(`data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\n`)
      response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`)
    })
    onTestFinished(server.close)
    const executor = createLocalModelExecutor({ baseUrl: server.url, model: 'm', clock: systemClock })
    assert(executor.ok, 'there is an executor')
    return collect(executor.value, { prompt: 'Hello', maxOutputTokens: 100 })
  }

  test('move a terminal, hide itself or change its direction', async () => {
    const { pieces } = await heardFrom(['a\u001b[2J', '\u0007b\u202e', 'c\u200bd\ufeff', 'e\u009b31mf\u2066', '\tg\nh\r\n', '👩\u200d🚀'])
    expect(pieces.join('')).toBe('a[2Jbcde31mf\tg\nh\r\n👩\u200d🚀')
  })

  test.each([
    { prompt_tokens: 4_000_000, completion_tokens: 4_000_000 },
    { prompt_tokens: 1e300, completion_tokens: -5 },
    { prompt_tokens: Number.MAX_SAFE_INTEGER, completion_tokens: 0.5 },
  ])('be charged for more than it can have used, whatever its backend counts: %o', async (usage) => {
    const { result } = await heardFrom(['Hi.'], usage)
    expect(result.ok && result.value.usage.outputTokens).toBeLessThanOrEqual(100)
    expect(result.ok && result.value.usage.inputTokens).toBeLessThanOrEqual('Hello'.length + 64)
  })

  test('be longer than its cap, were it ten megabytes', async () => {
    const { pieces } = await heardFrom(Array.from({ length: 160 }, () => 'x'.repeat(60_000)))
    expect(pieces.join('').length).toBeLessThanOrEqual(100 * 16)
  })
})

describe('a consent', () => {
  afterEach(async () => world.stop())
  const statusesOf = async (node: TestNode) => {
    const list = await node.client().consents.list({})
    return list.ok ? list.value.rows.map(({ status }) => status) : []
  }
  /** One more task a day, as a text editor would do it. */
  const bodyWithMoreTasks = (node: TestNode): Uint8Array => {
    const row = node.db().prepare<[], { readonly body: Buffer }>('SELECT body FROM consent').get()
    const at = row?.body.indexOf(Buffer.from([0x18, testCaps.tasksPerDay])) ?? -1
    expect(at).toBeGreaterThan(0)
    const changed = new Uint8Array(row?.body ?? [])
    changed[at + 1] = testCaps.tasksPerDay + 1
    return changed
  }

  test('that was edited by hand cannot start work, nor keep it going', async () => {
    const node = await begin({ idle: true })
    const consent = await switchOn(world, node, localBackend)
    node.db().prepare<[Uint8Array]>('UPDATE consent SET body = ?').run(bodyWithMoreTasks(node))
    await world.pass(16_000)
    expect(await statusOf(node)).toMatchObject({ activeOffers: 0, hold: { rule: 'consent' } })
    await node.client().provider.stop(command())
    expect(codeOf(await node.client().provider.start(startOf(localBackend, consent)))).toBe('consent-missing')
    expect(await statusesOf(node)).toEqual(['damaged'])
  })

  test('that has expired cannot be revived by a clock set back', async () => {
    const node = await begin({ idle: true })
    await switchOn(world, node, localBackend)
    const dayMs = 24 * 3_600_000
    world.clock.setBy(90 * dayMs)
    await world.pass(16_000)
    expect(await statusOf(node)).toMatchObject({ state: 'running', hold: { rule: 'consent' }, activeOffers: 0 })
    for (const days of [2, 60, 365]) {
      world.clock.setBy(-days * dayMs)
      await world.pass(16_000)
      expect([await statusesOf(node), (await statusOf(node)).activeOffers]).toEqual([['expired'], 0])
    }
  })
})

describe('two tasks at once cannot pass', () => {
  afterEach(async () => world.stop())
  const jobs = () => createJobStore(world.providerAt(0).db()).sumSince(0)
  const settledOf = async (wishes: readonly Parameters<typeof ask>[1][]): Promise<number> => {
    const tasks = await Promise.all(wishes.map((wish) => ask(world, wish)))
    const states = []
    for (const task of tasks) states.push((await ended(world, task)).state)
    return states.filter((state) => state === 'settled').length
  }
  /** The most tasks that ran at one time from now on. */
  const watchRunning = () => {
    const node = world.providerAt(0)
    let most = 0
    const stop = node.client().provider.changed(() => {
      void statusOf(node).then(({ runningTasks }) => (most = Math.max(most, runningTasks)))
    })
    return () => {
      stop()
      return most
    }
  }
  const four = [{}, {}, {}, {}]

  test('the one slot of a provider', async () => {
    await begin({ caps: { concurrent: 1 }, backend: slow })
    const most = watchRunning()
    await settledOf(four)
    expect([most(), jobs().tasks]).toEqual([1, 1])
  })
  test('its tasks of a day', async () => {
    await begin({ caps: { tasksPerDay: 2 } })
    expect(await settledOf(four)).toBe(2)
    expect(await settledOf([{}])).toBe(0)
  })
  test('its tokens of a day, which are counted in full before they are used, and as used afterwards', async () => {
    // Two tasks of 200 fit beside each other; what they leave of the day is enough for a third.
    await begin({ caps: { outputTokensPerDay: 450 } })
    expect(await settledOf(four)).toBe(2)
    expect(jobs().outputTokens).toBeLessThan(250)
    expect(await settledOf([{}])).toBe(1)
  })
  test('its money of a day, which is reserved at its worst', async () => {
    // 200 tokens of output and some hundred of input at most: one task fits into the day, two do not.
    const prices = { centsPerMillionInputTokens: 10_000, centsPerMillionOutputTokens: 50_000 }
    await begin({ caps: { ...unbilled, ...prices, moneyPerDayCents: 20, moneyPerMonthCents: 1_000 } })
    expect(await settledOf([{}, {}])).toBe(1)
    const { moneyTodayCents, moneyThisMonthCents } = await statusOf(world.providerAt(0))
    expect(moneyThisMonthCents).toBe(moneyTodayCents)
    expect(moneyTodayCents).toBeGreaterThan(0)
    expect(moneyTodayCents).toBeLessThanOrEqual(20)
  })
  test('what its owner allows two backends together', async () => {
    const node = await begin({ idle: true, backend: slow })
    const rules = { reservePercent: 0, idleMinutes: 0, onBattery: 'serve', onMetered: 'serve' } as const
    const together = { concurrent: 1, tasksPerDay: 100, outputTokensPerDay: 500, moneyPerDayCents: 0, moneyPerMonthCents: 0 }
    await node.client().provider.setRules({ ...command(), ...rules, together })
    const second = { ...localBackend, baseUrl: 'http://127.0.0.1:8080/v1', model: 'large-test' }
    const [offer] = startOf(second, null).offers
    assert(offer !== undefined, 'there is an offer')
    await switchOn(world, node, localBackend, { approveEachTask: false })
    await switchOn(world, node, second, { approveEachTask: false, offers: [{ ...offer, classKey: 'another-class' }] })
    await world.until(async () => (await offersIn(world)) === 2, 'both are offered')
    const most = watchRunning()
    expect(await settledOf([{}, { classKey: 'another-class' }])).toBe(1)
    expect(most()).toBe(1)
    await node.client().provider.setRules({ ...command(), ...rules, together: { ...together, tasksPerDay: 1 } })
    expect((await statusOf(node)).backends.map(({ hold }) => hold?.rule)).toEqual(['tasks-a-day', 'tasks-a-day'])
    expect(await statusOf(node)).toMatchObject({ hold: { rule: 'tasks-a-day' }, activeOffers: 0 })
  })
})

describe('it cannot happen that', () => {
  afterEach(async () => world.stop())

  test('a clock set back gives a cap back', async () => {
    const node = await begin({ caps: { tasksPerDay: 1 } })
    expect((await ended(world, await ask(world))).state).toBe('settled')
    world.clock.setBy(-3 * 24 * 3_600_000)
    await world.pass(20_000)
    expect(await statusOf(node)).toMatchObject({ tasksToday: 1, activeOffers: 0, hold: { rule: 'tasks-a-day' } })
  })

  test('a click that lands early approves', async () => {
    const node = await begin({ idle: true })
    await switchOn(world, node, localBackend)
    const taskId = await ask(world)
    const { id, armedAtMs } = await firstWaiting(world, node)
    for (; world.clock.nowMs() < armedAtMs; world.clock.advance(100)) expect(codeOf(await decide(node, id, 'run-once'))).toBe('too-early')
    expect((await taskOf(world, taskId)).answer).toBe('')
    expect(codeOf(await decide(node, id, 'run-once'))).toBe('ok')
    expect((await ended(world, taskId)).state).toBe('settled')
  })

  test('a requester that asks a hundred times at once passes a cap, loses money, or fills the log', async () => {
    const node = await begin({ caps: { concurrent: 2, tasksPerDay: 5 } })
    let mostAtOnce = 0
    const leave = node.client().provider.changed(() => {
      void statusOf(node).then(({ runningTasks }) => (mostAtOnce = Math.max(mostAtOnce, runningTasks)))
    })
    const wish = { maxPriceMicro: 20_000n, deadlineMs: 20_000 }
    const answers = await Promise.all(Array.from({ length: 100 }, () => world.requester.client().tasks.ask(askOf(wish))))
    const codes = new Set(answers.map(codeOf))
    expect([...codes].filter((code) => !['ok', 'too-many-tasks'].includes(code))).toEqual([])
    for (const answer of answers) if (answer.ok) await ended(world, answer.value.taskId)
    await world.rest()
    leave()
    expect(mostAtOnce).toBeLessThanOrEqual(2)
    expect((await statusOf(node)).tasksToday).toBeLessThanOrEqual(5)
    // The log of decisions tells the flood by its number, not by a line for each.
    const log = await node.client().audit.list({ cursor: null, limit: 200 })
    expect(log.ok && log.value.total).toBeLessThan(100)
  })

  test('a requester that sends a hundred tasks a second past its own program holds more than the slots there are', async () => {
    const node = await begin({ caps: { concurrent: 2, tasksPerDay: 5 } })
    const { network, accountId } = world.requester.market()
    const { signer } = world.requester
    const send = async (index: number): Promise<string> => {
      const createdAtMs = world.clock.nowMs()
      const from = { client: accountId, clientKey: signer.publicKey, peer: network.self(), classKey: testClass }
      const task = { maxPriceMicro: 20_000n, taskCommit: sha256(utf8(`task ${index}`)), createdAtMs, validUntilMs: createdAtMs + 15_000 }
      const request = requests.sign(requestValue('requester', { ...from, ...task }), signer, world.federation.id)
      const message = marketMessages.encode({ kind: 'request', request: requests.encode(request) })
      const answer = await network.request(node.market().network.self(), 'market', message, { timeoutMs: 5_000 }).then(
        (bytes) => marketAnswers.decode(bytes),
        () => null,
      )
      return answer === null ? 'refused' : answer.ok ? answer.value.kind : 'unreadable'
    }
    const answers = await world.settleDown(Promise.all(Array.from({ length: 100 }, (_, index) => send(index))))
    expect([...new Set(answers)].filter((kind) => !['bid', 'no-bid', 'refused'].includes(kind))).toEqual([])
    const bids = answers.filter((kind) => kind === 'bid').length
    expect(bids).toBeGreaterThan(0)
    expect(bids).toBeLessThanOrEqual(2)
    expect((await statusOf(node)).runningTasks).toBe(0)
  })
})

describe('a key cannot', () => {
  const lines: string[] = []
  let folder: string
  let node: TestNode
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'red-team-'))
    const log = createLog((line) => void lines.push(line), systemClock.nowMs)
    node = await begin({ idle: true, isReal: true }, { ...organisation, log, databases: folder })
    assert((await node.client().credentials.put({ ...command(), ref: 'work', secret: keyText })).ok, 'the key is kept')
  })
  afterEach(async () => {
    await world.stop()
    rmSync(folder, { recursive: true })
  })

  test.each([
    ['answers', 'key-in-answer'],
    ['errors', 'key-in-error'],
  ] as const)(
    'appear anywhere: no answer, error, log, export or database, though its own backend repeats it in its %s',
    async (_, mode) => {
      const server = await startFakeAnthropic({ mode })
      onTestFinished(server.close)
      const backend = { ...apiBackend, baseUrl: server.url, model: fakeModel }
      const { provider, consents, audit, credentials, approvals } = node.client()
      await switchOn(world, node, backend)
      const said: readonly unknown[] = [
        await ended(world, await ask(world)),
        await provider.tryOut({ ...command(), backend, prompt: 'Hello', maxOutputTokens: 100 }),
        await provider.check({ backend }),
        await statusOf(node),
        await provider.diagnosis({}),
        await provider.policy({}),
        await credentials.list({}),
        await approvals.list({}),
        await consents.list({}),
        await consents.export({}),
        await audit.export({ afterSeq: null }),
      ]
      const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'))
      const all = [...files, ...lines, inspect(said, { depth: null, maxStringLength: null })].join('\n')
      const forms = [keyText, keyText.slice(20), Buffer.from(keyText).toString('base64'), Buffer.from(keyText).toString('hex')]
      expect(forms.filter((form) => all.includes(form))).toEqual([])
      expect(server.requests.filter(({ headers }) => headers.authorization === `Bearer ${keyText}`).length).toBeGreaterThan(2)
    },
  )

  test('leave in a question, a memo or a word in a dispute, and that it was stopped is written down', async () => {
    const { client } = world.requester
    const ids = { escrowId: 'ab'.repeat(32), statement: keyText }
    const refusals = await Promise.all([
      client().tasks.ask(askOf({ prompt: `Use ${keyText}.` })),
      client().wallet.transfer({ ...command(), to: 'ab'.repeat(32), amountMicro: 1n, memo: keyText }),
      client().escrow.dispute({ ...command(), ...ids, showTask: true, showAnswer: true }),
      client().escrow.respond({ ...command(), ...ids, showAnswer: true }),
    ])
    const told = 'A message was stopped because it held a Claude key. Remove it and try again.'
    expect(refusals.map((answer) => (answer.ok ? 'sent' : answer.error.message))).toEqual([told, told, told, told])
    const log = await client().audit.list({ cursor: null, limit: 10 })
    expect(log.ok && log.value.rows.filter(({ kind }) => kind === 'guard')).toHaveLength(4)
  })

  test('be in any message, whichever part of the program makes it', async () => {
    const { network } = node.market()
    const bytes = utf8(`before ${keyText} after`)
    const peer = world.requester.market().network.self()
    await expect(network.publish('offers', bytes)).rejects.toMatchObject({ code: 'refused' })
    await expect(network.request(peer, 'market', bytes, { timeoutMs: 1_000 })).rejects.toMatchObject({ code: 'refused' })
  })
})
