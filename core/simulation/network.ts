import { NetworkError, type Network, type PeerAddress, type RequestHandler, type Topic, type Verdict } from '../network/port.ts'
import type { Life } from './life.ts'
import type { Prng } from './prng.ts'
import type { Scheduler } from './scheduler.ts'
import { checksum, type Trace } from './trace.ts'

/** How badly the network behaves. */
export type Conditions = {
  readonly lossShare: number
  readonly duplicateShare: number
  readonly corruptShare: number
  readonly leastDelayMs: number
  readonly mostDelayMs: number
  /** This share of what is sent takes up to `longestDelayMs`, and so overtakes and is overtaken. */
  readonly slowShare: number
  readonly longestDelayMs: number
}

export const calm: Conditions = {
  lossShare: 0,
  duplicateShare: 0,
  corruptShare: 0,
  leastDelayMs: 5,
  mostDelayMs: 40,
  slowShare: 0,
  longestDelayMs: 0,
}

type Node = {
  readonly life: Life
  readonly handlers: Map<string, RequestHandler>
  readonly subscribers: Map<Topic, (data: Uint8Array, fromPeerId: string) => Verdict>
  readonly leaving: () => void
}

export type NodeOptions = {
  readonly life: Life
  /** A question or an answer of this node is about to go out. */
  readonly leaving?: () => void
  /** This node found a peer to misbehave. */
  readonly reported?: (peerId: string, reason: string) => void
}

export type SimulatedNetwork = {
  readonly addNode: (peerId: string, options: NodeOptions) => Network
  readonly setConditions: (conditions: Conditions) => void
  /** Nothing gets from one of these to one of those, until the returned function is called. */
  readonly block: (from: readonly string[], to: readonly string[]) => () => void
}

/** Requests and gossip between processes, each message lost, doubled, delayed, overtaken or damaged on its own. */
export const createSimulatedNetwork = (
  scheduler: Scheduler,
  prng: Prng,
  trace: Trace,
  nameOf: (peerId: string) => string,
): SimulatedNetwork => {
  const nodes = new Map<string, Node>()
  const blocks = new Set<{ readonly from: readonly string[]; readonly to: readonly string[] }>()
  let conditions = calm

  const isBlocked = (from: string, to: string): boolean => {
    for (const block of blocks) if (block.from.includes(from) && block.to.includes(to)) return true
    return false
  }

  const delayMs = (): number => {
    const { leastDelayMs, mostDelayMs, slowShare, longestDelayMs } = conditions
    return prng.between(leastDelayMs, prng.chance(slowShare) ? longestDelayMs : mostDelayMs)
  }

  const carry = (from: string, to: string, payload: Uint8Array, arrive: (payload: Uint8Array) => void): void => {
    if (from === to) return void scheduler.at(scheduler.nowMs(), () => arrive(payload))
    const copies = prng.chance(conditions.duplicateShare) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const isLost = isBlocked(from, to) || prng.chance(conditions.lossShare)
      trace.note(scheduler.nowMs(), `${nameOf(from)} > ${nameOf(to)} ${checksum(payload)} ${payload.length}${isLost ? ' lost' : ''}`)
      if (isLost) continue
      const arriving = prng.chance(conditions.corruptShare) ? damaged(payload, prng) : payload
      scheduler.at(scheduler.nowMs() + delayMs(), () => arrive(arriving))
    }
  }

  const ask = (from: string, { peerId }: PeerAddress, protocol: string, payload: Uint8Array): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const back = (answer: Uint8Array, settle: (answer: Uint8Array) => void): void => carry(peerId, from, answer, settle)
      carry(from, peerId, payload, (arrived) => {
        const node = nodes.get(peerId)
        const handler = node?.life.isOver() === false ? node.handlers.get(protocol) : undefined
        if (node === undefined || handler === undefined)
          return back(nothing, () => reject(new NetworkError('unreachable', `${peerId} cannot be reached.`)))
        handler(arrived, from).then(
          (answer) => {
            if (node.life.isOver()) return
            node.leaving()
            back(answer, resolve)
          },
          () => back(nothing, () => reject(new NetworkError('refused', 'The peer refused the request.'))),
        )
      })
    })

  const addNode = (peerId: string, { life, leaving = () => undefined, reported = () => undefined }: NodeOptions): Network => {
    const node: Node = { life, handlers: new Map(), subscribers: new Map(), leaving }
    nodes.set(peerId, node)
    return {
      self: () => ({ peerId, addresses: [] }),
      peers: () => [],
      onPeersChanged: () => () => undefined,
      connect: async () => undefined,
      request: (peer, protocol, payload, { timeoutMs, signal }) =>
        new Promise((resolve, reject) => {
          if (life.isOver()) return
          leaving()
          const finish = (settle: () => void): void => {
            if (life.isOver()) return
            cancel()
            signal?.removeEventListener('abort', abort)
            settle()
          }
          const abort = (): void => finish(() => reject(new NetworkError('aborted', 'Stopped on request.')))
          const cancel = life.clock.after(timeoutMs, () => finish(() => reject(new NetworkError('timeout', 'No answer in time.'))))
          if (signal?.aborted === true) return abort()
          signal?.addEventListener('abort', abort)
          ask(peerId, peer, protocol, payload).then(
            (answer) => finish(() => resolve(answer)),
            (error: unknown) => finish(() => reject(error instanceof Error ? error : new Error(String(error)))),
          )
        }),
      serve: (protocol, handler) => void node.handlers.set(protocol, handler),
      openStream: () => Promise.reject(new NetworkError('refused', 'The simulated network carries no streams.')),
      acceptStreams: () => undefined,
      publish: async (topic, data) => {
        for (const to of nodes.keys()) {
          if (to === peerId || life.isOver()) continue
          carry(peerId, to, data, (arrived) => {
            const target = nodes.get(to)
            if (target?.life.isOver() === false) target.subscribers.get(topic)?.(arrived, peerId)
          })
        }
      },
      subscribe: (topic, validate) => void node.subscribers.set(topic, validate),
      reportMisbehaviour: reported,
      stop: async () => life.end(),
    }
  }

  return {
    addNode,
    setConditions: (next) => {
      conditions = next
    },
    block: (from, to) => {
      const block = { from, to }
      blocks.add(block)
      return () => void blocks.delete(block)
    },
  }
}

const nothing = new Uint8Array(0)

/** One to four bits turned over, or the end cut off. */
const damaged = (payload: Uint8Array, prng: Prng): Uint8Array => {
  if (payload.length === 0 || prng.chance(0.1)) return payload.slice(0, prng.between(0, payload.length))
  const copy = payload.slice()
  for (let flips = prng.between(1, 4); flips > 0; flips--) {
    const at = prng.between(0, copy.length - 1)
    copy[at] = (copy[at] ?? 0) ^ (1 << prng.between(0, 7))
  }
  return copy
}
