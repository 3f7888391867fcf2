import { join } from 'node:path'
import { createClient, type Client } from '../../core/contract/client.ts'
import { marketContract, type MarketContract } from '../../core/contract/contract.ts'
import { createWebSocketTransport, socketProtocols } from '../../core/contract/websocket-transport.ts'
import { renderGenesisFile } from '../../core/federation/genesis-file.ts'
import { phraseOfEntropy } from '../../core/identity/phrase.ts'
import { encodeSecrets, newSecrets } from '../../core/identity/secrets.ts'
import { freePorts } from '../../core/node/free-ports.ts'
import { encodeNodesConfig, type NodeConfig } from '../../core/node/nodes-config.ts'
import { configOf, foundPractice, practiceNodes, practicePorts } from '../../core/node/practice.ts'
import { toBase64Url } from '../../core/platform/bytes.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { systemRandom } from '../../core/platform/random.ts'
import { spawnNodes } from '../../headless/nodes-process.ts'
import { rootPath } from '../../scripts/process.ts'

/** An organisation in a process of its own: four witnesses, three of whose members judge disputes, a provider, and a member with RUV. */
export type RunningFederation = {
  readonly file: string
  /** An invite link with 25 RUV. */
  readonly invite: () => Promise<string>
  readonly arbiters: readonly { readonly client: Client<MarketContract>; readonly phrase: string }[]
  readonly stop: () => Promise<void>
}

export const startFederation = async (folder: string): Promise<RunningFederation> => {
  const own = newSecrets(systemRandom)
  const ports = await freePorts(practicePorts)
  // Nobody is hurried by the two minutes that arbiters have in practice.
  const limits = { minRuleMs: 600_000 }
  const practice = foundPractice({ random: systemRandom, nowMs: Date.now(), own, ports, customer: 'Our company', limits })
  if (!practice.ok) throw new Error(practice.error.message)
  const { federation, witnesses } = practice.value
  const nodes = practiceNodes(practice.value, { ports, folderOf: (name) => join(folder, name), keyProtection: 'file' })
  const [provider] = nodes.providers
  if (provider === undefined) throw new Error('there is no provider')
  const member: NodeConfig = {
    ...provider,
    name: 'member',
    secrets: toBase64Url(encodeSecrets(own)),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    dataFolder: join(folder, 'member'),
    serve: null,
  }
  const spawned = spawnNodes(join(rootPath, 'out', 'headless', 'cli.js'), 'inherit')
  spawned.configure(encodeNodesConfig(configOf(federation, [...nodes.witnesses, provider, member], { sockets: true })))
  const ready = await spawned.ready
  if (!ready.ready) throw new Error(ready.message)
  const transports = new Map(
    ready.nodes.map(({ name, socketUrl, token }) => {
      const connect = () => new WebSocket(socketUrl ?? '', socketProtocols(token ?? ''))
      return [name, createWebSocketTransport({ connect, after: systemClock.after })]
    }),
  )
  const clientOf = (name: string): Client<MarketContract> => {
    const transport = transports.get(name)
    if (transport === undefined) throw new Error(`${name} does not run`)
    return createClient(marketContract, transport)
  }
  return {
    file: renderGenesisFile(federation),
    invite: async () => {
      const made = await clientOf('member').invites.create({ requestId: crypto.randomUUID(), amountMicro: 25_000_000n })
      if (!made.ok) throw new Error(made.error.message)
      return made.value.link
    },
    arbiters: witnesses.slice(0, federation.genesis.arbiters.length).map(({ accountEntropy }, index) => ({
      client: clientOf(`witness-${index + 1}`),
      phrase: phraseOfEntropy(accountEntropy).join(' '),
    })),
    stop: async () => {
      for (const transport of transports.values()) transport.close()
      await spawned.stop()
    },
  }
}
