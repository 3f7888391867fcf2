import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Federation } from '../../core/federation/federation.ts'
import { createPracticeFederation } from '../../core/federation/practice.ts'
import { createKeyTree } from '../../core/identity/keys.ts'
import { encodeSecrets, newSecrets, type Secrets } from '../../core/identity/secrets.ts'
import { accountIdOf } from '../../core/settlement/account-id.ts'
import type { NodeConfig, ServeConfig } from '../../core/node/nodes-config.ts'
import { freePorts } from '../../core/node/free-ports.ts'
import { practiceServe } from '../../core/node/practice.ts'
import { assert } from '../../core/platform/assert.ts'
import { formatRuv, microPerRuv } from '../../core/platform/amount.ts'
import { toBase64Url, toHex } from '../../core/platform/bytes.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { createSeededRandom, systemRandom } from '../../core/platform/random.ts'
import { auditTasks, auditViews, auditWitnesses, waitForRest } from './audit.ts'
import { createDice } from './dice.ts'
import { createFleet, type Fleet, type FleetMember } from './fleet.ts'
import type { Hosts } from './hosts.ts'
import { runKiller, type Harm } from './killer.ts'
import { insist, runLoad, type Books, type Trader } from './load.ts'

/**
 * Real processes that are killed at random moments while they send and trade, over TCP between hosts whose cables are pulled. At the
 * end every acknowledged transfer is there exactly once, every escrow has ended alike for both sides, every task has an end, no two
 * witnesses hold different decrees, and the traders own together what they owned at the start.
 */
export type KillsOptions = {
  readonly kills: number
  readonly seed: string
  readonly cliPath: string
  readonly hosts: Hosts | null
  readonly say: (line: string) => void
}

export type KillsReport = {
  readonly problems: readonly string[]
  readonly harm: Harm
  readonly transfers: number
  readonly refusedTransfers: number
  readonly tasks: ReadonlyMap<string, number>
  readonly escrows: number
  readonly decrees: number
  readonly circulatingMicro: bigint
  readonly tookMs: number
}

export const witnessCount = 4
const providerCount = 3
/** The longest wait is for an escrow whose provider registered its delivery: 30 s, then the review, then the guards. */
const restWithinMs = 240_000
const secondClientMicro = 200n * microPerRuv

export const runKills = async (options: KillsOptions): Promise<KillsReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'claude-market-kills-'))
  let isSound = false
  try {
    const report = await killAndAudit(options, folder)
    isSound = report.problems.length === 0
    return report
  } finally {
    if (isSound) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    else options.say(`What the processes wrote is kept in ${folder}`)
  }
}

const killAndAudit = async (options: KillsOptions, folder: string): Promise<KillsReport> => {
  const startMs = performance.now()
  const scene = await setScene(folder, options.hosts)
  const fleet = createFleet(scene.federation, folder, options.cliPath)
  try {
    await Promise.all(scene.members.map(fleet.start))
    await fundSecondClient(fleet, scene.traders)
    options.say(`${scene.members.length} processes run`)
    const books: Books = { transfers: [], tasks: [] }
    const harm = await harmUnderLoad(options, scene, fleet, books)
    options.say('everybody is back; waiting until nothing is locked')
    const { views, isAtRest } = await waitForRest(fleet, scene.traders, scene.circulatingMicro, restWithinMs)
    const tasks = await auditTasks(fleet, books)
    const ownedMicro = [...views.values()].reduce((sum, view) => sum + view.ownedMicro + view.lockedMicro, 0n)
    await fleet.stop()
    const witnesses = auditWitnesses(scene.members.slice(0, witnessCount).map(({ config }) => config.dataFolder))
    return {
      problems: [
        ...(isAtRest ? [] : [`not at rest: the traders own ${formatRuv(ownedMicro)} of ${formatRuv(scene.circulatingMicro)} RUV`]),
        ...auditViews(views, books),
        ...tasks.problems,
        ...witnesses.problems,
      ],
      harm,
      transfers: books.transfers.filter(({ txHash }) => txHash !== null).length,
      refusedTransfers: books.transfers.filter(({ txHash }) => txHash === null).length,
      tasks: tasks.ends,
      escrows: new Set([...views.values()].flatMap(({ escrows }) => escrows.map(({ id }) => id))).size,
      decrees: witnesses.decrees,
      circulatingMicro: scene.circulatingMicro,
      tookMs: performance.now() - startMs,
    }
  } finally {
    await fleet.stop()
  }
}

const harmUnderLoad = async (options: KillsOptions, scene: Scene, fleet: Fleet, books: Books): Promise<Harm> => {
  let isOver = false
  const load = runLoad({
    fleet,
    books,
    traders: scene.traders,
    dice: createDice(createSeededRandom(`${options.seed}/load`)),
    isOver: () => isOver,
  })
  const harm = await runKiller({ ...options, fleet, members: scene.members, dice: createDice(createSeededRandom(`${options.seed}/kills`)) })
  isOver = true
  await load
  return harm
}

type Scene = {
  readonly federation: Federation
  /** Witnesses first. */
  readonly members: readonly FleetMember[]
  readonly traders: readonly Trader[]
  /** What the traders own together; the treasury has no node and never moves. */
  readonly circulatingMicro: bigint
}

const setScene = async (folder: string, hosts: Hosts | null): Promise<Scene> => {
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
    return { secrets, member: member(`provider-${index + 1}`, 'provider', secrets, { listen, serve: quickServe(index) }) }
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

/** Short answers, so that many trades fit between two kills. */
const quickServe = (provider: number): ServeConfig => ({
  ...practiceServe(provider),
  backend: { kind: 'practice', seed: `provider-${provider + 1}`, firstTokenMs: 50, tokenMs: 15, words: 30 },
})

const fundSecondClient = async (fleet: Fleet, traders: readonly Trader[]): Promise<void> => {
  const [first, second] = traders
  assert(first !== undefined && second !== undefined, 'there are two clients')
  const requestId = crypto.randomUUID()
  const funded = await insist(fleet, first.name, (client) =>
    client.wallet.transfer({ requestId, to: second.accountId, amountMicro: secondClientMicro, memo: 'start' }),
  )
  assert(funded.ok, 'the first client can pay the second')
}
