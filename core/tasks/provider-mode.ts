import type { Audit } from '../audit/service.ts'
import type { Consents } from '../compliance/consents.ts'
import { maxBackends, type ProviderChoice } from '../contract/provider.ts'
import type { OfferWish } from '../orders/handlers.ts'
import { equalBytes, fromHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Err, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { backendSettingsOf, keyOf, keyRefOf, type BackendFailure, type BackendSettings, type BackendSources } from './backend-settings.ts'
import type { BackendId, ChoiceStore, StoredSwitch } from './choice-store.ts'
import type { Serving, StartCode } from './serving.ts'
import type { ServingSettings } from './serving-rules.ts'

export type ProviderModeDeps = {
  readonly store: ChoiceStore
  readonly serving: Serving
  readonly consents: Consents
  readonly sources: BackendSources
  readonly clock: Clock
  readonly audit: Pick<Audit, 'note'>
  readonly log: Log
}
export type SwitchOnFailure = Failure<StartCode | 'key-missing' | 'too-many-backends'>
export type ProviderMode = ReturnType<typeof createProviderMode>

/** How long an offer stands before its maker announces it anew. */
const offerLifeMs = 3_600_000
/** A backend that is not there yet when the program starts, such as a model server that starts later, is asked again. */
const firstRetryMs = 5_000
const lastRetryMs = 300_000

/** Provider mode as its owner leaves it: each backend on or off, all of it on, paused or off, also after a restart. */
export const createProviderMode = (deps: ProviderModeDeps) => {
  const { store, serving, consents, clock, audit } = deps
  const noteSwitch = (outcome: string, rule: string): void => audit.note({ kind: 'switch', outcome, rule })
  /** What was on when the program ended and is not on again yet: why, and how to give it up. */
  const waiting = new Map<BackendId, { readonly reason: string; readonly cancel: () => void }>()

  const start = async (id: BackendId, choice: ProviderChoice, paused: StoredSwitch['pause']): Promise<Result<void, SwitchOnFailure>> => {
    const backend = await backendSettingsOf(choice.backend, deps.sources)
    if (!backend.ok) return notThere(backend.error)
    return serving.start(servedAs(id, choice, backend.value), paused)
  }
  const stopWaiting = (id: BackendId): void => {
    waiting.get(id)?.cancel()
    waiting.delete(id)
  }
  const switchOn = async (choice: ProviderChoice): Promise<Result<BackendId, SwitchOnFailure>> => {
    const { id, isNew } = store.findOrAdd(choice)
    if (isNew && store.list().length > maxBackends) {
      store.remove(id)
      return fail('too-many-backends', `No more than ${maxBackends} backends are kept. Remove one first.`)
    }
    stopWaiting(id)
    const started = await start(id, choice, null)
    if (started.ok) store.switchOn(id, choice)
    else if (isNew) store.remove(id)
    serving.look()
    noteSwitch(started.ok ? 'on' : 'not-on', started.ok ? 'by-owner' : started.error.code)
    return started.ok ? ok(id) : started
  }
  const switchOff = (id: BackendId, rule: string): void => {
    stopWaiting(id)
    serving.stop(id)
    store.switchOff(id)
    serving.look()
    noteSwitch('off', rule)
  }
  const isOnOrWaits = (id: BackendId): boolean => waiting.has(id) || serving.stateOf(id) !== 'off'

  /** Only what may cure itself is tried again: anything else waits for its owner. */
  const startAgain = async (id: BackendId, afterMs: number): Promise<void> => {
    const stored = store.get(id)
    const { isOn, pause } = store.theSwitch()
    if (!isOn || stored?.isOn !== true || serving.stateOf(id) !== 'off') return
    const started = await start(id, stored.choice, pause)
    noteSwitch(started.ok ? 'on' : 'not-on', started.ok ? 'restart' : started.error.code)
    waiting.delete(id)
    if (!started.ok) {
      const { code, message: reason } = started.error
      deps.log.write('warn', 'provider mode not started again', { code, reason })
      const again = (): void => void startAgain(id, Math.min(2 * afterMs, lastRetryMs))
      if (code === 'backend-unreachable') waiting.set(id, { reason, cancel: clock.after(afterMs, again) })
    }
    serving.look()
  }

  consents.onRevoked(({ id }) => {
    for (const one of store.list()) if (isConsentOf(one.choice, id) && isOnOrWaits(one.id)) switchOff(one.id, 'consent-withdrawn')
  })

  return {
    switchOn,
    /** One backend. */
    switchOff: (id: BackendId): void => switchOff(id, 'by-owner'),
    /** All of them; each keeps its own switch. */
    switchAllOff: (): void => {
      for (const id of waiting.keys()) stopWaiting(id)
      serving.stopAll()
      store.switchAllOff()
      noteSwitch('off', 'by-owner')
    },
    pause: (forMs: number | null): Result<void, Failure<'provider-stopped'>> => {
      const pause = { untilMs: forMs === null ? null : clock.nowMs() + forMs }
      const paused = serving.pause(pause)
      if (paused.ok) {
        store.setPause(pause)
        noteSwitch('paused', 'by-owner')
      }
      return paused
    },
    /** Ends a pause; without one starts what everything was switched off with, or all there is. The first that cannot be started is told. */
    resumeAll: async (): Promise<Result<void, SwitchOnFailure | Failure<'not-configured'>>> => {
      if (serving.isOn()) {
        store.setPause(null)
        serving.unpause()
        noteSwitch('resumed', 'by-owner')
        return ok(undefined)
      }
      const all = store.list()
      if (all.length === 0) return fail('not-configured', 'Choose a backend, caps and offers first; then provider mode can be switched on.')
      const left = all.filter(({ isOn }) => isOn)
      const started = await Promise.all((left.length > 0 ? left : all).map(({ choice }) => switchOn(choice)))
      const failed = started.find((one) => !one.ok)
      return failed === undefined || failed.ok ? ok(undefined) : failed
    },
    resume: async (id: BackendId): Promise<Result<void, SwitchOnFailure | Failure<'not-configured'>>> => {
      const stored = store.get(id)
      if (stored === null) return noSuchBackend
      const started = await switchOn(stored.choice)
      return started.ok ? ok(undefined) : started
    },
    remove: (id: BackendId): Result<void, Failure<'not-found'>> => {
      if (store.get(id) === null) return fail('not-found', noSuchBackend.error.message)
      switchOff(id, 'removed')
      store.remove(id)
      serving.look()
      return ok(undefined)
    },
    /** A key that was deleted or changed in the key store serves nobody any more. */
    keysChanged: async (): Promise<void> => {
      for (const settings of serving.served()) {
        const stored = store.get(settings.id)
        if (stored === null || keyRefOf(stored.choice.backend) === null) continue
        const now = await backendSettingsOf(stored.choice.backend, deps.sources)
        if (!now.ok || keyOf(now.value) !== keyOf(settings.backend)) switchOff(settings.id, 'key-changed')
      }
    },
    /** Whether another backend still works with this key, under a consent of its own. */
    isKeyNeeded: (keyRef: string, withdrawn: Bytes32): boolean =>
      store
        .list()
        .some(({ choice }) => keyRefOf(choice.backend) === keyRef && !isConsentOf(choice, withdrawn) && hasConsent(consents, choice)),
    /** After a statement was taken back: what may not run any more ends now, not when somebody next looks. */
    stopIfRefused: (): void => {
      for (const settings of serving.served())
        if (serving.decisionOf(settings).verdict === 'refuse') switchOff(settings.id, 'statement-withdrawn')
    },
    /** Why a backend that was on when the program ended is not on again yet. */
    waitsFor: (id: BackendId): string | null => waiting.get(id)?.reason ?? null,
    /** The first of them. */
    waits: (): string | null => [...waiting.values()][0]?.reason ?? null,
    backends: store.list,
    /** After a start of the program: what was on goes on. */
    restore: async (): Promise<void> => {
      await Promise.all(store.list().map(({ id }) => startAgain(id, firstRetryMs)))
    },
    /** With the program; the next start takes it up again. */
    shutDown: (): void => {
      if (serving.isOn()) noteSwitch('off', 'program-ends')
      for (const id of waiting.keys()) stopWaiting(id)
      serving.stopAll()
    },
  }
}

const noSuchBackend = fail('not-configured' as const, 'There is no such backend.')

/** A program that is not installed cannot be reached either. */
export const notThere = ({ code, message }: BackendFailure): Err<Failure<'key-missing' | 'backend-unreachable'>> =>
  fail(code === 'not-installed' ? 'backend-unreachable' : code, message)

const consentIdOf = ({ consentRef }: ProviderChoice): Uint8Array | null =>
  consentRef !== null && /^[0-9a-f]{64}$/.test(consentRef) ? fromHex(consentRef) : null

const isConsentOf = (choice: ProviderChoice, id: Bytes32): boolean => {
  const own = consentIdOf(choice)
  return own !== null && equalBytes(own, id)
}
const hasConsent = (consents: Consents, choice: ProviderChoice): boolean =>
  consents.list().some(({ id, status }) => status === 'valid' && isConsentOf(choice, id))

export const servedAs = (id: BackendId, choice: ProviderChoice, backend: BackendSettings): ServingSettings => ({
  id,
  backend,
  caps: choice.caps,
  offers: choice.offers.map((offer) => wishOf(choice, offer)),
  consentId: consentIdOf(choice),
  approvalWaived: !choice.approveEachTask,
})

const wishOf = ({ caps }: ProviderChoice, { classKey, pricing, promise }: ProviderChoice['offers'][number]): OfferWish => ({
  classKey,
  pricing,
  ...promise,
  concurrent: caps.concurrent,
  leftToday: caps.tasksPerDay,
  validForMs: offerLifeMs,
})
