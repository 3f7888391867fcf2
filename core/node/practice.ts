import { unbilled } from '../compliance/caps.ts'
import { createPracticeFederation } from '../federation/practice.ts'
import { renderGenesisFile } from '../federation/genesis-file.ts'
import type { Federation } from '../federation/federation.ts'
import type { FederationLimits } from '../federation/limits.ts'
import { createKeyTree } from '../identity/keys.ts'
import { encodeSecrets, type Secrets } from '../identity/secrets.ts'
import type { NodeConfig, NodesConfig, ServeConfig } from './nodes-config.ts'
import { toBase64Url } from '../platform/bytes.ts'
import type { Random } from '../platform/random.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'

/** A whole federation on this computer and the keys of everybody in it; the user's own account starts with credit to spend. */
export type Practice = {
  readonly federation: Federation
  readonly own: Secrets
  readonly witnesses: readonly Secrets[]
  readonly providers: readonly Secrets[]
}

type FoundingChoices = {
  readonly random: Random
  readonly nowMs: number
  readonly own: Secrets
  /** Where the witnesses will always listen; without, each start says it (`witnessAddresses` of the nodes' configuration). */
  readonly ports?: readonly number[]
  /** Null for a practice federation; a customer makes it an organisation, in which API keys may serve its members. */
  readonly customer?: string
  readonly limits?: Partial<FederationLimits>
}

export const practiceWitnesses = 4
export const practiceProviders = 3
export const practicePorts = practiceWitnesses + practiceProviders
export const practiceClass = 'practice-small'

const loopback = (port: number): string => `/ip4/127.0.0.1/tcp/${port}`

export const foundPractice = ({ random, nowMs, own, ports, customer, limits = {} }: FoundingChoices): Result<Practice, Failure> => {
  const made = createPracticeFederation({
    random,
    nowMs,
    requesterKey: createKeyTree(own.accountEntropy).accountKey(0).publicKey,
    witnessAddresses: Array.from({ length: practiceWitnesses }, (_, index) => (ports === undefined ? [] : [loopback(ports[index] ?? 0)])),
    providerCount: practiceProviders,
    limits,
    ...(customer === undefined ? {} : { customer }),
  })
  if (!made.ok) return made
  const { federation, witnesses, providers } = made.value
  return ok({ federation, own, witnesses, providers })
}

type NodeChoices = {
  /** Seven free ports of this computer: four witnesses, then three providers. */
  readonly ports: readonly number[]
  /** The folder of a node by its name. */
  readonly folderOf: (name: string) => string
  readonly keyProtection: NodeConfig['keyProtection']
  /** What the providers run; by default the simulated backend, each at its own price and speed. */
  readonly serveOf?: (provider: number) => ServeConfig
}
export type PracticeNodes = {
  readonly witnesses: readonly NodeConfig[]
  readonly providers: readonly NodeConfig[]
  readonly witnessAddresses: NodesConfig['witnessAddresses']
}

/** Everybody but the user. */
export const practiceNodes = (practice: Practice, { ports, folderOf, keyProtection, serveOf }: NodeChoices): PracticeNodes => {
  const { federation } = practice
  const node = (name: string, secrets: Secrets, port: number, serve: ServeConfig | null): NodeConfig => ({
    name,
    keyProtection,
    serve,
    dataFolder: folderOf(name),
    secrets: toBase64Url(encodeSecrets(secrets)),
    listen: [loopback(ports[port] ?? 0)],
    attestsOrganisation: federation.genesis.kind === 'organisation',
  })
  return {
    witnesses: practice.witnesses.map((secrets, index) => node(`witness-${index + 1}`, secrets, index, null)),
    providers: practice.providers.map((secrets, index) =>
      node(`provider-${index + 1}`, secrets, practiceWitnesses + index, (serveOf ?? practiceServe)(index)),
    ),
    witnessAddresses: federation.genesis.witnesses.map(({ peerId }, index) => ({ peerId, addresses: [loopback(ports[index] ?? 0)] })),
  }
}

/** What a process of nodes is told. */
export const configOf = (
  federation: Federation,
  nodes: readonly NodeConfig[],
  { sockets, witnessAddresses = [] }: { readonly sockets: boolean; readonly witnessAddresses?: NodesConfig['witnessAddresses'] },
): NodesConfig => ({ federation: renderGenesisFile(federation), nodes: [...nodes], sockets, witnessAddresses })

/** From quick and dear to slow and cheap, so that the auction has something to decide. */
const characters = [
  { priceShare: 120n, firstTokenMs: 150, tokenMs: 12 },
  { priceShare: 100n, firstTokenMs: 300, tokenMs: 25 },
  { priceShare: 75n, firstTokenMs: 600, tokenMs: 40 },
] as const

export const practicePricing = (provider: number) => {
  const share = characters[provider % characters.length]?.priceShare ?? 100n
  return {
    perTaskMicro: 500n * share,
    perThousandInputTokensMicro: 1_000n * share,
    perThousandOutputTokensMicro: 4_000n * share,
    minimumMicro: 500n * share,
  }
}

export const practiceServe = (provider: number): ServeConfig => {
  const { firstTokenMs, tokenMs } = characters[provider % characters.length] ?? characters[1]
  return {
    backend: { kind: 'practice', seed: `provider-${provider + 1}`, firstTokenMs, tokenMs, words: 60 },
    offers: [offerOf(practiceClass, provider, firstTokenMs + 500)],
    ...serveDefaults,
  }
}

export const serveDefaults = {
  caps: { ...unbilled, concurrent: 4, tasksPerDay: 100_000, outputTokensPerTask: 4_096, outputTokensPerDay: 10_000_000 },
  consented: false,
  approvalWaived: false,
} as const

export const offerOf = (classKey: string, provider: number, firstTokenMs: number): ServeConfig['offers'][number] => ({
  classKey,
  pricing: practicePricing(provider),
  firstTokenMs,
  totalMs: 120_000,
  concurrent: 4,
  leftToday: 100_000,
  validForMs: 3_600_000,
})
