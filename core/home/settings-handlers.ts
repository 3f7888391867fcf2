import { dirname } from 'node:path'
import type { HomeContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { diskFailure, systemDisk } from '../platform/disk.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { readLog } from './log-reader.ts'
import type { RecentCommands } from './recent-commands.ts'
import type { SettingsStore } from './settings.ts'

export type SettingsDeps = {
  readonly settings: SettingsStore
  readonly recent: RecentCommands
  readonly surface: 'desktop' | 'browser'
  readonly dataFolder: string
  readonly logFile: string | null
  readonly startedAtMs: number
  readonly memoryBytes: () => number
  /** Shows a folder in the system's file manager; null where there is no desktop. */
  readonly showFolder: ((path: string) => Promise<void>) | null
  /** Whether the page was kept under a name like this; null where there is no desktop. */
  readonly savePdf: ((name: string) => Promise<Result<boolean, Failure<'no-desktop' | 'disk'>>>) | null
}

export const settingsHandlers = (deps: SettingsDeps): Handlers<HomeContract>['settings'] => {
  const { settings, recent, surface, dataFolder, logFile, startedAtMs } = deps
  return {
    get: () =>
      ok({
        revision: settings.revision(),
        ...settings.get(),
        wereReset: settings.wereReset(),
        surface,
        dataFolder,
        logFile,
        startedAtMs,
        memoryBytes: deps.memoryBytes(),
      }),
    set: async (input) => {
      const { requestId: _, ...fields } = input
      const stored = await recent.run('settings.set', input, () => settings.set(fields))
      return stored.ok ? ok({}) : stored
    },
    openDataFolder: async () => {
      if (deps.showFolder === null) return fail('no-desktop', `There is no desktop here. The data folder is ${dataFolder}.`)
      await deps.showFolder(dataFolder)
      return ok({})
    },
    log: async (wish) => {
      if (logFile === null) return noLog
      try {
        return ok(readLog(await Promise.all([logFile, `${logFile}.1`].map(contentOf)), wish))
      } catch (error) {
        return diskFailure('The log', error)
      }
    },
    savePdf: async (input) => {
      if (deps.savePdf === null) return fail('no-desktop', 'There is no desktop here. Print the page with the browser.')
      const saved = await deps.savePdf(input.name)
      return saved.ok ? ok({ isSaved: saved.value }) : saved
    },
    openLogFolder: async () => {
      if (logFile === null) return noLog
      if (deps.showFolder === null) return fail('no-desktop', `There is no desktop here. The log is ${logFile}.`)
      await deps.showFolder(dirname(logFile))
      return ok({})
    },
  }
}

const noLog = fail('no-log', 'This program keeps no log file. It writes its log to where its errors go.')

/** Twice what the two files of log-file.ts hold, because a line counts characters. */
const maxLogBytes = 4_000_000
const contentOf = async (path: string): Promise<string> => new TextDecoder().decode((await systemDisk.read(path, maxLogBytes)) ?? undefined)
