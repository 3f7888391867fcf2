import type { Audit } from '../audit/service.ts'
import type { Consents } from '../compliance/consents.ts'
import type { ProviderChoice } from '../contract/provider.ts'
import type { OfferWish } from '../orders/handlers.ts'
import { equalBytes, fromHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Err, type Failure, type Result } from '../platform/result.ts'
import { backendSettingsOf, keyOf, keyRefOf, type BackendFailure, type BackendSources } from './backend-settings.ts'
import type { ChoiceStore, StoredChoice } from './choice-store.ts'
import type { Serving, StartCode } from './serving.ts'

export type ProviderModeDeps = {
  readonly store: ChoiceStore
  readonly serving: Serving
  readonly consents: Consents
  readonly sources: BackendSources
  readonly clock: Clock
  readonly audit: Pick<Audit, 'note'>
  readonly log: Log
}
export type SwitchOnFailure = Failure<StartCode | 'key-missing'>
export type ProviderMode = ReturnType<typeof createProviderMode>

/** How long an offer stands before its maker announces it anew. */
const offerLifeMs = 3_600_000
/** A backend that is not there yet when the program starts, such as a model server that starts later, is asked again. */
const firstRetryMs = 5_000
const lastRetryMs = 300_000

/** Provider mode as its owner leaves it: on, paused or off, also after a restart. */
export const createProviderMode = (deps: ProviderModeDeps) => {
  const { store, serving, clock, audit } = deps
  const noteSwitch = (outcome: string, rule: string): void => audit.note({ kind: 'switch', outcome, rule })
  let cancelRetry = (): void => undefined
  /** Why what was on when the program ended is not on again yet. */
  let waitsFor: string | null = null

  const start = async (choice: ProviderChoice, pause: StoredChoice['pause']): Promise<Result<void, SwitchOnFailure>> => {
    const backend = await backendSettingsOf(choice.backend, deps.sources)
    if (!backend.ok) return notThere(backend.error)
    return serving.start(
      {
        backend: backend.value,
        caps: choice.caps,
        offers: choice.offers.map((offer) => wishOf(choice, offer)),
        consentId: consentIdOf(choice),
        approvalWaived: !choice.approveEachTask,
      },
      pause,
    )
  }
  const stopRetrying = (): void => {
    cancelRetry()
    waitsFor = null
  }
  const switchOn = async (choice: ProviderChoice): Promise<Result<void, SwitchOnFailure>> => {
    stopRetrying()
    const started = await start(choice, null)
    if (started.ok) store.switchOn(choice)
    noteSwitch(started.ok ? 'on' : 'not-on', started.ok ? 'by-owner' : started.error.code)
    return started
  }
  const switchOff = (rule: string): void => {
    stopRetrying()
    serving.stop()
    store.switchOff()
    noteSwitch('off', rule)
  }

  /** Only what may cure itself is tried again: anything else waits for its owner. */
  const startAgain = async (afterMs: number): Promise<void> => {
    const stored = store.load()
    if (stored?.isOn !== true || serving.settings() !== null) return
    const started = await start(stored.choice, stored.pause)
    waitsFor = started.ok || started.error.code !== 'backend-unreachable' ? null : started.error.message
    serving.look()
    noteSwitch(started.ok ? 'on' : 'not-on', started.ok ? 'restart' : started.error.code)
    if (started.ok) return
    deps.log.write('warn', 'provider mode not started again', { code: started.error.code, reason: started.error.message })
    if (waitsFor === null) return
    cancelRetry = clock.after(afterMs, () => void startAgain(Math.min(2 * afterMs, lastRetryMs)))
  }

  deps.consents.onRevoked(({ id }) => {
    const consentId = serving.settings()?.consentId ?? null
    if (consentId !== null && equalBytes(consentId, id)) switchOff('consent-withdrawn')
  })

  return {
    switchOn,
    switchOff: () => switchOff('by-owner'),
    pause: (forMs: number | null): Result<void, Failure<'provider-stopped'>> => {
      const pause = { untilMs: forMs === null ? null : clock.nowMs() + forMs }
      const paused = serving.pause(pause)
      if (paused.ok) {
        store.setPause(pause)
        noteSwitch('paused', 'by-owner')
      }
      return paused
    },
    /** Ends a pause, or starts with the choices of the last start. */
    resume: async (): Promise<Result<void, SwitchOnFailure | Failure<'not-configured'>>> => {
      if (serving.settings() !== null) {
        store.setPause(null)
        serving.unpause()
        noteSwitch('resumed', 'by-owner')
        return ok(undefined)
      }
      const stored = store.load()
      return stored === null
        ? fail('not-configured', 'Choose a backend, caps and offers first; then provider mode can be switched on.')
        : switchOn(stored.choice)
    },
    /** A key that was deleted or changed in the key store serves nobody any more. */
    keysChanged: async (): Promise<void> => {
      const [stored, settings] = [store.load(), serving.settings()]
      if (settings === null || stored === null || keyRefOf(stored.choice.backend) === null) return
      const now = await backendSettingsOf(stored.choice.backend, deps.sources)
      if (!now.ok || keyOf(now.value) !== keyOf(settings.backend)) switchOff('key-changed')
    },
    /** After a statement was taken back: what may not run any more ends now, not when somebody next looks. */
    stopIfRefused: (): void => {
      if (serving.decision()?.verdict === 'refuse') switchOff('statement-withdrawn')
    },
    waitsFor: (): string | null => waitsFor,
    configured: (): ProviderChoice | null => store.load()?.choice ?? null,
    /** After a start of the program: what was on goes on. */
    restore: (): Promise<void> => startAgain(firstRetryMs),
    /** With the program; the next start takes it up again. */
    shutDown: (): void => {
      if (serving.settings() !== null) noteSwitch('off', 'program-ends')
      stopRetrying()
      serving.stop()
    },
  }
}

/** A program that is not installed cannot be reached either. */
export const notThere = ({ code, message }: BackendFailure): Err<Failure<'key-missing' | 'backend-unreachable'>> =>
  fail(code === 'not-installed' ? 'backend-unreachable' : code, message)

const consentIdOf = ({ consentRef }: ProviderChoice): Uint8Array | null =>
  consentRef !== null && /^[0-9a-f]{64}$/.test(consentRef) ? fromHex(consentRef) : null

const wishOf = ({ caps }: ProviderChoice, { classKey, pricing, promise }: ProviderChoice['offers'][number]): OfferWish => ({
  classKey,
  pricing,
  ...promise,
  concurrent: caps.concurrent,
  leftToday: caps.tasksPerDay,
  validForMs: offerLifeMs,
})
