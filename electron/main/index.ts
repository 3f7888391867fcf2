import { join } from 'node:path'
import { app, dialog, protocol, shell } from 'electron'
import { loadSettings } from '../../core/home/settings.ts'
import { createLog } from '../../core/platform/log.ts'
import { startApp } from './app.ts'
import { createLogFile } from './log-file.ts'
import { SCHEME } from './protocol.ts'
import { enableSandbox, lockContents } from './security.ts'
import { textsFor, type Texts } from './texts.ts'
import { isTooLongToHandOver, wantedUserData, whyNotWritable } from './user-data.ts'

const userData = wantedUserData(app)
const logFile = join(userData, 'logs', 'market.log')
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

/** Without a window it is said in a box of the system. */
const tellAndEnd = async (sentenceIn: (texts: Texts['noStart']) => string): Promise<void> => {
  const [settings] = await Promise.all([loadSettings(join(userData, 'settings.json'), log), app.whenReady()])
  const texts = textsFor(settings.get().language, app.getPreferredSystemLanguages()).noStart
  const sentence = sentenceIn(texts)
  process.stderr.write(`${sentence}\n`)
  dialog.showErrorBox(texts.title, sentence)
  app.exit(1)
}
const failedToStart = (error: unknown): void => {
  logThrown('start-failed', error)
  app.exit(1)
}

const objection = whyNotWritable(userData)
if (objection !== null) {
  tellAndEnd(({ notWritable }) => notWritable(userData, objection)).catch(failedToStart)
} else if (isTooLongToHandOver(process.argv, process.cwd())) {
  tellAndEnd(({ tooLong }) => tooLong).catch(failedToStart)
} else if (app.requestSingleInstanceLock()) {
  startApp(log, logFile).catch(failedToStart)
} else {
  process.stderr.write('Claude Market is already running with this data folder; its window has been brought to the front.\n')
  app.quit()
}
