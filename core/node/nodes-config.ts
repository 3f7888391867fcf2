import { z } from 'zod'
import { amountMicro } from '../contract/primitives.ts'
import { caps } from '../contract/provider.ts'

/**
 * What a process that runs nodes is told by the program that starts it, as one JSON line. It holds secrets, so it travels through a
 * pipe and is never on a command line or in a file.
 */
const milliseconds = z
  .int()
  .min(0)
  .max(7 * 24 * 3_600_000)
const many = z.int().min(1).max(1_000_000_000)
const pricing = z.strictObject({
  perTaskMicro: amountMicro,
  perThousandInputTokensMicro: amountMicro,
  perThousandOutputTokensMicro: amountMicro,
  minimumMicro: amountMicro,
})
const backend = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('practice'),
    seed: z.string().max(64),
    firstTokenMs: milliseconds,
    tokenMs: milliseconds,
    words: z.int().min(1).max(10_000),
  }),
  z.strictObject({ kind: z.literal('local-model'), baseUrl: z.string().max(512), model: z.string().max(100) }),
  z.strictObject({
    kind: z.literal('anthropic-api'),
    baseUrl: z.string().max(512),
    model: z.string().max(100),
    apiKey: z.string().max(4_096),
  }),
])
const serve = z.strictObject({
  backend,
  caps,
  offers: z
    .array(
      z.strictObject({
        classKey: z.string().min(1).max(64),
        pricing,
        firstTokenMs: milliseconds,
        totalMs: milliseconds,
        concurrent: many,
        leftToday: many,
        validForMs: milliseconds,
      }),
    )
    .max(20),
  /** The person who starts this node has read the consent text and agreed. */
  consented: z.boolean(),
  approvalWaived: z.boolean(),
})
const node = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,40}$/),
  dataFolder: z.string().min(1).max(4_096),
  /** base64url of the secrets' encoding. */
  secrets: z.string().max(400_000),
  /** What keeps these secrets where they came from. Those of a session are gone with it, and so is what the node's data is worth. */
  keyProtection: z.enum(['os', 'passphrase', 'session', 'file']),
  listen: z.array(z.string().max(256)).max(8),
  attestsOrganisation: z.boolean(),
  serve: serve.nullable(),
})
export const nodesConfig = z.strictObject({
  /** The genesis file's text. */
  federation: z.string().max(131_072),
  nodes: z.array(node).min(1).max(16),
  /** Where witnesses listen that the genesis document gives no address of. */
  witnessAddresses: z.array(z.strictObject({ peerId: z.string().max(64), addresses: z.array(z.string().max(256)).max(8) })).max(100),
  /** Whether each node answers contract calls on a loopback socket of its own. */
  sockets: z.boolean(),
})

export type NodesConfig = z.output<typeof nodesConfig>
export type NodeConfig = NodesConfig['nodes'][number]
export type ServeConfig = NonNullable<NodeConfig['serve']>

/** The line to send. */
export const encodeNodesConfig = (config: NodesConfig): string => JSON.stringify(z.encode(nodesConfig, config))

export const nodeAddress = z.strictObject({
  name: z.string(),
  peerId: z.string(),
  accountId: z.string(),
  addresses: z.array(z.string()),
  socketUrl: z.string().nullable(),
  token: z.string().nullable(),
  pid: z.int(),
})
export type NodeAddress = z.output<typeof nodeAddress>
/** The one line that comes back. */
export const nodesReady = z.discriminatedUnion('ready', [
  z.strictObject({ ready: z.literal(true), nodes: z.array(nodeAddress) }),
  z.strictObject({ ready: z.literal(false), code: z.string(), message: z.string() }),
])
export type NodesReady = z.output<typeof nodesReady>
