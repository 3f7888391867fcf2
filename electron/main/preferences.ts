import { app, nativeTheme } from 'electron'
import type { SettingsStore } from '../../core/home/settings.ts'
import type { Log } from '../../core/platform/log.ts'
import { launchCommand, setStartAtLogin } from './login-item.ts'

/** Does what the settings say, now and whenever they change. */
export const followPreferences = (settings: SettingsStore, log: Log): void => {
  let { theme, startAtLogin } = settings.get()
  nativeTheme.themeSource = theme
  settings.onChanged((next) => {
    if (next.theme !== theme) nativeTheme.themeSource = next.theme
    if (next.startAtLogin !== startAtLogin) void startWithSession(next.startAtLogin === 'on', log)
    ;({ theme, startAtLogin } = next)
  })
}

const startWithSession = async (isOn: boolean, log: Log): Promise<void> => {
  try {
    const { platform, env } = process
    await setStartAtLogin(isOn, { app, platform, command: launchCommand(app), configHome: env['XDG_CONFIG_HOME'] })
  } catch (error) {
    log.write('error', 'login-item-failed', { reason: String(error) })
  }
}
