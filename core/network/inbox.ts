import { orAborted } from './deadline.ts'
import { frameOverheadBytes } from './limits.ts'
import type { NetworkError } from './port.ts'

/** The receiving half of a channel: whole frames in order, then a clean end or an error. */
export type Inbox = {
  readonly push: (frame: Uint8Array) => void
  readonly end: () => void
  /** Unread frames are lost, unless the end has come: then everything has been received, whatever becomes of the connection. */
  readonly fail: (error: NetworkError) => void
  readonly receive: (signal?: AbortSignal) => Promise<Uint8Array | null>
  readonly unreadBytes: () => number
}

type State = { readonly kind: 'open' } | { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly error: NetworkError }

/** `onTaken` is told after each frame that was read, so that the owner can let the sender go on. */
export const createInbox = (onTaken: () => void): Inbox => {
  const frames: Uint8Array[] = []
  let unreadBytes = 0
  let state: State = { kind: 'open' }
  let wake: (() => void)[] = []
  const changed = (): void => {
    const woken = wake
    wake = []
    for (const go of woken) go()
  }
  const finish = (next: State): void => {
    if (state.kind !== 'open') return
    state = next
    changed()
  }
  return {
    unreadBytes: () => unreadBytes,
    push: (frame) => {
      if (state.kind !== 'open') return
      frames.push(frame)
      unreadBytes += frame.length + frameOverheadBytes
      changed()
    },
    end: () => finish({ kind: 'ended' }),
    fail: (error) => {
      if (state.kind !== 'open') return
      frames.length = 0
      unreadBytes = 0
      finish({ kind: 'failed', error })
    },
    receive: async (signal) => {
      for (;;) {
        if (state.kind === 'failed') throw state.error
        const frame = frames.shift()
        if (frame !== undefined) {
          unreadBytes -= frame.length + frameOverheadBytes
          onTaken()
          return frame
        }
        if (state.kind === 'ended') return null
        await orAborted(new Promise<void>((resolve) => wake.push(resolve)), signal)
      }
    },
  }
}
