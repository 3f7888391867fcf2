import { describe, expect, test } from 'vitest'
import { contractExamples } from '../../core/contract/testing/contract-examples.ts'
import { trayView, type ProviderStatus, type SetupStatus, type TrayState } from './tray-model.ts'

const localTime = (ms: number): string => `${ms} o'clock`
const setupAt = (phase: SetupStatus['phase']): SetupStatus => ({ revision: 1, phase, kind: 'practice', keyStore: 'os', problem: null })
const providerIn = (changed: Partial<ProviderStatus>): ProviderStatus => ({
  ...contractExamples.provider.status.output,
  approvalsWaiting: 0,
  hold: null,
  ...changed,
})
const running = (changed: Partial<ProviderStatus>): TrayState => ({ setup: setupAt('running'), provider: providerIn(changed) })
const look = (state: TrayState) => {
  const { icon, items } = trayView(state, localTime)
  return { icon, lines: items.map((item) => ('label' in item ? item.label : '–')) }
}
const switchOf = (state: TrayState) => trayView(state, localTime).items.find((item) => item.kind === 'switch')

describe('what the tray says', () => {
  test.each([
    [null, 'Starting…', 'idle'],
    ['starting', 'Starting…', 'idle'],
    ['first-start', 'Not set up yet', 'idle'],
    ['locked', 'Locked: the passphrase is needed', 'attention'],
    ['failed', 'Not running: it could not be opened', 'attention'],
  ] as const)('without a market, in phase %s: %s', (phase, sentence, icon) => {
    const state = { setup: phase === null ? null : setupAt(phase), provider: null }
    expect(look(state)).toEqual({ icon, lines: [sentence, '–', 'Provider mode', '–', 'Open Claude Market', 'Quit'] })
    expect(trayView(state, localTime).tooltip).toBe(`Claude Market: ${sentence}`)
    expect(switchOf(state)).toMatchObject({ isOn: false, isEnabled: false })
  })

  test.each([
    [{ state: 'stopped' }, 'Provider mode is off', 'idle', []],
    [{ state: 'starting' }, 'Provider mode is starting…', 'idle', []],
    [{ state: 'stopping' }, 'Provider mode is stopping…', 'idle', []],
    [{ state: 'running', runningTasks: 0 }, 'Providing, nothing runs now', 'providing', ['Pause for an hour', 'Pause until I resume']],
    [{ state: 'running', runningTasks: 1 }, 'Providing: 1 task running', 'providing', ['Pause for an hour', 'Pause until I resume']],
    [{ state: 'running', runningTasks: 3 }, 'Providing: 3 tasks running', 'providing', ['Pause for an hour', 'Pause until I resume']],
    [
      { state: 'running', hold: { rule: 'hours', reason: 'Outside your hours.' } },
      'Waiting: Outside your hours.',
      'providing',
      ['Pause for an hour', 'Pause until I resume'],
    ],
    [{ state: 'paused', pausedUntilMs: 7 }, "Paused until 7 o'clock", 'paused', ['Resume now']],
    [{ state: 'paused', pausedUntilMs: null }, 'Paused', 'paused', ['Resume now']],
  ] as const)('with a provider that is %j', (changed, sentence, icon, moves) => {
    expect(look(running(changed))).toEqual({
      icon,
      lines: [sentence, '–', 'Provider mode', ...moves, '–', 'Open Claude Market', 'Quit'],
    })
  })

  test('tasks that wait for an approval come first, whatever else goes on', () => {
    const { icon, lines } = look(running({ state: 'running', approvalsWaiting: 2, runningTasks: 0 }))
    expect([icon, lines.slice(0, 3)]).toEqual(['attention', ['Providing, nothing runs now', '2 tasks waiting for your approval…', '–']])
  })
})

describe('the switch of provider mode', () => {
  test.each([
    ['stopped', false, true, 'provide'],
    ['starting', true, false, 'stop-providing'],
    ['running', true, true, 'stop-providing'],
    ['paused', true, true, 'stop-providing'],
    ['stopping', false, false, 'provide'],
  ] as const)('%s: on %s, enabled %s, does %s', (state, isOn, isEnabled, kind) => {
    expect(switchOf(running({ state }))).toMatchObject({ isOn, isEnabled, action: { kind } })
  })

  test('leads to the window whoever has not chosen a backend yet', () => {
    expect(switchOf(running({ state: 'stopped', configured: null }))).toMatchObject({ isEnabled: true, action: { kind: 'open' } })
  })
})
