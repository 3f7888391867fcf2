import { execFile } from 'node:child_process'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { packageApp } from '../../scripts/package-app.ts'
import { rootPath } from '../../scripts/process.ts'

const run = promisify(execFile)
const executable = 'claude-market'
const testedPath = join(rootPath, '.cache', 'e2e', 'package')

/** What `npm run dist:dir` makes. Linux alone: the tests of the package run where the test runtime does. */
export const packagePath = join(rootPath, 'dist', 'linux-unpacked')
export const packagedExecutable = join(packagePath, executable)
/** The same with one fuse flipped, without which nothing could drive it from outside. */
export const testedExecutable = join(testedPath, executable)

/** Packages the app and makes the copy that the tests drive: the same files, but for the executable and its one fuse. */
export const packageForTests = async (): Promise<void> => {
  const packaged = await packageApp((line) => void process.stderr.write(`${line}\n`))
  if (!packaged.ok) throw new Error(packaged.error.message)
  await rm(testedPath, { recursive: true, force: true })
  await mkdir(dirname(testedPath), { recursive: true })
  await run('cp', ['-al', packagePath, testedPath])
  await rm(testedExecutable)
  await copyFile(packagedExecutable, testedExecutable)
  await flipFuses(testedExecutable, { version: FuseVersion.V1, [FuseV1Options.EnableNodeCliInspectArguments]: true })
}
