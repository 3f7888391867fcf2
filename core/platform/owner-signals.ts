/**
 * What a computer can tell about its owner, as a port; null where it cannot tell. Electron's main process has the real ones
 * (electron/main/owner-signals.ts); a daemon has none, and tests bring their own.
 */
export type OwnerSignals = {
  /** Since the last key or mouse movement. */
  readonly idleMs: () => number | null
  readonly isOnBattery: () => boolean | null
  /** The connection is billed by volume. */
  readonly isMetered: () => boolean | null
}

export const noOwnerSignals: OwnerSignals = { idleMs: () => null, isOnBattery: () => null, isMetered: () => null }
