import { describe, expect, test } from 'vitest'
import { contractExamples } from '../../core/contract/testing/contract-examples.ts'
import { texts, textsFor } from './texts.ts'
import { trayView, type ProviderStatus, type SetupStatus, type TrayState } from './tray-model.ts'

const localTime = (ms: number): string => `${ms} o'clock`
const setupAt = (phase: SetupStatus['phase']): SetupStatus => ({
  revision: 1,
  phase,
  kind: 'practice',
  keyStore: 'os',
  awaitedMicro: 0n,
  problem: null,
})
const providerIn = (changed: Partial<ProviderStatus>): ProviderStatus => ({
  ...contractExamples.provider.status.output,
  approvalsWaiting: 0,
  hold: null,
  ...changed,
})
const backendsIn = (problem: string | null): ProviderStatus['backends'] =>
  contractExamples.provider.status.output.backends.map((backend) => ({ ...backend, problem }))
const running = (changed: Partial<ProviderStatus>): TrayState => ({
  setup: setupAt('running'),
  provider: providerIn({ earnedTodayMicro: 0n, backends: backendsIn(null), ...changed }),
  approvals: [],
})
const look = (state: TrayState) => {
  const { icon, items } = trayView(state, localTime, texts.en.tray)
  return { icon, lines: items.map((item) => ('label' in item ? item.label : '–')) }
}
const switchOf = (state: TrayState) => trayView(state, localTime, texts.en.tray).items.find((item) => item.kind === 'switch')

describe('what the tray says', () => {
  test.each([
    [null, 'Starting…', 'off'],
    ['starting', 'Starting…', 'off'],
    ['first-start', 'Not set up yet', 'off'],
    ['locked', 'Locked: the passphrase is needed', 'needs-me'],
    ['failed', 'Not running: it could not be opened', 'problem'],
  ] as const)('without a market, in phase %s: %s', (phase, sentence, icon) => {
    const state = { setup: phase === null ? null : setupAt(phase), provider: null, approvals: [] }
    expect(look(state)).toEqual({ icon, lines: [sentence, '–', 'Provider mode', '–', 'Open Claude Market', 'Quit'] })
    expect(trayView(state, localTime, texts.en.tray).tooltip).toBe(`Claude Market: ${sentence}`)
    expect(switchOf(state)).toMatchObject({ isOn: false, isEnabled: false })
  })

  const pauses = ['Pause for an hour', 'Pause until I resume']
  test.each([
    [{ state: 'stopped' }, 'Provider mode is off', 'off', []],
    [{ state: 'starting' }, 'Provider mode is starting…', 'off', []],
    [{ state: 'stopping' }, 'Provider mode is stopping…', 'off', []],
    [{ state: 'running', runningTasks: 0 }, 'Providing, nothing runs now', 'ready', pauses],
    [{ state: 'running', runningTasks: 1 }, 'Providing: 1 task running', 'working', [...pauses, 'Stop everything now']],
    [{ state: 'running', runningTasks: 3 }, 'Providing: 3 tasks running', 'working', [...pauses, 'Stop everything now']],
    [
      { state: 'running', runningTasks: 0, hold: { rule: 'hours', reason: 'Outside your hours.' } },
      'Waiting: Outside your hours.',
      'paused',
      pauses,
    ],
    [{ state: 'paused', runningTasks: 0, pausedUntilMs: 7 }, "Paused until 7 o'clock", 'paused', ['Resume now']],
    [{ state: 'paused', runningTasks: 2, pausedUntilMs: null }, 'Paused', 'paused', ['Resume now', 'Stop everything now']],
  ] as const)('with a provider that is %j', (changed, sentence, icon, moves) => {
    const money = changed.state === 'stopped' ? [] : ['Earned today: 0 RUV']
    expect(look(running(changed))).toEqual({
      icon,
      lines: [sentence, ...money, '–', 'Provider mode', ...moves, '–', 'Open Claude Market', 'Quit'],
    })
  })

  test('what was earned today, also after provider mode is off', () => {
    expect(look(running({ state: 'stopped', earnedTodayMicro: 1_250_000n })).lines[1]).toBe('Earned today: 1.25 RUV')
  })

  test('a backend in trouble is a problem', () => {
    const backends = backendsIn('Nothing answers at the address.')
    expect(look(running({ state: 'running', backends })).icon).toBe('problem')
    const off = backends.map((backend) => ({ ...backend, state: 'off' as const }))
    expect(look(running({ state: 'running', backends: off, runningTasks: 0 })).icon).toBe('ready')
  })
})

describe('tasks that wait for an approval', () => {
  const example = contractExamples.approvals.list.output.rows[0]
  if (example === undefined) throw new Error('the examples have one')
  const waiting = (prompts: readonly string[]): TrayState => ({
    ...running({ state: 'running', approvalsWaiting: prompts.length, runningTasks: 1 }),
    approvals: prompts.map((prompt, index) => ({
      ...example,
      id: String(index).repeat(64),
      prompt,
      findings: ['It names web addresses.'],
    })),
  })
  const menusOf = (state: TrayState) =>
    trayView(state, localTime, texts.en.tray).items.flatMap((item) => (item.kind === 'menu' ? [item] : []))

  test('come first, whatever else goes on, and lead to the place where they are read', () => {
    const { icon, items } = trayView(waiting(['a', 'b']), localTime, texts.en.tray)
    expect([icon, items[2]]).toEqual([
      'needs-me',
      { kind: 'action', label: '2 tasks waiting for your approval…', action: { kind: 'open', place: '#/provide' } },
    ])
  })

  test('each shows how it begins and what the scanners found, and every choice names its own task', () => {
    const [menu] = menusOf(waiting(['Summarise this\n\u202eletter & co. '.repeat(9)]))
    expect(menu?.label).toContain('“Summarise this letter && co. Summarise this letter && co. Summ')
    expect(menu?.items.map((item) => ('label' in item ? item.label : '–'))).toEqual([
      'It names web addresses.',
      'Read it first…',
      '–',
      'Run once',
      'Refuse',
      'Refuse and block',
    ])
    const words = menu?.items.flatMap((item) => (item.kind === 'action' && item.action.kind === 'decide' ? [item.action] : []))
    expect(words).toEqual([
      { kind: 'decide', id: '0'.repeat(64), decision: 'run-once' },
      { kind: 'decide', id: '0'.repeat(64), decision: 'refuse' },
      { kind: 'decide', id: '0'.repeat(64), decision: 'refuse-and-block' },
    ])
  })

  test('in German what the core says is German: what the scanners found, and why nothing is served', () => {
    expect(texts.de.tray.waiting('Provider mode is paused.')).toBe('Wartet: Das Anbieten macht Pause.')
    const findings = ['It has a line that looks like a command. It is only text.']
    const state = waiting(['a'])
    const [menu] = trayView(
      { ...state, approvals: state.approvals.map((one) => ({ ...one, findings })) },
      localTime,
      texts.de.tray,
    ).items.filter((item) => item.kind === 'menu')
    expect(menu?.items[0]).toEqual({ kind: 'text', label: 'Eine Zeile darin sieht wie ein Befehl aus. Sie ist nur Text.' })
  })

  test('three are listed; the window has the rest', () => expect(menusOf(waiting(['a', 'b', 'c', 'd', 'e']))).toHaveLength(3))
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
    expect(switchOf(running({ state: 'stopped', backends: [] }))).toMatchObject({ isEnabled: true, action: { kind: 'open' } })
  })
})

describe('its words', () => {
  test('are those of the language that was chosen, or of the first of the system that has any', () => {
    const chosen = (language: 'system' | 'en' | 'de', preferred: readonly string[]) => textsFor(language, preferred).tray.quit
    expect([
      chosen('de', []),
      chosen('system', ['fr-FR', 'de-AT', 'en']),
      chosen('system', ['en-US', 'de']),
      chosen('system', ['ja']),
    ]).toEqual(['Beenden', 'Beenden', 'Quit', 'Quit'])
  })

  test('count one task as one', () => {
    const lines = (tasks: number) => [texts.de.tray.working(tasks), texts.de.tray.approvals(tasks), texts.en.tray.approvals(tasks)]
    expect([...lines(1), ...lines(2)]).toEqual([
      'Bietet an: 1 Aufgabe läuft',
      '1 Aufgabe wartet auf Ihr Wort …',
      '1 task waiting for your approval…',
      'Bietet an: 2 Aufgaben laufen',
      '2 Aufgaben warten auf Ihr Wort …',
      '2 tasks waiting for your approval…',
    ])
  })
})
