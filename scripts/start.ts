import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { build } from './build.ts'
import { obtainElectronRuntime } from './electron-runtime.ts'
import { acceptNoOptions } from './no-options.ts'
import { rootPath } from './process.ts'

/** Why no window can be opened here, or null. */
const missingDisplay = (): string | null => {
  const hasDisplay =
    process.platform !== 'linux' || [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some((name) => (name ?? '') !== '')
  return hasDisplay ? null : 'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).'
}

/** Chromium refuses its sandbox to root, so there the choice is between no sandbox and no window. */
const rootArguments = (): readonly string[] => (process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [])

/** The window where one can be had, else the reason why not. */
const openWindow = async (): Promise<ChildProcess | string> => {
  const noDisplay = missingDisplay()
  if (noDisplay !== null) return noDisplay
  const runtime = await obtainElectronRuntime({ rootPath, allowTestRuntime: false, report: (line) => console.log(line) })
  if (!runtime.ok) return runtime.error.message
  return spawn(runtime.value.executablePath, [rootPath, ...rootArguments()], { cwd: rootPath, stdio: 'inherit' })
}

const readyLine = z.object({ pageUrl: z.string() })
/** Its log is for programs; people see what needs them. */
const isRoutine = (line: string): boolean => /^\{.*"level":"(debug|info)"/.test(line)

/** The same market without a window. Its one line for programs becomes one for people. */
const openHeadless = (reason: string): ChildProcess => {
  console.log(`${reason.replace(/\.$/, '')}, so the market runs without a window: open its address in a browser.`)
  const cliPath = join(rootPath, 'out/headless/cli.js')
  const child = spawn(process.execPath, [cliPath, 'daemon'], { cwd: rootPath, stdio: ['inherit', 'pipe', 'pipe'] })
  createInterface({ input: child.stdout }).once('line', (line) => console.log(readyLine.parse(JSON.parse(line)).pageUrl))
  createInterface({ input: child.stderr }).on('line', (line) => isRoutine(line) || console.error(line))
  return child
}

const main = async (): Promise<void> => {
  acceptNoOptions('start')
  const built = await build()
  if (!built.ok) {
    console.error(built.output)
    process.exitCode = 1
    return
  }
  const opened = await openWindow()
  const child = typeof opened === 'string' ? openHeadless(opened) : opened
  // Ctrl-C reaches the whole group by itself; what reaches this process alone has to be passed on. Then it waits for the market's own end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'))
  child.on('exit', (code) => (process.exitCode = code ?? 1))
}

await main()
