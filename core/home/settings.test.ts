import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../platform/log.ts'
import { loadSettings, type Settings } from './settings.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const defaults: Settings = {
  theme: 'system',
  language: 'system',
  payAnswers: 'by-itself',
  onClose: 'ask',
  startAtLogin: 'off',
  startHidden: 'off',
  notifyApprovals: 'outside-quiet-hours',
  notifyProblems: 'outside-quiet-hours',
  notifyPayments: 'outside-quiet-hours',
  quietFromHour: 22,
  quietUntilHour: 7,
  tour: 'unseen',
  phraseTriedAtMs: null,
  releaseSeen: null,
}
const chosen: Settings = {
  theme: 'dark',
  language: 'de',
  payAnswers: 'by-hand',
  onClose: 'keep-running',
  startAtLogin: 'on',
  startHidden: 'on',
  notifyApprovals: 'always',
  notifyProblems: 'outside-quiet-hours',
  notifyPayments: 'never',
  quietFromHour: 22,
  quietUntilHour: 7,
  tour: 'seen',
  phraseTriedAtMs: 1_750_000_000_000,
  releaseSeen: '0.3.0',
}

const load = async (name: string) => {
  const logged: string[] = []
  const told: Settings[] = []
  const log = createLog(
    (line) => logged.push(line),
    () => 0,
  )
  const store = await loadSettings(join(folder, name), log)
  store.onChanged((settings) => told.push(settings))
  return { store, logged, told }
}

test('settings are there again after a restart, in a file for their owner alone', async () => {
  const { store, told } = await load('kept.json')
  expect([store.get(), store.revision()]).toEqual([defaults, 0])
  expect(await store.set(chosen)).toEqual({ ok: true, value: null })
  expect([store.get(), store.revision(), told]).toEqual([chosen, 1, [chosen]])
  const { store: again } = await load('kept.json')
  expect([again.get(), again.wereReset()]).toEqual([chosen, false])
  expect(statSync(join(folder, 'kept.json')).mode & 0o777).toBe(0o600)
})

test.each([
  ['truncated', '{"theme":'],
  ['empty', ''],
  ['full of zeros', '\0'.repeat(300)],
  ['too large', ' '.repeat(10_001)],
  ['of another program', '{"format":"recipe"}'],
  ['with a wrong word', '{"format":"claude-market-settings","theme":"pink"}'],
])(
  'a file that is %s is kept aside, the defaults hold, and that is said until settings are stored or the program has ended',
  async (name, content) => {
    const path = join(folder, `${name}.json`)
    writeFileSync(`${path}.damaged`, 'an older one')
    writeFileSync(path, content)
    const { store, logged } = await load(`${name}.json`)
    expect([store.get(), store.wereReset(), logged.length]).toEqual([defaults, true, 1])
    expect([existsSync(path), readFileSync(`${path}.damaged`, 'utf8')]).toEqual([false, content])
    expect((await load(`${name}.json`)).store.wereReset()).toBe(false)
    await store.set(chosen)
    expect(store.wereReset()).toBe(false)
  },
)

test('what a newer version has added does not matter, and what is missing takes its default', async () => {
  writeFileSync(join(folder, 'newer.json'), '{"format":"claude-market-settings","theme":"light","sound":"loud"}')
  expect((await load('newer.json')).store.get()).toEqual({ ...defaults, theme: 'light' })
})

test('settings that cannot be written stay as they were, and the reason is said', async () => {
  const { store } = await load('missing-folder/settings.json')
  expect(await store.set(chosen)).toMatchObject({ ok: false, error: { code: 'disk' } })
  expect([store.get(), store.revision()]).toEqual([defaults, 0])
})
