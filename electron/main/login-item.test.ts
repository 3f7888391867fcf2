import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStartAtLogin } from './login-item.ts'

let configHome: string
beforeEach(() => {
  configHome = mkdtempSync(join(tmpdir(), 'login-item-'))
})
afterEach(() => rmSync(configHome, { recursive: true }))

const electronCalls: object[] = []
const app = { setLoginItemSettings: (settings: object) => void electronCalls.push(settings) }

test('on Linux a file in the session’s folder starts the program, and goes when it is switched off', async () => {
  const deps = { app, platform: 'linux', command: ['/opt/Claude Market/claude-market', '--data=50%'], configHome } as const
  const file = join(configHome, 'autostart', 'claude-market.desktop')
  await setStartAtLogin(true, deps)
  expect(readFileSync(file, 'utf8').split('\n')).toEqual([
    '[Desktop Entry]',
    'Type=Application',
    'Name=Claude Market',
    'Exec="/opt/Claude Market/claude-market" "--data=50%%"',
    'X-GNOME-Autostart-enabled=true',
    '',
  ])
  await setStartAtLogin(false, deps)
  await setStartAtLogin(false, deps)
  expect([existsSync(file), electronCalls]).toEqual([false, []])
})

test('characters that a shell would take are only characters', async () => {
  await setStartAtLogin(true, { app, platform: 'linux', command: ['/a"b`c$d\\e'], configHome })
  expect(readFileSync(join(configHome, 'autostart', 'claude-market.desktop'), 'utf8')).toContain(
    String.raw`Exec="/a\\"b\\` + '`' + String.raw`c\\$d\\\\e"`,
  )
})

test.each(['darwin', 'win32'] as const)('on %s Electron does it', async (platform) => {
  electronCalls.length = 0
  await setStartAtLogin(true, { app, platform, command: [], configHome })
  expect([electronCalls, existsSync(join(configHome, 'autostart'))]).toEqual([[{ openAtLogin: true }], false])
})
