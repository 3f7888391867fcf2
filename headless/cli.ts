import nodeModule from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

/**
 * Compiling the bundle takes a third of the time to the ready line, so the compiled code is kept: beside the bundle, because whoever
 * may write there may change the program anyway. Runtimes before Node 22 have no such cache.
 */
const enableCompileCache: ((folder: string) => unknown) | undefined = nodeModule.enableCompileCache
enableCompileCache?.(join(import.meta.dirname, '../.cache/compiled'))

// Room for new objects grows to 32 MB while a program starts and stays so for as long as it idles. Trading is as quick with 2 MB.
setFlagsFromString('--semi-space-growth-factor=1')

// Whoever reads the output may stop, as `head` does; the work goes on.
process.stdout.on('error', () => undefined)

/** Each is loaded when it is asked for. `run-nodes` is how programs start nodes; the others are for people and scripts. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  demo: async (args) => (await import('./demo.ts')).runDemo(args),
  daemon: async (args) => (await import('./daemon.ts')).runDaemon(args),
  keys: async (args) => (await import('./keys.ts')).runKeys(args),
  found: async (args) => (await import('./found.ts')).runFound(args),
  export: async (args) => (await import('./export.ts')).runExport(args),
  verify: async (args) => (await import('./verify.ts')).runVerify(args),
  federation: async (args) => (await import('./federation.ts')).runFederation(args),
  call: async (args) => (await import('./call.ts')).runCall(args),
  audit: async (args) => (await import('./audit.ts')).runAudit(args),
  'run-nodes': async () => (await import('./run-nodes.ts')).runNodes(),
}

const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (command === undefined) {
  const complaint = name === '' ? 'Say what to run.' : `There is no command “${name.slice(0, 40)}”.`
  process.stderr.write(
    `${complaint} Commands: demo, daemon (a market without a window), keys, found (a federation), federation (its committee), call, export (with proof), verify (a proof), audit verify (an exported log).\n`,
  )
  process.exitCode = 2
} else await command(args)
