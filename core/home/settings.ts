import { rename } from 'node:fs/promises'
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
  releaseSeen: null,
}
const format = 'claude-market-settings'
/** Unknown fields are a newer version's, and a missing one takes its default: preferences are never a reason not to start. */
const fileSchema = z
  .object({ format: z.literal(format), ...schema.partial().shape })
  .transform(({ format: _format, ...given }) => Object.assign({}, defaults, given) as Settings)

export type SettingsStore = {
  readonly get: () => Settings
  readonly revision: () => number
  /** Whether the file was damaged at the start and nothing has been stored since. */
  readonly wereReset: () => boolean
  /** On disk before it resolves. */
  readonly set: (settings: Settings) => Promise<Result<null, Failure<'disk'>>>
  readonly onChanged: (listener: (settings: Settings) => void) => () => void
}

/** Settings that cannot be read are taken as the defaults; a damaged file is kept aside, in place of an older one. */
export const loadSettings = async (path: string, log: Log): Promise<SettingsStore> => {
  const file = {
    path,
    disk: systemDisk,
    maxBytes: 10_000,
    title: 'The settings file',
    parse: (json: unknown) => fileSchema.safeParse(json).data ?? null,
  }
  const read = await readJsonFile(file)
  if (!read.ok) await complain(path, read.error, log)
  const listeners = new Set<(settings: Settings) => void>()
  let settings: Settings = (read.ok ? read.value : null) ?? defaults
  let revision = 0
  let wereReset = !read.ok && read.error.code === 'damaged'
  return {
    get: () => settings,
    revision: () => revision,
    wereReset: () => wereReset,
    set: async (next) => {
      const stored = await writeJsonFile(file, { format, ...next })
      if (!stored.ok) return stored
      settings = next
      revision += 1
      wereReset = false
      for (const listener of listeners) listener(settings)
      return stored
    },
    onChanged: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const complain = async (path: string, { code, message }: Failure<'disk' | 'damaged'>, log: Log): Promise<void> => {
  if (code === 'disk') return log.write('warn', 'settings not read', { reason: message })
  const keptAs = `${path}.damaged`
  try {
    await rename(path, keptAs)
    log.write('warn', 'settings damaged', { keptAs })
  } catch (error) {
    log.write('warn', 'damaged settings not kept aside', { path, reason: String(error) })
  }
}
