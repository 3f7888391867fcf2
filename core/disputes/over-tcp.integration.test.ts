import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createClient, type Client } from '../contract/client.ts'
import { marketContract, type MarketContract } from '../contract/contract.ts'
import { createMemoryTransport } from '../contract/memory-transport.ts'
import { encodeSecrets, newSecrets } from '../identity/secrets.ts'
import { freePorts } from '../node/free-ports.ts'
import { openNodes, stopNodes, type RunningNode } from '../node/nodes.ts'
import { configOf, foundPractice, practiceClass, practiceNodes, practicePorts } from '../node/practice.ts'
import { toBase64Url } from '../platform/bytes.ts'
import { silentLog } from '../platform/log.ts'
import { systemRandom } from '../platform/random.ts'

/**
 * Real nodes over TCP: four witnesses, three of whose members are the arbiters, a provider and its client. As an organisation, whose
 * arbiters do not rule by themselves as those of practice do.
 */
const folder = mkdtempSync(join(tmpdir(), 'dispute-'))
const patience = { timeout: 45_000, interval: 200 }
const arbiters = ['witness-1', 'witness-2', 'witness-3'] as const
const prompt = 'Name the three primary colours.'
const statement = 'It names no colour at all.'
let running: readonly RunningNode[] = []
const clients = new Map<string, Client<MarketContract>>()

const of = (name: string): Client<MarketContract> => {
  const client = clients.get(name)
  if (client === undefined) throw new Error(`${name} does not run`)
  return client
}
type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly message: string } }
const valueOf = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value
}
const requestId = (): string => crypto.randomUUID()
const until = <T>(look: () => Promise<T>): Promise<T> => vi.waitFor(look, patience)
const balanceOf = async (name: string) => {
  const { availableMicro, lockedMicro, onTheWayMicro } = valueOf(await of(name).wallet.summary({}))
  return { ownMicro: availableMicro + onTheWayMicro, lockedMicro }
}

beforeAll(async () => {
  const own = newSecrets(systemRandom)
  const ports = await freePorts(practicePorts)
  const practice = foundPractice({ random: systemRandom, nowMs: Date.now(), own, ports, customer: 'Our company' })
  if (!practice.ok) throw new Error(practice.error.message)
  const { federation } = practice.value
  const folderOf = (name: string): string => join(folder, name)
  const { witnesses, providers } = practiceNodes(practice.value, { ports, folderOf, keyProtection: 'file' })
  const [provider] = providers
  if (provider === undefined) throw new Error('there is no provider')
  const client = {
    ...provider,
    name: 'client',
    secrets: toBase64Url(encodeSecrets(own)),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    dataFolder: folderOf('client'),
    serve: null,
  }
  running = valueOf(
    await openNodes(configOf(federation, [...witnesses, provider, client], { sockets: false }), { version: '0.0.0', log: silentLog }),
  )
  for (const { name, node } of running) {
    clients.set(name, createClient(marketContract, createMemoryTransport(node.market.dispatcher)))
    void node.market.resume()
  }
  const { requester } = valueOf(await of('client').consents.standing({}))
  if (requester.isNeeded)
    valueOf(await of('client').consents.acknowledge({ requestId: requestId(), textHash: requester.document.textHash }))
}, 60_000)
afterAll(async () => {
  await stopNodes(running)
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

test('a bad answer, paid by hand, goes before a panel that reads both sides and gives everything back', async () => {
  const client = of('client')
  const page = { classKey: null, limit: 10, offersCursor: null, requestsCursor: null } as const
  await until(async () => expect(valueOf(await client.orders.book(page)).offers.total).toBeGreaterThan(0))
  const before = { client: await balanceOf('client'), provider: await balanceOf('provider-1') }
  const asked = {
    prompt,
    classKey: practiceClass,
    maxOutputTokens: 200,
    maxPriceMicro: 5_000_000n,
    mode: 'first',
    deadlineMs: 60_000,
  } as const
  const { taskId } = valueOf(await client.tasks.ask({ requestId: requestId(), ...asked, byHand: true }))
  const task = async () => valueOf(await client.tasks.get({ taskId }))
  await until(async () => expect(await task()).toMatchObject({ state: 'delivered', hold: 'owner' }))
  const escrowId = (await task()).escrowId ?? ''
  const escrow = async () => valueOf(await client.escrow.get({ escrowId }))
  await until(async () => expect((await escrow()).phase).toBe('delivered'))

  valueOf(await client.escrow.dispute({ requestId: requestId(), escrowId, statement, showTask: true, showAnswer: true }))
  await until(async () => expect(valueOf(await client.escrow.getDispute({ escrowId }))).toMatchObject({ seats: 3, readers: 3 }))

  for (const name of arbiters.slice(0, 2)) {
    await until(async () =>
      expect(valueOf(await of(name).arbiter.list({})).rows).toMatchObject([{ escrowId, phase: 'panel', quorum: 2, ownRuling: null }]),
    )
    await until(async () => {
      const { exhibits } = valueOf(await of(name).arbiter.get({ escrowId }))
      expect(exhibits).toMatchObject([
        { role: 'client', statement, reasonAsGiven: true, prompt, promptAsAsked: true, answer: (await task()).answer },
        { role: 'provider', answerAsDelivered: true },
      ])
    })
    valueOf(await of(name).arbiter.rule({ requestId: requestId(), escrowId, outcome: 'refund' }))
  }

  await until(async () => expect(await escrow()).toMatchObject({ phase: 'settled', settledBy: 'rule', payout: { providerMicro: 0n } }))
  await until(async () => expect((await task()).state).toBe('refunded'))
  await until(async () => expect({ client: await balanceOf('client'), provider: await balanceOf('provider-1') }).toEqual(before))
  const provider = (await escrow()).counterparty
  // Whoever knows of the trade sees what became of it: the witnesses, and everybody who asks them.
  for (const name of ['client', 'provider-1', 'witness-4'])
    await until(async () => {
      const { standing, parts, recent } = valueOf(await of(name).reputation.explain({ accountId: provider, role: 'provider' }))
      expect(standing).toMatchObject({ trades: 1, paid: 0, refunded: 1 })
      expect(recent).toMatchObject([{ escrowId, outcome: 'ruled-refunded', paidMicro: 0n }])
      expect(parts.disputesLost.midPpm).toBeGreaterThan(0)
    })
}, 180_000)
