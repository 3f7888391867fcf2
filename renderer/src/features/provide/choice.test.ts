import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf, classKeyOf, draftOf, EMPTY_CHOICE, isSameAs, readChoice, triedBackendOf, type ChoiceDraft } from './choice.ts'
import { ALL_DAY, daysOf, hoursOf } from './hours.ts'

const local: ChoiceDraft = { ...EMPTY_CHOICE, model: 'llama3.1:8b', classKey: 'llama3.1:8b' }
const wrong = (changed: Partial<ChoiceDraft>) => {
  const read = readChoice({ ...local, ...changed })
  return 'errors' in read ? Object.keys(read.errors) : []
}
const chosen = (draft: ChoiceDraft) => {
  const read = readChoice(draft)
  if ('errors' in read) throw new Error(JSON.stringify(read.errors))
  return { ...read.choice, consentRef: null }
}

test('a local model has no bill, whatever stands in the fields of money', () => {
  const { backend, caps, offers } = chosen({ ...local, moneyPerDay: 'much' })
  expect([backend, caps.moneyPerDayCents, caps.centsPerMillionOutputTokens]).toEqual([
    { kind: 'local', baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama3.1:8b' },
    0,
    0,
  ])
  expect(offers[0]?.pricing.perThousandOutputTokensMicro).toBe(100_000n)
})

test('practice needs neither an address nor a model', () =>
  expect(chosen({ ...EMPTY_CHOICE, kind: 'practice' })).toMatchObject({
    backend: { kind: 'practice' },
    offers: [{ classKey: 'practice-small' }],
  }))

test('the own login of the Claude Code program is tried out and never chosen to serve', () => {
  const cli: ChoiceDraft = { ...EMPTY_CHOICE, kind: 'claude-cli' }
  expect(triedBackendOf(cli)).toEqual({ kind: 'claude-cli', model: '', key: null })
  expect(wrong({ ...cli, model: 'm', classKey: 'm' })).toEqual(['keyRef'])
  const key = { baseUrl: EMPTY_CHOICE.anthropicUrl, keyRef: 'work' }
  expect(triedBackendOf({ ...cli, keyRef: 'work', model: 'm' })).toEqual({ kind: 'claude-cli', model: 'm', key })
  expect(triedBackendOf({ ...EMPTY_CHOICE, kind: 'anthropic', model: 'm' })).toBeNull()
  expect(triedBackendOf(local)).toEqual(chosen(local).backend)
})

test('each field that is wrong is named', () => {
  expect(wrong({ localUrl: 'file:///etc/passwd' })).toEqual(['localUrl'])
  expect(wrong({ model: '', classKey: 'Has Spaces' })).toEqual(['model', 'classKey'])
  expect(wrong({ perOutput: '-1', concurrent: '65', tasksPerDay: '1.5' })).toEqual(['perOutput', 'concurrent', 'tasksPerDay'])
  expect(wrong({ kind: 'anthropic' })).toEqual(['keyRef'])
  expect(wrong({ kind: 'anthropic', keyRef: 'work', moneyPerDay: 'much' })).toEqual(['moneyPerDay'])
})

test('what is served now can be changed and read again without loss', () => {
  const before = chosen({
    ...local,
    kind: 'anthropic',
    keyRef: 'work',
    hours: { kind: 'spans', workingDays: { fromHour: 22, toHour: 7 }, weekend: { fromHour: 0, toHour: 0 } },
  })
  expect(chosen(draftOf(before))).toEqual(before)
})

test('a backend can be asked as soon as it can be reached', () => {
  expect(addressOf({ ...EMPTY_CHOICE, kind: 'practice' })).toEqual({ kind: 'practice' })
  expect(addressOf({ ...EMPTY_CHOICE, localUrl: 'nowhere' })).toBeNull()
  expect(addressOf({ ...EMPTY_CHOICE, kind: 'anthropic' })).toBeNull()
  expect(addressOf({ ...EMPTY_CHOICE, kind: 'anthropic', keyRef: 'work' })).toEqual({
    kind: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    keyRef: 'work',
  })
})

test('a class is named after its model', () =>
  expect(['Llama 3.1 (8B)', 'qwen2.5-coder:14b', '…'].map(classKeyOf)).toEqual(['llama-3.1-8b-', 'qwen2.5-coder:14b', '']))

test('a consent holds for the same backend, model, address and caps only', () => {
  const choice = chosen(local)
  const given = { backend: 'local' as const, model: 'llama3.1:8b', baseUrl: 'http://127.0.0.1:11434/v1', caps: choice.caps }
  expect(isSameAs(given, choice)).toBe(true)
  for (const other of [
    { model: 'other' },
    { baseUrl: 'http://10.0.0.1/v1' },
    { caps: { ...choice.caps, tasksPerDay: 7 } },
    { backend: 'anthropic' as const },
  ])
    expect(isSameAs({ ...given, ...other }, choice)).toBe(false)
})

test('hours of the week survive being written as bits', () => {
  const span = fc.record({ fromHour: fc.integer({ min: 0, max: 23 }), toHour: fc.integer({ min: 0, max: 23 }) })
  fc.assert(
    fc.property(span, span, (workingDays, weekend) => {
      const days = daysOf({ kind: 'spans', workingDays, weekend })
      expect(daysOf(hoursOf(days))).toEqual(days)
    }),
  )
})

test('a week that is written otherwise stays as it is', () => {
  const days = [1, 2, 4, 8, 16, 32, 64]
  expect(hoursOf(days)).toEqual({ kind: 'own', days })
  expect(hoursOf(Array.from({ length: 7 }, () => ALL_DAY))).toEqual({ kind: 'always' })
})
