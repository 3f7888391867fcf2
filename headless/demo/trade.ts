import { join } from 'node:path'
import type { MarketContract } from '../../core/contract/contract.ts'
import type { InputOf, OutputOf } from '../../core/contract/definition.ts'
import type { Federation } from '../../core/federation/federation.ts'
import { encodeSecrets, newSecrets } from '../../core/identity/secrets.ts'
import type { NodeConfig } from '../../core/node/nodes-config.ts'
import { freePorts } from '../../core/node/free-ports.ts'
import { foundPractice, practiceNodes, practicePorts, type PracticeNodes } from '../../core/node/practice.ts'
import { formatRuv, microPerRuv } from '../../core/platform/amount.ts'
import { toBase64Url, toHex } from '../../core/platform/bytes.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { systemRandom } from '../../core/platform/random.ts'
import { fail, ok, type Failure, type Result } from '../../core/platform/result.ts'
import { serveWith, type Served } from './backend.ts'
import type { Cluster, Member } from './cluster.ts'
import { balancesOf, judge, sumOf } from './judge.ts'
import type { DemoOptions } from './options.ts'
import type { Ending, Report, SettledEscrow } from './report.ts'
import { until } from './until.ts'

export type Stage = { readonly cluster: Cluster; readonly folder: string; readonly report: Report }
export type TaskDetail = OutputOf<MarketContract['tasks']['get']>

const customer = 'Demo Organisation'
const maxOutputTokens = 512
const maxPriceMicro = 100n * microPerRuv
/** Long enough for a slow local model; short with --kill-provider, because what an abandoned escrow holds comes back after it. */
const deadlineMs = { usual: 120_000, killProvider: 15_000 }
const tradeTimeoutMs = 180_000

/** Founds a federation, starts everybody, trades once, and says how it ended. */
export const runTrade = async (options: DemoOptions, stage: Stage): Promise<Ending> => {
  const trade = await prepare(options, stage)
  if (!trade.ok) return { problem: trade.error.message, outcome: null }
  const played = await withTimeout(play(trade.value))
  return played.ok ? played.value : { problem: played.error.message, outcome: null }
}

const withTimeout = (work: Promise<Result<Ending, Failure>>): Promise<Result<Ending, Failure>> =>
  new Promise((resolve, reject) => {
    const timeout = fail('timeout', `The trade was not over after ${tradeTimeoutMs / 1_000} seconds.`)
    const timer = setTimeout(() => resolve(timeout), tradeTimeoutMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })

export type DemoPlan = PracticeNodes & { readonly federation: Federation }
export type Trade = Stage & {
  readonly options: DemoOptions
  readonly plan: DemoPlan
  readonly classKey: string
  readonly requester: Member
}

const prepare = async (options: DemoOptions, stage: Stage): Promise<Result<Trade, Failure>> => {
  const served = await serveWith(options.backend)
  if (!served.ok) return served
  if (served.value.consent !== null) stage.report.step('consent', served.value.consent)
  const founded = await found(options, stage, served.value)
  if (!founded.ok) return founded
  const { plan, requester } = founded.value
  const { genesis, id } = plan.federation
  stage.report.step('founded', `federation “${genesis.name}” of kind ${genesis.kind}, id ${toHex(id).slice(0, 12)}…`)
  const started = await startAll(stage.cluster, plan, requester)
  if (!started.ok) return started
  stage.report.step('started', describeProcesses(stage.cluster))
  return ok({ ...stage, options, plan, classKey: served.value.classKey, requester: started.value })
}

const found = async (options: DemoOptions, { folder }: Stage, served: Served) => {
  const own = newSecrets(systemRandom)
  const isOrganisation = options.backend.kind === 'anthropic-api'
  const ports = await freePorts(practicePorts)
  const practice = foundPractice({
    own,
    ports,
    random: systemRandom,
    nowMs: systemClock.nowMs(),
    ...(isOrganisation ? { customer } : {}),
  })
  if (!practice.ok) return practice
  const folderOf = (name: string): string => join(folder, name)
  const nodes = practiceNodes(practice.value, { ports, folderOf, keyProtection: 'session', serveOf: served.serveOf })
  const requester: NodeConfig = {
    name: 'requester',
    dataFolder: folderOf('requester'),
    secrets: toBase64Url(encodeSecrets(own)),
    keyProtection: 'session',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    attestsOrganisation: isOrganisation,
    serve: null,
  }
  return ok({ plan: { federation: practice.value.federation, ...nodes }, requester })
}

/** Side by side; gives back the requester. */
const startAll = async (cluster: Cluster, plan: DemoPlan, requester: NodeConfig): Promise<Result<Member, Failure>> => {
  const { federation, witnesses, providers } = plan
  const others = [...witnesses, ...providers].map((config) => cluster.start(federation, config))
  const [own, ...started] = await Promise.all([cluster.start(federation, requester), ...others])
  return started.find((member) => !member.ok) ?? own
}

const describeProcesses = (cluster: Cluster): string => {
  const pidsOf = (role: string): string =>
    cluster
      .members()
      .filter(({ name }) => name.startsWith(role))
      .map(({ pid }) => pid)
      .join(' ')
  return `8 processes: witnesses ${pidsOf('witness')}, providers ${pidsOf('provider')}, requester ${pidsOf('requester')}`
}

const play = async (trade: Trade): Promise<Result<Ending, Failure>> => {
  const { report, plan, classKey } = trade
  const { client } = trade.requester
  await until(client.orders.changed, async () => {
    const book = await client.orders.book({ classKey, limit: 10, offersCursor: null, requestsCursor: null })
    return book.ok && book.value.offers.rows.length >= plan.providers.length
  })
  report.step('book', `${plan.providers.length} offers for ${classKey} have reached the requester`)
  const before = await balancesOf(trade)
  await acknowledge(trade)
  const asked = await client.tasks.ask(askOf(trade))
  if (!asked.ok) return fail(asked.error.code, asked.error.message)
  const task = await follow(trade, asked.value.taskId)
  const escrows = await waitForEscrows(trade)
  await reviveProviders(trade)
  await until(client.wallet.changed, async () => sumOf(await balancesOf(trade)) === sumOf(before))
  return ok(judge(trade, { task, escrows, before, after: await balancesOf(trade) }))
}

/** Whoever starts the demo with a real backend has been told who reads the task. */
const acknowledge = async ({ requester: { client } }: Trade): Promise<void> => {
  const standing = await client.consents.standing({})
  if (!standing.ok || !standing.value.requester.isNeeded) return
  await client.consents.acknowledge({ requestId: crypto.randomUUID(), textHash: standing.value.requester.document.textHash })
}

const askOf = ({ options, classKey }: Trade): InputOf<MarketContract['tasks']['ask']> => ({
  requestId: crypto.randomUUID(),
  prompt: options.prompt,
  classKey,
  maxOutputTokens,
  maxPriceMicro,
  mode: 'first',
  deadlineMs: options.killProvider ? deadlineMs.killProvider : deadlineMs.usual,
})

const endStates: readonly TaskDetail['state'][] = ['settled', 'failed', 'refunded', 'cancelled']

/** Reports each step as it comes, and does the killing at the right moment. */
const follow = async (trade: Trade, taskId: string): Promise<TaskDetail> => {
  const { options, report, cluster } = trade
  const { client } = trade.requester
  const doomed = new Map<string, (task: TaskDetail) => Member | undefined>()
  if (options.killWitness) doomed.set('locked', () => cluster.members().find(({ name }) => name === 'witness-2'))
  if (options.killProvider) doomed.set('running', ({ provider }) => cluster.members().find(({ accountId }) => accountId === provider))
  let shown = 0
  let last: TaskDetail | null = null
  await until(client.tasks.changed, async () => {
    const got = await client.tasks.get({ taskId })
    if (!got.ok) return false
    last = got.value
    for (const { name, detail } of got.value.steps.slice(shown)) {
      report.step(name, detail)
      const victim = doomed.get(name)?.(got.value)
      doomed.delete(name)
      if (victim !== undefined) kill(victim, report)
    }
    shown = got.value.steps.length
    return endStates.includes(got.value.state)
  })
  if (last === null) throw new Error('the task was never seen')
  return last
}

const kill = (victim: Member, report: Report): void => {
  victim.kill()
  report.step('killed', `${victim.name} (process ${victim.pid}) with SIGKILL`)
}

/** Until no amount is locked any more: what an abandoned escrow holds comes back after its deadline. */
const waitForEscrows = async ({ requester: { client }, report, cluster }: Trade): Promise<readonly SettledEscrow[]> => {
  let rows: OutputOf<MarketContract['escrow']['list']>['page']['rows'] = []
  let isAnnounced = false
  await until(client.escrow.changed, async () => {
    const listed = await client.escrow.list({ cursor: null, limit: 20 })
    if (!listed.ok) return false
    rows = listed.value.page.rows
    const open = rows.filter(({ phase }) => phase !== 'settled')
    const [first] = open
    if (first !== undefined && !isAnnounced) {
      isAnnounced = true
      const seconds = Math.max(0, Math.ceil((first.deliverByMs - systemClock.nowMs()) / 1_000))
      report.step('waiting', `${formatRuv(first.amountMicro)} RUV of the abandoned escrow come back by themselves ${seconds} s from now`)
    }
    return open.length === 0
  })
  const nameOf = (account: string): string => cluster.members().find(({ accountId }) => accountId === account)?.name ?? account.slice(0, 12)
  return Promise.all(
    rows.map(async ({ id, phase, payout, counterparty }) => {
      const got = await client.escrow.get({ escrowId: id })
      const signers = got.ok ? (got.value.certificates.at(-1)?.signers ?? []) : []
      const certifiedBy = signers.map((index) => `witness-${index + 1}`)
      return { id, phase, provider: nameOf(counterparty), paidMicro: payout?.providerMicro ?? null, certifiedBy }
    }),
  )
}

/** A killed provider is started again on its own data folder: nothing it owned may be lost. */
const reviveProviders = async ({ cluster, plan, report }: Trade): Promise<void> => {
  for (const { name, config } of cluster.members().filter((member) => member.name.startsWith('provider') && member.wasKilled())) {
    const revived = await cluster.start(plan.federation, config)
    if (revived.ok) report.step('restarted', `${name} (process ${revived.value.pid}) on its data folder`)
  }
}
