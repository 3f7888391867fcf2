/** Tells which shared libraries an Electron executable lacks on this Linux, and the command that installs them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { type Failure, fail, ok, type Result } from '../core/platform/result.ts'

/** Debian packages that bring in everything Electron links against, and the display the tests draw on. */
const DEBIAN_PACKAGES = ['xvfb', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'dbus-x11']

export const INSTALL_LINE = `apt-get install -y ${DEBIAN_PACKAGES.join(' ')}`

export const missingLibraries = (executablePath: string): Result<null, Failure<'missing-libraries'>> => {
  if (process.platform !== 'linux') return ok(null)
  const missing = parseLddOutput(lddOutput(executablePath))
  if (missing.length === 0) return ok(null)
  return fail('missing-libraries', `Electron needs ${missing.join(', ')}. Install with: ${INSTALL_LINE}`)
}

/** The tests draw on the display there is, or on one of Xvfb's. */
export const missingDisplay = (environment: NodeJS.ProcessEnv = process.env): Result<null, Failure<'missing-display'>> => {
  if (process.platform !== 'linux' || (environment['DISPLAY'] ?? '') !== '') return ok(null)
  const hasXvfb = spawnSync('Xvfb', ['-help'], { stdio: 'ignore', env: environment }).error === undefined
  return hasXvfb ? ok(null) : fail('missing-display', `There is no display and no Xvfb. Install with: ${INSTALL_LINE}`)
}

/** @returns the names of the libraries that `ldd` could not find */
export const parseLddOutput = (output: string): readonly string[] =>
  output
    .split('\n')
    .filter((line) => line.includes('=> not found'))
    .map((line) => line.trim().split(' ')[0] ?? line)

const lddOutput = (executablePath: string): string => {
  try {
    return execFileSync('ldd', [executablePath], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    // A system without ldd (musl, NixOS) still gets its answer when Electron starts.
    return ''
  }
}
