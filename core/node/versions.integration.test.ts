import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { createClient } from '../contract/client.ts'
import { marketContract } from '../contract/contract.ts'
import { createMemoryTransport } from '../contract/memory-transport.ts'
import { encodeSecrets, newSecrets } from '../identity/secrets.ts'
import { toBase64Url } from '../platform/bytes.ts'
import { silentLog } from '../platform/log.ts'
import { systemRandom } from '../platform/random.ts'
import { freePorts } from './free-ports.ts'
import type { NodeConfig } from './nodes-config.ts'
import { openNodes, stopNodes, type RunningNode } from './nodes.ts'
import { configOf, foundPractice, practiceNodes, practicePorts } from './practice.ts'

const folder = mkdtempSync(join(tmpdir(), 'versions-'))
const running: RunningNode[] = []
afterAll(async () => {
  await stopNodes(running)
  rmSync(folder, { recursive: true })
})

test('over real connections a member learns that its federation runs a newer release from two of its four witnesses, and not from one', async () => {
  const own = newSecrets(systemRandom)
  const ports = await freePorts(practicePorts)
  const practice = foundPractice({ random: systemRandom, nowMs: Date.now(), own, ports })
  if (!practice.ok) throw new Error(practice.error.message)
  const folderOf = (name: string): string => join(folder, name)
  const { witnesses } = practiceNodes(practice.value, { ports, folderOf, keyProtection: 'file' })
  const open = async (version: string, nodes: readonly NodeConfig[]): Promise<readonly RunningNode[]> => {
    const opened = await openNodes(configOf(practice.value.federation, nodes, { sockets: false }), { version, log: silentLog })
    if (!opened.ok) throw new Error(opened.error.message)
    running.push(...opened.value)
    return opened.value
  }
  const [pioneer, follower, ...others] = witnesses
  if (pioneer === undefined || follower === undefined) throw new Error('there are four witnesses')
  await open('0.3.1', [pioneer])
  await open('0.2.0', others)
  const name = 'member'
  const secrets = toBase64Url(encodeSecrets(own))
  const member = { ...pioneer, name, secrets, listen: ['/ip4/127.0.0.1/tcp/0'], dataFolder: folderOf(name) }
  const [node] = await open('0.2.0', [member])
  if (node === undefined) throw new Error('the member runs')
  const client = createClient(marketContract, createMemoryTransport(node.node.market.dispatcher))
  const status = async () => {
    const answer = await client.network.status({})
    if (!answer.ok) throw new Error(answer.error.message)
    return { versions: answer.value.witnesses.map(({ version }) => version), newer: answer.value.newer }
  }
  const patience = { timeout: 30_000, interval: 100 }
  await vi.waitFor(async () => expect(await status()).toEqual({ versions: ['0.3.1', null, '0.2.0', '0.2.0'], newer: null }), patience)
  await open('0.3.0', [follower])
  const newer = { version: '0.3.0', witnesses: 2 }
  await vi.waitFor(async () => expect(await status()).toEqual({ versions: ['0.3.1', '0.3.0', '0.2.0', '0.2.0'], newer }), patience)
}, 90_000)
