import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import type { Clock } from '../platform/clock.ts'
import { diskFailure } from '../platform/disk.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { createSerialQueue } from '../platform/serial-queue.ts'
import type { FederationKind } from '../federation/limits.ts'
import { takeDataFolder, type DataFolder } from '../storage/data-folder.ts'
import type { Current } from './door.ts'
import { followUp } from './follow-up.ts'
import type { OpenDeps, OpenMarket } from './open-market.ts'
import { lookInto, openingWith, type Keys, type Opening } from './opening.ts'
import { kindOf, problemOf, type State } from './state.ts'

export type LifecycleDeps = Omit<OpenDeps, 'folder' | 'onDiskFull'> &
  Keys & { readonly dataFolder: string; readonly clock: Clock; readonly changed: () => void }

export type Lifecycle = ReturnType<typeof createLifecycle>
type NotNow = Failure<'not-now'>

/**
 * From a data folder to a market that runs, and back. Whatever changes the state goes through one queue, so that of two wishes at once
 * the second finds what the first has done.
 */
export const createLifecycle = (deps: LifecycleDeps) => {
  const { dataFolder, log } = deps
  const queue = createSerialQueue()
  let state: State = { phase: 'starting', kind: null }
  let folder: DataFolder | null = null
  let stopFollowing = (): void => undefined
  const waiting: (() => void)[] = []

  const enter = (next: State): void => {
    state = next
    deps.changed()
    if (next.phase === 'starting') return
    for (const resolve of waiting.splice(0)) resolve()
  }
  const failWith = (problem: Failure, kind: FederationKind | null): void => {
    log.write('error', 'market-not-opened', { code: problem.code, reason: problem.message })
    enter({ phase: 'failed', kind, problem })
  }

  const takeFolder = (): Result<DataFolder, Failure> => {
    if (folder !== null) return ok(folder)
    const taken = takeDataFolder({ path: dataFolder, ...(deps.nativeBinding === undefined ? {} : { nativeBinding: deps.nativeBinding }) })
    if (taken.ok) folder = taken.value
    return taken
  }
  const look = async (): Promise<void> => {
    const taken = takeFolder()
    if (!taken.ok) return failWith(taken.error, null)
    const found = await lookInto(dataFolder, deps)
    if (!found.ok) return failWith(found.error, null)
    if (found.value.kind === 'nothing') return enter({ phase: 'first-start' })
    if (found.value.kind === 'locked') return enter({ ...found.value, phase: 'locked' })
    await start(found.value.opening, taken.value)
  }
  const start = async (opening: Opening, held: DataFolder): Promise<void> => {
    enter({ phase: 'starting', kind: opening.kind })
    const opened = await opening.open({ ...deps, folder: held, onDiskFull: () => queueMicrotask(() => noticed(null, diskFull)) })
    if (!opened.ok) return failWith(opened.error, opening.kind)
    const market = opened.value
    enter({ phase: 'running', kind: opening.kind, market, problem: market.problem, awaitedMicro: 0n })
    void market.broken.then((problem) => queue.run(() => breakDown(market, problem)))
    const over = (problem: Failure): void => {
      if (state.phase === 'running' && state.problem === problem) enter({ ...state, problem: null })
    }
    const awaiting = (awaitedMicro: bigint): void => {
      if (state.phase === 'running' && state.market === market && state.awaitedMicro !== awaitedMicro) enter({ ...state, awaitedMicro })
    }
    stopFollowing = followUp({ ...deps, market, awaiting, noticed: (problem) => noticed(market, problem), over })
  }
  /** Null is whichever market runs. */
  const noticed = (market: OpenMarket | null, problem: Failure): void => {
    if (state.phase === 'running' && state.problem !== problem && (market ?? state.market) === state.market) enter({ ...state, problem })
  }
  const breakDown = async (market: OpenMarket, problem: Failure): Promise<void> => {
    if (state.phase !== 'running' || state.market !== market) return
    await closeMarket()
    failWith(problem, kindOf(state))
  }
  const closeMarket = async (): Promise<void> => {
    stopFollowing()
    if (state.phase === 'running') await state.market.stop()
  }
  /** Whatever goes wrong in a way nobody foresaw must still leave something to press. */
  const inQueue = (work: () => Promise<void>): Promise<void> =>
    queue.run(work).catch((error: unknown) => {
      log.write('error', 'lifecycle-failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      failWith({ code: 'internal', message: 'The market could not be opened. The log says why; try again, or start over.' }, null)
    })

  const begin = <E extends Failure>(prepare: (path: string) => Promise<Result<Opening, E>>): Promise<Result<null, E | NotNow>> =>
    queue.run(async () => {
      const held = folder
      if (state.phase !== 'first-start' || held === null) return notNow('This data folder has been set up already.')
      const opening = await prepare(held.path)
      if (!opening.ok) return opening
      enter({ phase: 'starting', kind: opening.value.kind })
      void inQueue(() => start(opening.value, held))
      return ok(null)
    })

  const unlock = (passphrase: string): Promise<Result<null, Failure<'not-now' | 'wrong-passphrase' | 'disk'>>> =>
    queue.run(async () => {
      const held = folder
      if (state.phase !== 'locked' || held === null) return notNow('The market is not locked.')
      const opening = await openingWith(held.path, { kind: 'passphrase', passphrase }, state.federation, deps.member)
      if (!opening.ok) {
        const { code, message } = opening.error
        if (code === 'wrong-passphrase') return fail('wrong-passphrase', message)
        failWith(opening.error, state.federation.genesis.kind)
        return fail('disk', message)
      }
      enter({ phase: 'starting', kind: opening.value.kind })
      void inQueue(() => start(opening.value, held))
      return ok(null)
    })

  const retry = (): Promise<Result<null, NotNow>> =>
    queue.run(async () => {
      if (state.phase !== 'failed') return notNow('Nothing has failed.')
      enter({ phase: 'starting', kind: state.kind })
      void inQueue(look)
      return ok(null)
    })

  const startOver = (): Promise<Result<string, Failure<'not-now' | 'disk'>>> =>
    queue.run(async () => {
      if (state.phase === 'first-start' || state.phase === 'starting') return notNow('There is nothing to put aside yet.')
      if (folder === null && state.phase === 'failed' && state.problem.code === 'already-running')
        return notNow('Another program is using this data folder. Close it first.')
      await closeMarket()
      folder?.release()
      folder = null
      const keptAs = await putAside(dataFolder)
      enter({ phase: 'starting', kind: keptAs.ok ? null : kindOf(state) })
      void inQueue(look)
      return keptAs
    })

  return {
    state: () => state,
    current: (): Current => currentOf(state, settled),
    settled,
    open: (): Promise<void> => inQueue(look),
    begin,
    unlock,
    retry,
    startOver,
    stop: (): Promise<void> =>
      inQueue(async () => {
        await closeMarket()
        enter({ phase: 'failed', kind: kindOf(state), problem: { code: 'closed', message: 'The market has been closed.' } })
        folder?.release()
        folder = null
      }),
  }

  /** Resolves when it is no longer starting. */
  function settled(): Promise<void> {
    return state.phase === 'starting' ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve()
  }
}

const currentOf = (state: State, settled: () => Promise<void>): Current => {
  if (state.phase === 'running') return { kind: 'running', door: state.market.door }
  if (state.phase === 'starting') return { kind: 'starting', over: settled() }
  return { kind: 'none', reason: problemOf(state) }
}

const diskFull: Failure = {
  code: 'disk-full',
  message:
    'The disk is full, so nothing more is saved and what was under way has stopped. Free some space, then quit and start again: it goes on where it was.',
}

const notNow = (message: string) => fail('not-now', message)

/** Under the first name beside it that is free; nothing is deleted. */
const putAside = async (dataFolder: string): Promise<Result<string, Failure<'disk'>>> => {
  let number = 2
  while (existsSync(`${dataFolder}-${number}`)) number += 1
  const keptAs = `${dataFolder}-${number}`
  try {
    await rename(dataFolder, keptAs)
    return ok(keptAs)
  } catch (error) {
    return diskFailure(`The data folder ${dataFolder}`, error)
  }
}
