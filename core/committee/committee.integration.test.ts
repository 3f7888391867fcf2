import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createClient, type Client } from '../contract/client.ts'
import { marketContract, type MarketContract } from '../contract/contract.ts'
import { createMemoryTransport } from '../contract/memory-transport.ts'
import { witnessCardOf } from '../federation/witness-card.ts'
import { encodeSecrets, newSecrets, withNewWitness, type Secrets } from '../identity/secrets.ts'
import { freePorts } from '../node/free-ports.ts'
import type { NodeConfig } from '../node/nodes-config.ts'
import { openNodes, stopNodes, type RunningNode } from '../node/nodes.ts'
import { configOf, foundPractice, practiceClass, practiceNodes, practiceServe } from '../node/practice.ts'
import type { PeerAddress } from '../network/port.ts'
import { toBase64Url } from '../platform/bytes.ts'
import { silentLog } from '../platform/log.ts'
import { systemRandom } from '../platform/random.ts'
import { checkProof } from '../proofs/check.ts'
import { decodeAnswer, encodeRequest } from '../settlement/bundle.ts'

/** Real nodes over TCP: one of four witnesses is replaced while transfers run and an escrow is open. */
const folder = mkdtempSync(join(tmpdir(), 'committee-'))
const patience = { timeout: 45_000, interval: 200 }
const own = newSecrets(systemRandom)
/** Both committees decide for as long before and after a new one begins. */
const noticeMs = 5_000
const sleeperSecrets = newSecrets(systemRandom)
const newWitness = withNewWitness(newSecrets(systemRandom), systemRandom)
const running = new Map<string, { readonly node: RunningNode; readonly client: Client<MarketContract> }>()
let setUp: Awaited<ReturnType<typeof found>>

const found = async () => {
  const ports = await freePorts(8)
  const practice = foundPractice({ random: systemRandom, nowMs: Date.now(), own, ports, limits: { epochNoticeMs: noticeMs } })
  if (!practice.ok) throw new Error(practice.error.message)
  const serveOf = (provider: number) => {
    const serve = practiceServe(provider)
    // Slow enough for a committee to change while it answers.
    return { ...serve, backend: { kind: 'practice', seed: 'slow', firstTokenMs: 100, tokenMs: 250, words: 100 } as const }
  }
  const folderOf = (name: string): string => join(folder, name)
  const nodes = practiceNodes(practice.value, { ports, folderOf, keyProtection: 'file', serveOf })
  const [template] = nodes.witnesses
  if (template === undefined) throw new Error('there are no witnesses')
  const node = (name: string, secrets: Secrets, listen = '/ip4/127.0.0.1/tcp/0'): NodeConfig => ({
    ...template,
    name,
    secrets: toBase64Url(encodeSecrets(secrets)),
    listen: [listen],
    dataFolder: folderOf(name),
  })
  const address = `/ip4/127.0.0.1/tcp/${ports[7]}`
  return {
    practice: practice.value,
    nodes,
    node,
    newWitness: { config: node('witness-5', newWitness, address), card: `${witnessCardOf(newWitness)},${address}` },
  }
}

const start = async (config: NodeConfig): Promise<void> => {
  const line = configOf(setUp.practice.federation, [config], { sockets: false })
  const opened = await openNodes(line, { version: '0.0.0', log: silentLog })
  if (!opened.ok) throw new Error(opened.error.message)
  for (const node of opened.value) {
    const client = createClient(marketContract, createMemoryTransport(node.node.market.dispatcher))
    running.set(node.name, { node, client })
    void node.node.market.resume()
  }
}
const stop = async (name: string): Promise<void> => {
  const one = running.get(name)
  running.delete(name)
  if (one !== undefined) await stopNodes([one.node])
}
const of = (name: string): Client<MarketContract> => {
  const one = running.get(name)
  if (one === undefined) throw new Error(`${name} does not run`)
  return one.client
}
const valueOf = <T>(
  answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly message: string } },
): T => {
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value
}
const statusOf = async (name: string) => valueOf(await of(name).federation.status({}))
const requestId = (): string => crypto.randomUUID()
const pay = (from: string, to: string, amountMicro: bigint, id = requestId()) =>
  of(from).wallet.transfer({ requestId: id, to, amountMicro, memo: '' })
const accountOf = async (name: string): Promise<string> => valueOf(await of(name).wallet.summary({})).accountId
const proofOf = async (name: string, escrowId?: string) => {
  const subject = escrowId === undefined ? ({ kind: 'account' } as const) : ({ kind: 'escrow', escrowId } as const)
  return checkProof(valueOf(await of(name).proofs.read({ subject, cursor: null })).part)
}

/** One payment after the other, a little slower than what a witness takes from one peer in a second. */
const startLoad = (to: string) => {
  const failures: string[] = []
  let payments = 0
  let isStopped = false
  const run = async (): Promise<void> => {
    while (!isStopped) {
      const paid = await pay('owner', to, 1_000n)
      if (paid.ok) payments += 1
      else failures.push(paid.error.message)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const over = run()
  return {
    payments: () => payments,
    /** Gives what went wrong. */
    stop: async (): Promise<readonly string[]> => {
      isStopped = true
      await over
      return failures
    },
  }
}

/** What a witness answers when it is asked for a vote of this epoch. */
const voteOf = async (witness: PeerAddress, epoch: number) => {
  const register = {
    governance: { federationId: setUp.practice.federation.id, epoch },
    objectId: setUp.practice.federation.genesis.founderKey,
    step: 0,
  }
  const nothing = { orders: [], votes: [], proposals: [], carried: [], wantSkip: false, decrees: [] } as const
  const asking = encodeRequest({ kind: 'exchange', register, ...nothing })
  const answer = await running.get('owner')?.node.node.market.network.request(witness, 'settlement', asking, { timeoutMs: 10_000 })
  return decodeAnswer(answer ?? new Uint8Array())
}

beforeAll(async () => {
  setUp = await found()
  const provider = setUp.nodes.providers[0]
  if (provider === undefined) throw new Error('there is no provider')
  await Promise.all([...setUp.nodes.witnesses, provider, setUp.node('owner', own), setUp.node('sleeper', sleeperSecrets)].map(start))
})
afterAll(async () => {
  await Promise.all([...running.keys()].map(stop))
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

test('a witness is replaced while transfers run and an escrow is open, and whoever slept learns of it by itself', async () => {
  const sleeper = await accountOf('sleeper')
  await vi.waitFor(async () => valueOf(await pay('owner', sleeper, 5_000_000n)), patience)
  await stop('sleeper')

  // An escrow of the first epoch that is under way for the rest of this.
  await vi.waitFor(async () => expect(valueOf(await of('owner').orders.book(firstPage)).offers.total).toBeGreaterThan(0), patience)
  const asked = {
    prompt: 'Count slowly.',
    classKey: practiceClass,
    maxOutputTokens: 200,
    maxPriceMicro: 5_000_000n,
    mode: 'first',
    deadlineMs: 120_000,
  } as const
  const { taskId } = valueOf(await of('owner').tasks.ask({ requestId: requestId(), ...asked }))
  const taskState = async () => valueOf(await of('owner').tasks.get({ taskId })).state
  await vi.waitFor(async () => expect(await taskState()).toBe('running'), patience)

  const provider = await accountOf('provider-1')
  const load = startLoad(provider)

  // Proposed by one witness, endorsed by three, each of which has heard of it by itself; then it is decided by itself.
  await start(setUp.newWitness.config)
  const removed = valueOf(await of('witness-1').federation.status({})).committee[3]
  const change = { kind: 'replace', publicKey: removed?.publicKey ?? '', card: setUp.newWitness.card } as const
  const startsAtMs = Date.now() + noticeMs + 6_000
  expect(await of('owner').federation.propose({ requestId: requestId(), changes: [change], startsAtMs })).toMatchObject({
    error: { code: 'not-allowed' },
  })
  const { id } = valueOf(await of('witness-1').federation.propose({ requestId: requestId(), changes: [change], startsAtMs }))
  expect(await of('witness-1').federation.submit({ requestId: requestId(), id })).toMatchObject({ error: { code: 'not-endorsed' } })
  for (const name of ['witness-1', 'witness-2', 'witness-3']) {
    await vi.waitFor(async () => valueOf(await of(name).federation.endorse({ requestId: requestId(), id })), patience)
  }
  await vi.waitFor(async () => expect((await statusOf('owner')).epoch).toBe(1), patience)
  expect(await taskState()).toBe('running')
  const status = await statusOf('owner')
  expect([status.committee.length, status.committee[3]?.publicKey === removed?.publicKey, status.proposals]).toEqual([4, false, []])

  // Payments go on, decided by the new committee.
  const before = load.payments()
  await vi.waitFor(async () => {
    const proof = await proofOf('owner')
    expect(
      load.payments() > before && proof.ok && proof.value.about.kind === 'account' && proof.value.about.state.governance.epoch === 1,
    ).toBe(true)
  }, patience)
  expect(await load.stop()).toEqual([])

  // Who was replaced has no vote any more, for an account of the new epoch.
  const gone = { peerId: removed?.peerId ?? '', addresses: removed?.addresses ?? [] }
  expect(await voteOf(gone, 1)).toMatchObject({ value: { kind: 'refused', refusal: 'no-seat' } })

  // The escrow was born before and ends after; its certificates are those of its birth.
  await vi.waitFor(async () => expect(await taskState()).toBe('settled'), patience)
  const { escrowId } = valueOf(await of('owner').tasks.get({ taskId }))
  const certificates = valueOf(await of('owner').escrow.get({ escrowId: escrowId ?? '' })).certificates
  expect(certificates.map(({ epoch }) => epoch)).toEqual([0, 0])
  expect(await proofOf('owner', escrowId ?? '')).toMatchObject({ ok: true, value: { about: { state: { phase: 'settled' } } } })

  // Offline all the while.
  await start(setUp.node('sleeper', sleeperSecrets))
  await vi.waitFor(async () => expect((await statusOf('sleeper')).epoch).toBe(1), patience)
  // The same payment, however often it is asked for: one that was signed while the committees change over goes out again by itself.
  const once = requestId()
  await vi.waitFor(async () => valueOf(await pay('sleeper', provider, 1_000_000n, once)), patience)
  expect(await proofOf('sleeper')).toMatchObject({ ok: true, value: { about: { state: { freeMicro: 4_000_000n } } } })
})

const firstPage = { classKey: null, limit: 10, offersCursor: null, requestsCursor: null }
