import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Longer than any healthy start; a benchmark that waits for more has found a fault, not a figure. */
const readyTimeoutMs = 60_000

export type ReadyChild = { readonly child: ChildProcess; readonly readyMs: number; readonly readyLine: string }

/** Starts a Node program and times it until its first line on standard output, which has to be JSON. */
export const startUntilReady = (args: readonly string[]): Promise<ReadyChild> =>
  new Promise((resolve, reject) => {
    const startMs = performance.now()
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let complaints = ''
    child.stderr.on('data', (part: Buffer) => (complaints = (complaints + part.toString('utf8')).slice(-2_000)))
    const giveUp = setTimeout(() => fail(`gave no ready line within ${readyTimeoutMs / 1000} s`), readyTimeoutMs)
    const fail = (why: string): void => {
      child.kill('SIGKILL')
      clearTimeout(giveUp)
      reject(new Error(`${args[0]} ${why}\n${complaints}`.trimEnd()))
    }
    child.once('exit', (code) => fail(`ended with code ${code} before it was ready`))
    createInterface({ input: child.stdout }).once('line', (line) => {
      const readyMs = performance.now() - startMs
      clearTimeout(giveUp)
      child.removeAllListeners('exit')
      if (line.startsWith('{')) resolve({ child, readyMs, readyLine: line })
      else fail(`printed "${line.slice(0, 80)}" where its ready line was expected`)
    })
  })

export const stop = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
    child.once('exit', () => {
      clearTimeout(force)
      resolve()
    })
    child.kill('SIGTERM')
  })

/** Resident memory of one process in MB (10⁶ bytes). */
export const residentMb = async (pid: number): Promise<number> => {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024) / 1e6
  }
  return (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024) / 1e6
}

/** What one process shares with no other in MB; NaN where the system does not say. */
export const privateMb = async (pid: number): Promise<number> => {
  if (process.platform !== 'linux') return Number.NaN
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kB = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].reduce((sum, [, size]) => sum + Number(size), 0)
  return (kB * 1024) / 1e6
}

/** Clock ticks a second in /proc on every Linux that Node runs on. */
const ticksPerSecond = 100

/** What the processor has done for one process, in ms; NaN where the system does not say. */
export const processorMs = async (pid: number): Promise<number> => {
  if (process.platform !== 'linux') return Number.NaN
  const [user, system] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
  return (((user ?? Number.NaN) + (system ?? Number.NaN)) * 1_000) / ticksPerSecond
}

/** A data folder of its own for the time of one measurement. */
export const withDataFolder = async <T>(use: (path: string) => Promise<T>): Promise<T> => {
  const path = await mkdtemp(join(tmpdir(), 'claude-market-bench-'))
  try {
    return await use(path)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}
