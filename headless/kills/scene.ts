import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Federation } from '../../core/federation/federation.ts'
import { createPracticeFederation } from '../../core/federation/practice.ts'
import { createKeyTree } from '../../core/identity/keys.ts'
import { encodeSecrets, newSecrets, type Secrets } from '../../core/identity/secrets.ts'
import { freePorts } from '../../core/node/free-ports.ts'
import type { NodeConfig, ServeConfig } from '../../core/node/nodes-config.ts'
import { microPerRuv } from '../../core/platform/amount.ts'
import { assert } from '../../core/platform/assert.ts'
import { toBase64Url, toHex } from '../../core/platform/bytes.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { systemRandom } from '../../core/platform/random.ts'
import { accountIdOf } from '../../core/settlement/account-id.ts'
import type { Fleet, FleetMember } from './fleet.ts'
import type { Hosts } from './hosts.ts'
import { insist, type Trader } from './load.ts'

/** A practice federation of real processes: four witnesses, providers and two clients. */
export const witnessCount = 4
const secondClientMicro = 200n * microPerRuv

/** Who takes part, and on which hosts; null: all on this computer. */
export type SceneOptions = {
  readonly folder: string
  readonly hosts: Hosts | null
  readonly providerCount: number
  readonly serveOf: (provider: number) => ServeConfig
}
export type Scene = {
  readonly federation: Federation
  /** Witnesses first. */
  readonly members: readonly FleetMember[]
  readonly traders: readonly Trader[]
  /** What the traders own together; the treasury has no node and never moves. */
  readonly circulatingMicro: bigint
}

export const setScene = async ({ folder, hosts, providerCount, serveOf }: SceneOptions): Promise<Scene> => {
  const clients = [newSecrets(systemRandom), newSecrets(systemRandom)]
  const ports = await freePorts(witnessCount + providerCount)
  const witnessAddresses = ports
    .slice(0, witnessCount)
    .map((port, host) => [`/ip4/${hosts === null ? '127.0.0.1' : hosts.addressOf(host)}/tcp/${port}`])
  const made = createPracticeFederation({
    random: systemRandom,
    nowMs: systemClock.nowMs(),
    requesterKey: keyOf(clients[0]),
    witnessAddresses,
    providerCount,
  })
  assert(made.ok, 'the practice federation can be founded')
  const { federation, witnesses, providers } = made.value
  const home = ['/ip4/127.0.0.1/tcp/0']
  const member = (name: string, kind: FleetMember['kind'], secrets: Secrets, more: Partial<NodeConfig> = {}): FleetMember => {
    const dataFolder = join(folder, name)
    mkdirSync(dataFolder, { mode: 0o700 })
    const config = {
      name,
      // Kept from one life to the next, as a witness must.
      keyProtection: 'file' as const,
      dataFolder,
      secrets: toBase64Url(encodeSecrets(secrets)),
      listen: home,
      attestsOrganisation: false,
      serve: null,
    }
    return { kind, config: { ...config, ...more }, command: [] }
  }
  const served = providers.map((secrets, index) => {
    const listen = [`/ip4/127.0.0.1/tcp/${ports[witnessCount + index] ?? 0}`]
    return { secrets, member: member(`provider-${index + 1}`, 'provider', secrets, { listen, serve: serveOf(index) }) }
  })
  const asking = clients.map((secrets, index) => ({ secrets, member: member(`client-${index + 1}`, 'client', secrets) }))
  const members = [
    ...witnesses.map((secrets, host) => ({
      ...member(`witness-${host + 1}`, 'witness', secrets, { listen: witnessAddresses[host] ?? home }),
      command: hosts?.commandOn(host) ?? [],
    })),
    ...served.map((each) => each.member),
    ...asking.map((each) => each.member),
  ]
  const birth = { federationId: federation.id, epoch: 0 }
  const traders = [...asking, ...served].map(({ secrets, member: { config, kind } }) => ({
    name: config.name,
    accountId: toHex(accountIdOf(birth, keyOf(secrets))),
    asks: kind === 'client',
  }))
  const [treasury, ...shares] = federation.genesis.supply
  assert(treasury !== undefined, 'the treasury holds the rest of the supply')
  return { federation, members, traders, circulatingMicro: shares.reduce((sum, share) => sum + share.amountMicro, 0n) }
}

const keyOf = (secrets: Secrets | undefined): Uint8Array => {
  assert(secrets !== undefined, 'there is a second client')
  return createKeyTree(secrets.accountEntropy).accountKey(0).publicKey
}

/** Only the first client has tokens in the genesis document. */
export const fundSecondClient = async (fleet: Fleet, traders: readonly Trader[]): Promise<void> => {
  const [first, second] = traders
  assert(first !== undefined && second !== undefined, 'there are two clients')
  const requestId = crypto.randomUUID()
  const funded = await insist(fleet, first.name, (client) =>
    client.wallet.transfer({ requestId, to: second.accountId, amountMicro: secondClientMicro, memo: 'start' }),
  )
  assert(funded.ok, 'the first client can pay the second')
}
