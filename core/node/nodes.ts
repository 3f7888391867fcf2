import { z } from 'zod'
import { parseGenesisFile } from '../federation/genesis-file.ts'
import type { Federation } from '../federation/federation.ts'
import { parseApiKey } from '../compliance/credential.ts'
import { decodeSecrets, wipeSecrets } from '../identity/secrets.ts'
import { createVault } from '../identity/vault.ts'
import { vaultDeps } from './vault-deps.ts'
import { recallWitness, rememberWitness } from './witness-memory.ts'
import { openNode, type Node } from './node.ts'
import { nodesConfig, type NodeConfig, type NodesConfig, type ServeConfig } from './nodes-config.ts'
import { fromBase64Url } from '../platform/bytes.ts'
import { systemClock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { MarketStart } from '../market.ts'
import { failedStorage } from '../storage/storage-error.ts'

/** Several nodes of one federation in this process, from a line of configuration. */
export type RunningNode = { readonly name: string; readonly node: Node }
export type NodesDeps = { readonly version: string; readonly log: Log; readonly nativeBinding?: string }

export const parseNodesConfig = (line: string): Result<NodesConfig, Failure<'invalid-config'>> => {
  try {
    const parsed = z.safeDecode(nodesConfig, JSON.parse(line) as z.input<typeof nodesConfig>)
    if (parsed.success) return ok(parsed.data)
    const issue = parsed.error.issues[0]
    return fail(
      'invalid-config',
      `The configuration of the nodes is wrong at ${issue?.path.join('.') ?? 'its start'}: ${issue?.message ?? ''}.`,
    )
  } catch {
    return fail('invalid-config', 'The configuration of the nodes must be one line of JSON.')
  }
}

/** All of them or none. */
export const openNodes = async (config: NodesConfig, deps: NodesDeps): Promise<Result<readonly RunningNode[], Failure>> => {
  const federation = parseGenesisFile(config.federation)
  if (!federation.ok) return federation
  const { witnessAddresses } = config
  const opened = await Promise.all(
    config.nodes.map((nodeConfig) => openConfigured(nodeConfig, federation.value, { ...deps, witnessAddresses })),
  )
  const running = opened.flatMap((node) => (node.ok ? [node.value] : []))
  const failed = opened.find((node) => !node.ok)
  if (failed === undefined || failed.ok) return ok(running)
  await stopNodes(running)
  return failed
}

type OpenDeps = NodesDeps & Pick<NodesConfig, 'witnessAddresses'>

export const stopNodes = async (nodes: readonly RunningNode[]): Promise<void> => {
  await Promise.all(nodes.map(({ node }) => node.stop()))
}

/** When a program is killed, the nodes beside it notice and end by themselves; until then they hold their folders. */
const patienceMs = 20_000
const lookAgainMs = 250

const openConfigured = async (config: NodeConfig, federation: Federation, deps: OpenDeps): Promise<Result<RunningNode, Failure>> => {
  const { name } = config
  for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
    const node = await openOne(config, federation, deps)
    if (node.ok) return ok({ name, node: node.value })
    if (node.error.code !== 'already-running' || waitedMs >= patienceMs) return fail(node.error.code, `${name}: ${node.error.message}`)
    await new Promise<void>((resolve) => void systemClock.after(lookAgainMs, resolve))
  }
}

const openOne = async (config: NodeConfig, federation: Federation, deps: OpenDeps): Promise<Result<Node, Failure>> => {
  const secrets = decodeSecrets(fromBase64Url(config.secrets))
  if (!secrets.ok) return secrets
  const serve = config.serve === null ? ok(null) : startOf(config.serve)
  if (!serve.ok) return serve
  const remembered = await recallWitness(config, secrets.value)
  if (!remembered.ok) return remembered
  const opened = await createVault(vaultDeps(config.dataFolder), { kind: 'session' }, remembered.value)
  wipeSecrets(secrets.value)
  if (!opened.ok) return opened
  const vault = opened.value
  const node = await openNode({
    ...deps,
    federation,
    vault,
    keyProtection: config.keyProtection,
    beginsAnew: true,
    isWitness: vault.secrets().witness !== null,
    log: deps.log.child(config.name),
    dataFolder: config.dataFolder,
    listen: config.listen,
    attestsOrganisation: config.attestsOrganisation,
    rememberWitness: (memory) => rememberWitness(config, memory),
  })
  if (!node.ok) vault.close()
  if (!node.ok) return node
  const running: Node = {
    market: node.value.market,
    stop: async () => {
      await node.value.stop()
      vault.close()
    },
  }
  const started = serve.value === null ? ok(undefined) : await running.market.serve(serve.value).catch(failedStorage)
  if (started.ok) return ok(running)
  await running.stop()
  return started
}

const startOf = ({ backend, ...rest }: ServeConfig): Result<MarketStart, Failure> => {
  if (backend.kind !== 'anthropic-api') return ok({ backend, ...rest })
  const apiKey = parseApiKey(backend.apiKey)
  return apiKey.ok ? ok({ backend: { ...backend, apiKey: apiKey.value }, ...rest }) : apiKey
}
