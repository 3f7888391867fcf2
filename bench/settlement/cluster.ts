import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Network } from '../../core/network/port.ts'
import { createTcpProxy, type TcpProxy } from '../../core/network/testing/tcp-proxy.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { silentLog } from '../../core/platform/log.ts'
import type { Driver } from '../../core/settlement/driver-port.ts'
import { createDriver } from '../../core/settlement/driver.ts'
import { firstEpoch } from '../../core/settlement/epochs.ts'
import type { Committee } from '../../core/settlement/objects.ts'
import { startUntilReady, stop } from '../child.ts'
import { benchCommittee } from './federation.ts'
import type { HostConfig, HostReady } from './witness-host.ts'
import { openBenchNetwork } from '../bench-network.ts'

/** A committee in processes of its own, and members that reach it over lines of a chosen delay. */
export type Cluster = {
  readonly children: readonly ChildProcess[]
  /** `extraMs`: what the line to a witness takes longer each way. */
  readonly connect: (oneWayMs: number, extraMs?: (index: number) => number) => Promise<Line>
  readonly stop: () => Promise<void>
}
export type Line = { readonly committee: Committee; readonly network: Network; readonly driver: Driver; readonly stop: () => Promise<void> }

export type ClusterWish = { readonly size: number; readonly processes: number; readonly holders: number; readonly folder: string }

export const startCluster = async ({ size, processes, holders, folder }: ClusterWish): Promise<Cluster> => {
  const hosts = await Promise.all(
    Array.from({ length: processes }, (_, host) => {
      const run = Array.from({ length: size }, (__, index) => index).filter((index) => index % processes === host)
      return startUntilReady([
        join(import.meta.dirname, 'witness-host.ts'),
        JSON.stringify({ size, run, holders, folder } satisfies HostConfig),
      ])
    }),
  )
  const ports = new Map(
    hosts.flatMap(({ readyLine }) => (JSON.parse(readyLine) as HostReady).nodes).map(({ index, port }) => [index, port] as const),
  )
  return {
    children: hosts.map(({ child }) => child),
    connect: (oneWayMs, extraMs = () => 0) =>
      connect(
        size,
        (index) => ports.get(index) ?? 0,
        (index) => oneWayMs + extraMs(index),
      ),
    stop: async () => void (await Promise.all(hosts.map(({ child }) => stop(child)))),
  }
}

const connect = async (size: number, portOf: (index: number) => number, delayMs: (index: number) => number): Promise<Line> => {
  const proxies: TcpProxy[] = []
  const addresses: string[] = []
  for (let index = 0; index < size; index++) {
    if (delayMs(index) === 0) addresses.push(`/ip4/127.0.0.1/tcp/${portOf(index)}`)
    else {
      const proxy = await createTcpProxy(portOf(index), delayMs(index))
      proxies.push(proxy)
      addresses.push(proxy.address)
    }
  }
  const committee = benchCommittee(size, (index) => [addresses[index] ?? ''])
  const network = await openBenchNetwork({ listen: [], scope: 'bench' })
  const driver = createDriver({ network, epochs: firstEpoch(committee), clock: systemClock, log: silentLog })
  return {
    committee,
    network,
    driver,
    stop: async () => {
      await network.stop()
      await Promise.all(proxies.map((proxy) => proxy.stop()))
    },
  }
}

/** One question and its answer on an open stream, to the slowest of a quorum: nothing that asks a quorum once is faster. */
export const echo = async ({ network, committee }: Line, bytes: number): Promise<number> => {
  const startMs = performance.now()
  const payload = new Uint8Array(bytes)
  const quorum = committee.witnesses.length - committee.faults
  await new Promise<void>((resolve, reject) => {
    let answers = 0
    for (const witness of committee.witnesses)
      network.request(witness, 'sync', payload, { timeoutMs: 10_000 }).then(() => {
        if (++answers === quorum) resolve()
      }, reject)
  })
  return performance.now() - startMs
}
