import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { rootPath, run } from './process.ts'

/**
 * The real Claude Code program, for the tests alone: it is no dependency, is in no package of this program, and what users run is
 * their own install. It comes from the npm registry into the ignored cache, once.
 */
const version = '2.1.331'
const packageName = '@anthropic-ai/claude-code-linux-x64'
const integrity = 'sha512-IpvZ9c/NopO/sr8ThWLVAUDXVAFT3auLWrhbR6wq1dgkuJfZYdTtoXf6GajE5KL9R58iTt/86OPXrJAsM4+l8g=='
const cachePath = join(rootPath, '.cache', 'claude-code', version)

/** The path of the program, or why there is none. */
export const obtainClaudeCode = async (): Promise<Result<string, Failure<'not-available'>>> => {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return fail('not-available', 'The real Claude Code program is tested on Linux with an x64 processor only.')
  const program = join(cachePath, 'claude')
  if (existsSync(program)) return ok(program)
  mkdirSync(join(cachePath, '..'), { recursive: true })
  const folder = mkdtempSync(join(cachePath, '..', 'fetching-'))
  try {
    const packed = await run('npm', ['pack', `${packageName}@${version}`, '--pack-destination', folder, '--silent'])
    const archive = join(folder, `${packageName.slice(1).replace('/', '-')}-${version}.tgz`)
    if (packed.code !== 0 || !existsSync(archive))
      return fail('not-available', 'The registry does not give the Claude Code program at the moment.')
    if (`sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}` !== integrity)
      return fail('not-available', 'The Claude Code program that the registry gave is not the one that these tests were written for.')
    const unpacked = await run('tar', ['-xzf', archive, '-C', folder])
    if (unpacked.code !== 0) return fail('not-available', 'The Claude Code program could not be unpacked.')
    rmSync(cachePath, { recursive: true, force: true })
    renameSync(join(folder, 'package'), cachePath)
    return ok(program)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
