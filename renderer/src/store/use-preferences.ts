import { useFollowed, useMarket } from './context.tsx'
import { valueOf } from './loaded.ts'
import type { Settings } from './types.ts'
import { useCommand } from './use-command.ts'

export type Preferences = Omit<Settings, 'revision' | 'wereReset' | 'surface' | 'dataFolder' | 'logFile' | 'startedAtMs' | 'memoryBytes'>

const preferencesOf = ({
  revision: _revision,
  wereReset: _reset,
  surface: _surface,
  dataFolder: _folder,
  logFile: _log,
  startedAtMs: _start,
  memoryBytes: _memory,
  ...preferences
}: Settings): Preferences => preferences

/** What its owner has chosen on this computer, null until it is known, and how some of it is changed. */
export const usePreferences = () => {
  const { client, settings } = useMarket()
  const set = useCommand(client.settings.set)
  const known = valueOf(useFollowed(settings))
  const preferences = known === null ? null : preferencesOf(known)
  return {
    preferences,
    problem: set.problem,
    change: (changed: Partial<Preferences>): void => {
      if (preferences !== null) void set.run({ ...preferences, ...changed })
    },
  }
}
