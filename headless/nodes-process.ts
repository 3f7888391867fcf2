import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { assert } from '../core/platform/assert.ts'
import type { NodesReady } from '../core/node/nodes-config.ts'
import type { NodesProcess } from '../core/node/nodes-process.ts'

export type SpawnedNodes = NodesProcess & {
  readonly child: ChildProcess
  /** What it is to run; it loads the market meanwhile. */
  readonly configure: (configLine: string) => void
}

const stopTimeoutMs = 5_000

/** No passphrase and no key of this process reaches its children: what they need comes through the pipe. */
const childEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.has(name.toUpperCase())))
const passedOn = new Set([
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'LANG',
  'TZ',
  'CLAUDE_MARKET_SQLITE',
  'NODE_EXTRA_CA_CERTS',
])

/** Runs `cli.js run-nodes`, behind the words of `command` if there are any; the process ends with this one, whose pipe it reads. */
export const spawnNodes = (cliPath: string, stderr: 'inherit' | number, command: readonly string[] = []): SpawnedNodes => {
  const [program, ...args] = [...command, process.execPath, cliPath, 'run-nodes']
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', stderr], env: childEnvironment() })
  const { stdin, stdout } = child
  assert(stdin !== null && stdout !== null, 'the child was started with pipes')
  // A child that dies while it is written to says so by its exit.
  stdin.on('error', () => undefined)
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    child,
    ready: firstLine(child, stdout),
    ended: exited,
    configure: (line) => void stdin.write(`${line}\n`),
    stop: () => stop(child, exited),
  }
}

const firstLine = (child: ChildProcess, stdout: NodeJS.ReadableStream): Promise<NodesReady> =>
  new Promise((resolve) => {
    const died = (): void => resolve({ ready: false, code: 'died', message: 'The process of its nodes ended before it was ready.' })
    child.once('error', died)
    child.once('close', died)
    createInterface({ input: stdout }).once('line', (line) => void readReady(line).then(resolve))
  })

const readReady = async (line: string): Promise<NodesReady> => {
  // The schema is loaded late: this file is among the first of a start.
  const { nodesReady } = await import('../core/node/nodes-config.ts')
  const parsed = nodesReady.safeParse(parseJson(line))
  return parsed.success
    ? parsed.data
    : { ready: false, code: 'unreadable', message: 'The process of its nodes gave no answer that can be read.' }
}

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

const stop = async (child: ChildProcess, exited: Promise<void>): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.stdin?.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await exited
  clearTimeout(timer)
}
