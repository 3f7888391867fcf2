/** What people open outside of the window and the system hands over: links of the app's own scheme, federation files and backup files. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { App } from 'electron'
import type { Incoming } from '../../core/home/incoming.ts'

const SCHEME = 'claude-market'
const FILE_ENDINGS = ['.claude-market', '.claude-market-backup']

export type Opened = { readonly kind: 'link'; readonly link: string } | { readonly kind: 'file'; readonly path: string }

/** The last of the arguments that is one: before it stand the program, its switches, and what Chromium adds. */
export const openedBy = (argv: readonly string[], workingFolder: string): Opened | null => {
  const argument = argv.findLast((text) => isLink(text) || isFile(text))
  if (argument === undefined) return null
  if (isLink(argument)) return { kind: 'link', link: argument }
  const path = argument.startsWith('file:') ? pathOf(argument) : argument
  return path === null ? null : { kind: 'file', path: resolve(workingFolder, path) }
}

const isFile = (text: string): boolean => FILE_ENDINGS.some((ending) => text.endsWith(ending))
const isLink = (text: string): boolean => text.toLowerCase().startsWith(`${SCHEME}:`)

/** File managers on Linux hand over addresses; one of another computer is no file. */
const pathOf = (address: string): string | null => {
  try {
    return fileURLToPath(address)
  } catch {
    return null
  }
}

type OpeningApp = Pick<App, 'on' | 'isPackaged' | 'setAsDefaultProtocolClient'>

/** Before Electron is ready: macOS tells then what the app was started with. */
export const receiveOpened = (app: OpeningApp, incoming: Incoming): void => {
  const receive = (opened: Opened | null): void => {
    if (opened?.kind === 'link') incoming.receiveLink(opened.link)
    if (opened?.kind === 'file') void incoming.receiveFile(opened.path)
  }
  receive(openedBy(process.argv.slice(1), process.cwd()))
  app.on('second-instance', (_event, argv, workingFolder) => receive(openedBy(argv.slice(1), workingFolder)))
  app.on('open-url', (event, link) => {
    event.preventDefault()
    receive({ kind: 'link', link })
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    receive({ kind: 'file', path })
  })
  // On Linux the package's desktop file says it, and nothing that a program would have to change in its user's session.
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient(SCHEME)
}
