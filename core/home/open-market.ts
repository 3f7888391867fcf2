import { join } from 'node:path'
import type { Dispatcher } from '../contract/dispatcher.ts'
import type { Federation } from '../federation/federation.ts'
import { hostedSeats } from '../federation/hosted-witnesses.ts'
import { encodeSecrets } from '../identity/secrets.ts'
import { createVault, type Vault } from '../identity/vault.ts'
import { freePorts } from '../node/free-ports.ts'
import { openNode, type Node, type NodeOptions } from '../node/node.ts'
import { encodeNodesConfig, type NodeConfig, type NodesConfig } from '../node/nodes-config.ts'
import type { NodesProcess, StartNodes } from '../node/nodes-process.ts'
import { configOf, practiceNodes, practicePorts, type Practice } from '../node/practice.ts'
import { vaultDeps } from '../node/vault-deps.ts'
import { toBase64Url } from '../platform/bytes.ts'
import type { Log } from '../platform/log.ts'
import type { OwnerSignals } from '../platform/owner-signals.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { DataFolder } from '../storage/data-folder.ts'
import { restoredBackup } from './member-files.ts'
import { haveGone, markAsRun, recordsGone } from './own-records.ts'

export type OpenMarket = {
  readonly door: Pick<Dispatcher, 'call' | 'subscribe'>
  /** Whether the witnesses have told what happened meanwhile: true then, however long it takes, or when it is stopped before. */
  readonly resumed: Promise<boolean>
  /** Resolves, and not before, when a process this market needs has ended by itself. */
  readonly broken: Promise<Failure>
  /** What was wrong when it was opened, and it lives with. */
  readonly problem: Failure | null
  readonly stop: () => Promise<void>
}

export type OpenDeps = {
  readonly folder: DataFolder
  readonly version: string
  readonly log: Log
  readonly nativeBinding?: string
  readonly startNodes: StartNodes
  readonly ownerSignals?: OwnerSignals
  /** Something could not be saved. Called within the transaction that is about to be undone. */
  readonly onDiskFull: () => void
}

/** The user's own node, and the nodes beside it in a process of theirs; null where there are none. */
type OwnNode = Node & Pick<OpenMarket, 'problem'>
type Parts = { readonly own: Promise<Result<OwnNode, Failure>>; readonly nodes: NodesProcess | null; readonly log: Log }

/** Both start side by side; either both run or none. */
const together = async ({ own, nodes, log }: Parts): Promise<Result<OpenMarket, Failure>> => {
  const [opened, ready] = await Promise.all([own, nodes?.ready ?? null])
  if (!opened.ok) {
    await nodes?.stop()
    return opened
  }
  if (ready?.ready === false) {
    await Promise.all([opened.value.stop(), nodes?.stop()])
    return fail(ready.code, `The nodes of this computer could not start. ${ready.message}`)
  }
  let isStopping = false
  const resumed = opened.value.market.resume().then(
    () => true,
    (error: unknown) => {
      log.write('error', 'not resumed', { reason: String(error) })
      return false
    },
  )
  return ok({
    resumed,
    door: opened.value.market.dispatcher,
    problem: opened.value.problem,
    broken: new Promise((resolve) => {
      void nodes?.ended.then(() => {
        if (!isStopping)
          resolve({
            code: 'nodes-ended',
            message: 'The process that runs the witnesses of this computer has ended. Nothing is lost. Try again.',
          })
      })
    }),
    stop: async () => {
      isStopping = true
      await Promise.all([opened.value.stop(), nodes?.stop()])
    },
  })
}

/** Four witnesses and three providers in a process beside the user's own market. Where they listen is chosen anew at every start. */
export const openPractice = async (deps: OpenDeps, practice: Practice): Promise<Result<OpenMarket, Failure>> => {
  const { folder, log } = deps
  const ports = await freePorts(practicePorts)
  const folderOf = (name: string): string => join(folder.path, 'practice', name)
  const { witnesses, providers, witnessAddresses } = practiceNodes(practice, { ports, folderOf, keyProtection: 'file' })
  const config = configOf(practice.federation, [...witnesses, ...providers], { sockets: false, witnessAddresses })
  const nodes = deps.startNodes(encodeNodesConfig(config))
  return together({ own: openOwnPractice(deps, practice, witnessAddresses), nodes, log })
}

/** Its vault is in memory: the keys are in the practice file already, and what a user adds for a backend is not kept in a readable one. */
const openOwnPractice = async (
  deps: OpenDeps,
  { federation, own }: Practice,
  witnessAddresses: NodesConfig['witnessAddresses'],
): Promise<Result<OwnNode, Failure>> => {
  const vault = await createVault(vaultDeps(deps.folder.path), { kind: 'session' }, own)
  if (!vault.ok) return vault
  return openWithVault(vault.value, {
    ...nodeDeps(deps),
    federation,
    witnessAddresses,
    vault: vault.value,
    isWitness: false,
    keyProtection: 'file',
    dataFolder: join(deps.folder.path, 'practice', 'own'),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    attestsOrganisation: false,
  })
}

export type MemberChoices = { readonly listen: string; readonly isWitness: boolean }

/** A member of a lasting federation, and the witnesses of it that this member hosts. The vault is closed with the market. */
export const openMember = async (
  deps: OpenDeps,
  federation: Federation,
  vault: Vault,
  { listen, isWitness }: MemberChoices,
): Promise<Result<OpenMarket, Failure>> => {
  if (isWitness && vault.secrets().witness === null) {
    vault.close()
    return fail(
      'not-a-witness',
      `The data folder ${deps.folder.path} holds no witness key. Make one with "keys --witness" before the federation is founded.`,
    )
  }
  const hosted = hostedNodes(deps.folder.path, federation, vault)
  const config = configOf(federation, hosted, { sockets: false })
  const nodes = hosted.length === 0 ? null : deps.startNodes(encodeNodesConfig(config))
  const backup = await restoredBackup(deps.folder.path)
  const own = openWithVault(vault, {
    ...nodeDeps(deps),
    federation,
    backup: backup?.copy ?? null,
    vault,
    isWitness,
    keyProtection: vault.protection(),
    dataFolder: deps.folder.path,
    taken: deps.folder,
    listen: [listen],
    attestsOrganisation: false,
    rememberWitness: (memory) => vault.update((kept) => (kept.witness === null ? kept : { ...kept, witness: { ...kept.witness, memory } })),
  })
  return together({ own, nodes, log: deps.log })
}

/** They listen at the port that the genesis document names, on every interface. */
const hostedNodes = (dataFolder: string, federation: Federation, vault: Vault): readonly NodeConfig[] =>
  hostedSeats(federation, vault.secrets().nodeSeed).map(({ secrets, seat }, index) => ({
    name: `witness-${index + 1}`,
    dataFolder: join(dataFolder, `witness-${index + 1}`),
    secrets: toBase64Url(encodeSecrets(secrets)),
    keyProtection: vault.protection(),
    listen: [`/ip4/0.0.0.0/tcp/${/\/tcp\/(\d+)/.exec(seat.addresses[0] ?? '')?.[1] ?? '0'}`],
    attestsOrganisation: false,
    serve: null,
  }))

const nodeDeps = ({ version, log, nativeBinding, ownerSignals, onDiskFull }: OpenDeps) => ({
  version,
  log,
  onDiskFull,
  ...(nativeBinding === undefined ? {} : { nativeBinding }),
  ...(ownerSignals === undefined ? {} : { ownerSignals }),
})

const openWithVault = async (vault: Vault, options: NodeOptions): Promise<Result<OwnNode, Failure>> => {
  const problem = haveGone(options.dataFolder) ? recordsGone : null
  const node = await openNode(options)
  if (!node.ok) {
    vault.close()
    return node
  }
  const stop = async (): Promise<void> => {
    await node.value.stop()
    vault.close()
  }
  const marked = await markAsRun(options.dataFolder)
  if (marked.ok) return ok({ market: node.value.market, problem, stop })
  await stop()
  return marked
}
