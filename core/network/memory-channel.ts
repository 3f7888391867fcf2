import { abortReason, orAborted } from './deadline.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { frameOverheadBytes, maxUnreadBytes } from './limits.ts'
import { NetworkError, type FrameChannel } from './port.ts'

/** Takes a frame of so many bytes to the other end: now, later, or never (`lost`). Calls one of the two exactly once. */
export type Carry = (bytes: number, deliver: () => void, lost: () => void) => void

export type ChannelEnd = { readonly peerId: string; readonly carry: Carry }

export type MemoryChannelOptions = {
  readonly maxFrameBytes: number
  /** Whether the rest is worth nothing once a frame is lost. */
  readonly breaksOnLoss: boolean
  /** Called once when neither end will send again. */
  readonly onOver: () => void
}

/** What arrives at one end. */
type Arrivals = {
  readonly inbox: Inbox
  /** Bytes on their way, not yet in the inbox. */
  travelling: number
  waitingSenders: (() => void)[]
}

const wakeSenders = (arrivals: Arrivals): void => {
  const woken = arrivals.waitingSenders
  arrivals.waitingSenders = []
  for (const go of woken) go()
}

const createArrivals = (): Arrivals => {
  const arrivals: Arrivals = { inbox: createInbox(() => wakeSenders(arrivals)), travelling: 0, waitingSenders: [] }
  return arrivals
}

/** Two joined channel ends; each `carry` takes frames away from its end. `breakBoth` is what a lost connection does. */
export const createMemoryChannel = (opener: ChannelEnd, accepter: ChannelEnd, options: MemoryChannelOptions) => {
  const toOpener = createArrivals()
  const toAccepter = createArrivals()
  let broken: NetworkError | null = null
  let ended = 0
  const wire: Wire = {
    brokenBy: () => broken,
    endOne: () => {
      ended++
      if (ended === 2) options.onOver()
    },
    breakBoth: (message) => {
      if (broken === null) options.onOver()
      broken ??= new NetworkError('closed', message)
      for (const arrivals of [toOpener, toAccepter]) {
        arrivals.inbox.fail(broken)
        wakeSenders(arrivals)
      }
    },
  }
  return {
    opener: createEnd(opener, accepter.peerId, toOpener, toAccepter, wire, options),
    accepter: createEnd(accepter, opener.peerId, toAccepter, toOpener, wire, options),
    breakBoth: wire.breakBoth,
  }
}

type Wire = {
  readonly brokenBy: () => NetworkError | null
  readonly endOne: () => void
  readonly breakBoth: (message: string) => void
}

const createEnd = (
  { carry }: ChannelEnd,
  remotePeerId: string,
  near: Arrivals,
  far: Arrivals,
  wire: Wire,
  { maxFrameBytes, breaksOnLoss }: MemoryChannelOptions,
): FrameChannel => {
  let finished = false
  let tail: Promise<void> = Promise.resolve()

  const sendInTurn = async (frame: Uint8Array, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) throw abortReason(signal)
    while (wire.brokenBy() === null && far.travelling + far.inbox.unreadBytes() >= maxUnreadBytes) {
      await orAborted(new Promise<void>((resolve) => far.waitingSenders.push(resolve)), signal)
    }
    const broken = wire.brokenBy()
    if (broken !== null) throw broken
    const cost = frame.length + frameOverheadBytes
    far.travelling += cost
    const deliver = (): void => {
      far.travelling -= cost
      far.inbox.push(frame)
    }
    const lost = (): void => {
      far.travelling -= cost
      if (breaksOnLoss) wire.breakBoth('A frame was lost.')
      wakeSenders(far)
    }
    carry(frame.length, deliver, lost)
  }

  const deliverEnd = (): void => {
    far.inbox.end()
    wire.endOne()
  }
  const loseEnd = (): void => wire.breakBoth('The connection was lost.')

  return {
    remotePeerId,
    receive: near.inbox.receive,
    send: (frame, signal) => {
      if (frame.length > maxFrameBytes) {
        return Promise.reject(new NetworkError('too-large', `A frame holds at most ${maxFrameBytes} bytes; this one has ${frame.length}.`))
      }
      if (finished) return Promise.reject(new NetworkError('closed', 'This side has already finished sending.'))
      const copy = new Uint8Array(frame)
      const sent = tail.then(() => sendInTurn(copy, signal))
      tail = sent.catch(() => undefined)
      return orAborted(sent, signal)
    },
    finish: async () => {
      if (finished) return
      finished = true
      await tail
      if (wire.brokenBy() === null) carry(0, deliverEnd, loseEnd)
    },
    abort: (reason) => wire.breakBoth(`The channel was aborted: ${reason}.`),
  }
}
