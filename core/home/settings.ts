import { z } from 'zod'
import { settingsFields } from '../contract/setup.ts'
import { systemDisk } from '../platform/disk.ts'
import { readJsonFile, writeJsonFile } from '../platform/json-file.ts'
import type { Log } from '../platform/log.ts'
import type { Failure, Result } from '../platform/result.ts'

const schema = z.object(settingsFields)
export type Settings = Readonly<z.output<typeof schema>>

const defaults: Settings = {
  theme: 'system',
  language: 'system',
  payAnswers: 'by-itself',
  onClose: 'ask',
  startAtLogin: 'off',
  startHidden: 'off',
  notifyApprovals: 'outside-quiet-hours',
  notifyProblems: 'outside-quiet-hours',
  notifyPayments: 'outside-quiet-hours',
  quietFromHour: 22,
  quietUntilHour: 7,
  tour: 'unseen',
  phraseTriedAtMs: null,
}
const format = 'claude-market-settings'
/** Unknown fields are a newer version's, and a missing one takes its default: preferences are never a reason not to start. */
const fileSchema = z
  .object({ format: z.literal(format), ...schema.partial().shape })
  .transform(({ format: _format, ...given }) => Object.assign({}, defaults, given) as Settings)

export type SettingsStore = {
  readonly get: () => Settings
  readonly revision: () => number
  /** On disk before it resolves. */
  readonly set: (settings: Settings) => Promise<Result<null, Failure<'disk'>>>
  readonly onChanged: (listener: (settings: Settings) => void) => () => void
}

/** Settings that cannot be read are taken as the defaults, and the log says so. */
export const loadSettings = async (path: string, log: Log): Promise<SettingsStore> => {
  const file = {
    path,
    disk: systemDisk,
    maxBytes: 10_000,
    title: 'The settings file',
    parse: (json: unknown) => fileSchema.safeParse(json).data ?? null,
  }
  const read = await readJsonFile(file)
  if (!read.ok) log.write('warn', 'settings not read', { reason: read.error.message })
  const listeners = new Set<(settings: Settings) => void>()
  let settings: Settings = (read.ok ? read.value : null) ?? defaults
  let revision = 0
  return {
    get: () => settings,
    revision: () => revision,
    set: async (next) => {
      const stored = await writeJsonFile(file, { format, ...next })
      if (!stored.ok) return stored
      settings = next
      revision += 1
      for (const listener of listeners) listener(settings)
      return stored
    },
    onChanged: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
