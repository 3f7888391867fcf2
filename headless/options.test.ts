import { expect, test } from 'vitest'
import { integerOption, parseOptions } from './options.ts'

const options = { json: { type: 'boolean' }, task: { type: 'string' } } as const
const help = 'See --help.'

test('a right command line is read', () => {
  const read = parseOptions(['start-up', '--json', '--task', 'a.md'], options, help, 1)
  expect(read).toMatchObject({ ok: true, value: { values: { json: true, task: 'a.md' }, positionals: ['start-up'] } })
})

test.each([
  ['an unknown option', ['--jsn'], "Unknown option '--jsn'. See --help."],
  ['a missing value', ['--task'], "Option '--task <value>' argument missing. See --help."],
  ['a value where none belongs', ['--json=yes'], "Option '--json' does not take an argument. See --help."],
  ['a word too many', ['one', 'two'], 'Unknown word “two”. See --help.'],
])('%s is refused in one line', (_what, argv, message) => {
  expect(parseOptions(argv, options, help, 1)).toEqual({ ok: false, error: { code: 'usage', message } })
})

test.each(['-1', '1e3', '11', '', ' 5', true])('%j is no whole number from 0 to 10', (text) => {
  expect(integerOption('count', text, 0, 10)).toMatchObject({ ok: false, error: { code: 'usage' } })
})
