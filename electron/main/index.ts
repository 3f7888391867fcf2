import { join } from 'node:path'
import { app, protocol, shell } from 'electron'
import { createLog } from '../../core/platform/log.ts'
import { startApp } from './app.ts'
import { createLogFile } from './log-file.ts'
import { SCHEME } from './protocol.ts'
import { enableSandbox, lockContents } from './security.ts'

const logFile = join(app.getPath('userData'), 'logs', 'market.log')
const toFile = createLogFile(logFile)
// Whoever started the app may have gone, and with it whoever read its output; the log is in the file all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
const toBoth = (line: string): void => {
  process.stderr.write(`${line}\n`)
  toFile(line)
}
const log = createLog(toBoth, Date.now, 'app')
const logThrown = (event: string, thrown: unknown): void =>
  log.write('error', event, { error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) })

process.on('uncaughtException', (error) => logThrown('uncaught-exception', error))
process.on('unhandledRejection', (reason) => logThrown('unhandled-rejection', reason))
// What has to be said before Electron is ready.
enableSandbox(app)
protocol.registerSchemesAsPrivileged([SCHEME])
app.on('web-contents-created', (_event, contents) => lockContents(contents, (url) => void shell.openExternal(url)))

if (app.requestSingleInstanceLock()) {
  startApp(log, logFile).catch((error: unknown) => {
    logThrown('start-failed', error)
    app.exit(1)
  })
} else {
  process.stderr.write('Claude Market is already running with this data folder; its window has been brought to the front.\n')
  app.quit()
}
