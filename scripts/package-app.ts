import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build as packageWith, createTargets, Platform } from 'electron-builder'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { build } from './build.ts'
import { obtainElectronRuntime, type ElectronRuntime } from './electron-runtime.ts'
import { rootPath } from './process.ts'

/**
 * Packages the app for this platform into a folder under dist/, around the Electron that is there: the official one where it can be
 * had, else the test runtime, which makes a package for trying out and for tests only.
 */
export const packageApp = async (report: (line: string) => void): Promise<Result<null, Failure>> => {
  const built = await build()
  if (!built.ok) return fail('not-built', built.output)
  const runtime = await obtainElectronRuntime({ rootPath, allowTestRuntime: true, report })
  if (!runtime.ok) return runtime
  if (runtime.value.kind === 'test') report('This package runs on the test runtime: it is for trying out, not for giving away.')
  const config = { electronDist: await stage(runtime.value), electronVersion: runtime.value.version }
  await packageWith({ projectDir: rootPath, targets: createTargets([Platform.current()], 'dir'), config, publish: 'never' })
  return ok(null)
}

/** The distribution without the test runtime's own default app. */
const stage = async ({ kind, folderPath }: ElectronRuntime): Promise<string> => {
  if (kind !== 'test') return folderPath
  const stagedPath = join(rootPath, '.cache', 'electron-dist')
  await rm(stagedPath, { recursive: true, force: true })
  await mkdir(stagedPath, { recursive: true })
  const defaultAppPath = join(folderPath, 'resources', 'app')
  await cp(folderPath, stagedPath, { recursive: true, filter: (path) => path !== defaultAppPath })
  return stagedPath
}
