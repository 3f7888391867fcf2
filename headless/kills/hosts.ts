import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { assert } from '../../core/platform/assert.ts'
import { fail, ok, type Failure, type Result } from '../../core/platform/result.ts'

/**
 * A host of its own for each witness: a network namespace on one bridge, whose cable can be pulled. All of it lies inside a private
 * namespace of the program that made it, so that nothing is left on the computer when that program ends, however it ends.
 */
export type Hosts = {
  /** The address of a host, by its number from 0. */
  readonly addressOf: (host: number) => string
  /** What to put before a command line so that it runs on that host. */
  readonly commandOn: (host: number) => readonly string[]
  /** Nothing gets in or out, and nobody is told. */
  readonly cut: (host: number) => void
  readonly heal: (host: number) => void
  readonly close: () => void
}

const bridge = 'bridge'
const cableOf = (host: number): string => `host${host}`

const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })

/** Only inside a network namespace that was made for it, see `scripts/kills.ts`. */
export const createHosts = (count: number): Result<Hosts, Failure<'no-namespaces'>> => {
  const holders: ChildProcess[] = []
  const close = (): void => {
    for (const holder of holders) holder.kill('SIGKILL')
  }
  try {
    ip('link', 'set', 'lo', 'up')
    ip('link', 'add', bridge, 'type', 'bridge')
    ip('addr', 'add', '10.231.0.1/24', 'dev', bridge)
    ip('link', 'set', bridge, 'up')
    for (let host = 0; host < count; host += 1) holders.push(connectHost(host))
  } catch (error) {
    close()
    return fail('no-namespaces', `Network namespaces cannot be made here (${error instanceof Error ? error.message.trim() : 'unknown'}).`)
  }
  return ok({
    addressOf,
    commandOn: (host) => onHost(pidOf(holders[host])),
    cut: (host) => ip('link', 'set', cableOf(host), 'down'),
    heal: (host) => ip('link', 'set', cableOf(host), 'up'),
    close,
  })
}

const addressOf = (host: number): string => `10.231.0.${10 + host}`
const onHost = (pid: number): readonly string[] => ['nsenter', '--net', '--target', String(pid)]

const pidOf = (child: ChildProcess | undefined): number => {
  assert(child?.pid !== undefined, 'the holder of a host’s namespace runs')
  return child.pid
}

/** A process that waits holds the namespace: it ends with the pipe to this program. */
const connectHost = (host: number): ChildProcess => {
  const holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const pid = pidOf(holder)
  const far = `eth${host}`
  ip('link', 'add', cableOf(host), 'type', 'veth', 'peer', 'name', far)
  waitForNamespace(pid)
  ip('link', 'set', far, 'netns', String(pid))
  ip('link', 'set', cableOf(host), 'master', bridge)
  ip('link', 'set', cableOf(host), 'up')
  const inside = (...args: readonly string[]): void => {
    const [command = '', ...rest] = [...onHost(pid), 'ip', ...args]
    execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
  }
  inside('link', 'set', 'lo', 'up')
  inside('addr', 'add', `${addressOf(host)}/24`, 'dev', far)
  inside('link', 'set', far, 'up')
  return holder
}

/** The child exists a moment before it has left for its own namespace. */
const waitForNamespace = (pid: number): void => {
  const own = namespaceOf('self')
  const deadlineMs = performance.now() + 5_000
  while (namespaceOf(String(pid)) === own) assert(performance.now() < deadlineMs, 'the host has a namespace of its own')
}
const namespaceOf = (pid: string): string => execFileSync('readlink', [`/proc/${pid}/ns/net`], { encoding: 'utf8' }).trim()
