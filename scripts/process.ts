import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

export const rootPath = join(import.meta.dirname, '..')

export type Finished = { readonly code: number; readonly output: string }

/** Whole process groups, so that what a tool started does not outlive it. Windows has none: there the child alone ends. */
const hasGroups = process.platform !== 'win32'
const drainTimeoutMs = 2_000
const running = new Set<ChildProcess>()

const endGroup = (child: ChildProcess): void => {
  running.delete(child)
  try {
    if (hasGroups && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}

process.on('exit', () => running.forEach(endGroup))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

/**
 * Runs a program of this repository (a name in node_modules/.bin, or `node`) to its end and collects what it prints;
 * `stream` shows it as it comes. Whatever it started is ended with it.
 */
export const run = (name: string, args: readonly string[], options: { readonly stream?: boolean } = {}): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const path = join(rootPath, 'node_modules', '.bin')
    const child = spawn(name, args, {
      cwd: rootPath,
      env: { ...process.env, PATH: `${path}${process.platform === 'win32' ? ';' : ':'}${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: hasGroups,
      shell: !hasGroups,
    })
    running.add(child)
    const parts: Buffer[] = []
    const keep = (part: Buffer): void => {
      parts.push(part)
      if (options.stream === true) process.stdout.write(part)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('exit', (code) => {
      endGroup(child)
      const finish = (): void => resolve({ code: code ?? 1, output: Buffer.concat(parts).toString('utf8') })
      // The rest of the output is still in the pipe. Whoever left the group may hold the pipe open for ever, and is not waited for.
      const giveUp = setTimeout(finish, drainTimeoutMs)
      child.on('close', () => {
        clearTimeout(giveUp)
        finish()
      })
    })
  })
