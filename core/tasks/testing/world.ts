import { openEpochBook } from '../../federation/epoch-store.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guardNetwork } from '../../compliance/guard-network.ts'
import { createSecretGuard, type SecretGuard } from '../../compliance/secret-guard.ts'
import { readBackup } from '../../copies/backup-file.ts'
import { encodeCopyAnswer } from '../../copies/wire.ts'
import { createClient, type Client } from '../../contract/client.ts'
import { contract, type MarketContract } from '../../contract/contract.ts'
import { createMemoryTransport } from '../../contract/memory-transport.ts'
import { createPracticeExecutor } from '../../executors/practice.ts'
import type { Executor } from '../../executors/executor.ts'
import type { FoundClaude } from '../../executors/discover.ts'
import { keyFromSeed } from '../../identity/ed25519.ts'
import { createKeyTree } from '../../identity/keys.ts'
import { createSigner, type Signer } from '../../identity/signing.ts'
import { createMarket, type Market } from '../../market.ts'
import type { FrameChannel, Network } from '../../network/port.ts'
import { assert } from '../../platform/assert.ts'
import { sha256, utf8 } from '../../platform/bytes.ts'
import { systemClock, type Clock } from '../../platform/clock.ts'
import { silentLog, type Log } from '../../platform/log.ts'
import { createSeededRandom } from '../../platform/random.ts'
import { ok } from '../../platform/result.ts'
import type { Database } from '../../storage/database.ts'
import { marketMigrations } from '../../storage/migrations/index.ts'
import { openDatabase } from '../../storage/open.ts'
import { withPowerCuts } from '../../storage/testing/power-cuts.ts'
import { mapCredentials } from './map-credentials.ts'
import { createRealFederation } from '../../wallet/testing/real-federation.ts'
import { unbilled, type ProviderCaps } from '../../compliance/caps.ts'
import { executorOf, type BackendSettings } from '../backend-settings.ts'
import { isCryptoBusy, watchCrypto } from './crypto-watch.ts'

/** A provider of a test: cheap and quick unless it says otherwise; its place in the list decides its price. */
export type ProviderWish = {
  readonly backend?: Partial<Extract<BackendSettings, { readonly kind: 'practice' }>>
  readonly caps?: Partial<ProviderCaps>
  readonly promisedMs?: number
  readonly priceMicro?: bigint
  /** What runs its backend, where the simulated answers are not wanted. */
  readonly executor?: Executor
  /** Its backends are what they are called: nothing is simulated, and they work in real time. */
  readonly isReal?: boolean
  /** The Claude Code program on its computer. */
  readonly claude?: FoundClaude
  /** Serves nothing until it is told to. */
  readonly idle?: boolean
}

export type WorldOptions = {
  readonly log?: Log
  /** A folder of the test's for every node's database, instead of memory. */
  readonly databases?: string
  /** Makes it an organisation of this Anthropic customer, to which everybody attests to belong. */
  readonly customer?: string
  readonly hasPowerCuts?: boolean
}

/** What leaves a node on its `task` streams instead of the frame it sent. */
export type Tamper = (frame: Uint8Array) => readonly Uint8Array[]

export type TestNode = {
  readonly name: string
  readonly signer: Signer
  readonly client: () => Client<MarketContract>
  readonly market: () => Market
  readonly db: () => Database
  /** What its computer tells about its owner. */
  readonly owner: { idleMs: number | null; isOnBattery: boolean | null; isMetered: boolean | null }
  /** What its key store holds. */
  readonly credentials: Map<string, string>
  readonly tamper: (how: Tamper | null) => void
  /** Now, in the middle of whatever it does: its disk stays as it is at this moment and nothing leaves it any more. */
  readonly crash: () => void
  /** The same for its computer, in a world with power cuts: what was not waited for is not on its disk. */
  readonly cutPower: () => void
  readonly isDown: () => boolean
  /** Of a provider that was idle until now. */
  readonly serve: () => Promise<void>
  /** On the disk of the crash, or after an orderly stop. */
  readonly restart: () => Promise<void>
  /** Its disk as it is now, in a file of its own. */
  readonly backup: () => string
  /** Stops, and starts again on that file; on null with an empty disk, as after a restore from the phrase and a backup file if there is one. */
  readonly restartOn: (file: string | null, backup?: string) => Promise<void>
  readonly stop: () => Promise<void>
}

export const testClass = 'practice-small'
const defaultCaps: ProviderCaps = {
  ...unbilled,
  concurrent: 4,
  tasksPerDay: 1_000,
  outputTokensPerTask: 4_096,
  outputTokensPerDay: 1_000_000,
}

/** Between two strides of the clock everything that is under way gets this many turns of the event loop. */
const turnsAtOnce = 8
const strideMs = 10

export type World = Awaited<ReturnType<typeof createWorld>>

/** A requester, providers and four real witnesses in one process, on one network of memory and one clock. */
export const createWorld = async (
  wishes: readonly ProviderWish[] = [{}, {}],
  { log = silentLog, databases, customer, hasPowerCuts = false }: WorldOptions = {},
) => {
  const requesterSigner = createSigner(keyFromSeed(sha256(utf8('requester'))))
  const federation = createRealFederation(requesterSigner, customer)
  const { clock, network } = federation
  watchCrypto()
  const folder = mkdtempSync(join(tmpdir(), 'trade-'))
  const random = createSeededRandom('world')
  const nodes: TestNode[] = []
  let areCopiesLost = false

  const addNode = async (name: string, signer: Signer, wish: ProviderWish | null): Promise<TestNode> => {
    let generation = 0
    const credentials = new Map<string, string>()
    const owner: TestNode['owner'] = { idleMs: null, isOnBattery: null, isMetered: null }
    let tamper: Tamper | null = null
    let crashed: string | null = null
    const copyOf = (database: Database): string => {
      const file = join(folder, `${name}-${++generation}.db`)
      database.backup(file)
      return file
    }
    let afterPowerCut = (): string => copyOf(db)
    const open = (file: string): Database => {
      const opened = openDatabase({ file, migrations: marketMigrations })
      assert(opened.ok, 'the database opens')
      if (!hasPowerCuts) return opened.value
      const watched = withPowerCuts(opened.value, () => copyOf(opened.value))
      afterPowerCut = watched.afterPowerCut
      return watched.db
    }
    const end = (disk: () => string): void => {
      if (crashed !== null) return
      crashed = disk()
      network.kill(name)
    }
    const start = async (database: Database, backup?: string) => {
      const read = backup === undefined ? null : readBackup(backup)
      assert(read?.ok !== false, 'the backup file can be read')
      const [guard, ownLog] = [quickGuard(), log.child(name)]
      const made = createMarket(
        {
          clock,
          random,
          db: database,
          epochs: openEpochBook(database, federation.federation),
          signer,
          backup: read?.value.copy ?? null,
          witness: null,
          credentials: mapCredentials(credentials),
          ownerSignals: { idleMs: () => owner.idleMs, isOnBattery: () => owner.isOnBattery, isMetered: () => owner.isMetered },
          findClaude: () => Promise.resolve(wish?.claude ?? null),
          executorOf: (backend) =>
            wish?.isReal === true ? executorOf(backend, systemClock) : ok(wish?.executor ?? simulated(backend, clock, wish)),
          log: ownLog,
          network: guardNetwork(
            tampered(
              withoutCopies(network.addNode(name), () => areCopiesLost),
              (frame) => tamper?.(frame) ?? [frame],
            ),
            guard,
            ownLog,
          ),
          guard,
        },
        { version: '0.0.0', federation: federation.federation, keyProtection: 'session', attestsOrganisation: customer !== undefined },
      )
      assert(made.ok, 'the market opens')
      const client = createClient(contract, createMemoryTransport(made.value.dispatcher))
      await acknowledge(client)
      const resuming = made.value.resume()
      if (wish !== null && wish.idle !== true) await serve(made.value, name, wish)
      return { market: made.value, resuming, client }
    }
    let db = open(databases === undefined ? ':memory:' : join(databases, `${name}.db`))
    let running = await start(db)
    await settleDown(running.resuming)
    const stop = async (): Promise<void> => {
      await running.market.stop()
    }
    const node: TestNode = {
      name,
      signer,
      owner,
      credentials,
      client: () => running.client,
      market: () => running.market,
      db: () => db,
      tamper: (how) => {
        tamper = how
      },
      crash: () => end(() => copyOf(db)),
      cutPower: () => end(() => afterPowerCut()),
      isDown: () => crashed !== null,
      serve: async () => serve(running.market, name, wish ?? {}),
      restart: async () => {
        await stop()
        if (crashed !== null) db = open(crashed)
        crashed = null
        running = await start(db)
        await settleDown(running.resuming)
      },
      backup: () => copyOf(db),
      restartOn: async (file, backup) => {
        await stop()
        crashed = null
        db = open(file ?? ':memory:')
        running = await start(db, backup)
        await settleDown(running.resuming)
      },
      stop,
    }
    nodes.push(node)
    return node
  }

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < turnsAtOnce || isCryptoBusy(); turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  const until = async (isSo: () => boolean | Promise<boolean>, what = 'what was waited for', withinMs = 90_000): Promise<void> => {
    const endMs = clock.nowMs() + withinMs
    while (!(await isSo())) {
      assert(clock.nowMs() < endMs, `${what} did not happen`)
      await settle()
      clock.advance(strideMs)
    }
  }
  const settleDown = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false
    void work.finally(() => (isDone = true))
    await until(() => isDone)
    return work
  }
  /** Lets a long time pass in strides, with room to work in between. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.advance(Math.min(500, ms - passed))
      await settle()
      await settle()
    }
  }

  const serve = async (market: Market, name: string, wish: ProviderWish): Promise<void> => {
    const priceMicro = wish.priceMicro ?? 1_000n
    const served = await market.serve({
      backend: { kind: 'practice', seed: name, words: 20, ...wish.backend },
      caps: { ...defaultCaps, ...wish.caps },
      consented: false,
      approvalWaived: false,
      offers: [
        {
          classKey: testClass,
          pricing: {
            perTaskMicro: priceMicro,
            perThousandInputTokensMicro: 0n,
            perThousandOutputTokensMicro: priceMicro,
            minimumMicro: 0n,
          },
          firstTokenMs: wish.promisedMs ?? 500,
          totalMs: 60_000,
          concurrent: 4,
          leftToday: 1_000,
          validForMs: 3_600_000,
        },
      ],
    })
    assert(served.ok, 'the provider serves')
  }

  const requester = await addNode('requester', requesterSigner, null)
  const providers: TestNode[] = []
  for (const [index, wish] of wishes.entries()) {
    const secrets = federation.providers[index]
    assert(secrets !== undefined, 'the practice federation has three providers')
    const signer = createSigner(createKeyTree(secrets.accountEntropy).accountKey(0))
    providers.push(await addNode(`provider-${index + 1}`, signer, { priceMicro: BigInt(1_000 * (index + 1)), ...wish }))
  }
  const offersKnown = async (): Promise<boolean> => {
    const book = await requester.client().orders.book({ classKey: null, limit: 50, offersCursor: null, requestsCursor: null })
    return book.ok && book.value.offers.total >= wishes.filter(({ idle }) => idle !== true).length
  }
  await until(offersKnown, 'the offers reach the requester')
  // By then every book is on its disk.
  await pass(6_000)

  const balanceOf = async (node: TestNode) => {
    const summary = await node.client().wallet.summary({})
    assert(summary.ok, 'the wallet answers')
    const { availableMicro, lockedMicro } = summary.value
    return { availableMicro, lockedMicro }
  }
  const totalMicro = async (): Promise<bigint> => {
    let total = 0n
    for (const node of [requester, ...providers]) {
      const { availableMicro, lockedMicro } = await balanceOf(node)
      total += availableMicro + lockedMicro
    }
    return total
  }
  const startMicro = await totalMicro()
  const startBalances = await Promise.all([requester, ...providers].map(balanceOf))

  return {
    clock,
    network,
    federation: federation.federation,
    requester,
    providers,
    until,
    pass,
    settleDown,
    balanceOf,
    /** From now on the witnesses show nobody the sealed copies that were left with them. */
    loseCopies: (): void => {
      areCopiesLost = true
    },
    providerAt: (index: number): TestNode => {
      const provider = providers[index]
      assert(provider !== undefined, 'there is such a provider')
      return provider
    },
    /** What everyone has gained or lost since the start, the requester first. */
    gains: async (): Promise<readonly bigint[]> => {
      const now = await Promise.all([requester, ...providers].map(balanceOf))
      return now.map(
        ({ availableMicro, lockedMicro }, index) => availableMicro + lockedMicro - (startBalances[index]?.availableMicro ?? 0n),
      )
    },
    /** Waits until nothing is locked any more and everybody knows what is theirs; nothing came into being or went missing. */
    rest: async (withinMs = 300_000): Promise<void> => {
      const endMs = clock.nowMs() + withinMs
      while ((await balanceOf(requester)).lockedMicro > 0n || (await totalMicro()) !== startMicro) {
        assert(clock.nowMs() < endMs, `after all deadlines ${await totalMicro()} of ${startMicro} µRUV are there`)
        await pass(5_000)
      }
    },
    stop: async (): Promise<void> => {
      for (const node of nodes) await node.stop()
      await pass(1_000)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Without the rules that take a while to load: what they find is tested where they are. */
const quickGuard = (): SecretGuard => {
  const guard = createSecretGuard()
  return { ...guard, inspectPrompt: (text) => Promise.resolve(guard.inspectBytes(utf8(text))) }
}

/** As the requester does before its first task. */
const acknowledge = async (client: Client<MarketContract>): Promise<void> => {
  const standing = await client.consents.standing({})
  assert(standing.ok, 'there is a text to read')
  const { textHash } = standing.value.requester.document
  await client.consents.acknowledge({ requestId: `acknowledge-${textHash.slice(0, 40)}`, textHash })
}

/** Whatever backend is asked for answers like practice: what it is called is what policy and consents go by. */
const simulated = (backend: BackendSettings, clock: Clock, wish: ProviderWish | null): Executor =>
  createPracticeExecutor({ ...(backend.kind === 'practice' ? backend : { seed: backend.kind, words: 20 }), ...wish?.backend, clock })

const noCopies = encodeCopyAnswer({ kind: 'copies', copies: [] })
const withoutCopies = (network: Network, areLost: () => boolean): Network => ({
  ...network,
  request: (peer, protocol, payload, options) =>
    protocol === 'copies' && areLost() ? Promise.resolve(noCopies) : network.request(peer, protocol, payload, options),
})

const tampered = (network: Network, tamper: Tamper): Network => {
  const channelOf = (channel: FrameChannel): FrameChannel => ({
    ...channel,
    send: async (frame, signal) => {
      for (const instead of tamper(frame)) await channel.send(instead, signal)
    },
  })
  return {
    ...network,
    openStream: async (peer, protocol, options) => channelOf(await network.openStream(peer, protocol, options)),
    acceptStreams: (protocol, handler) => network.acceptStreams(protocol, (channel) => handler(channelOf(channel))),
  }
}
