import { guardFreeText } from '../compliance/free-text.ts'
import { createSecretGuard } from '../compliance/secret-guard.ts'
import { homeContract, type HomeContract } from '../contract/contract.ts'
import { createDispatcher, type Dispatcher } from '../contract/dispatcher.ts'
import { toHex } from '../platform/bytes.ts'
import { systemClock } from '../platform/clock.ts'
import { systemRandom } from '../platform/random.ts'
import { createHomeDoor, type Door } from './door.ts'
import { createLifecycle, type LifecycleDeps } from './lifecycle.ts'
import { createPendingDevice } from './pending-device.ts'
import { createPendingPhrase } from './pending-phrase.ts'
import { incomingHandlers, type Incoming } from './incoming.ts'
import { createRecentCommands } from './recent-commands.ts'
import type { SettingsStore } from './settings.ts'
import { settingsHandlers, type SettingsDeps } from './settings-handlers.ts'
import { setupHandlers } from './setup-handlers.ts'
import type { State } from './state.ts'

export type HomeOptions = Omit<LifecycleDeps, 'changed' | 'clock'> &
  Pick<SettingsDeps, 'surface' | 'logFile' | 'showFolder' | 'savePdf'> & {
    readonly settings: SettingsStore
    readonly incoming: Incoming
  }

/** One data folder on this computer: what it holds, the market that runs from it, and the preferences of whoever uses it. */
export type Home = {
  /** The whole contract, whatever state the market is in. */
  readonly door: Door
  readonly state: () => State
  /** Resolves at once unless it is starting, then when it no longer is. */
  readonly settled: () => Promise<void>
  /** Opens what the data folder holds; resolves when that runs, has failed, or waits for somebody. */
  readonly open: () => Promise<void>
  /** Tells the screens that the program was started once more. */
  readonly tellStartedAgain: () => void
  readonly stop: () => Promise<void>
}

export const createHome = (options: HomeOptions): Home => {
  const { log, settings, incoming } = options
  // Handlers need the parts and the parts emit events; nothing is emitted while they are made.
  let dispatcher: Dispatcher<HomeContract> | null = null
  let revision = 0
  settings.onChanged(() => dispatcher?.emit('settings.changed', { revision: settings.revision() }))
  incoming.onChanged(() => dispatcher?.emit('incoming.changed', { revision: incoming.current().revision }))
  const osProtector = once(options.osProtector)
  const lifecycle = createLifecycle({
    ...options,
    osProtector,
    clock: systemClock,
    changed: () => {
      door.marketChanged()
      dispatcher?.emit('setup.changed', { revision: ++revision })
    },
  })
  const recent = createRecentCommands()
  dispatcher = createDispatcher(
    homeContract,
    guardFreeText(
      {
        setup: setupHandlers({
          ...options,
          lifecycle,
          recent,
          osProtector,
          revision: () => revision,
          pending: createPendingPhrase(systemRandom),
          device: createPendingDevice(systemRandom),
          clock: systemClock,
          random: systemRandom,
        }),
        settings: settingsHandlers({
          ...options,
          recent,
          startedAtMs: systemClock.nowMs(),
          memoryBytes: () => process.memoryUsage.rss(),
        }),
        incoming: incomingHandlers(incoming, recent),
      },
      createSecretGuard().inspectPrompt,
    ),
    { log, newIncidentId: () => toHex(systemRandom.bytes(8)) },
  )
  const door = createHomeDoor(dispatcher, lifecycle.current)
  const { state, settled, open, stop } = lifecycle
  return { door, state, settled, open, tellStartedAgain: () => dispatcher?.emit('setup.startedAgain', {}), stop }
}

/** Asking the system's key store may ask the user, so it is done when it is needed, and not again. */
const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | null = null
  return () => (asked ??= ask())
}
