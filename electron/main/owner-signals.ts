import { execFile } from 'node:child_process'
import type { PowerMonitor } from 'electron'
import type { OwnerSignals } from '../../core/platform/owner-signals.ts'

type Power = Pick<PowerMonitor, 'getSystemIdleTime' | 'isOnBatteryPower'>
export type OwnerSignalsDeps = {
  readonly power: Power
  readonly nowMs: () => number
  /** Asks the system whether the connection is billed by volume; null when it does not say. */
  readonly readMetered: () => Promise<boolean | null>
}

/** Connections change rarely, and asking starts a process. */
const readEveryMs = 60_000

/** What the desktop tells about its owner, for provider mode's rules. */
export const createOwnerSignals = ({ power, nowMs, readMetered }: OwnerSignalsDeps): OwnerSignals => {
  let metered: boolean | null = null
  let readAtMs = Number.NEGATIVE_INFINITY
  const readAgain = (): void => {
    if (nowMs() - readAtMs < readEveryMs) return
    readAtMs = nowMs()
    void readMetered().then((answer) => {
      metered = answer
    })
  }
  return {
    idleMs: () => power.getSystemIdleTime() * 1_000,
    isOnBattery: () => power.isOnBatteryPower(),
    isMetered: () => {
      readAgain()
      return metered
    },
  }
}

const systemTimeoutMs = 10_000
const output = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: systemTimeoutMs, windowsHide: true }, (error, text) => resolve(error === null ? text : ''))
  })

/** NetworkManager says 1 for metered and 3 for its guess that it is, 2 and 4 for the opposite, 0 when it does not know. */
export const readNetworkManager = (text: string): boolean | null => {
  const [, digit] = /^u (\d)\s*$/.exec(text) ?? []
  return digit === '1' || digit === '3' ? true : digit === '2' || digit === '4' ? false : null
}
const networkManager = 'org.freedesktop.NetworkManager'

/** Windows calls a connection without limit `Unrestricted`. */
export const readConnectionCost = (text: string): boolean | null => {
  const cost = text.trim()
  return cost === 'Unrestricted' ? false : cost === 'Fixed' || cost === 'Variable' ? true : null
}
const connectionCost =
  '[void][Windows.Networking.Connectivity.NetworkInformation,Windows.Networking.Connectivity,ContentType=WindowsRuntime];' +
  '[Windows.Networking.Connectivity.NetworkInformation]::GetInternetConnectionProfile().GetConnectionCost().NetworkCostType'

/** macOS tells no program. */
export const readSystemMetered = async (): Promise<boolean | null> => {
  if (process.platform === 'linux')
    return readNetworkManager(
      await output('busctl', ['get-property', networkManager, `/${networkManager.replaceAll('.', '/')}`, networkManager, 'Metered']),
    )
  if (process.platform === 'win32') return readConnectionCost(await output('powershell.exe', ['-NoProfile', '-Command', connectionCost]))
  return null
}
