import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import { createLocalModelExecutor } from './local-model.ts'
import { defaultRunnerLimits } from './runner.ts'

/** What can already run tasks on this computer, found without configuration. */
export type FoundServer = { readonly program: string; readonly baseUrl: string; readonly models: readonly string[] }

/** The ports on which the usual model servers listen unless they are told otherwise. */
const usualServers = [
  { program: 'Ollama', port: 11_434 },
  { program: 'llama.cpp', port: 8_080 },
  { program: 'LM Studio', port: 1_234 },
  { program: 'vLLM', port: 8_000 },
] as const
/** A server on this computer answers at once or is none. */
const answerWithinMs = 1_500

/** Asks the usual ports of this computer, all at once; what is no model server gives no models and is left out. */
export const findLocalServers = async (
  clock: Clock,
  signal: AbortSignal,
  servers: readonly { readonly program: string; readonly port: number }[] = usualServers,
): Promise<readonly FoundServer[]> => {
  const found = await Promise.all(
    servers.map(async ({ program, port }): Promise<readonly FoundServer[]> => {
      const baseUrl = `http://127.0.0.1:${port}`
      const limits = { ...defaultRunnerLimits, healthTimeoutMs: answerWithinMs }
      const executor = createLocalModelExecutor({ baseUrl, model: '', clock, limits })
      const health = executor.ok ? await executor.value.health(signal) : executor
      return health.ok && health.value.models.length > 0 ? [{ program, baseUrl, models: health.value.models }] : []
    }),
  )
  return found.flat()
}

/** Which login the user's Claude Code program has, by its own word: its files are never opened. */
export type ClaudeLogin = 'none' | 'api-key' | 'personal' | 'seat' | 'other'
export type FoundClaude = { readonly path: string; readonly login: ClaudeLogin }

export type ClaudeSearch = { readonly home: string; readonly path: string }
export const ownSearch = (): ClaudeSearch => ({ home: homedir(), path: process.env['PATH'] ?? '' })

/** A program that is started from a desktop has a short PATH, so the places of the usual installers are looked at too. */
const findProgram = ({ home, path }: ClaudeSearch): string | null => {
  const name = process.platform === 'win32' ? 'claude.exe' : 'claude'
  const usual = [join(home, '.local', 'bin'), join(home, '.claude', 'local'), '/opt/homebrew/bin', '/usr/local/bin']
  const folders = [...path.split(delimiter).filter(isAbsolute), ...usual]
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null
}
const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const status = z.object({ loggedIn: z.boolean(), authMethod: z.string().nullish(), subscriptionType: z.string().nullish() })
const statusTimeoutMs = 15_000
const maxStatusBytes = 64 * 1024

export const findClaude = async (search: ClaudeSearch = ownSearch()): Promise<FoundClaude | null> => {
  const path = findProgram(search)
  return path === null ? null : { path, login: await loginOf(path, search) }
}

const loginOf = (path: string, { home, path: searchPath }: ClaudeSearch): Promise<ClaudeLogin> =>
  new Promise((resolve) => {
    const options = { env: { HOME: home, PATH: searchPath }, timeout: statusTimeoutMs, maxBuffer: maxStatusBytes, windowsHide: true }
    execFile(path, ['auth', 'status'], options, (_error, output) => resolve(readLogin(output)))
  })

/** Whatever is not known to be a key or a seat counts as personal, which may do least. */
const readLogin = (output: string): ClaudeLogin => {
  try {
    const { loggedIn, authMethod, subscriptionType } = status.parse(JSON.parse(output))
    if (!loggedIn) return 'none'
    if (authMethod === 'api_key') return 'api-key'
    if (authMethod === 'third_party') return 'other'
    return subscriptionType === 'team' || subscriptionType === 'enterprise' ? 'seat' : 'personal'
  } catch {
    return 'none'
  }
}
