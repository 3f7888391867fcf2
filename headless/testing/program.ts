import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { assert } from '../../core/platform/assert.ts'

/** The programs of this repository as people start them, and what they leave behind. */
const rootPath = join(import.meta.dirname, '../..')
const cliPath = join(rootPath, 'out/headless/cli.js')

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type Program = {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** The first line of standard output that satisfies the condition; rejects when the program ends without one. */
  readonly line: (isIt: (line: string) => boolean) => Promise<string>
}

export type Bench = {
  /** Removed at the end. The programs use it for their temporary files as well. */
  readonly folder: string
  /** A command of the headless market. */
  readonly cli: (args: readonly string[], env?: NodeJS.ProcessEnv) => Program
  /** Processes that any of these programs started and that still run; on Linux, elsewhere always none. */
  readonly processes: () => readonly number[]
  /** What the programs left in their folder for temporary files. */
  readonly leftovers: () => readonly string[]
  readonly end: () => Promise<void>
}

export const createBench = (): Bench => {
  assert(existsSync(cliPath), 'build the bundles first: npm run build')
  const folder = mkdtempSync(join(tmpdir(), 'claude-market-test-'))
  const temporary = mkdtempSync(join(folder, 'tmp-'))
  const programs: Program[] = []
  return {
    folder,
    cli: (args, env) => {
      const inherited = { ...process.env, CLAUDE_MARKET_PASSPHRASE: undefined, ANTHROPIC_API_KEY: undefined }
      const program = run(args, { ...inherited, TMPDIR: temporary, ...env })
      programs.push(program)
      return program
    },
    processes: () => processesWith(`TMPDIR=${temporary}`),
    leftovers: () => readdirSync(temporary).filter((name) => name.startsWith('claude-market')),
    end: async () => {
      for (const { child } of programs) child.kill('SIGKILL')
      await Promise.all(programs.map(({ ended }) => ended))
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv): Program => {
  const child = spawn(process.execPath, [cliPath, ...args], { cwd: rootPath, env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString('utf8')))
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString('utf8')))
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
  const lines = createInterface({ input: child.stdout })
  const line = (isIt: (line: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      lines.on('line', (text) => isIt(text) && resolve(text))
      void ended.then(({ code }) => reject(new Error(`ended with ${code} before it said so: ${stdout}\n${stderr}`)))
    })
  return { child, ended, line }
}

/** By a variable of the environment they were started with that the programs hand on to their children. */
const processesWith = (variable: string): readonly number[] =>
  process.platform === 'linux'
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
        .filter((pid) => environmentOf(pid).split('\0').includes(variable))
        .map(Number)
    : []

const environmentOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}
