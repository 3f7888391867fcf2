import { expect, test } from 'vitest'
import { createLog } from './log.ts'

const lineOf = (fields: Parameters<ReturnType<typeof createLog>['write']>[2]): unknown => {
  let line = ''
  createLog(
    (written) => (line = written),
    () => 0,
  ).write('info', 'told', fields)
  return JSON.parse(line)
}
const told = { at: '1970-01-01T00:00:00.000Z', level: 'info', domain: 'market', event: 'told' }

test('a line says when, how grave, where and what', () => {
  expect(lineOf({ amountMicro: 5n, peers: 4, isOn: true, nothing: null })).toEqual({
    ...told,
    amountMicro: '5',
    peers: 4,
    isOn: true,
    nothing: null,
  })
})

test.each([
  ['an invite, which is money', 'claim claude-market://invite/AbC-12_x failed', 'claim claude-market://… failed'],
  ['any link of ours, however it is spelled', 'CLAUDE-MARKET:device/AQ?x', 'claude-market:…'],
  ['a key of the Claude API', '401 for sk-ant-api03-abc_DEF-123.', '401 for sk-ant-….'],
  ['a token in a header', 'authorization: Bearer abc.def-123', 'authorization: Bearer …'],
])('%s does not get into the log, whatever message it is in', (_what, message, kept) => {
  expect(lineOf({ error: `Error: ${message}\n  at there` })).toEqual({ ...told, error: `Error: ${kept}\n  at there` })
})
