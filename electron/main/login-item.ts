/** Starting with the user's session. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { App } from 'electron'

export type LoginItemDeps = {
  readonly app: Pick<App, 'setLoginItemSettings'>
  readonly platform: NodeJS.Platform
  /** The program and its arguments, as the session is to start it. */
  readonly command: readonly string[]
  /** XDG_CONFIG_HOME, where it is set. */
  readonly configHome: string | undefined
}

/** Electron knows how on macOS and Windows; on Linux a file says it (freedesktop.org's Desktop Application Autostart Specification). */
export const setStartAtLogin = async (isOn: boolean, { app, platform, command, configHome }: LoginItemDeps): Promise<void> => {
  if (platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: isOn })
  const folder = join(configHome ?? join(homedir(), '.config'), 'autostart')
  const file = join(folder, 'claude-market.desktop')
  if (!isOn) return rm(file, { force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(file, desktopEntry(command))
}

/** Arguments are quoted as the Desktop Entry Specification asks: in double quotes, with four characters escaped, and % doubled. */
const desktopEntry = (command: readonly string[]): string => {
  const quoted = command.map((part) => `"${part.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`)
  return `[Desktop Entry]\nType=Application\nName=Claude Market\nExec=${quoted.join(' ').replaceAll('\\', '\\\\')}\nX-GNOME-Autostart-enabled=true\n`
}

/** How this very program is started again; an AppImage is another file than the program in it. */
export const launchCommand = (app: Pick<App, 'isPackaged' | 'getAppPath'>): readonly string[] => [
  process.env['APPIMAGE'] ?? process.execPath,
  ...(app.isPackaged ? [] : [app.getAppPath()]),
]
