import type { ElectronRuntime } from '../../scripts/electron-runtime.ts'

const EXECUTABLE = 'CLAUDE_MARKET_TEST_ELECTRON'

/** Points Electron's own package, and so Playwright, at the runtime; the workers inherit the environment. */
export const useRuntime = ({ folderPath, executablePath }: ElectronRuntime): void => {
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = folderPath
  process.env[EXECUTABLE] = executablePath
}

export const runtimeExecutable = (): string => {
  const path = process.env[EXECUTABLE]
  if (path === undefined) throw new Error('the global setup has not run')
  return path
}
